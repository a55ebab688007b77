"""Columns of facts. The database itself refuses to change or delete a figure or a load (migration 0003)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.facts.codes import VALUE
from shuangkong.records.texts import LineField, TextField


class Load(models.Model):
    """One file of actual values that was taken in: when its figures became known, and who told them."""

    name = LineField(max_length=255)
    sha256 = LineField(max_length=64)
    source = TextField()
    rows_new = models.IntegerField()
    rows_changed = models.IntegerField()
    rows_same = models.IntegerField()
    is_demo = models.BooleanField(default=False)
    loaded_at = models.DateTimeField(db_index=True)
    loaded_by = LineField(max_length=150)


class Word(models.Model):
    """A text that many figures share: the id of an indicator, a printed unit, a source. Written once."""

    INDICATOR, UNIT, SOURCE = "indicator", "unit", "source"

    kind = LineField(max_length=9)
    text = LineField(max_length=600)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "text"), name="fact_word_once"),)


class Subject(models.Model):
    """Whom figures are about, as they were first told of.

    ``code`` as core.fact.Subject writes it; ``region`` is the code of the region that it is or lies in, "" where that
    is not known. Where a registration was withdrawn, the same code may be registered anew, as the next ``edition``:
    only the newest may have figures.
    """

    kind = LineField(max_length=12)
    code = LineField(max_length=120)
    name = LineField(max_length=120)
    region = LineField(max_length=12, blank=True)
    edition = models.SmallIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "code", "edition"), name="fact_subject_once"),)
        indexes = (models.Index(fields=("region", "kind"), name="fact_subject_region"),)


class SubjectChange(models.Model):
    """A unit or institution that was renamed, merged or split into another on a day. Append-only.

    What becomes of regions stands in the registry. The same may be told again once it has been withdrawn.
    """

    before = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="came_from")
    kind = LineField(max_length=8)
    on = models.DateField()
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()


class ScopeMembership(models.Model):
    """A subject belongs to a scope of statistics (规上 or 规下) from a day, to a day where it has left. Append-only.

    The newest row of a subject, scope and first day holds: leaving is a row with the same first day and a last one.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="memberships")
    scope = LineField(max_length=40)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("scope", "subject"), name="scope_members"),)


class SubjectWithdrawal(models.Model):
    """What was told of a subject was wrong: a change, a row of a stay, or that it was registered. Append-only."""

    change = models.ForeignKey(SubjectChange, on_delete=models.PROTECT, null=True, related_name="withdrawals")
    membership = models.ForeignKey(ScopeMembership, on_delete=models.PROTECT, null=True, related_name="withdrawals")
    registration = models.ForeignKey(Subject, on_delete=models.PROTECT, null=True, related_name="withdrawals")
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(change__isnull=False, membership__isnull=True, registration__isnull=True)
                | Q(change__isnull=True, membership__isnull=False, registration__isnull=True)
                | Q(change__isnull=True, membership__isnull=True, registration__isnull=False),
                name="withdrawal_of_one",
            ),
        )


class Observation(models.Model):
    """One told figure, or the statement that there is none. Append-only.

    A version is the newest of its indicator, subject, period, measure, origin and maturity. States, measures, origins,
    maturities and evidence are numbers of facts.codes; zero is a value. ``first_month`` counts from January of the
    year 0, as core.period does; ``value`` is in the printed ``unit``, digits as told.

    Rows of words, subjects and loads are never deleted and the store alone writes their numbers here: the database
    need not look each up again, a million times a load. The two indexes serve every question that is asked.
    """

    indicator = models.ForeignKey(Word, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    first_month = models.SmallIntegerField()
    months = models.SmallIntegerField()
    measure = models.SmallIntegerField()
    state = models.SmallIntegerField()
    origin = models.SmallIntegerField()
    maturity = models.SmallIntegerField()
    evidence = models.SmallIntegerField()
    value = ExactDecimalField(null=True)
    unit = models.ForeignKey(Word, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    source = models.ForeignKey(Word, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    note = TextField(blank=True)
    load = models.ForeignKey(Load, models.PROTECT, related_name="observations", db_constraint=False)

    class Meta:
        indexes = (
            models.Index(fields=("subject", "indicator", "first_month"), name="fact_series"),
            models.Index(fields=("first_month", "months", "indicator"), name="fact_period"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state=VALUE, value__isnull=False) | (~Q(state=VALUE) & Q(value__isnull=True)),
                name="fact_value_only_where_told",
            ),
        )
