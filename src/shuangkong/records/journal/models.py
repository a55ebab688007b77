"""Columns of the journal. The database itself refuses to change or delete a row (migration 0001)."""

from __future__ import annotations

from django.db import models

from shuangkong.records.paths import PathField
from shuangkong.records.texts import LineField, TextField


class JournalHead(models.Model):
    """The newest number and digest; one row, locked by whoever appends, so that the chain never forks."""

    sequence = models.BigIntegerField()
    digest = LineField(max_length=64)


class JournalRow(models.Model):
    """One decision or change. Texts only: what is sealed is what stands here.

    ``place`` is the path of the region concerned (registry), ``body`` the organisation acted for, ``document`` a
    document number, a file's SHA-256 or "", ``before`` and ``after`` JSON texts or "".
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = LineField(max_length=32)
    author = LineField(max_length=150)
    body = LineField(max_length=150, blank=True)
    place = PathField(max_length=120, blank=True)
    act = LineField(max_length=40)
    subject = LineField(max_length=80)
    ground = TextField(blank=True)
    document = LineField(max_length=120, blank=True)
    before = TextField(blank=True)
    after = TextField(blank=True)
    previous = LineField(max_length=64)
    digest = LineField(max_length=64)

    class Meta:
        indexes = (
            models.Index(fields=("subject", "sequence"), name="journal_subject"),
            models.Index(fields=("place", "sequence"), name="journal_place"),
            models.Index(fields=("author", "sequence"), name="journal_author"),
        )
