"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class CascadeConfig(AppConfig):
    """Tables are named cascade_…."""

    name = "shuangkong.records.plans.cascade"
    label = "cascade"
