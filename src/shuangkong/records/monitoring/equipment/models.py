"""Columns of equipment: what is told of boilers, machines, tests, operators, catalogues and energy labels."""

from __future__ import annotations

from django.db import models

from shuangkong.records.decimals import ExactDecimalField
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.texts import LineField


class BoilerCertificate(models.Model):
    """The registration certificate of a boiler; one that ended was cancelled or gave way to another."""

    boiler = models.ForeignKey("monitoring.Boiler", on_delete=models.PROTECT, related_name="certificates")
    number = LineField(max_length=60)
    zone = LineField(max_length=20)
    document = LineField(max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = LineField(max_length=200, blank=True)


class BoilerRemoval(models.Model):
    """That a boiler was removed; ``meter`` is one that would count again if it came back. ``ends_on``: found untrue.

    ``check_by``: by when somebody is to look for the first time whether it came back.
    """

    boiler = models.ForeignKey("monitoring.Boiler", on_delete=models.PROTECT, related_name="removals")
    meter = models.ForeignKey("monitoring.Meter", null=True, on_delete=models.PROTECT, related_name="+")
    way = LineField(max_length=20)
    check_by = models.DateField(null=True)
    document = LineField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class BoilerInspection(models.Model):
    """What somebody who went there saw of a removed boiler; ``next_on``: when somebody is to go again."""

    boiler = models.ForeignKey("monitoring.Boiler", on_delete=models.PROTECT, related_name="inspections")
    inspected_on = models.DateField()
    found = LineField(max_length=20)
    inspector = LineField(max_length=60)
    next_on = models.DateField(null=True)
    note = LineField(max_length=300, blank=True)


class Machine(models.Model):
    """An elevator, motor, transformer, fan, pump or compressor; ``grade`` of its efficiency, "" where nobody told.

    ``remove_by``: until when it has to go; ``is_catalogued``: it stands in a catalogue of efficient models.
    ``capacity_kva``: the rated capacity on the plate of a transformer (额定容量), an apparent power; of others none.
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    sort = LineField(max_length=20)
    code = LineField(max_length=40)
    name = LineField(max_length=120)
    model = LineField(max_length=80, blank=True)
    power_kw = ExactDecimalField(null=True)
    capacity_kva = ExactDecimalField(null=True)
    grade = LineField(max_length=12, blank=True)
    is_catalogued = models.BooleanField(default=False)
    remove_by = models.DateField(null=True)
    retrofitted_on = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class EquipmentTest(models.Model):
    """A test or evaluation of a boiler or a machine; ``efficiency_pct`` where it told one."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    boiler = models.ForeignKey("monitoring.Boiler", null=True, on_delete=models.PROTECT, related_name="tests")
    machine = models.ForeignKey(Machine, null=True, on_delete=models.PROTECT, related_name="tests")
    sort = LineField(max_length=20)
    tested_on = models.DateField()
    efficiency_pct = ExactDecimalField(null=True)
    is_passed = models.BooleanField(default=False)
    agency = LineField(max_length=120)
    report = LineField(max_length=120, blank=True)
    next_on = models.DateField(null=True)


class Operator(models.Model):
    """Somebody who runs boilers or other special equipment of a unit: trained when, certified until when."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    name = LineField(max_length=60)
    sort = LineField(max_length=20)
    certificate = LineField(max_length=60)
    trained_on = models.DateField(null=True)
    certified_until = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class EfficientModel(models.Model):
    """A model in a catalogue of efficient equipment, as ``document`` printed it, from the day of the catalogue on.

    ``efficiency_pct`` and ``grade`` where the catalogue tells them.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    sort = LineField(max_length=20)
    maker = LineField(max_length=120)
    model = LineField(max_length=80)
    efficiency_pct = ExactDecimalField(null=True)
    grade = LineField(max_length=12, blank=True)
    document = LineField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)


class LabelFiling(models.Model):
    """The filing of an energy label, of what is made or sold in a place: which model bears which grade."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, null=True, on_delete=models.PROTECT, related_name="+")
    maker = LineField(max_length=120)
    product = LineField(max_length=80)
    model = LineField(max_length=80)
    grade = models.IntegerField()
    number = LineField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    @property
    def name(self) -> str:
        """As people call it."""
        return f"{self.maker} {self.model}"


class LabelSale(models.Model):
    """How many pieces of a filed model were sold in its place in a year, and who says so."""

    filing = models.ForeignKey(LabelFiling, on_delete=models.PROTECT, related_name="sales")
    year = models.IntegerField()
    sold = models.IntegerField()
    document = LineField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("filing", "year"), name="label_sale_once_a_year"),)
