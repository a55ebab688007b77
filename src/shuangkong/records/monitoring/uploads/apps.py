"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Tables are named energy_uploads_…."""

    name = "shuangkong.records.monitoring.uploads"
    label = "energy_uploads"
