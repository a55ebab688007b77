"""Columns of the registry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.paths import PathField
from shuangkong.records.texts import LineField, TextField


class Region(models.Model):
    """One administrative division; ``starts_on``/``ends_on`` are the first and last list that holds it."""

    code = LineField(primary_key=True, max_length=12)
    name = LineField(max_length=80, db_index=True)
    level = LineField(max_length=12)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_fictional = models.BooleanField(default=False)
    path = PathField(max_length=120, default="/", db_index=True)


class RegionName(models.Model):
    """What a region was called until a moment, at which the list called it otherwise. Append-only."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="names")
    name = LineField(max_length=80)
    until = models.DateTimeField(db_index=True)


class RegionChange(models.Model):
    """A region that became another: merged, split, abolished into it. Append-only; both keep their own rows."""

    before = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="came_from")
    on = models.DateField()
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before", "after", "on"), name="region_change_once"),)


class Body(models.Model):
    """A responsible body (责任单位) as named in the plans of one region."""

    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="bodies")
    name = LineField(max_length=120)
    kind = LineField(max_length=12, default="department")

    class Meta:
        constraints = (
            # Two, because SQLite takes every null for another region.
            models.UniqueConstraint(fields=("region", "name"), name="body_once_a_region"),
            models.UniqueConstraint(
                fields=("name",), condition=Q(region__isnull=True), name="body_once_without_region"
            ),
        )


class BodyChange(models.Model):
    """A body that was renamed, merged or split into another on a day. Append-only; both keep their own duties."""

    before = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="came_from")
    kind = LineField(max_length=8)
    on = models.DateField()
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before", "after", "on"), name="body_change_once"),)


class BodyAlias(models.Model):
    """A decision that one printed name means another body. Append-only.

    The newest row of a body holds, null withdraws.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="alias_decisions")
    same_as = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    reason = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()


class BodyDistinction(models.Model):
    """A decision that two names which look alike are two bodies. Append-only; ``one`` is the lower number."""

    one = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    reason = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="body_distinction_once"),)


class Particulars(models.Model):
    """What an enterprise is on a day: what it is called, by which code, where, in which industry.

    ``credit_code`` is "" where it has none; ``industry`` a code of GB/T 4754 or ""; ``body`` whom its people act for,
    None until somebody reports for it.
    """

    name = LineField(max_length=120, db_index=True)
    credit_code = LineField(max_length=18, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    industry = LineField(max_length=8, blank=True)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(default=True)

    class Meta:
        abstract = True


class Enterprise(Particulars):
    """One enterprise for good. Its number is behind its source code; its particulars are those of its last event."""

    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("credit_code",), condition=~Q(credit_code=""), name="enterprise_credit_code_once"
            ),
        )
        indexes = (models.Index(fields=("region", "name"), name="enterprise_place"),)


class EnterpriseEvent(Particulars):
    """What an enterprise is from a day on. Append-only; ``kind`` is see enterprises.rows.EnterpriseEventKind."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=8)
    on = models.DateField()
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("enterprise", "on"), name="enterprise_history"),)


class EnterpriseIdentifier(models.Model):
    """By which number another system knows an enterprise. ``ended_at`` None while it holds; rows are never removed."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="identifiers")
    system = LineField(max_length=12)
    value = LineField(max_length=60)
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("system", "value"), condition=Q(ended_at=None), name="enterprise_identifier_once"
            ),
        )


class EnterpriseChange(models.Model):
    """An enterprise that was merged into another, or of which another was split off. Append-only."""

    before = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="came_from")
    kind = LineField(max_length=8)
    on = models.DateField()
    document = LineField(max_length=120)
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before", "after", "on"), name="enterprise_change_once"),)


class EnterpriseAlias(models.Model):
    """A decision that two records are of one enterprise. Append-only; the newest of a record holds, null withdraws."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="alias_decisions")
    same_as = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    reason = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()


class EnterpriseDistinction(models.Model):
    """A decision that two records which look alike are of two enterprises. Append-only; ``one`` is the lower number."""

    one = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    reason = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="enterprise_distinction_once"),)
