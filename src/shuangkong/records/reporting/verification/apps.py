"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    """Tables are named verification_…."""

    name = "shuangkong.records.reporting.verification"
    label = "verification"
