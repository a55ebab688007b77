"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """Tables are named response_…."""

    name = "shuangkong.records.outlook.response"
    label = "response"
