"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    """Tables are named accountability_…."""

    name = "shuangkong.records.assessment.accountability"
    label = "accountability"
