"""换成标干: hours and days of gas that devices tell wet, or as in the duct, as dry gas at standard state.

By the temperature, pressure and moisture that the same outlet told of the same hour or day. Where these lack nothing is
reckoned: the figure counts for nothing, and ``doubts`` says so. The device's own conversion of such a figure to
reference oxygen is not taken, since nobody tells of what gas it made it: ours counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from shuangkong.core.finding import Finding
from shuangkong.monitoring.findings import UNKNOWN_STATE, finding
from shuangkong.monitoring.flue_gas import as_sent
from shuangkong.monitoring.flue_gas.as_sent import Quantity, SentAs, Surroundings, quantity_of
from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.records.monitoring.models import Outlet, Point
from shuangkong.records.monitoring.sent_states import SentSpells, sent_as
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.codes import codes, factor_word
from shuangkong.web.monitoring.data import Brought, Value

type Values = Mapping[tuple[int, str], Mapping[datetime, Value]]
"""(point, statistic) → time → value."""
_KEPT = Decimal("0.000001")
_OWN_CONVERSION = "zs_"
_HOUR = timedelta(hours=1)


def gas_outlets(points: Sequence[Point]) -> set[int]:
    """The outlets of gas among those of points."""
    return {each.outlet_id for each in points if each.outlet_id and each.outlet and each.outlet.kind == Media.GAS}


def state_points(spells: SentSpells) -> list[Point]:
    """The points by which the gas of outlets is known whose devices tell it so, due or not. 1 query, 0 for none."""
    wanted = {outlet for (outlet, _factor), own in spells.items() if any(not each.sent.is_plain for each in own)}
    if not wanted:
        return []
    rows = Point.objects.select_related("outlet").filter(outlet__in=wanted, factor__in=as_sent.STATE_FACTORS)
    return list(rows.order_by("pk"))


def brought_values(
    told: Values, points: Mapping[int, Point], spells: SentSpells, state: Mapping[int, Sequence[Reading]],
    states: Sequence[Point],
) -> dict[tuple[int, str], Mapping[datetime, Value]]:  # fmt: skip
    """What was told, that of other states brought to dry gas at standard state.

    Args:
        points: those of ``told`` by number.
        state: measured hours (or days) of ``states``, by point.
    """
    gas = _gas(state, states)
    quantities = {factor: quantity for _outlet, factor in spells if (quantity := quantity_told(factor)) is not None}
    made: dict[tuple[int, str], Mapping[datetime, Value]] = {}
    for (number, stat), own in told.items():
        point = points[number]
        quantity = quantities.get(point.factor) if (point.outlet_id, point.factor) in spells else None
        if quantity is None or point.outlet is None or (stat == "cou" and quantity is not Quantity.FLOW):
            made[number, stat] = own
            continue
        by = {}
        for at, each in own.items():
            sent = sent_as(spells, point.outlet.pk, point.factor, at)
            if sent.is_plain:
                by[at] = each
            elif not stat.startswith(_OWN_CONVERSION):
                by[at] = _brought(each, quantity, sent, _around(gas, point.outlet, at))
        made[number, stat] = by
    return made


def doubts(told: Values, points: Mapping[int, Point], law: MonitoringLaw, first: datetime) -> list[Finding]:
    """A finding for each stretch of hours from ``first`` on of which a figure came in a state that cannot be undone."""
    return [
        _doubt(points[number], run, law)
        for (number, stat), own in sorted(told.items())
        if stat == "avg" and points[number].outlet is not None
        for run in _runs(each for at, each in sorted(own.items()) if at >= first and each.is_doubtful)
    ]


def _runs(values: Iterator[Value]) -> Iterator[list[Value]]:
    run: list[Value] = []
    for each in values:
        if run and (each.at - run[-1].at > _HOUR or not _is_alike(run[-1], each)):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _is_alike(before: Value, now: Value) -> bool:
    """Whether two were sent in the same state and lack the same."""
    return before.brought is not None and replace(before.brought, sent=now.as_sent) == now.brought


def _doubt(point: Point, run: Sequence[Value], law: MonitoringLaw) -> Finding:
    assert point.outlet is not None
    brought = run[0].brought
    assert brought is not None
    names = "、".join(factor_word(each) for each in brought.lacking) or "—"
    english = ", ".join(codes().factors[each].en for each in brought.lacking if each in codes().factors) or "—"
    state = brought.sent_as.words
    name = f"{point.outlet.name} {factor_word(point.factor)}"
    return finding(
        law.checks, UNKNOWN_STATE, name, name=name, starts=f"{run[0].at:%m-%d %H:%M}", hours=len(run), state=state.zh,
        state_en=state.en, lacking=names, lacking_en=english,
    )  # fmt: skip


def quantity_told(factor: str) -> Quantity | None:
    """What figures of a factor are, by the code table; None where they have no state."""
    known = codes().factors.get(factor)
    return quantity_of(factor, known.unit if known else "", open_rulebook().units())


def _gas(
    state: Mapping[int, Sequence[Reading]], states: Sequence[Point]
) -> Mapping[tuple[int, str], Mapping[datetime, Decimal]]:
    """(outlet, factor) → time → figure of what its gas is."""
    found: dict[tuple[int, str], dict[datetime, Decimal]] = defaultdict(dict)
    for point in states:
        for each in state.get(point.pk, ()):
            if each.value is not None and point.outlet_id is not None:
                found[point.outlet_id, point.factor][each.at] = each.value
    return found


def _around(gas: Mapping[tuple[int, str], Mapping[datetime, Decimal]], outlet: Outlet, at: datetime) -> Surroundings:
    def value(factor: str) -> Decimal | None:
        return gas.get((outlet.pk, factor), {}).get(at)

    ambient = value(as_sent.AMBIENT)
    return Surroundings(
        temperature_c=value(as_sent.TEMPERATURE),
        ambient_kpa=ambient if ambient is not None else outlet.ambient_kpa,
        static_kpa=value(as_sent.STATIC),
        moisture_pct=value(as_sent.MOISTURE),
    )


def _brought(each: Value, quantity: Quantity, sent: SentAs, gas: Surroundings) -> Value:
    lacking = as_sent.lacking(quantity, sent, gas)
    found = as_sent.brought(quantity, each.value, sent, gas)
    value = found.quantize(_KEPT) if found is not None else None
    return replace(each, value=value, brought=Brought(each.value, sent, lacking))
