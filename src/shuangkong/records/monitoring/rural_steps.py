"""村庄和垃圾设施数的由来: place by place what the registers held on the last day of the period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from shuangkong.core.fact import Cell, Fact
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.records.monitoring.rural_facts import INDICATORS, SOURCE, book_of
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region

_FACTS = 36


def detailed(figure: Figure) -> Figure:
    """The same tree; what was told from the registers has its steps. 4 queries each, else none."""
    facts = [fact for fact in told_facts(figure) if fact.source == SOURCE and fact.cell.indicator in INDICATORS]
    made = {fact.cell: tuple(_steps(fact)) for fact in facts[:_FACTS]}
    return _with_steps(figure, made, {}) if made else figure


def _with_steps(figure: Figure, steps: dict[Cell, tuple[Step, ...]], made: dict[int, Figure]) -> Figure:
    if id(figure) not in made:
        inputs = tuple((name, _with_steps(each, steps, made)) for name, each in figure.inputs)
        own = steps.get(figure.fact.cell, ()) if figure.fact is not None else ()
        made[id(figure)] = replace(figure, inputs=inputs, steps=own or figure.steps)
    return made[id(figure)]


def _steps(fact: Fact) -> Iterator[Step]:
    """Each place of which rows lie, then their sum; as the registers stand today."""
    place = Region.objects.filter(pk=fact.cell.subject.code).first()
    if place is None:
        return
    unit, here = INDICATORS[fact.cell.indicator][0], below(place.path, "region__path")
    parts: dict[str, list[Decimal]] = defaultdict(list)
    names: dict[str, str] = {}
    for region, indicator, amount in book_of(here, here).marks(fact.cell.period.last_day):
        if indicator == fact.cell.indicator:
            parts[region.pk].append(amount)
            names[region.pk] = region.name
    for code, own in sorted(parts.items()):
        name = Message(f"{names[code]}，登记 {len(own)} 行", f"{names[code]}, {len(own)} rows of the register")
        yield Step(name, "Σ", (), sum(own, Decimal(0)), unit)
    whole = sum((sum(own, Decimal(0)) for own in parts.values()), Decimal(0))
    yield Step(Message("各地相加", "places added"), "Σ", (), whole, unit)
    if fact.value is not None and whole != fact.value:
        later = (
            "入库之后登记有改动，现按登记的算",
            "the registers have changed since it was told; this is as they stand",
        )
        yield Step(Message(*later), "", (), whole, unit)
