"""故障期限: days that an item lacks one after the other, and by when the fault has to be mended.

Counted in working days from the first day that lacks; after that it is to be filed with the authority above and the
figures are told by hand (NHJC practice).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Days without a figure, from ``first`` to ``last``; ``due``: the last day to mend it.

    ``is_open``: the newest day that was due lacks, too. ``is_late``: it lasted, or lasts, beyond ``due``.
    """

    first: date
    last: date
    due: date
    is_open: bool
    is_late: bool


def faults(
    missing: Iterable[date],
    today: date,
    due: Callable[[date], date],
    began: date | None = None,
    lasted: date | None = None,
) -> tuple[Fault, ...]:
    """The runs of days that lack, in order.

    Args:
        missing: days that were due before ``today`` and are not told.
        due: the first day that lacks → the last day to mend it.
        began: where the first run began before the days given; ``lasted``: the last day of the last one, where it went
            on after them.
    """
    runs: list[list[date]] = []
    for day in sorted(set(missing)):
        if runs and runs[-1][-1] + _DAY == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    if runs and began is not None:
        runs[0].insert(0, began)
    if runs and lasted is not None:
        runs[-1].append(lasted)
    return tuple(_fault(run[0], run[-1], today, due(run[0])) for run in runs)


def _fault(first: date, last: date, today: date, due: date) -> Fault:
    is_open = last == today - _DAY
    # Mended on the last day means that the day after it is told.
    return Fault(first, last, due, is_open, last > due or (is_open and today > due))
