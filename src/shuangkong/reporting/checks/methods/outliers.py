"""同业比较与错位: a unit's ratio beside those of its sector, and figures that are off by a power of ten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.reporting.checks.context import Sheet
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.cells import Cells, cells, is_of_period, is_to_date
from shuangkong.reporting.checks.methods.conditions import Ratio
from shuangkong.reporting.checks.norms import score
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import NO_UNIT, Teller, in_words, shown, tenths

_HUNDRED = Decimal(100)
NO_PEERS = Message("同行业单位不足，尚无常数可比", "too few units of the sector are held to say what is usual")


def peers(rule: Rule, law: Law) -> Iterable[Test]:
    """同业离群: the ratio ``value`` lies beyond ``deviations`` robust deviations of those of units of the same sector.

    The comparison is with the median of at least ``count`` units, deviations being MAD, at least ``floor_pct`` of it.
    """
    ratio = Ratio.of(rule, law)
    if ratio is None:
        return
    teller = Teller(rule, law)
    most, count, floor = (
        law.limit(rule, "deviations"),
        law.limit(rule, "count"),
        law.limit(rule, "floor_pct") / _HUNDRED,
    )

    def test(run: Run) -> None:
        usual = run.context.peers.get(rule.code)
        if usual is None or usual.count < count:
            return run.lacks(rule.code, NO_PEERS)
        for addresses, figure, ground in ratio.figures(run):
            run.judged.add(rule.code)
            away = score(figure, usual, floor)
            if away <= most:
                run.passed.add(rule.code)
                continue
            filled = {
                "found": shown(figure), "expected": shown(usual.median), "change": tenths(away),
                "units": shown(Decimal(usual.count)),
            }  # fmt: skip
            teller.tell(run, addresses, filled, ground())
        return run.lacks(rule.code, FIGURES_LACKING)

    yield test


#: Run → what finds the figure that one of the return is held against; None where nothing of the kind is held.
type _Reference = Callable[[Run], Callable[[str], Decimal | None] | None]


def _usual(run: Run) -> Callable[[str], Decimal | None] | None:
    norms = run.context.norms
    return None if not norms else lambda at: None if (usual := norms.get(at)) is None else usual.median


def _season(run: Run) -> Callable[[str], Decimal | None] | None:
    norms = run.context.norms
    return None if not norms else lambda at: None if (usual := norms.get(at)) is None else usual.seasonal


def _last(run: Run) -> Callable[[str], Decimal | None] | None:
    return _figure_of(run.context.last)


def _year_ago(run: Run) -> Callable[[str], Decimal | None] | None:
    return _figure_of(run.context.year_ago)


def _figure_of(sheet: Sheet | None) -> Callable[[str], Decimal | None] | None:
    if sheet is None:
        return None
    values = sheet.values
    return lambda at: told if isinstance(told := values.get(at), Decimal) else None


#: What a figure is held against, the best first: sums since January only against the same months.
_OF_PERIOD = (_usual, _last, _year_ago)
_TO_DATE = (_season, _year_ago)


def slip(rule: Rule, law: Law) -> Iterable[Test]:
    """单位错位: a figure is about ``times`` as much, or as little, as it usually is: 10, 1,000 or 10,000 (万) fold.

    About: within ``pct`` of that multiple. Usual: the median of earlier figures, else the last one, else last year's.
    """
    found = ((cells(rule, law, is_of_period), _OF_PERIOD), (cells(rule, law, is_to_date), _TO_DATE))
    if not any(each for each, _ in found):
        return
    teller, times, pct = Teller(rule, law), law.limit(rule, "times"), law.limit(rule, "pct")

    def test(run: Run) -> None:
        near, far = _against_usual(run, found)
        if not near and not far:
            return run.lacks(rule.code, FIGURES_LACKING)
        run.judged.add(rule.code)
        if near:
            run.passed.add(rule.code)
        for address, figure, usual in far:
            if not (_is_about(figure, usual * times, pct) or _is_about(usual, figure * times, pct)):
                run.passed.add(rule.code)
                continue
            ground = in_words(((_USUAL, usual, NO_UNIT), (_THIS, figure, NO_UNIT)))
            teller.tell(run, (address,), {"found": shown(figure), "expected": shown(usual)}, ground)
        return None

    yield test


#: Nearer than this many times, a figure is off by no power of ten.
_NEAR = Decimal(4)


def _against_usual(
    run: Run, found: Sequence[tuple[Cells, Sequence[_Reference]]]
) -> tuple[int, list[tuple[str, Decimal, Decimal]]]:
    """How many figures are near what they usually are, and those that are not, with that; read once for all slips."""

    def read() -> tuple[int, list[tuple[str, Decimal, Decimal]]]:
        near, far = 0, []
        for each, order in found:
            held = [find for one in order if (find := one(run)) is not None]
            for address, figure in each.figures(run) if held else ():
                if not figure:
                    continue
                usual = next((known for find in held if (known := find(address))), None)
                if not usual:
                    continue
                if abs(usual) <= abs(figure) * _NEAR and abs(figure) <= abs(usual) * _NEAR:
                    near += 1
                else:
                    far.append((address, figure, usual))
        return near, far

    return run.once(("usual", *(each for each, _ in found)), read)


_USUAL, _THIS = Message("通常", "usually"), Message("本期", "this period")


def _is_about(one: Decimal, other: Decimal, pct: Decimal) -> bool:
    return abs(one - other) * _HUNDRED <= pct * abs(other)
