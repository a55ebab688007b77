"""Columns of issues of the barometer; what every kind of edition has stands in ``records.editions``."""

from __future__ import annotations

from django.db import models

from shuangkong.records.editions.models import Edition, EditionEvent


class BarometerIssue(Edition):
    """One edition of the barometer of a place and period; ``content`` is an outlook.barometer.issue.Content."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("region", "period", "edition"), name="barometer_edition_once"),)


class BarometerEvent(EditionEvent):
    """One thing that happened to it."""

    issue = models.ForeignKey(BarometerIssue, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = (models.Index(fields=("issue", "id"), name="barometer_event_order"),)
