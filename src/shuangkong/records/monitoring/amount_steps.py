"""排放量的由来: a monitored amount step by step, each with the closing that leads to its hours and their frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.fact import Cell, Fact
from shuangkong.core.finding import Message
from shuangkong.core.source_code import number_of
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.monitoring.amounts.emissions import INDICATORS
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.monitoring.amount_facts import SOURCE
from shuangkong.records.monitoring.amounts import owed
from shuangkong.records.monitoring.models import AmountClosing, Point
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region

_KG_A_TONNE = Decimal(1000)
#: Facts of one tree that get their steps: a figure of a year and of many places does not read a nation's closings.
_FACTS = 36
_FACTORS = {(indicator, media, factor) for media, own in INDICATORS.items() for factor, indicator in own.items()}


def detailed(figure: Figure) -> Figure:
    """The same tree; what it was told from outlets has its steps. ~5 queries a month of such leaves, else none."""
    facts = [fact for fact in told_facts(figure) if fact.source == SOURCE][:_FACTS]
    made = {fact.cell: tuple(_steps(fact)) for fact in facts}
    return _with_steps(figure, made, {}) if made else figure


def _with_steps(figure: Figure, steps: Mapping[Cell, tuple[Step, ...]], made: dict[int, Figure]) -> Figure:
    if id(figure) not in made:
        inputs = tuple((name, _with_steps(each, steps, made)) for name, each in figure.inputs)
        own = steps.get(figure.fact.cell, ()) if figure.fact is not None else ()
        made[id(figure)] = replace(figure, inputs=inputs, steps=own or figure.steps)
    return made[id(figure)]


def _steps(fact: Fact) -> Iterator[Step]:
    """Of a unit each outlet, of a region each place: the kilograms, and of what hours they are, as they were known when
    the fact was told. Who may see a region's figure may not see every unit of it: the boards of the place say who is
    behind it."""
    month = fact.cell.period.last_day.replace(day=1)
    points = _points(fact, month)
    rows = _closings(points, month, fact.recorded_on)
    if fact.cell.subject.kind == "unit":
        yield from (_of_outlet(row) for row in sorted(rows, key=lambda each: (-each.kg, each.pk)))
    else:
        yield from _of_places(rows)
    if lacking := len(points) - len(rows):
        said = Message(f"{lacking} 个排放口还没有核算", f"{lacking} outlets are not reckoned yet")
        yield Step(said, "", (), None, "kg")
    if fact.value is not None:
        whole = sum((row.kg for row in rows), Decimal(0)) / _KG_A_TONNE
        said = Message(f"{len(rows)} 个排放口合计", f"Sum of {len(rows)} outlets")
        yield Step(said, "Σ kg / 1000", (), whole, "t")


def _of_places(rows: Sequence[AmountClosing]) -> Iterator[Step]:
    by: dict[str, list[AmountClosing]] = defaultdict(list)
    for row in rows:
        by[row.outlet.region_id].append(row)
    for code, own in sorted(by.items()):
        name = own[0].outlet.region.name
        said = Message(f"{name} {len(own)} 个排放口", f"{name}, {len(own)} outlets")
        kg = sum((row.kg for row in own), Decimal(0))
        yield Step(said, _hours(own), (), kg, "kg", rests_on=("amounts", code, f"{own[0].month:%Y-%m}"))


def _points(fact: Fact, month: date) -> Sequence[Point]:
    """Points that the amount is the sum of. 2 or 3 queries."""
    subject = fact.cell.subject
    wanted = {(media.value, factor) for indicator, media, factor in _FACTORS if indicator == fact.cell.indicator}
    if subject.kind == "unit":
        within = Q(outlet__enterprise=number_of(subject.code) or 0)
    else:
        place = Region.objects.filter(pk=subject.code).first()
        within = below(place.path, "outlet__region__path") if place else Q(pk__in=())
    found = owed(month, ends_of(Span.MONTH, month), within)
    return [each for each in found if each.outlet and (each.outlet.kind, each.factor) in wanted]


def _closings(points: Sequence[Point], month: date, known_on: date) -> list[AmountClosing]:
    """The newest closing of each point that there was by the end of a day. 1 query."""
    rows = AmountClosing.objects.select_related("outlet__region").filter(
        outlet__in={each.outlet_id for each in points}, factor__in={each.factor for each in points}, month=month
    ).order_by("pk")  # fmt: skip
    wanted = {(each.outlet_id, each.factor) for each in points}
    held = {
        (row.outlet_id, row.factor): row
        for row in rows
        if (row.outlet_id, row.factor) in wanted and timezone.localtime(row.closed_at).date() <= known_on
    }
    return list(held.values())


def _of_outlet(row: AmountClosing) -> Step:
    rests_on = ("amount", str(row.outlet_id), row.factor, f"{row.month:%Y-%m}")
    return Step(Message(row.outlet.name, row.outlet.name), _hours([row]), (), row.kg, "kg", rests_on=rests_on)


def _hours(rows: Sequence[AmountClosing]) -> str:
    """Of which sorts the hours are."""
    parts = (
        ("实测", sum(row.measured_hours for row in rows)), ("替代", sum(row.substituted_hours for row in rows)),
        ("手工", sum(row.by_hand_hours for row in rows)), ("停运", sum(row.stopped_hours for row in rows)),
        ("缺", sum(row.open_hours for row in rows)),
    )  # fmt: skip
    return " + ".join(f"{word} {hours} h" for word, hours in parts if hours) or "0 h"
