"""跨期审核: a figure beside what it was last period, in the same months of other years, and what it usually is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.reporting.checks.context import Norm, Sheet
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.cells import Cells, cells, is_amount, is_of_period, is_to_date
from shuangkong.reporting.checks.norms import score
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import NO_UNIT, Teller, in_words, percent, shown, tenths
from shuangkong.reporting.forms.model import Field

_HUNDRED = Decimal(100)
NO_NORMS = Message("历史数据不足，尚无常数可比", "too few earlier returns are held to say what is usual")


@dataclass(frozen=True, slots=True)
class _Against:
    """An earlier return that figures are compared with; ``accepts``: those that can be."""

    sheet: Callable[[Run], Sheet | None]
    accepts: Callable[[Field], bool]
    words: Message
    absent: Message


_AGAINST = {
    "last": _Against(
        lambda run: run.context.last,
        is_of_period,
        Message("上期", "last period"),
        Message("没有上期已接受的报表", "no accepted return of the period before is held"),
    ),
    "year_ago": _Against(
        lambda run: run.context.year_ago,
        is_amount,
        Message("上年同期", "the same period last year"),
        Message("没有上年同期已接受的报表", "no accepted return of the same period last year is held"),
    ),
}


def against(rule: Rule) -> _Against:
    """What ``against`` among the options names; the period before where it names nothing."""
    return _AGAINST[rule.options.get("against", "last")]


def growth(rule: Rule, law: Law) -> Iterable[Test]:
    """增减幅: a change on an earlier return beyond ``pct`` of it and, so that trifles pass, beyond ``floor``."""
    earlier = against(rule)
    found = cells(rule, law, earlier.accepts)
    if not found:
        return
    teller = Teller(rule, law)
    pct, floor = law.limit(rule, "pct"), law.limit(rule, "floor")

    def test(run: Run) -> None:
        sheet = earlier.sheet(run)
        if sheet is None:
            return run.lacks(rule.code, earlier.absent)
        for address, figure in found.figures(run):
            before = sheet.values.get(address)
            if not isinstance(before, Decimal) or not before:
                continue
            run.judged.add(rule.code)
            away = abs(figure - before)
            if away * _HUNDRED <= pct * abs(before) or away <= floor:
                run.passed.add(rule.code)
                continue
            change = percent(figure - before, before)
            filled = {"found": shown(figure), "expected": shown(before), "change": change}
            teller.tell(run, (address,), filled, in_words(((earlier.words, before, NO_UNIT), (_THIS, figure, NO_UNIT))))
        return run.lacks(rule.code, FIGURES_LACKING)

    yield test


_THIS = Message("本期", "this period")


def vanished(rule: Rule, law: Law) -> Iterable[Test]:
    """有无变化: what was told in an earlier return beyond ``floor`` is now neither told nor said to be nothing."""
    earlier = against(rule)
    found = cells(rule, law, earlier.accepts)
    if not found:
        return
    teller, floor = Teller(rule, law), law.limit(rule, "floor")

    def test(run: Run) -> None:
        sheet = earlier.sheet(run)
        if sheet is None:
            return run.lacks(rule.code, earlier.absent)
        run.judged.add(rule.code)
        for address, _, told in found.told(run):
            before = sheet.values.get(address)
            if not isinstance(before, Decimal) or abs(before) <= floor:
                continue
            if isinstance(told, Decimal) and told:
                run.passed.add(rule.code)
                continue
            figure = told if isinstance(told, (Decimal, State)) else State.MISSING
            teller.tell(run, (address,), {"found": shown(figure), "expected": shown(before)})
        return None

    yield test


def appeared(rule: Rule, law: Law) -> Iterable[Test]:
    """有无变化: a figure beyond ``floor`` where the earlier return told nothing or zero."""
    earlier = against(rule)
    found = cells(rule, law, earlier.accepts)
    if not found:
        return
    teller, floor = Teller(rule, law), law.limit(rule, "floor")

    def test(run: Run) -> None:
        sheet = earlier.sheet(run)
        if sheet is None:
            return run.lacks(rule.code, earlier.absent)
        run.judged.add(rule.code)
        for address, figure in found.figures(run):
            before = sheet.values.get(address)
            if isinstance(before, Decimal) and before:
                run.passed.add(rule.code)
            elif abs(figure) > floor:
                teller.tell(run, (address,), {"found": shown(figure)})
        return None

    yield test


def unusual(rule: Rule, law: Law) -> Iterable[Test]:
    """离群: more than ``deviations`` robust deviations from the median of at least ``count`` earlier figures.

    Median and median absolute deviation bear the outliers and skewed distributions that mean and standard deviation do
    not; ``floor_pct``: the least deviation, as a share of the median.
    """
    most, count = law.limit(rule, "deviations"), law.limit(rule, "count")
    floor = law.limit(rule, "floor_pct") / _HUNDRED

    near = most * floor

    def judged(figure: Decimal, usual: Norm) -> tuple[Decimal, Message] | None:
        if abs(figure - usual.median) <= near * abs(usual.median):
            return None
        away = score(figure, usual, floor)
        if away <= most:
            return None
        return usual.median, tenths(away)

    yield from _by_norms(rule, law, cells(rule, law, is_of_period), lambda usual: usual.count >= count, judged)


def seasonal(rule: Rule, law: Law) -> Iterable[Test]:
    """同月比较: a figure away from the median of the same months of at least ``seasons`` years by more than ``pct``."""
    pct, seasons = law.limit(rule, "pct"), law.limit(rule, "seasons")

    def judged(figure: Decimal, usual: Norm) -> tuple[Decimal, Message] | None:
        expected = usual.seasonal
        if not expected or abs(figure - expected) * _HUNDRED <= pct * abs(expected):
            return None
        return expected, percent(figure - expected, expected)

    def suffices(usual: Norm) -> bool:
        return usual.seasonal is not None and usual.seasons >= seasons

    yield from _by_norms(rule, law, cells(rule, law, is_amount), suffices, judged)


def _by_norms(
    rule: Rule,
    law: Law,
    found: Cells,
    suffices: Callable[[Norm], bool],
    judged: Callable[[Decimal, Norm], tuple[Decimal, Message] | None],
) -> Iterable[Test]:
    if not found:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        norms = run.context.norms
        if not norms:
            return run.lacks(rule.code, NO_NORMS)
        for address, figure in found.figures(run):
            usual = norms.get(address)
            if usual is None or not suffices(usual):
                continue
            run.judged.add(rule.code)
            outcome = judged(figure, usual)
            if outcome is None:
                run.passed.add(rule.code)
            else:
                expected, change = outcome
                filled = {"found": shown(figure), "expected": shown(expected), "change": change}
                teller.tell(run, (address,), filled, in_words(((_USUAL, expected, NO_UNIT), (_THIS, figure, NO_UNIT))))
        return run.lacks(rule.code, NO_NORMS)

    yield test


_USUAL = Message("通常", "usually")


def unchanged(rule: Rule, law: Law) -> Iterable[Test]:
    """照抄上期: at least ``pct`` of ``count`` figures or more are, digit by digit, those of an earlier return."""
    earlier = against(rule)
    found = cells(rule, law, earlier.accepts)
    if not found:
        return
    teller = Teller(rule, law)
    pct, count = law.limit(rule, "pct"), law.limit(rule, "count")

    def test(run: Run) -> None:
        sheet = earlier.sheet(run)
        if sheet is None:
            return run.lacks(rule.code, earlier.absent)
        same, all_ = [], 0
        for address, figure in found.figures(run):
            before = sheet.values.get(address)
            if figure and isinstance(before, Decimal):
                all_ += 1
                if before == figure:
                    same.append(address)
        if all_ < count:
            return run.lacks(rule.code, FIGURES_LACKING)
        run.judged.add(rule.code)
        if len(same) * _HUNDRED < pct * all_:
            run.passed.add(rule.code)
            return None
        filled = {"found": shown(Decimal(len(same))), "expected": shown(Decimal(all_)), "earlier": earlier.words}
        return teller.tell(run, same, filled)

    yield test


def cumulative(rule: Rule, law: Law) -> Iterable[Test]:
    """累计数: what is summed up since January is no less than in the last return of the same year."""
    found = cells(rule, law, _only_grows)
    if not found:
        return
    teller, earlier = Teller(rule, law), _AGAINST["last"]

    def test(run: Run) -> None:
        period, sheet = run.context.period, run.context.last
        if period.first_month % _YEAR == 0:
            run.judged.add(rule.code)
            return None
        if sheet is None:
            return run.lacks(rule.code, earlier.absent)
        for address, figure in found.figures(run):
            before = sheet.values.get(address)
            if not isinstance(before, Decimal):
                continue
            run.judged.add(rule.code)
            if figure >= before:
                run.passed.add(rule.code)
                continue
            ground = in_words(((earlier.words, before, NO_UNIT), (_THIS, figure, NO_UNIT)))
            teller.tell(run, (address,), {"found": shown(figure), "expected": shown(before)}, ground)
        return run.lacks(rule.code, FIGURES_LACKING)

    yield test


_YEAR = 12


def _only_grows(field: Field) -> bool:
    return is_to_date(field) and not field.may_be_negative
