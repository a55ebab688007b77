"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Tables are named tasks_…."""

    name = "shuangkong.records.plans.tasks"
    label = "tasks"
