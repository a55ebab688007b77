"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class HeadroomConfig(AppConfig):
    """Tables are named headroom_…."""

    name = "shuangkong.records.outlook.headroom"
    label = "headroom"
