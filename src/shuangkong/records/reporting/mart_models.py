"""Columns of what the clock prepares beside returns: what they are held against, peers, suspicions. Made anew at will;
what was set aside by a person alone grows."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.texts import LineField, TextField


class Beside(models.Model):
    """A mart: what one return is held against (reporting.checks.kept), made before it is handed in.

    ``rests_on``: which versions of other returns it was made of; where these are others now it is made anew.
    ``is_stale``: evidence, norms or what was set aside have changed since.
    """

    owned = models.OneToOneField("reporting.Return", on_delete=models.CASCADE, related_name="beside")
    told = TextField()
    rests_on = TextField()
    is_stale = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("is_stale",), name="beside_stale"),)


class SoldFigure(models.Model):
    """A mart: what a supplier's return says it sold to a customer in the month and since January, in base units.

    ``customer``: credit code; "" for all that it sold, one row of which every return has. ``version``: of the return.
    """

    owned = models.ForeignKey("reporting.Return", on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    form = LineField(max_length=60)
    first_month = models.IntegerField()
    path = PathField(max_length=120)
    customer = LineField(max_length=60, blank=True)
    month = ExactDecimalField(null=True)
    to_date = ExactDecimalField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "customer"), name="sold_once"),)
        indexes = (models.Index(fields=("customer", "first_month"), name="sold_to"),)


class PeerRatio(models.Model):
    """A mart: the ratio of a check in a return in force; ``code`` "" in a row that says the return was read."""

    owned = models.ForeignKey("reporting.Return", on_delete=models.CASCADE, related_name="+")
    version = models.IntegerField()
    form = LineField(max_length=60)
    first_month = models.IntegerField()
    industry = LineField(max_length=8, blank=True)
    code = LineField(max_length=20, blank=True)
    value = ExactDecimalField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "code"), name="peer_ratio_once"),)
        indexes = (models.Index(fields=("form", "first_month", "industry"), name="peer_ratio_of"),)


class PeerFigures(models.Model):
    """A mart: what the ratio of a check is among the units of a sector in a period (reporting.checks.norms)."""

    form = LineField(max_length=60)
    first_month = models.IntegerField()
    industry = LineField(max_length=8, blank=True)
    code = LineField(max_length=20)
    median = ExactDecimalField()
    spread = ExactDecimalField()
    count = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("form", "first_month", "industry", "code"), name="peer_figures_once"),
        )


class SetAside(models.Model):
    """A check that an office does not apply to a unit, from a day to a day, with its ground. Ended, never removed.

    ``forms``: those that the office decides on, parted and enclosed by spaces; "" where these are all.
    """

    reporter = models.ForeignKey("reporting.Reporter", on_delete=models.PROTECT, related_name="set_aside")
    code = LineField(max_length=20)
    forms = TextField(blank=True)
    ground = TextField()
    document = LineField(max_length=120, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()


class SuspectedUnit(models.Model):
    """A mart: what speaks against a unit's newest returns, with the evidence (``told``, JSON), as of ``made_at``."""

    reporter = models.OneToOneField("reporting.Reporter", on_delete=models.CASCADE, related_name="+")
    path = PathField(max_length=120, db_index=True)
    score = ExactDecimalField()
    told = TextField()
    made_at = models.DateTimeField()


class CheckRecord(models.Model):
    """A mart: what came of a check in a place: how often it found something, how often that was real or false."""

    path = PathField(max_length=120, db_index=True)
    code = LineField(max_length=20)
    fired = models.IntegerField()
    real = models.IntegerField()
    false = models.IntegerField()
    made_at = models.DateTimeField()


class OneHandFound(models.Model):
    """A mart: what looks like one hand that files for many units; ``told``: who filed what and when, JSON."""

    sign = LineField(max_length=12)
    value = LineField(max_length=150)
    units = models.IntegerField()
    told = TextField()
    made_at = models.DateTimeField()


class LaterCheck(models.Model):
    """A mart: that a return that was handed in is to be held anew against what stands beside it (``is_stale``), or when
    it was last; None: never since it was handed in."""

    owned = models.OneToOneField("reporting.Return", on_delete=models.CASCADE, related_name="+")
    is_stale = models.BooleanField(default=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("is_stale",), name="later_check_stale"),)


class LaterFinding(models.Model):
    """A mart: what the checks find in a version by what came to be held beside it only after it was signed.

    ``found_at``: when first. It is no part of the version, and nobody explains it: the office asks, or a case does.
    """

    owned = models.ForeignKey("reporting.Return", on_delete=models.CASCADE, related_name="later")
    version = models.IntegerField()
    code = LineField(max_length=12)
    severity = LineField(max_length=12)
    address = LineField(max_length=200, blank=True)
    zh = TextField()
    en = TextField()
    ground_zh = TextField(blank=True)
    ground_en = TextField(blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "code", "address"), name="later_finding_once"),)


class UnsummedReturn(models.Model):
    """A mart: a return of which the clock could not add up or withdraw (``stage``) what it tells, and why.

    ``found_at``: when first, ``seen_at``: when last. It goes when its turn comes again and goes well.
    """

    owned = models.ForeignKey("reporting.Return", on_delete=models.CASCADE, related_name="+")
    stage = LineField(max_length=8)
    code = LineField(max_length=12)
    zh = TextField()
    en = TextField()
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owned", "stage"), name="unsummed_once"),)


class FiguresRead(models.Model):
    """A mart: of content as it is sealed (its digest), the digest of its figures alone, "" for too few of them.

    ``version``: the newest version of that content when it was read. What is sealed never changes: it is read once.
    """

    sealed = LineField(max_length=64, unique=True)
    figures = LineField(max_length=64, blank=True)
    version = models.BigIntegerField(db_index=True)


class ClockMark(models.Model):
    """How far a clock has read what only grows: the last row's number, by the clock's name."""

    name = LineField(max_length=40, unique=True)
    number = models.BigIntegerField(default=0)
    at = models.DateTimeField()
