"""Columns of the ledger of emissions. Every table only grows: how a reduction stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.registry.models import Body, Enterprise, Region
from shuangkong.records.texts import LineField, TextField


class Inventory(models.Model):
    """A base of a place: a census, an emission inventory or the statistics of a year. Several stand beside each other.

    ``sort`` is a word of the policy's source classes; ``excluded`` says what it leaves out (不含省直管电厂), and goes
    with every figure that rests on it; ``sha256`` is of the file it came from.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    sort = LineField(max_length=20)
    year = models.IntegerField()
    title = LineField(max_length=120)
    excluded = LineField(max_length=200, blank=True)
    document = LineField(max_length=200)
    name = LineField(max_length=255)
    sha256 = LineField(max_length=64)
    is_demo = models.BooleanField(default=False)
    loaded_by = LineField(max_length=150)
    loaded_at = models.DateTimeField()
    journal = models.BigIntegerField()


class InventorySource(models.Model):
    """What one source, or one outlet of it, emitted of a pollutant in the year, known in one way.

    ``code`` is the source code of an enterprise of the register, else as the file has it; ``scope`` and ``evidence``
    are words of the policy's source classes; ``basin`` is the name of the river basin that it lies in, "" where nobody
    told it.
    """

    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="sources")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    outlet = LineField(max_length=40, blank=True)
    scope = LineField(max_length=30)
    pollutant = LineField(max_length=30)
    amount_t = ExactDecimalField()
    permitted_t = ExactDecimalField(null=True)
    evidence = LineField(max_length=20)
    basin = LineField(max_length=60, blank=True, default="")

    class Meta:
        indexes = (models.Index(fields=("inventory", "code", "pollutant"), name="inventory_source"),)


class InventoryChoice(models.Model):
    """The decision which base counts for a place and year. The newest of them holds."""

    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="choices")
    ground = TextField()
    decided_by = LineField(max_length=150)
    decided_at = models.DateTimeField()
    journal = models.BigIntegerField()


class SourceEntry(models.Model):
    """A batch of vehicles, a plant or a herd that is registered, so that what it reduces is known from all others.

    ``sort`` is a word of the formulas (batch, plant, herd); ``code`` that of the source which the base inventory has
    where it has one (the fleet), else of the plant or farm itself; ``outlet`` the number of a batch; ``basin`` as of an
    InventorySource.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    sort = LineField(max_length=10)
    code = LineField(max_length=40)
    outlet = LineField(max_length=40, blank=True)
    name = LineField(max_length=120)
    basin = LineField(max_length=60, blank=True, default="")
    ground = TextField()
    registered_by = LineField(max_length=150)
    registered_at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("code", "outlet"), name="source_entry"),)


class Reduction(models.Model):
    """A measure that somebody reports as having reduced one pollutant at one source.

    ``formula`` is an id of the policy's formulas, ``measure`` the sort of measure that it stands for, ``months`` how it
    counts in its first year; ``assigned_t`` what was assigned to a key project; ``note`` what the amount leaves out.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    title = LineField(max_length=120)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    body_name = LineField(max_length=120, blank=True)
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    source_code = LineField(max_length=40)
    source_name = LineField(max_length=120)
    outlet = LineField(max_length=40, blank=True)
    scope = LineField(max_length=30)
    pollutant = LineField(max_length=30)
    formula = LineField(max_length=60)
    measure = LineField(max_length=20)
    months = LineField(max_length=12)
    is_key = models.BooleanField()
    assigned_t = ExactDecimalField(null=True)
    note = LineField(max_length=200, blank=True)
    reported_by = LineField(max_length=150)
    reported_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("region", "pollutant"), name="reduction_of_place"),)


class ReductionEvent(models.Model):
    """One thing that happened to it. A report and a correction tell ``inputs`` (JSON, name → figure) and ``starts``,

    the first month that counts, from January of the year 0; ``rulebook`` by which rules ``amount_t`` was reckoned.
    ``after_t``: the level of a year at which the measure leaves its source, as reckoned; of a recognition as credited.
    """

    reduction = models.ForeignKey(Reduction, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    on = models.DateField()
    amount_t = ExactDecimalField(null=True)
    after_t = ExactDecimalField(null=True)
    inputs = TextField(blank=True)
    starts = models.IntegerField(null=True)
    rulebook = LineField(max_length=12, blank=True)
    text = TextField(blank=True)
    document = LineField(max_length=200, blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("reduction", "id"), name="reduction_event_order"),)


class ReductionEvidence(models.Model):
    """A file handed in with an act: its content is kept once, whoever hands it in."""

    event = models.ForeignKey(ReductionEvent, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(TaskFile, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=255)
