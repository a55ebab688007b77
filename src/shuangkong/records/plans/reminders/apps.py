"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    """Tables are named reminders_…."""

    name = "shuangkong.records.plans.reminders"
    label = "reminders"
