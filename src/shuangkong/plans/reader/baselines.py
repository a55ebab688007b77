"""基数: levels of a past year that the text prints beside its targets; facts to compare with, never commitments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from shuangkong.plans.reader import naming, predicates, times
from shuangkong.plans.reader.building import Place
from shuangkong.plans.reader.quantities import Quantity, Run, whole_unit
from shuangkong.plans.reader.subjects import with_topic
from shuangkong.plans.reading import Baseline

#: 2020年为1000吨: the year, what it was, and the number.
_OF_YEAR = re.compile(r"(?<![到至])(?P<year>\d{4})年(?:底|末)?的?(?:实际|实绩)?(?:约为|仅为|只有|为|是|已?达到?)?约?$")
_YEAR = re.compile(r"(?P<year>\d{4})年")
#: Names that say which measure and leave what is measured to the subject named before.
_MEASURE_ALONE = frozenset({"", "排放量", "排放总量", "消费量", "消费总量", "总量", "实际值", "基数", "基准值"})
#: Predicates of a level; any other tells a change.
_LEVELS = ("", "is", "up_to")


def year_of_level(before: str, base_year: int | None) -> int | None:
    """The past year whose level the number behind ``before`` is; None for a number to be reached."""
    found = _OF_YEAR.search(before)
    if not found or base_year is None or int(found["year"]) > base_year:
        return None
    return int(found["year"])


def told(place: Place, runs: Sequence[Run]) -> Iterator[Baseline]:
    """The levels that a clause about a past year tells; its changes and counts are left aside."""
    text, left, year = place.paragraph.text, place.start, place.inherited.past_year
    for run in runs:
        before = text[left : run.start]
        ahead = predicates.predicate(before)
        year = next((int(match["year"]) for match in _YEAR.finditer(before)), year)
        if ahead.verb in _LEVELS and ahead.op is None:
            subject = naming.bare(times.without_times(_OF_YEAR.sub("", ahead.subject)))
            yield from of_run(place, run, named(place, subject, len(run.quantities)), year)
        left = run.end


def named(place: Place, subject: str, count: int) -> list[str]:
    """The indicators of ``count`` levels, by their own words or by the subject named before; none where not known."""
    held, names = place.inherited, place.words.names
    subject = naming.scope_of(subject)[1]
    if subject in _MEASURE_ALONE:
        return held.subjects
    if not (naming.is_measure(subject) or naming.known(subject, names) or subject in names.substances):
        return []
    held.subjects = with_topic(naming.parts(subject, count, names) or [subject], held, names)
    return held.subjects


def of_run(place: Place, run: Run, indicators: Sequence[str], year: int | None) -> Iterator[Baseline]:
    """One level for each number of a run, where they pair with the indicators."""
    if len(indicators) != len(run.quantities):
        return
    for name, quantity in zip(indicators, run.quantities, strict=True):
        yield _level(place, name, quantity, year)


def _level(place: Place, name: str, quantity: Quantity, year: int | None) -> Baseline:
    return Baseline(
        item_no=place.item_no,
        indicator=naming.canonical(name, place.words.names),
        value=quantity.value,
        unit=whole_unit(name, quantity.unit, place.words.units),
        year=year,
        span=place.paragraph.span(place.start, place.end),
        value_span=place.paragraph.span(quantity.start, quantity.number_end),
    )
