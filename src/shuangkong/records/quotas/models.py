"""Columns of the ledger of green certificates. The database itself refuses to change or delete an entry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shuangkong.records.paths import PathField
from shuangkong.records.registry.models import Region
from shuangkong.records.texts import LineField, TextField


class CertificateHolder(models.Model):
    """Somebody who holds certificates.

    ``region`` is where the holder is, which decides the province; ``path`` that of the place that keeps the account:
    another than the region for a seller elsewhere whom the place deals with.
    """

    name = LineField(max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    is_demo = models.BooleanField(default=False)
    opened_by = LineField(max_length=150)
    opened_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("path", "name"), name="certificate_holder_once"),)


class CertificateBatch(models.Model):
    """A series of serial numbers. Whoever makes an entry holds the row of its batch, so that none is made twice."""

    name = LineField(max_length=60, unique=True)


class CertificateEntry(models.Model):
    """One act; see quotas.certificates.Entry. ``document`` names the paper or the file that it rests on."""

    act = LineField(max_length=8)
    batch = models.ForeignKey(CertificateBatch, on_delete=models.PROTECT, related_name="entries")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    giver = models.ForeignKey(CertificateHolder, null=True, on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey(CertificateHolder, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    has_power = models.BooleanField(default=False)
    ground = TextField()
    document = LineField(max_length=255, blank=True)
    is_demo = models.BooleanField(default=False)
    author = LineField(max_length=150)
    at = models.DateTimeField(db_index=True)
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("batch", "first"), name="certificate_entry_span"),)
        constraints = (
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=models.F("first")), name="certificate_span"),
        )


class CertificatePosting(models.Model):
    """One side of an entry; the two add up to nothing. ``holder`` null is the issuance."""

    entry = models.ForeignKey(CertificateEntry, on_delete=models.PROTECT, related_name="postings")
    account = LineField(max_length=8)
    holder = models.ForeignKey(CertificateHolder, null=True, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("holder", "account"), name="certificate_account"),)
