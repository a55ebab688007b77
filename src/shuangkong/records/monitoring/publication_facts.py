"""公布率入库: months, quarters and years as facts of places and units, so that assessment and targets read them.

Of a place two rates of each sort: units that published all of theirs, and results published of those due. Of a unit the
second alone. The same again writes nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.rates.publication import Publishing
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.models import KeyDischarger, RegisterEvent
from shuangkong.records.monitoring.publications import (
    OWN,
    SUPERVISORY,
    Book,
    period_of,
    publication_book,
    publishing_of,
)
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.registry.models import Enterprise, Region

SOURCE = "监测结果公布登记 (register of published results of monitoring)"
_UNIT, _PLACES = "pct", 4
#: Months that are looked at by themselves, before this one; with them the quarters and years that they end.
_BACK = 13
_REGISTERS = ("publications", "monitoring-plans")


@dataclass(frozen=True, slots=True)
class Names:
    """Indicators of one sort; ``key``: of units on the yearly list of key dischargers, "" where none is asked for."""

    units: str
    results: str
    key: str = ""


INDICATORS: Mapping[str, Names] = {
    OWN: Names(
        "self_monitoring_publication_rate",
        "self_monitoring_result_publication_rate",
        "key_source_self_monitoring_publication_rate",
    ),
    SUPERVISORY: Names("supervisory_monitoring_publication_rate", "supervisory_result_publication_rate"),
}
_ALL = frozenset(name for each in INDICATORS.values() for name in (each.units, each.results, each.key) if name)
#: Acts that a process looks at when it begins, days back; older periods of them that one call tells.
_ACTS, _MOST_OLD = 35, 6
#: When this process told last, and the newest act on the registers then.
_DONE: dict[str, tuple[date, int]] = {}
#: Periods before those that are looked at by themselves, of which rows were changed.
_OLD: dict[Period, None] = {}


def tell_publications_due() -> int:
    """What a clock does: once a day, and when the registers were changed; returns how many figures are otherwise.

    What acts changed further back than is looked at by itself is told too, a few periods a call.
    """
    today = timezone.localdate()
    acts = RegisterEvent.objects.filter(register__in=_REGISTERS)
    newest = acts.aggregate(last=Max("pk"))["last"] or 0
    done, count = _DONE.get("told"), 0
    if done != (today, newest):
        since = Q(pk__gt=done[1]) if done else Q(at__gte=timezone.now() - timedelta(days=_ACTS))
        recent = tuple(periods(today))
        _OLD.update(dict.fromkeys(each for each in acted(acts.filter(since), today) if each not in recent))
        count = sum(tell_publications(period) for period in recent)
        _DONE["told"] = (today, newest)
    for period in tuple(_OLD)[:_MOST_OLD]:
        count += tell_publications(period)
        del _OLD[period]
    return count


def acted(acts: QuerySet[RegisterEvent], today: date) -> Iterator[Period]:
    """The periods that are over of which acts changed rows: as they were before, and as they are after. 1 query."""
    months: set[date] = set()
    for told in acts.values_list("before", "after"):
        for text in filter(None, told):
            months |= _months(json.loads(text), today)
    for month in sorted(months, reverse=True):
        yield from _of_month(month, today)


def _months(row: Mapping[str, str], today: date) -> set[date]:
    """First days of the months that a row of one of the registers is about."""
    if "period" in row:
        period = period_of(row["period"])
        first, last = _first_day(period), period.last_day
    else:
        first, last = date.fromisoformat(row["starts_on"]), date.fromisoformat(row.get("ends_on") or f"{today}")
    found, month = set(), first.replace(day=1)
    while month <= min(last, today):
        found.add(month)
        month = ends_of(Span.MONTH, month) + timedelta(days=1)
    return found


def _first_day(period: Period) -> date:
    return date(period.year, period.first_month % 12 + 1, 1)


def _of_month(month: date, today: date) -> Iterator[Period]:
    """A month, its quarter and its year, those that are over."""
    quarter = (month.month + 2) // 3
    for each in (Period(month.year, f"{month.month:02d}"), Period(month.year, f"Q{quarter}"), Period(month.year)):
        if each.last_day < today:
            yield each


def periods(today: date) -> Iterator[Period]:
    """The last months that are over, and the quarters and years that end with one of them."""
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(_BACK):
        yield Period(last.year, f"{last.month:02d}")
        if last.month % 3 == 0:
            yield Period(last.year, f"Q{last.month // 3}")
        if last.month == 12:
            yield Period(last.year)
        last = last.replace(day=1) - timedelta(days=1)


def tell_publications(period: Period) -> int:
    """Tells a period that is over of every unit and place of which something was due. ~20 queries."""
    books = {sort: publication_book(sort, lambda _prefix: Q(), [period.year]) for sort in INDICATORS}
    numbers = set().union(*(book.units() for book in books.values()))
    units = {each.pk: each for each in Enterprise.objects.select_related("region").filter(pk__in=numbers)}
    listed = KeyDischarger.objects.filter(year=period.year, enterprise__in=numbers)
    key = set(listed.values_list("enterprise", flat=True))
    told = [each for sort, book in books.items() for each in _told(sort, book, period, units, key)]
    return write(told, period, SOURCE, "monitoring/publication", whole=_ALL)


def _told(sort: str, book: Book, period: Period, units: Mapping[int, Enterprise], key: set[int]) -> Iterator[Told]:
    names = INDICATORS[sort]
    own = [units[each] for each in sorted(book.units())]
    for unit in own:
        found = publishing_of(book, sort, period, [unit.pk])
        subject = SubjectRow("unit", source_code(unit.pk), unit.name, unit.region_id)
        yield from _figure(names.results, subject, found.results, _results(found), [unit])
    for place, inside in _places(own):
        subject = SubjectRow("region", place.code, place.name, place.code)
        found = publishing_of(book, sort, period, [each.pk for each in inside])
        yield from _figure(names.results, subject, found.results, _results(found), inside)
        yield from _figure(names.units, subject, found.units, _units(found), inside)
        on_list = [each for each in inside if each.pk in key]
        if names.key and on_list:
            found = publishing_of(book, sort, period, [each.pk for each in on_list])
            yield from _figure(names.key, subject, found.units, _units(found), on_list)


def _places(units: Sequence[Enterprise]) -> Iterator[tuple[Region, list[Enterprise]]]:
    """Every place with the units in it."""
    by: dict[str, list[Enterprise]] = defaultdict(list)
    for each in units:
        for code in each.region.path.strip("/").split("/"):
            by[code].append(each)
    for place in Region.objects.filter(pk__in=by).order_by("pk"):
        yield place, by[place.pk]


def _figure(
    indicator: str, subject: SubjectRow, share: Share, note: str, units: Iterable[Enterprise]
) -> Iterator[Told]:
    """Nothing where nothing was due; what was told before of such a cell is withdrawn."""
    if share.pct is None:
        return
    is_demo = any(each.region.is_fictional for each in units)
    yield Told(indicator, subject, rounded(share.pct, _PLACES), _UNIT, note, is_demo)


def _results(found: Publishing) -> str:
    done, due = found.results.part, found.results.whole
    return (
        f"按结果数：应公布 {due} 个结果，公布 {done} 个；{_denominators(found)[0]}"
        f" (by results: {done} of {due} published; {_denominators(found)[1]})"
    )


def _units(found: Publishing) -> str:
    done, due = found.units.part, found.units.whole
    apart = (
        f"；{found.apart} 家没有四个季度都监测，不计",
        f"; {found.apart} not due in all four quarters, not counted",
    )
    zh, en = apart if found.apart else ("", "")
    return (
        f"按企业数：应公布 {due} 家，全部公布 {done} 家{zh}；{_denominators(found)[0]}"
        f" (by units: {done} of {due} published all of theirs{en}; {_denominators(found)[1]})"
    )


def _denominators(found: Publishing) -> tuple[str, str]:
    """Where the denominators come from."""
    silent = (f"，其中 {found.silent} 家没有登记公布数", f", {found.silent} of them registered nothing")
    zh, en = silent if found.silent else ("", "")
    return (
        f"应公布数按监测计划 {found.by_plan} 家{zh}，手工填报 {found.by_hand} 家",
        f"due by plan of {found.by_plan} units{en}, typed of {found.by_hand}",
    )
