"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class DecompositionConfig(AppConfig):
    """Tables are named decomposition_…."""

    name = "shuangkong.records.targets.decomposition"
    label = "decomposition"
