"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    """Tables are named bulletins_…."""

    name = "shuangkong.records.bulletins"
    label = "bulletins"
