"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Tables are named reporting_…."""

    name = "shuangkong.records.reporting"
    label = "reporting"
