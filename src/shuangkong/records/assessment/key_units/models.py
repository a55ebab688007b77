"""Columns of the lists of key units. The table only grows: of one enterprise, list and first day the newest counts."""

from __future__ import annotations

from django.db import models

from shuangkong.records.registry.models import Enterprise
from shuangkong.records.texts import LineField


class KeyUnitEntry(models.Model):
    """One enterprise in one list; ``listing`` is the id by which duties to assess ask for it (policy: register).

    ``until`` None: no end is known; ``document`` published the list.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    listing = LineField(max_length=40)
    starts = models.DateField()
    until = models.DateField(null=True)
    document = LineField(max_length=200)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("listing", "enterprise", "id"), name="key_unit_newest"),)
