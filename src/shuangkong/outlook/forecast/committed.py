"""已批未投并入预测: what was approved and starts after the last figure told comes on top of the forecast, as a step.

What ran before then is in the figures already and is not counted again.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Step
from shuangkong.outlook.headroom.commitment import Commitment, by_month
from shuangkong.policyfile.expression.given import exact, written

_YEAR = 12


def still_to_start(commitments: Iterable[Commitment], last: Period) -> tuple[Commitment, ...]:
    """Those that start after a period."""
    return tuple(each for each in commitments if each.starts.first_month >= last.first_month + last.months)


def with_commitments(
    amount: Decimal, unit: str, year: int, commitments: Iterable[Commitment]
) -> tuple[Decimal, tuple[Step, ...]]:
    """The forecast of a year with what they add in it, and a step for each that runs in it.

    Args:
        commitments: that start after the last figure told; ``amount`` in their unit.
    """
    found, steps = exact(amount), []
    for each in commitments:
        share = each.share(year)
        if not share:
            continue
        shown = (
            ("E", written(found)),
            ("全年量", each.amount),
            ("腾出量", each.released),
            ("当年运行份额", written(share)),
        )
        found += exact(each.net) * share
        name = Message(f"已批未投 {each.project}（{each.starts} 起）", f"Approved: {each.project} (from {each.starts})")
        steps.append(Step(name, "E′ = E + (全年量 − 腾出量) × 当年运行份额", shown, written(found), unit))
    return written(found), tuple(steps)


def by_period(commitments: Iterable[Commitment], last: Period, count: int) -> tuple[float, ...]:
    """What they add in each of the ``count`` periods after one, as long as it."""
    month = last.first_month + last.months
    first = Period(month // _YEAR, f"{month % _YEAR + 1:02d}")
    added = by_month(commitments, first, count * last.months)
    sums = (added[start : start + last.months] for start in range(0, len(added), last.months))
    return tuple(float(sum((exact(each) for each in months), Fraction(0))) for months in sums)
