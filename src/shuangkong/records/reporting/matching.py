"""重点企业数据匹配: what the largest energy users told, beside last year, their output, meters and suppliers.

What the checks look for one by one stands here side by side, whether or not a check found something.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import FloatField, Q, QuerySet
from django.db.models.functions import Cast

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts.answering import cells_of, facts_for
from shuangkong.records.facts.codes import STATES
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import span
from shuangkong.records.reporting.evidence import gathered
from shuangkong.records.reporting.models import Return, SuspectedUnit
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.store import returns
from shuangkong.reporting.forms.model import Span
from shuangkong.reporting.forms.spans import covered

#: The return by which units tell of their energy, and what becomes of it.
FORM = "energy_purchase"
ENERGY, OUTPUT, ELECTRICITY = (
    "above_designated_energy_consumption", "designated_industry_output", "electricity_consumption",
)  # fmt: skip
_INDICATORS = (ENERGY, OUTPUT, ELECTRICITY)
_METERED, _SOLD = "meter_electricity", "sold_electricity"
#: Units that are listed, the largest users; periods that may be chosen.
MOST, _PERIODS = 300, 24


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure since January and that of the same months a year ago, in base units; None where none was told."""

    now: Decimal | None
    before: Decimal | None

    @property
    def change_pct(self) -> Decimal | None:
        return difference_pct(self.now, self.before)


@dataclass(frozen=True, slots=True)
class Matched:
    """One unit: what it told of its energy, output and electricity; electricity as meters and the grid tell it, None
    where they do not; ``score`` on the list of suspicions."""

    row: ReturnRow
    energy: Pair
    output: Pair
    electricity: Pair
    metered: Decimal | None
    sold: Decimal | None
    score: Decimal | None

    @property
    def intensity_pct(self) -> Decimal | None:
        """By how much the energy for the same output changed on last year."""
        now, before = (_ratio(energy, output) for energy, output in (
            (self.energy.now, self.output.now), (self.energy.before, self.output.before)))  # fmt: skip
        return difference_pct(now, before)


def difference_pct(figure: Decimal | None, base: Decimal | None) -> Decimal | None:
    """By how many percent a figure is above another; None where one is missing or there is nothing to compare with."""
    return None if figure is None or not base else (figure - base) / abs(base) * 100


def _ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return None if part is None or not whole else part / whole


def periods(among: Q) -> tuple[Period, ...]:
    """Periods of which returns that meet a condition are in force, the newest first. 1 query."""
    told = Return.objects.filter(among, form=FORM, in_force__isnull=False).order_by("-first_month")
    return tuple(map(Period.parse, dict.fromkeys(told.values_list("period", flat=True).distinct()[:_PERIODS])))


def matched(among: Q, period: Period) -> tuple[Matched, ...]:
    """The largest energy users among returns that meet a condition, the largest first. ~14 queries."""
    now, before = covered(Span.TO_DATE, period), covered(Span.TO_DATE, period.shifted(-1))
    here = Return.objects.filter(among, form=FORM, period=str(period), in_force__isnull=False)
    here = here.filter(reporter__kind="unit")
    codes = _largest(here.values("reporter__code"), now)
    held = list(here.filter(reporter__code__in=codes).select_related("reporter__enterprise", "reporter__region"))
    rows = {row.id: row for row in returns(Q(pk__in=[each.pk for each in held]))}
    cells = cells_of(_INDICATORS, (Subject("unit", code) for code in codes), (now, before))
    facts = facts_for(cells)
    evidence = gathered(held, period, {_METERED: Span.TO_DATE, _SOLD: Span.TO_DATE})
    scores = dict(
        SuspectedUnit.objects.filter(reporter__in=[row.reporter.id for row in rows.values()]).values_list(
            "reporter", "score"
        )
    )
    found = []
    for number, row in rows.items():
        about = Subject("unit", row.reporter.code)
        energy, output, electricity = (_pair(facts, about, each, now, before) for each in _INDICATORS)
        beside = {key: each.value for key, each in evidence[number].found.items()}
        score = scores.get(row.reporter.id)
        found.append(Matched(row, energy, output, electricity, beside.get(_METERED), beside.get(_SOLD), score))
    return tuple(sorted(found, key=lambda each: (-(each.energy.now or 0), each.row.reporter.code)))


def _largest(codes: QuerySet[Return, Any], period: Period) -> list[str]:
    """Codes of the units that told the most energy of a period, all versions counted. 1 query."""
    first, months = span(period)
    told = Observation.objects.filter(
        indicator__text=ENERGY,
        subject__kind="unit",
        subject__code__in=codes,
        first_month=first,
        months=months,
        state=STATES.number(State.VALUE),
    ).order_by(Cast("value", FloatField()).desc(), "subject__code")  # fmt: skip - exact figures are text on SQLite
    return list(dict.fromkeys(told.values_list("subject__code", flat=True)[: 2 * MOST]))[:MOST]


def _pair(facts: Mapping[Cell, Fact], about: Subject, indicator: str, now: Period, before: Period) -> Pair:
    told = (facts.get(Cell(about, indicator, period)) for period in (now, before))
    return Pair(*(None if each is None or each.state is not State.VALUE else each.value for each in told))
