"""Columns of computed figures (marts). A different result is a new row: what stood on a past day can be answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.facts.codes import VALUE
from shuangkong.records.facts.models import Load, Subject, Word
from shuangkong.records.texts import LineField


class Computation(models.Model):
    """One pass of the engine over what had changed, or over everything (``is_whole``).

    ``cells`` counts those computed, ``changed`` those whose result differs from the one before. ``finished_at`` is null
    while it is under way, and stays so where it was killed or another took over.
    """

    computed_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    rulebook = LineField(max_length=12)
    is_whole = models.BooleanField()
    cells = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)


class ComputedLoad(models.Model):
    """A load of facts that a computation took into account; loads without such a row wait for the next one."""

    load = models.OneToOneField(Load, on_delete=models.PROTECT, related_name="computed")
    computation = models.ForeignKey(Computation, on_delete=models.PROTECT, related_name="loads")


class ComputedRegion(models.Model):
    """Which region a region was part of, as a computation met it; ``whole`` is "" where none, or it stood no more.

    The newest row of a region holds; where the register says otherwise, what rests on it is computed anew. Append-only.
    """

    region = LineField(max_length=12)
    whole = LineField(max_length=12, blank=True)
    computation = models.ForeignKey(Computation, models.PROTECT, related_name="regions")


class ToldColumn(models.Model):
    """Something was told of an indicator in a period, in a measure (a number of facts.codes), as a computation met it.

    What a new load can move is found from these rows, not from all that was ever told. Append-only.
    """

    indicator = models.ForeignKey(Word, models.PROTECT, related_name="+", db_index=False)
    first_month = models.SmallIntegerField()
    months = models.SmallIntegerField()
    measure = models.SmallIntegerField()
    computation = models.ForeignKey(Computation, models.PROTECT, related_name="columns")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("indicator", "first_month", "months", "measure"), name="told_column_once"),
        )


class ComputedFigure(models.Model):
    """The result of one cell that nobody told. Append-only; the newest of a cell stands.

    States and maturities are numbers of facts.codes; ``maturity`` that of the least settled fact below it, null where
    there is none. ``value`` is in the indicator's base unit. ``has_doubts``: something counts in it that is not
    verified or stands in for something else; its explanation says what.

    Words, subjects and computations are never deleted and recording alone writes their numbers here: as with facts
    the database need not look each up again, and the two indexes serve every question that is asked.
    """

    indicator = models.ForeignKey(Word, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    first_month = models.SmallIntegerField()
    months = models.SmallIntegerField()
    state = models.SmallIntegerField()
    value = ExactDecimalField(null=True)
    maturity = models.SmallIntegerField(null=True)
    has_doubts = models.BooleanField()
    is_demo = models.BooleanField()
    computation = models.ForeignKey(
        Computation, models.PROTECT, related_name="figures", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = (
            models.Index(fields=("subject", "indicator", "first_month"), name="computed_series"),
            models.Index(fields=("first_month", "months", "indicator"), name="computed_period"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state=VALUE, value__isnull=False) | (~Q(state=VALUE) & Q(value__isnull=True)),
                name="computed_value_only_where_found",
            ),
        )
