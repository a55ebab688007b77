"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CommendationConfig(AppConfig):
    """Tables are named commendation_…."""

    name = "shuangkong.records.assessment.commendation"
    label = "commendation"
