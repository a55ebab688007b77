"""Columns of bulletins; what every kind of edition has stands in ``records.editions``."""

from __future__ import annotations

from django.db import models

from shuangkong.records.editions.models import Edition, EditionEvent


class Bulletin(Edition):
    """One edition of the bulletin of a place and period; ``content`` is a papers.indicators.bulletin.BulletinTable."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("region", "period", "edition"), name="bulletin_edition_once"),)


class BulletinEvent(EditionEvent):
    """One thing that happened to it."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="events")

    class Meta:
        indexes = (models.Index(fields=("bulletin", "id"), name="bulletin_event_order"),)
