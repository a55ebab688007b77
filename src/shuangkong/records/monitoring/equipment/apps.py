"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class EquipmentConfig(AppConfig):
    """Tables are named equipment_…."""

    name = "shuangkong.records.monitoring.equipment"
    label = "equipment"
