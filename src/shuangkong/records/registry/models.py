"""Columns of the registry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.paths import PathField


class Region(models.Model):
    """One administrative division; ``starts_on``/``ends_on`` are the first and last list that holds it."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=80, db_index=True)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_fictional = models.BooleanField(default=False)
    path = PathField(max_length=120, default="/", db_index=True)


class RegionChange(models.Model):
    """A region that became another: merged, split, abolished into it. Append-only; both keep their own rows."""

    before = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="became")
    after = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="came_from")
    on = models.DateField()
    document = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before", "after", "on"), name="region_change_once"),)


class Body(models.Model):
    """A responsible body (责任单位) as named in the plans of one region."""

    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, default="department")

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
    kind = models.CharField(max_length=8)
    on = models.DateField()
    document = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("before", "after", "on"), name="body_change_once"),)


class BodyAlias(models.Model):
    """A decision that one printed name means another body. Append-only.

    The newest row of a body holds, null withdraws.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="alias_decisions")
    same_as = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()


class BodyDistinction(models.Model):
    """A decision that two names which look alike are two bodies. Append-only; ``one`` is the lower number."""

    one = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="body_distinction_once"),)
