"""承前: what the runs of numbers of one clause hand on: deadline, strength, nature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from shuangkong.plans.reader import firmness, naming, predicates, times
from shuangkong.plans.reader.building import Place
from shuangkong.plans.reader.quantities import Run

#: The bound of what is promised at the least.
_AT_LEAST = re.compile(r"不得?(?:低|少|高|大|小|多)于|不得?超过?|不得?突破|至少|最[低高]")
#: A part goes on with what its whole said.
_PART_OF = re.compile(r"^(?:，|（)?其中")


def floors_apart(place: Place, runs: Sequence[Run]) -> list[Run]:
    """The runs; a bound that only goes on about one subject (达到50%、不低于40%) is a run of its own."""
    apart: list[Run] = []
    for run in runs:
        first, *rest = run.quantities
        before = place.paragraph.text[apart[-1].end if apart else place.start : run.start]
        subject = naming.bare(times.without_times(predicates.predicate(before).subject))
        is_of_one = subject and not naming.parts(subject, len(run.quantities), place.words.names)
        if is_of_one and not first.own_bound and any(each.own_bound for each in rest):
            apart += [Run((replace(each, bound="", own_bound=False),)) for each in run.quantities]
        else:
            apart.append(run)
    return apart


def hold_date(place: Place, runs: Sequence[Run], index: int, period: Sequence[str]) -> None:
    """The deadline printed right ahead of a run (2028年达到24%、2030年达到26%) holds from it on.

    ``period`` are the deadlines of the clause; a run with a value for each of them is told apart by year elsewhere.
    """
    run = runs[index]
    if len(runs) == 1 or len(period) < 2 or len(run.quantities) == len(period):
        return
    opens = runs[index - 1].end if index else place.start
    dates = [date.text for date in times.deadlines(place.paragraph.text, opens, run.start) if date.text in period]
    place.inherited.deadline = dates[-1] if dates else place.inherited.deadline


def hold_firmness(place: Place, run: Run, before: str, subject: str, *, is_first: bool) -> None:
    """Strength and nature of a run: as printed, else carried on where it has no subject of its own.

    A bound behind a stretch value of the same subject (力争达到98%，不低于95%) is what is promised at the least.
    """
    held, text = place.inherited, place.paragraph.text
    is_part = _PART_OF.search(text[max(0, place.start - 1) : place.start] + before)
    is_same = not naming.bare(times.without_times(subject))
    goes_on = not is_first or is_part or is_same
    is_floor = is_same and _AT_LEAST.search(before)
    held.strength = firmness.said(before) or (held.strength if goes_on and not is_floor else held.led)
    behind = firmness.nature_behind(text, run.end)
    held.nature = behind or firmness.nature_ahead(before) or (held.nature if goes_on else held.led_nature)
