"""Columns of targets."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.plans.models import Measure, Plan, ReadingEntry
from shuangkong.records.texts import LineField

#: What the footnotes hold that take something out of a target.
EXCLUDED_SIGNS = 300


class Target(models.Model):
    """One quantitative commitment of one adopted version of a plan, for one subject.

    ``subject_kind`` is region, sector or unit; ``subject_code`` the GB/T 2260 code of a region, the code of the plan's
    own region, ``/`` and the name for a part of it that no list holds, else the name; ``indicator`` an id of the policy
    files, or the printed name where they know none, with ``@scope`` where the plan promises it for several scopes.
    ``value`` and ``base_value`` are in ``unit``/``base_unit`` as printed.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="targets")
    version = models.IntegerField()
    measure = models.ForeignKey(Measure, null=True, on_delete=models.PROTECT, related_name="targets")
    entry = models.ForeignKey(ReadingEntry, on_delete=models.PROTECT, related_name="+")
    ordinal = models.IntegerField()
    item_no = LineField(max_length=40, blank=True)
    is_headline = models.BooleanField(default=False)
    subject_kind = LineField(max_length=8)
    subject_code = LineField(max_length=120, db_index=True)
    subject_name = LineField(max_length=120)
    indicator = LineField(max_length=160, db_index=True)
    indicator_name = LineField(max_length=160)
    indicator_printed = LineField(max_length=200)
    kind = LineField(max_length=20)
    op = LineField(max_length=2)
    value = ExactDecimalField()
    unit = LineField(max_length=60)
    base_year = models.IntegerField(null=True)
    base_value = ExactDecimalField(null=True)
    base_unit = LineField(max_length=60, blank=True)
    deadline = LineField(max_length=10, blank=True)
    scope = LineField(max_length=160, blank=True)
    denominator = LineField(max_length=160, blank=True)
    strength = LineField(max_length=10)
    nature = LineField(max_length=10)
    in_words = models.BooleanField(default=False)
    reserve = ExactDecimalField(null=True)
    excluded = LineField(max_length=EXCLUDED_SIGNS, blank=True)
    span_start = models.IntegerField()
    span_end = models.IntegerField()
    value_start = models.IntegerField()
    value_end = models.IntegerField()
    table_no = models.IntegerField(null=True)
    table_row = models.IntegerField(null=True)
    table_column = models.IntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "version", "ordinal"), name="target_once"),)
        indexes = (models.Index(fields=("indicator", "subject_kind", "subject_code"), name="target_subject"),)


class DecompositionRow(models.Model):
    """One line under a parent target.

    A child target, or an explicit ``reserve`` (not shared out) or ``excluded`` part.
    """

    parent = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="shares")
    child = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="shared_from")
    kind = LineField(max_length=8)
    ordinal = models.IntegerField()
    name = LineField(max_length=120)
    value = ExactDecimalField(null=True)
    note_zh = LineField(max_length=300, blank=True)
    note_en = LineField(max_length=300, blank=True)
