"""排放量账: hours to days, months, quarters and years, each with what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message
from shuangkong.core.trace import Clause, Step
from shuangkong.monitoring.amounts.hours import ORIGINS, HourAmount, Origin
from shuangkong.monitoring.findings import INCOMPLETE_AMOUNT, NO_FLOW, finding
from shuangkong.monitoring.reading import HOURS_A_DAY, Span, ends_of, starts_of
from shuangkong.monitoring.substitution.filling import Filled
from shuangkong.monitoring.substitution.filling import findings as gap_findings
from shuangkong.monitoring.substitution.rule import METHODS, Band

#: Each span out of the one before it.
CHAIN = (Span.DAY, Span.MONTH, Span.QUARTER, Span.YEAR)
_KG_A_TONNE = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Amount:
    """Kilograms of a span.

    Attributes:
        kg: of all hours that have any; hours that are OPEN are not in it.
        by: origin → (hours, kg).
        due: hours of the calendar; fewer were told where the data does not cover the span.
        hours: of a day its hours; ``parts``: of a longer span the next shorter ones. Together the whole trace.
    """

    span: Span
    starts: date
    kg: Decimal
    by: Mapping[Origin, tuple[int, Decimal]]
    due: int
    hours: tuple[HourAmount, ...] = ()
    parts: tuple[Amount, ...] = ()

    @property
    def tonnes(self) -> Decimal:
        return self.kg / _KG_A_TONNE

    @property
    def told(self) -> int:
        return sum(count for count, _ in self.by.values())

    @property
    def open_hours(self) -> int:
        """Hours of which nothing is known: not filled, or not told at all."""
        return self.by.get(Origin.OPEN, (0, Decimal(0)))[0] + self.due - self.told

    @property
    def is_complete(self) -> bool:
        return self.open_hours == 0

    def every_hour(self) -> Iterator[HourAmount]:
        """All hours that it is made of, in order."""
        yield from self.hours
        for part in self.parts:
            yield from part.every_hour()

    def rules(self) -> Mapping[Clause, int]:
        """Rule of substitution → hours that stand on it."""
        found: dict[Clause, int] = {}
        for each in self.every_hour():
            if each.origin is Origin.SUBSTITUTED and each.filled is not None and each.filled.band is not None:
                clause = each.filled.band.ground.clause
                found[clause] = found.get(clause, 0) + 1
        return found


def account(hours: Iterable[HourAmount]) -> Mapping[Span, tuple[Amount, ...]]:
    """Amounts of every span that an hour lies in, by first day; spans that are told in part are incomplete.

    Args:
        hours: of one outlet and pollutant, in order, at most one an hour.
    """
    days = tuple(_day(day, tuple(group)) for day, group in _grouped(hours, lambda each: each.at.date()).items())
    found: dict[Span, tuple[Amount, ...]] = {Span.DAY: days}
    for shorter, span in pairwise(CHAIN):
        found[span] = tuple(_longer(span, found[shorter]))
    return found


def _longer(span: Span, shorter: Iterable[Amount]) -> Iterator[Amount]:
    for starts, group in _grouped(shorter, lambda each: starts_of(span, each.starts)).items():
        yield _whole(span, starts, tuple(group))


def _grouped[T](each_of: Iterable[T], key: Callable[[T], date]) -> dict[date, list[T]]:
    groups: dict[date, list[T]] = {}
    for each in each_of:
        groups.setdefault(key(each), []).append(each)
    return groups


def _day(day: date, hours: tuple[HourAmount, ...]) -> Amount:
    by: dict[Origin, tuple[int, Decimal]] = {}
    for each in hours:
        count, kg = by.get(each.origin, (0, Decimal(0)))
        by[each.origin] = (count + 1, kg + (each.kg or Decimal(0)))
    return Amount(Span.DAY, day, _sum(by), by, HOURS_A_DAY, hours=hours)


def _whole(span: Span, starts: date, parts: tuple[Amount, ...]) -> Amount:
    by: dict[Origin, tuple[int, Decimal]] = {}
    for part in parts:
        for origin, (count, kg) in part.by.items():
            before, sum_ = by.get(origin, (0, Decimal(0)))
            by[origin] = (before + count, sum_ + kg)
    due = ((ends_of(span, starts) - starts).days + 1) * HOURS_A_DAY
    return Amount(span, starts, _sum(by), by, due, parts=parts)


def _sum(by: Mapping[Origin, tuple[int, Decimal]]) -> Decimal:
    return sum((kg for _, kg in by.values()), Decimal(0))


def steps(amount: Amount) -> tuple[Step, ...]:
    """The arithmetic of an amount for people: measured, substituted by each rule, by hand, and the sum."""
    found: list[Step] = []
    for origin in (Origin.MEASURED, Origin.STOPPED):
        count, kg = amount.by.get(origin, (0, Decimal(0)))
        if count:
            name = ORIGINS[origin]
            said = Message(f"{name.zh} {count} 小时", f"{count} hours {name.en}")
            found.append(Step(said, "Σ Gh", (("n", Decimal(count)),), kg, "kg"))
    found += _by_hand(amount)
    found += _substituted(amount)
    parts = tuple((f"x{n}", step.value) for n, step in enumerate(found, 1) if step.value is not None)
    total = Message("合计", "total")
    if not amount.is_complete:
        total = Message(f"合计（另有 {amount.open_hours} 小时不知道）", f"total ({amount.open_hours} hours unknown)")
    formula = " + ".join(symbol for symbol, _ in parts) or "0"
    return (*found, Step(total, formula, parts, amount.kg, "kg"))


def _by_hand(amount: Amount) -> Iterator[Step]:
    """Report by report."""
    by: dict[str, tuple[int, Decimal]] = {}
    for each in amount.every_hour():
        if each.origin is Origin.BY_HAND:
            count, kg = by.get(each.by_hand, (0, Decimal(0)))
            by[each.by_hand] = (count + 1, kg + (each.kg or Decimal(0)))
    name = ORIGINS[Origin.BY_HAND]
    for report, (count, kg) in by.items():
        said = Message(f"{name.zh} {count} 小时：{report}", f"{count} hours {name.en}: {report}")
        yield Step(said, "Σ Gh", (("n", Decimal(count)),), kg, "kg")


def _substituted(amount: Amount) -> Iterator[Step]:
    by: dict[Band, tuple[int, Decimal]] = {}
    for each in amount.every_hour():
        if each.origin is Origin.SUBSTITUTED and each.filled is not None and each.filled.band is not None:
            count, kg = by.get(each.filled.band, (0, Decimal(0)))
            by[each.filled.band] = (count + 1, kg + (each.kg or Decimal(0)))
    for band, (count, kg) in by.items():
        method = METHODS[band.method]
        many = f"（{band.valid_hours}）" if band.valid_hours else ""
        said = Message(
            f"替代 {count} 小时：{method.zh}{many}", f"{count} hours substituted: {method.en} {many}".rstrip()
        )
        yield Step(said, "Σ Gh", (("n", Decimal(count)),), kg, "kg", band.ground.clause)


def findings(checks: Mapping[str, Check], place: str, amount: Amount) -> tuple[Finding, ...]:
    """What keeps an amount from being complete: each gap that no rule fills, hours without flow, and the sum of it."""
    gaps: dict[datetime, Filled] = {}
    flowless: dict[datetime, HourAmount] = {}
    for each in amount.every_hour():
        if each.code == NO_FLOW:
            flowless[each.at] = each
        elif each.origin is Origin.OPEN and each.filled is not None:
            gaps.setdefault(each.filled.gap.starts_at, each.filled)
    found = [*gap_findings(checks, place, gaps.values())]
    found += [finding(checks, NO_FLOW, place, name=place, at=f"{at:%Y-%m-%d %H:%M}") for at in flowless]
    if not amount.is_complete:
        words = {"hours": amount.open_hours, "amount": f"{amount.kg.quantize(Decimal('0.001')):f} kg"}
        period = f"{amount.starts} — {ends_of(amount.span, amount.starts)}"
        found.append(finding(checks, INCOMPLETE_AMOUNT, place, name=place, period=period, **words))
    return tuple(found)
