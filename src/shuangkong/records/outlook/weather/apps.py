"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class WeatherConfig(AppConfig):
    """Tables are named weather_…."""

    name = "shuangkong.records.outlook.weather"
    label = "weather"
