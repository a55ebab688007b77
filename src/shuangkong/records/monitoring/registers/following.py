"""随之而来: what a row brings with it: a point for its readings."""

from __future__ import annotations

from shuangkong.records.monitoring.models import FactorDue, Meter, Point


def point_of_factor(row: FactorDue) -> None:
    """The number under which readings of that outlet and factor stand, for good."""
    Point.objects.get_or_create(outlet=row.outlet, factor=row.factor)


def point_of_meter(row: Meter) -> None:
    """The number of a meter's own readings."""
    Point.objects.get_or_create(meter=row, factor="")
