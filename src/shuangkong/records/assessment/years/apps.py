"""The room as Django knows it."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Tables are named assessment_…."""

    name = "shuangkong.records.assessment.years"
    label = "assessment"
