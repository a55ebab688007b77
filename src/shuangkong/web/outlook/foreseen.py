"""预测怎么来: told figures of a place → courses, forecasts, the end of the year and of the plan, chances of missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from shuangkong.core.fact import Measure, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Step
from shuangkong.outlook.forecast.committed import by_period, still_to_start, with_commitments
from shuangkong.outlook.forecast.cutting import finest, row, to_date
from shuangkong.outlook.forecast.ending import Ending, chance_of_missing, ending
from shuangkong.outlook.forecast.forecasting import Forecast, Standing, forecast
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Frequency, Panel
from shuangkong.outlook.forecast.spread import quantiles
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.records.facts import store as facts
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.outlook.sought import Sought

_YEAR = 12
#: Digits of a forecast: what lies behind them is noise.
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Foreseen:
    """One series with its forecast; ``found`` None where nothing was ever told."""

    indicator: str
    told: Mapping[Period, float]
    frequency: Frequency
    found: Forecast | None
    is_demo: bool = False

    @property
    def reason(self) -> Message:
        """Why there is no forecast, or that there is one."""
        if self.found is None:
            return Message("没有任何数据，不作预测", "Nothing is told: no forecast")
        return self.found.reason(0)

    @property
    def is_forecast(self) -> bool:
        return self.found is not None and self.found.standings[0] == Standing.FORECAST

    @property
    def points(self) -> int:
        return 0 if self.found is None else int((~np.isnan(self.found.panel.values)).sum())

    def of_year(self, year: int) -> Decimal | None:
        """What was told of a whole year."""
        value = self.told.get(Period(year))
        return None if value is None else Decimal(repr(value))

    def at_end(self, sought: Sought, year: int) -> Ending | None:
        """What a year comes to; None where it is not forecast or lies out of reach."""
        if self.found is None or not self.is_forecast:
            return None
        last = self.found.panel.last
        until = np.array([to_date(self.told, year, last.first_month + last.months - 1)])
        try:
            return ending(self.found, Period(year), sought.counting, until)
        except ValueError:  # the year begins before what was told, or ends behind the horizon
            return None


@dataclass(frozen=True, slots=True)
class End:
    """One target at the end of a year, in its own terms.

    Attributes:
        low, high: of the widest level that errors are enough for; None where they are too few.
        level: that level, 0..1.
        chance: probability of missing what is due, 0..1.
        amount, product: what is forecast, in base units; the amount with approved projects that do not run yet.
        steps: how these projects come on top; none where there are none.
    """

    year: int
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: float | None
    due: Decimal | None
    chance: float | None
    amount: Decimal | None
    product: Decimal | None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Outlook:
    """A target with what is foreseen of it.

    Attributes:
        ends: of each year from the first that is not told to the last of the plan.
        committed: approved projects that start after the last figure told.
    """

    sought: Sought
    series: Foreseen
    base: Decimal | None
    ends: tuple[End, ...]
    committed: tuple[Commitment, ...] = ()

    @property
    def year_end(self) -> End | None:
        """The end of the present year."""
        return self.ends[0] if self.ends else None

    @property
    def plan_end(self) -> End | None:
        return self.ends[-1] if self.ends else None


def outlooks(
    subject: Subject,
    targets: Sequence[Sought],
    as_of: date | None,
    today: date,
    committed: Mapping[str, Sequence[Commitment]] | None = None,
) -> tuple[Outlook, ...]:
    """In the order of the targets. 1 query.

    Args:
        committed: amount → projects that were approved and do not run yet (已批未投).
    """
    book = open_rulebook()
    names = {name for each in targets for name in each.series}
    ends = {name: max(each.end for each in targets if name in each.series) for name in names}
    limits = book.outlook(book.layer_of(subject.code, as_of or today)).limits(as_of or today)
    series = foreseen(subject, ends, limits, as_of)
    return tuple(_outlook(each, series, book, (committed or {}).get(each.amount, ())) for each in targets)


def foreseen(subject: Subject, ends: Mapping[str, int], limits: Limits, as_of: date | None) -> dict[str, Foreseen]:
    """Indicator → its course and forecast up to the end of a year. 1 query."""
    units = open_rulebook().units()
    told: dict[str, dict[Period, float]] = {name: {} for name in ends}
    demo: set[str] = set()
    for each in facts.observations(ends, {(subject.kind, subject.code)}, as_of):
        if each.state is State.VALUE and each.value is not None and each.measure is Measure.LEVEL:
            unit = units.get(each.unit)
            value = each.value if unit is None else unit.to_base(each.value)
            told[each.indicator][Period.parse(each.period)] = float(value)
            demo |= {each.indicator} if each.is_demo else set()
    return {name: _foreseen(name, told[name], end, limits, is_demo=name in demo) for name, end in sorted(ends.items())}


def _foreseen(name: str, told: Mapping[Period, float], end: int, limits: Limits, *, is_demo: bool) -> Foreseen:
    frequency, found = finest(told, limits.least_points, limits.most_gaps)
    if not found:
        return Foreseen(name, told, frequency, None, is_demo)
    first, last = min(found), max(found)
    panel = Panel(row(found, frequency, first, last)[None, :], frequency, _named(last, frequency))
    horizon = max((_YEAR * (end + 1) - last) // frequency.months - 1, 1)
    return Foreseen(name, told, frequency, forecast(panel, horizon, limits), is_demo)


def _named(month: int, frequency: Frequency) -> Period:
    year, inside = divmod(month, _YEAR)
    part = {Frequency.YEARLY: "", Frequency.QUARTERLY: f"Q{inside // 3 + 1}", Frequency.MONTHLY: f"{inside + 1:02d}"}
    return Period(year, part[frequency])


def _outlook(
    target: Sought, series: Mapping[str, Foreseen], book: Rulebook, committed: Iterable[Commitment]
) -> Outlook:
    amount = series[target.amount]
    product = series[target.product] if target.product else None
    base = amount.of_year(target.base)
    if product is not None:
        below = product.of_year(target.base)
        base = None if base is None or not below else base / below
    if amount.found is None or not amount.is_forecast:
        return Outlook(target, amount, base, ())
    last = amount.found.panel.last
    first, coming = (last.first_month + last.months) // _YEAR, still_to_start(committed, last)
    years = range(first, target.end + 1)
    held = (_end(target, amount, product, base, each, book, coming) for each in years)
    return Outlook(target, amount, base, tuple(each for each in held if each is not None), coming)


def _end(
    target: Sought, amount: Foreseen, product: Foreseen | None, base: Decimal | None, year: int, book: Rulebook,
    coming: tuple[Commitment, ...],
) -> End | None:  # fmt: skip
    found, unit = amount.at_end(target, year), book.units().get(target.target.unit)
    if found is None or np.isnan(found.values[0]):
        return None
    plain, rule = _decimal(found.values[0]), book.every_rule().get(target.amount)
    whole, steps = with_commitments(plain, rule.unit if rule else "", year, coming)
    more = float(whole - plain)
    found = replace(found, values=found.values + more, low=found.low + more, high=found.high + more)
    below = None if product is None else product.of_year(year) or _value(product.at_end(target, year))
    factor = Decimal(1) if unit is None else unit.factor
    bound = target.bound(year, base, below, factor)
    chance = float("nan")
    if bound is not None:
        chance = float(chance_of_missing(found, np.array([float(bound)]), np.array([target.wants_less]))[0])
    value = _value(found)
    level, low, high = _interval(found)
    said = [None if each is None else target.said(each, base, below, factor) for each in (value, low, high)]
    edges = sorted(each for each in said[1:] if each is not None)
    return End(
        year, said[0], edges[0] if edges else None, edges[-1] if edges else None, level, target.due.get(year),
        None if np.isnan(chance) else chance, value, below, steps,
    )  # fmt: skip


def _interval(found: Ending) -> tuple[float | None, Decimal | None, Decimal | None]:
    for place in reversed(range(len(found.levels))):
        if not np.isnan(found.low[place, 0]):
            return found.levels[place], _decimal(found.low[place, 0]), _decimal(found.high[place, 0])
    return None, None, None


def _value(found: Ending | None) -> Decimal | None:
    return None if found is None or np.isnan(found.values[0]) else _decimal(found.values[0])


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{_DIGITS}g}")


@dataclass(frozen=True, slots=True)
class Fan:
    """A course for drawing, in base units: what was told, the forecast behind it, and its edges by level."""

    labels: tuple[str, ...]
    told: tuple[float | None, ...]
    ahead: tuple[float | None, ...]
    edges: tuple[tuple[float, tuple[float | None, ...], tuple[float | None, ...]], ...]


def fan(series: Foreseen, coming: Sequence[Commitment] = ()) -> Fan | None:
    """None where there is no forecast. Edges only of levels that errors are enough for.

    Args:
        coming: projects that come on top (Outlook.committed).
    """
    found = series.found
    if found is None or not series.is_forecast:
        return None
    past, plain = found.panel.values[0], found.course[0, found.lead :]
    ahead = plain + np.array(by_period(coming, found.panel.last, len(plain)))
    start, step = found.panel.last.first_month, series.frequency.months
    months = range(start - (len(past) - 1) * step, start + len(ahead) * step + 1, step)
    reach = quantiles(found.spread, found.limits.levels)[:, 0]
    sizes = found.spread.sizes[found.lead :, 0]
    joined = [*([None] * (len(past) - 1)), *_plain(past[-1:]), *_plain(ahead)]
    edges = []
    for level, width in zip(found.limits.levels, reach, strict=True):
        if not np.isnan(width):
            blank: list[float | None] = [None] * len(past)
            low, high = ahead - width * sizes, ahead + width * sizes
            edges.append((level, (*blank, *_plain(low)), (*blank, *_plain(high))))
    labels = tuple(str(_named(month, series.frequency)) for month in months)
    return Fan(labels, (*_plain(past), *([None] * len(ahead))), tuple(joined), tuple(edges))


def _plain(values: Iterable[float]) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(each) else float(each) for each in values)
