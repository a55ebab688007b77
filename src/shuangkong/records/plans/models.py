"""Columns of plans. Entries are what the reader found, decisions what people said of them (append-only)."""

from __future__ import annotations

from django.db import models

from shuangkong.records.registry.models import Body, Region
from shuangkong.records.texts import LineField, TextField


class PlanFile(models.Model):
    """One uploaded file; its text stays in the operator's own database. Facts without a document have no file."""

    sha256 = LineField(max_length=64, unique=True)
    name = LineField(max_length=255)
    medium = LineField(max_length=8)
    size_bytes = models.BigIntegerField()
    content = models.BinaryField()
    text = TextField()
    received_at = models.DateTimeField()
    received_by = LineField(max_length=150)


class Plan(models.Model):
    """One plan document. ``version`` is the adoption that holds, 0 before the first.

    The head columns follow the entries.
    """

    file = models.ForeignKey(PlanFile, null=True, on_delete=models.PROTECT, related_name="plans")
    title = LineField(max_length=300)
    doc_no = LineField(max_length=80, blank=True)
    issuer = LineField(max_length=120, blank=True)
    issued_on = models.DateField(null=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="plans")
    region_printed = LineField(max_length=120, blank=True)
    base_year = models.IntegerField(null=True)
    start_year = models.IntegerField(null=True)
    end_year = models.IntegerField(null=True)
    status = LineField(max_length=10, db_index=True)
    version = models.IntegerField(default=0)
    is_demo = models.BooleanField(default=False)
    is_fictional = models.BooleanField(default=False)
    source_note = TextField(blank=True)
    read_at = models.DateTimeField()
    read_by = LineField(max_length=150)


class ReadingEntry(models.Model):
    """One object that the reader found, or that a person added. ``payload`` is its JSON form (plans.reading_json)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="entries")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    kind = LineField(max_length=12)
    ordinal = models.IntegerField()
    payload = models.JSONField()
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)
    confidence = models.FloatField()
    doubts = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "kind", "ordinal"), name="entry_once"),)


class ReviewDecision(models.Model):
    """What a person said of an entry. Append-only; the newest holds."""

    entry = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="decisions")
    verdict = LineField(max_length=10)
    before = models.JSONField()
    after = models.JSONField(null=True)
    merged_into = models.ForeignKey(ReadingEntry, null=True, on_delete=models.PROTECT, related_name="+")
    reason = TextField(blank=True)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()


class Adoption(models.Model):
    """One act of adopting a plan. ``last_decision`` is the newest review decision that it rests on."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="adoptions")
    version = models.IntegerField()
    last_decision = models.ForeignKey(ReviewDecision, null=True, on_delete=models.PROTECT, related_name="+")
    adopted_by = LineField(max_length=150)
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "version"), name="adoption_once"),)


class Measure(models.Model):
    """One operative item of an adopted plan. ``no`` is the full path as printed, full width."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    version = models.IntegerField()
    entry = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="+")
    ordinal = models.IntegerField()
    no = LineField(max_length=40)
    path = models.JSONField()
    title = LineField(max_length=300)
    chapter_no = LineField(max_length=20, blank=True)
    chapter_title = LineField(max_length=300, blank=True)
    open_ended = models.BooleanField()
    span_start = models.IntegerField()
    span_end = models.IntegerField()
    title_start = models.IntegerField()
    title_end = models.IntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "version", "ordinal"), name="measure_once"),)


class MeasureBody(models.Model):
    """A body's part in a measure; ``name`` as printed, ``body`` its row in the registry.

    Standing bodies have no measure.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measure_bodies")
    version = models.IntegerField()
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="bodies")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="parts")
    name = LineField(max_length=120)
    role = LineField(max_length=12)
    ordinal = models.IntegerField()
    span_start = models.IntegerField(null=True)
    span_end = models.IntegerField(null=True)


class SubTask(models.Model):
    """One sentence of a measure: what a person can be asked about."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="sub_tasks")
    ordinal = models.IntegerField()
    span_start = models.IntegerField()
    span_end = models.IntegerField()


class PlanDuty(models.Model):
    """A dated or extended duty without a number."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="duties")
    version = models.IntegerField()
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="duties")
    entry = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="+")
    what = TextField()
    extent = LineField(max_length=80, blank=True)
    deadline = LineField(max_length=10, blank=True)
    recurrence = LineField(max_length=40, blank=True)
    strength = LineField(max_length=10)


class Audit(models.Model):
    """One audit of a plan. Append-only: the newest holds."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="audits")
    audited_at = models.DateTimeField()
    audited_by = LineField(max_length=150, blank=True)


class AuditFinding(models.Model):
    """One finding of an audit."""

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="findings")
    ordinal = models.IntegerField()
    code = LineField(max_length=12)
    severity = LineField(max_length=14)
    place = LineField(max_length=300)
    zh = TextField()
    en = TextField()
    ground_zh = TextField(blank=True)
    ground_en = TextField(blank=True)
    spans = models.JSONField(default=list)
