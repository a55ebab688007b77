"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    """Tables are named monitoring_…."""

    name = "shuangkong.records.monitoring"
    label = "monitoring"
