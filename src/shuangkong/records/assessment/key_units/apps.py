"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class KeyUnitsConfig(AppConfig):
    """Tables are named key_units_…."""

    name = "shuangkong.records.assessment.key_units"
    label = "key_units"
