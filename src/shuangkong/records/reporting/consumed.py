"""年综合能耗: what units used in a year by their accepted returns, and who of them stands on no published list.

The yearly report goes before the monthly return of December; of the running year what was used since January counts
where it is more already than that. What was accepted and sent back counts, as it does in the facts, until another
version is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import FloatField, Q
from django.db.models.functions import Cast

from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.codes import STATES
from shuangkong.records.facts.models import Observation
from shuangkong.records.reporting.listed import listed_units
from shuangkong.records.reporting.matching import ENERGY
from shuangkong.records.reporting.matching import FORM as PURCHASE
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import reporters
from shuangkong.reporting.forms.model import Span
from shuangkong.reporting.forms.spans import covered
from shuangkong.reporting.key_units.told import REPORT, Consumption, Limits
from shuangkong.rulebook import open_rulebook

#: Of the yearly report; of the monthly one it is ENERGY.
_WHOLE_YEAR = "comprehensive_consumption_total"
#: Years before the running one that are looked at; a figure older than that says nothing of today.
_LIMITS = ("key_unit_tce", "designated_tce")
_YEARS, _UNIT, _TCE = 2, "unit", "tce"
#: Units are sought by binary floats, a little below the limit.
_NEARLY = 0.999


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A unit that uses as much as a key user and stands on no list."""

    reporter: ReporterRow
    used: Consumption


def limits_on(day: date, region: str = "") -> Limits | None:
    """From how much on a unit is a key user at a place; None where no rule is in force."""
    book = open_rulebook()
    layer = (book.layer_of(region, day),) if region else ()
    try:
        whole, part = (book.parameter(f"assessment/key_units/{name}", day, *layer) for name in _LIMITS)
    except NotInForce:
        return None
    return Limits(whole.number, part.number, whole.is_verified and part.is_verified)


def consumption_of(among: Q, day: date) -> dict[int, Consumption]:
    """Reporter → what it used, of units with returns that meet a condition. 1 query, and 2 a 400 units."""
    return _of(_told(among, day))


def unlisted(among: Q, limits: Limits, day: date) -> tuple[Unlisted, ...]:
    """Units that used as much as a key user or may be designated, and stand on no list on a day; the largest first.

    ``among``: the condition on returns that a person may read. ~10 queries, 1 where nobody uses as much.
    """
    found = _of(_told(among & Q(reporter__code__in=_large(limits.designated, day)), day))
    large = {number: used for number, used in found.items() if used.value >= limits.designated}
    if not large:
        return ()
    enterprises, codes = listed_units(day)
    rows = reporters(Q(pk__in=list(large)))
    told = [Unlisted(row, large[row.id]) for row in rows if row.enterprise not in enterprises and row.code not in codes]
    return tuple(sorted(told, key=lambda each: (-each.used.value, each.reporter.code)))


@dataclass(frozen=True, slots=True)
class _Source:
    """An accepted return that says what was used, and the cell of facts that it became."""

    owned: int
    reporter: int
    cell: Cell
    period: str
    rank: tuple[int, int]


def _told(among: Q, day: date) -> list[_Source]:
    years = [day.year - back for back in range(1, _YEARS + 1)]
    asked = Q(form=REPORT, period__in=[str(year) for year in years])
    asked |= Q(form=PURCHASE, period__in=[f"{year}-12" for year in years])
    asked |= Q(form=PURCHASE, first_month__gte=day.year * 12)
    rows = Return.objects.filter(among, asked, in_force__isnull=False, reporter__kind=_UNIT).order_by(
        "first_month", "pk"
    )
    return [
        _source(*row, day) for row in rows.values_list("pk", "reporter", "reporter__code", "form", "period")
    ]  # fmt: skip


def _source(owned: int, reporter: int, code: str, form: str, period: str, day: date) -> _Source:
    at = Period.parse(period)
    indicator, span = (_WHOLE_YEAR, at) if form == REPORT else (ENERGY, covered(Span.TO_DATE, at))
    year = at.first_month // 12
    rank = (0, at.first_month) if year == day.year else (year, int(form == REPORT))
    return _Source(owned, reporter, Cell(Subject(_UNIT, code), indicator, span), period, rank)


def _of(sources: Iterable[_Source]) -> dict[int, Consumption]:
    held = list(sources)
    facts = facts_for(each.cell for each in held) if held else {}
    found: dict[int, tuple[tuple[int, int], Consumption]] = {}
    for each in sorted(held, key=lambda source: source.rank, reverse=True):
        fact = facts.get(each.cell)
        if fact is None or fact.state is not State.VALUE or fact.value is None:
            continue
        is_whole = each.rank[0] > 0
        used = Consumption(fact.value, each.period, each.owned, is_whole)
        before = found.get(each.reporter)
        if before is None or (not is_whole and used.value > before[1].value):
            found[each.reporter] = (each.rank, used)
    return {number: used for number, (_, used) in found.items()}


def _large(least: Decimal, day: date) -> list[str]:
    """Codes of the units of which any figure of these years is as large, or is printed in another unit. 1 query."""
    plain = [name for name, unit in open_rulebook().units().items() if unit.unit.id == _TCE and unit.factor == 1]
    near = Observation.objects.annotate(near=Cast("value", FloatField()))  # text on SQLite; decided on exactly later
    told = near.filter(
        Q(near__gte=float(least) * _NEARLY) | ~Q(unit__text__in=plain), indicator__text__in=(ENERGY, _WHOLE_YEAR),
        subject__kind=_UNIT, state=STATES.number(State.VALUE), first_month__gte=(day.year - _YEARS) * 12,
    )  # fmt: skip
    return sorted(set(told.values_list("subject__code", flat=True)))
