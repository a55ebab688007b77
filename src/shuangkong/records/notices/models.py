"""Columns of notices. All tables only grow."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.texts import LineField, TextField


class Notice(models.Model):
    """What a place tells some bodies. ``kind`` is see rows.NoticeKind, ``thing`` the number of what it is about.

    ``is_urgent``: the messages about it leave at once, whatever the hour.
    """

    kind = LineField(max_length=20)
    thing = models.BigIntegerField()
    title = LineField(max_length=200)
    text = TextField()
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    is_urgent = models.BooleanField()
    is_demo = models.BooleanField()
    is_fictional = models.BooleanField()
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("kind", "thing"), name="notice_about"),)


class NoticeBody(models.Model):
    """One who is told; ``name`` as it was called then, ``text`` what is for this one alone.

    ``lapsed_at``: since when it no longer waits to be acknowledged, since what it asked for is done or told anew.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="bodies")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=120)
    text = TextField(blank=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "body"), name="notice_body_once"),)


class NoticeAcknowledgement(models.Model):
    """That somebody of the body has read it (签收), with what was answered."""

    addressed = models.OneToOneField(NoticeBody, on_delete=models.PROTECT, related_name="acknowledgement")
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()
