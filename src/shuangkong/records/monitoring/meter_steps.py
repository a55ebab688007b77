"""用量的由来: a unit's metered amount step by step, meter by meter, down to the showings of their counters."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.core.source_code import number_of
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.monitoring.metering.carriers import CARRIERS
from shuangkong.records.monitoring.meter_facts import MAIN, SIGNS, SOURCE
from shuangkong.records.monitoring.models import MeterClosing

_INDICATORS = {each.indicator: each.id for each in CARRIERS.values()}
_STEPS: Mapping[str, Message] = {
    "swap": Message("换表", "swap"), "rollover": Message("翻转", "rollover"), "reset": Message("清零", "reset"),
    "fell": Message("示数变小", "fell"), "jump": Message("跳变", "jump"), "silent": Message("间断", "silence"),
}  # fmt: skip


def detailed(figure: Figure) -> Figure:
    """The same tree; what it was told from meters has its steps. 1 query where there is such a leaf, else none."""
    wanted = [fact for fact in told_facts(figure) if fact.source == SOURCE and fact.cell.indicator in _INDICATORS]
    if not wanted:
        return figure
    rows = MeterClosing.objects.select_related("meter").filter(
        Q(meter__enterprise__in={number_of(fact.cell.subject.code) or 0 for fact in wanted}),
        month__in={fact.cell.period.last_day.replace(day=1) for fact in wanted}, meter__level=MAIN,
    ).order_by("meter", "pk")  # fmt: skip
    held: dict[tuple[int, date, str], list[MeterClosing]] = defaultdict(list)
    for row in rows:
        held[row.meter.enterprise_id, row.month, row.meter.carrier].append(row)
    return _with_steps(figure, held, {})


def _with_steps(
    figure: Figure, held: Mapping[tuple[int, date, str], Sequence[MeterClosing]], made: dict[int, Figure]
) -> Figure:
    if id(figure) in made:
        return made[id(figure)]
    found = replace(figure, inputs=tuple((name, _with_steps(each, held, made)) for name, each in figure.inputs))
    fact = figure.fact
    if fact is not None and fact.source == SOURCE and fact.cell.indicator in _INDICATORS:
        key = (
            number_of(fact.cell.subject.code) or 0,
            fact.cell.period.last_day.replace(day=1),
            _INDICATORS[fact.cell.indicator],
        )
        known = {row.meter_id: row for row in held.get(key, ())
                 if timezone.localtime(row.closed_at).date() <= fact.recorded_on}  # fmt: skip
        found = replace(found, steps=tuple(_steps(list(known.values()), found)))
    made[id(figure)] = found
    return found


def _steps(rows: Sequence[MeterClosing], figure: Figure) -> Iterator[Step]:
    """Of each main meter its showings, what happened, its amount; then the sum."""
    terms = []
    for row in rows:
        trace = json.loads(row.content)
        yield from _of_meter(row, trace)
        sign = SIGNS.get(row.meter.direction or "in", 1)
        terms.append(("− " if sign < 0 else "+ ", row.meter.name, row.amount * sign))
    if terms:
        formula = " ".join(f"{sign}{name}" for sign, name, _amount in terms).removeprefix("+ ")
        inputs = tuple((name, amount) for _sign, name, amount in terms)
        yield Step(Message("各总表合计", "Sum of the main meters"), formula, inputs, figure.value, figure.unit)


def _of_meter(row: MeterClosing, trace: Mapping[str, Any]) -> Iterator[Step]:
    name, unit = row.meter.name, row.meter.unit
    for key, zh, en in (("begin", "期初示数", "first showing"), ("end", "期末示数", "last showing")):
        told = trace[key]
        if told is not None:
            place = f"{told['at'][:16].replace('T', ' ')} @{told['segment']}:{told['offset']}"
            yield Step(Message(f"{name} {zh}", f"{name}, {en}"), place, (), Decimal(told["value"]), "")
    for each in trace["events"]:
        words = [_STEPS[step] for step in each["steps"] if step in _STEPS]
        said = Message(
            f"{name} {'、'.join(word.zh for word in words)}", f"{name}, {', '.join(word.en for word in words)}"
        )
        span = f"{each['from'][:16]} → {each['to'][:16]}".replace("T", " ")
        formula = f"{span}：{each['before']} → {each['after']}"
        yield Step(said, formula, (), Decimal(each["gain"]), "")
    times = Decimal(trace["multiplier"]) * Decimal(trace["factor"] or 1)
    hours = row.measured_hours + row.estimated_hours + row.bridged_hours
    formula = f"Σ {hours} h × {trace['multiplier']} ({unit})"
    if row.told_hours:
        formula += f" + Σ {row.told_hours} h"
    amount = Message(f"{name} 本月用量", f"{name}, amount of the month")
    yield Step(amount, formula, (("×", times),), row.amount, row.unit)
