"""Columns of the registry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Region(models.Model):
    """One administrative division; ``starts_on``/``ends_on`` are the first and last list that holds it."""

    code = models.CharField(primary_key=True, max_length=12)
    name = models.CharField(max_length=80, db_index=True)
    level = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_fictional = models.BooleanField(default=False)


class Body(models.Model):
    """A responsible body (责任单位) as named in the plans of one region."""

    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = (
            # Two, because SQLite takes every null for another region.
            models.UniqueConstraint(fields=("region", "name"), name="body_once_a_region"),
            models.UniqueConstraint(
                fields=("name",), condition=Q(region__isnull=True), name="body_once_without_region"
            ),
        )


class BodyAlias(models.Model):
    """A decision that one printed name means another body. Append-only.

    The newest row of a body holds, null withdraws.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="alias_decisions")
    same_as = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()
