"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EmissionsConfig(AppConfig):
    """Tables are named emissions_…."""

    name = "shuangkong.records.indicators.emissions"
    label = "emissions"
