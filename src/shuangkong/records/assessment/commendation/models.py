"""Columns of commendations. Both tables only grow: how one stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.models import Plan, ReadingEntry
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.texts import LineField, TextField


class Commendation(models.Model):
    """A proposal to commend somebody at a place.

    ``kind`` is assessment.commendation.Honoured; ``name`` as it was on the day of the proposal, ``honoured_region``,
    ``honoured_body`` and ``honoured_enterprise`` what it names where the registry knows it, ``workplace`` that of a
    person; ``award`` what it is called, ``period`` the year or years that it is for; ``item`` the entry of the plan's
    measure that it rests on, ``clause`` its number and heading; names of bodies as they were then.
    """

    kind = LineField(max_length=12)
    name = LineField(max_length=120)
    honoured_region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    honoured_body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    honoured_enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    workplace = LineField(max_length=120, blank=True)
    award = LineField(max_length=120)
    period = LineField(max_length=20, blank=True)
    merit = TextField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(ReadingEntry, null=True, on_delete=models.PROTECT, related_name="+")
    clause = LineField(max_length=360, blank=True)
    ground = TextField(blank=True)
    proposer = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    proposer_name = LineField(max_length=120, blank=True)
    funder = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    funder_name = LineField(max_length=120, blank=True)
    proposed_by = LineField(max_length=150)
    proposed_at = models.DateTimeField()


class CommendationEvent(models.Model):
    """One thing that happened to it. ``document`` names a paper it rests on; ``answers`` is the objection answered."""

    commendation = models.ForeignKey(Commendation, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    until = models.DateField(null=True)
    number = LineField(max_length=80, blank=True)
    document = LineField(max_length=200, blank=True)
    amount_cny = ExactDecimalField(null=True)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("commendation", "id"), name="commendation_event_order"),)
