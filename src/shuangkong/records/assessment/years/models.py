"""Columns of assessments. All tables only grow: how one stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.targets.decomposition.models import Decomposition
from shuangkong.records.texts import LineField, TextField


class Assessment(models.Model):
    """One object that a place assesses by one score table over one period.

    ``region`` and ``path`` are the assessor's; ``duty`` the id of who assesses whom (policy), ``layer`` the layer of
    rules that it stands in, ``score_table`` the table's id; ``subject_path`` where the object is or lies, ``body`` the
    organisation where it is one. ``decomposition`` gives the targets that the table does not name itself.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    duty = LineField(max_length=60)
    layer = LineField(max_length=60)
    score_table = LineField(max_length=60)
    period = LineField(max_length=20)
    subject_kind = LineField(max_length=20)
    subject_code = LineField(max_length=120)
    subject_name = LineField(max_length=120)
    subject_path = PathField(max_length=120, db_index=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    decomposition = models.ForeignKey(Decomposition, null=True, on_delete=models.PROTECT, related_name="+")
    launched_by = LineField(max_length=150)
    launched_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("region", "period", "duty"), name="assessment_round"),)


class AssessmentSheet(models.Model):
    """A score sheet as a result was proposed on it, never changed after: what it was scored from, and what it gave.

    ``version`` is the digest of ``content``; ``rulebook`` the version of the rules of that moment.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sheets")
    version = LineField(max_length=64)
    content = TextField()
    rulebook = LineField(max_length=12)
    computed_at = models.DateTimeField()


class AssessmentEvent(models.Model):
    """One thing that happened. ``answers`` is the objection answered; ``sheet`` what a result stands on."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    until = models.DateField(null=True)
    evidence = models.IntegerField(default=0)
    score = ExactDecimalField(null=True)
    grade = LineField(max_length=40, blank=True)
    sheet = models.ForeignKey(AssessmentSheet, null=True, on_delete=models.PROTECT, related_name="+")
    number = LineField(max_length=80, blank=True)
    document = LineField(max_length=200, blank=True)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("assessment", "id"), name="assessment_event_order"),)


class AssessmentMark(models.Model):
    """What a person gave for a point, or established for a figure; of one code and side the newest counts.

    ``side``: the assessed (self) or the assessor (review). ``marks`` None: it does not apply, or was taken back.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="marks")
    side = LineField(max_length=8)
    code = LineField(max_length=60)
    marks = ExactDecimalField(null=True)
    is_inapplicable = models.BooleanField(default=False)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("assessment", "code", "id"), name="assessment_mark_order"),)


class AssessmentEvidence(models.Model):
    """One piece of evidence of a mark: its title, number, and the file where one was handed in."""

    mark = models.ForeignKey(AssessmentMark, on_delete=models.PROTECT, related_name="evidence")
    title = LineField(max_length=200)
    number = LineField(max_length=80, blank=True)
    file = models.ForeignKey(TaskFile, null=True, on_delete=models.PROTECT, related_name="+")


class AssessmentDraw(models.Model):
    """A draw of those who are checked on site, as it is logged; ``among`` and ``drawn`` are codes, one a line."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120)
    duty = LineField(max_length=60)
    period = LineField(max_length=20)
    seed = LineField(max_length=120)
    count = models.IntegerField()
    among = TextField()
    drawn = TextField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
