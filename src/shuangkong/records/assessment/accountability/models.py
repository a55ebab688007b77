"""Columns of consequences and exemptions. All tables only grow: how one stands is replayed from what happened."""

from __future__ import annotations

from django.db import models

from shuangkong.records.assessment.years.models import Assessment, AssessmentSheet
from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField, TextField


class Consequence(models.Model):
    """What one act of one rule calls for after a result.

    ``rule`` and ``ordinal`` name the act in the policy, ``act`` its kind; ``sheet`` is the announced sheet that it
    follows from, ``inputs`` the results that made it follow, ``missed`` codes of what was missed, one a line; ``on``
    the day of the announcement, ``due`` the last day of the act's term; ``path`` is the assessor's.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="consequences")
    sheet = models.ForeignKey(AssessmentSheet, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    subject_path = PathField(max_length=120, db_index=True)
    rule = LineField(max_length=60)
    ordinal = models.IntegerField()
    act = LineField(max_length=20)
    inputs = TextField(blank=True)
    missed = TextField(blank=True)
    on = models.DateField()
    due = models.DateField(null=True)
    proposed_by = LineField(max_length=150)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("assessment", "sheet", "rule", "ordinal"), name="consequence_once"),
        )


class ConsequenceEvent(models.Model):
    """One thing that happened; ``document`` is what it rests on, ``text`` reasons or minutes."""

    consequence = models.ForeignKey(Consequence, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    document = LineField(max_length=200, blank=True)
    due = models.DateField(null=True)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("consequence", "id"), name="consequence_event_order"),)


class InterviewMinutes(models.Model):
    """约谈纪要: what was said when an interview was held; ``event`` is its holding, ``attendants`` one a line.

    ``problems`` what the interviewed was told, ``measures`` what it promised.
    """

    event = models.OneToOneField(ConsequenceEvent, on_delete=models.PROTECT, related_name="minutes")
    venue = LineField(max_length=200)
    chair = LineField(max_length=120)
    attendants = TextField()
    problems = TextField()
    measures = TextField()


class ApprovalExemption(models.Model):
    """One project that a place lets through a restriction all the same, or (``ends``) the end of that.

    ``restriction`` is the id of the restriction, ``project`` the project's name; ``until`` the last day, None: while
    the restriction holds. A row with ``ends`` ends that one: ``starts`` is its first day without the exemption.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    restriction = LineField(max_length=200)
    project = LineField(max_length=200)
    starts = models.DateField()
    until = models.DateField(null=True)
    document = LineField(max_length=200)
    reason = TextField()
    ends = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="ended_by")
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
