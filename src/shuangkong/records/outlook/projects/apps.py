"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    """Tables are named projects_…."""

    name = "shuangkong.records.outlook.projects"
    label = "projects"
