"""Columns of decompositions. All tables only grow: how one stands is replayed from its events."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.paths import PathField
from shuangkong.records.plans.models import Plan
from shuangkong.records.registry.models import Region
from shuangkong.records.targets.models import Target
from shuangkong.records.texts import LineField, TextField


class Decomposition(models.Model):
    """A target that a place shares out: one of an adopted plan, one received from above (``share``), or one by hand.

    ``indicator`` an id of the policy files or a printed name, ``kind`` plans.reading.Kind, ``extent``
    targets.target.Extent, ``op`` plans.reading.Op; ``value``, ``base`` and ``incentive`` in ``unit``; ``base_unit`` is
    that of the receivers' bases, ``ground`` the document that a target by hand rests on.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    path = PathField(max_length=120, db_index=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Target, null=True, on_delete=models.PROTECT, related_name="decompositions")
    share = models.ForeignKey("DecompositionShare", null=True, on_delete=models.PROTECT, related_name="decompositions")
    indicator = LineField(max_length=160)
    indicator_name = LineField(max_length=160)
    kind = LineField(max_length=20)
    extent = LineField(max_length=8)
    op = LineField(max_length=2)
    value = ExactDecimalField()
    unit = LineField(max_length=60)
    base = ExactDecimalField(null=True)
    base_unit = LineField(max_length=60, blank=True)
    incentive = ExactDecimalField(null=True)
    base_year = models.IntegerField()
    end_year = models.IntegerField()
    nature = LineField(max_length=10, blank=True)
    ground = TextField(blank=True)
    opened_by = LineField(max_length=150)
    opened_at = models.DateTimeField()


class DecompositionScenario(models.Model):
    """One way of sharing it out, as it was computed.

    ``given`` holds what was given (JSON of records.targets.decomposition.kept), ``outcome`` the proof, the fairness and
    what is wrong; ``rule`` the id of the policy file, ``rulebook`` the version of the policy that it was computed by.
    """

    decomposition = models.ForeignKey(Decomposition, on_delete=models.PROTECT, related_name="scenarios")
    number = models.IntegerField()
    name = LineField(max_length=80)
    rule = LineField(max_length=60)
    given = TextField()
    outcome = TextField()
    rulebook = LineField(max_length=80, blank=True)
    recorded_by = LineField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("decomposition", "number"), name="decomposition_scenario_once"),)


class DecompositionShare(models.Model):
    """What one receiver gets in one scenario: the target of a receiver once the scenario is adopted.

    ``path`` is that of a receiver that is a region of the registry, "" for any other; ``steps`` explain the value
    (JSON of core.trace.Step), ``base`` is the receiver's own in the unit of the decomposition's bases.
    """

    scenario = models.ForeignKey(DecompositionScenario, on_delete=models.PROTECT, related_name="shares")
    ordinal = models.IntegerField()
    subject_kind = LineField(max_length=10)
    subject_code = LineField(max_length=120, db_index=True)
    subject_name = LineField(max_length=120)
    path = PathField(max_length=120, db_index=True)
    value = ExactDecimalField(null=True)
    base = ExactDecimalField(null=True)
    is_locked = models.BooleanField(default=False)
    steps = TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("scenario", "ordinal"), name="decomposition_share_once"),)


class DecompositionYear(models.Model):
    """What a receiver owes by the end of a year: a total for caps, else what is done since the base year."""

    share = models.ForeignKey(DecompositionShare, on_delete=models.PROTECT, related_name="years")
    year = models.IntegerField()
    due = ExactDecimalField()
    formula = LineField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("share", "year"), name="decomposition_year_once"),)


class DecompositionEvent(models.Model):
    """One thing that happened to it (targets.decomposition.standing); ``document`` the paper that it rests on."""

    decomposition = models.ForeignKey(Decomposition, on_delete=models.PROTECT, related_name="events")
    kind = LineField(max_length=10)
    scenario = models.ForeignKey(DecompositionScenario, null=True, on_delete=models.PROTECT, related_name="+")
    settled = LineField(max_length=12, blank=True)
    on = models.DateField()
    document = LineField(max_length=200, blank=True)
    text = TextField(blank=True)
    author = LineField(max_length=150)
    at = models.DateTimeField()
    journal = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=("decomposition", "id"), name="decomposition_event_order"),)
