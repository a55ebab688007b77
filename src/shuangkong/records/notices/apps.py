"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Tables are named notices_…."""

    name = "shuangkong.records.notices"
    label = "notices"
