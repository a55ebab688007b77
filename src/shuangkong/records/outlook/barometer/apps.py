"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BarometerConfig(AppConfig):
    """Tables are named barometer_…."""

    name = "shuangkong.records.outlook.barometer"
    label = "barometer"
