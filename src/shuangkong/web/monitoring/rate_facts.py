"""传输率入库: months and years of units and places as facts, so that assessment and targets read them as any other.

The effective rate as it stands once late data have come; the same again writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import batched

from django.db.models import Max
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.rates.coverage import Thing
from shuangkong.monitoring.rates.transmission import Cut, Transmission, added
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.arrivals import late_since
from shuangkong.records.monitoring.models import KeyDischarger, Outlet, RateClosing
from shuangkong.records.monitoring.row_faults import Work, faulty
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.records.reporting.models import ClockMark
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.covering import Listed, listed
from shuangkong.web.monitoring.evaluating import periods
from shuangkong.web.monitoring.fencing import by_outlet
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.rate_closing import (
    AT_ONCE,
    LIVE,
    close_fenced,
    in_use_between,
    is_walked,
    lines_kept,
    oldest,
)
from shuangkong.web.monitoring.views.outlet import midnight

#: Of all sources that are rated, and of those on the yearly list of key dischargers alone.
RATE, KEY_RATE = "monitoring_transmission_rate", "key_source_transmission_rate"
SOURCE = "在线监测有效传输率 (effective transmission rate of online monitoring)"
_UNIT, _PLACES = "pct", 4
#: What this process has told, and when: a process that begins anew looks once more.
_DONE: dict[str, datetime] = {}
#: The clock of closings of older months that were told.
_TOLD = "told rates"

type Rates = dict[Cut, Transmission]


def tell_rates_due() -> int:
    """What a clock does: periods that are over, once a day and where readings came late; older ones once a day where
    their rates were reckoned anew. Returns how many figures. Raises StoreDown, StoreRefused.
    """
    today, now = timezone.localdate(), timezone.now()
    late, again = late_since(midnight(today)), Reclosed(today)
    count = 0
    for period, first, last in periods(today, {month for _outlet, month in late} | again.months):
        done = _DONE.get(str(period))
        newest = max((at for (_outlet, month), at in late.items() if first <= month <= last), default=None)
        is_anew = any(first <= month <= last for month in again.months)
        if not is_anew and done is not None and done >= midnight(today) and (newest is None or newest < done):
            continue
        count += tell_rates(period, first, last)
        _DONE[str(period)] = now
    again.are_told()
    return count


class Reclosed:
    """Months that the clock no longer looks at and that were closed since they were told last; looked for once a day.

    While the clock goes through them by new rules none is: they are told once, by these alone. At most 5 queries.
    """

    def __init__(self, today: date) -> None:
        newest = RateClosing.objects.aggregate(last=Max("pk"))["last"] or 0
        self._mark, _ = ClockMark.objects.get_or_create(
            name=_TOLD, defaults={"number": newest, "at": midnight(today) - timedelta(days=1)}
        )
        self._newest, self.months = newest, frozenset[date]()
        self._is_due = self._mark.at < midnight(today) and is_walked()
        if self._is_due:
            rows = RateClosing.objects.filter(pk__gt=self._mark.number, month__lt=oldest(today))
            self.months = frozenset(rows.values_list("month", flat=True).distinct())

    def are_told(self) -> None:
        """What was found is told."""
        if self._is_due:
            ClockMark.objects.filter(pk=self._mark.pk).update(number=self._newest, at=timezone.now())


@dataclass(slots=True)
class _Sum:
    """The outlets of a unit or place that are rated, together."""

    rates: Rates
    outlets: int = 1
    is_demo: bool = False

    def add(self, rates: Rates, *, is_demo: bool) -> None:
        self.rates = _together((self.rates, rates))
        self.outlets += 1
        self.is_demo = self.is_demo or is_demo


@dataclass(slots=True)
class _Sums:
    """Of one indicator, by number of the unit and by code of the place."""

    units: dict[int, _Sum] = field(default_factory=dict)
    places: dict[str, _Sum] = field(default_factory=dict)

    def add(self, outlet: Outlet, rates: Rates) -> None:
        is_demo = outlet.region.is_fictional
        if outlet.enterprise_id is not None:
            _add(self.units, outlet.enterprise_id, rates, is_demo=is_demo)
        for code in outlet.region.path.strip("/").split("/"):
            _add(self.places, code, rates, is_demo=is_demo)


def _add[Key](sums: dict[Key, _Sum], key: Key, rates: Rates, *, is_demo: bool) -> None:
    if key in sums:
        sums[key].add(rates, is_demo=is_demo)
    else:
        sums[key] = _Sum(rates, is_demo=is_demo)


def tell_rates(period: Period, first: date, last: date) -> int:
    """Tells a month or a year of every unit and place with rated factors; returns how many figures are otherwise.

    Where nothing was due (all stood still, nothing is registered any more) there is no rate: none is told, and one
    that was told is withdrawn. Outlets are gone through some at a time. Raises StoreDown, StoreRefused.
    """
    on_list = listed(KeyDischarger.objects.filter(year=period.year), period.year)
    sums = {RATE: _Sums(), KEY_RATE: _Sums()}
    for outlets in in_use_between(first, last, kinds=Media):
        by = _by_outlet(outlets, first, last)
        for each in outlets:
            if each.pk in by:
                sums[RATE].add(each, by[each.pk])
                if _is_key(each, on_list):
                    sums[KEY_RATE].add(each, by[each.pk])
    told = [figure for indicator, own in sums.items() for figure in _told(indicator, own, last)]
    # Where an outlet could not be reckoned, what lacks is not known to be gone.
    return write(told, period, SOURCE, "monitoring/rates", whole=() if faulty(Work.RATES) else sums)


def _is_key(outlet: Outlet, on_list: Listed) -> bool:
    """By the year's list for the outlet's medium; where its place published none by what the register says."""
    says = on_list.says(outlet)
    return outlet.object == Thing.KEY_DISCHARGER if says is None else says


def _by_outlet(outlets: list[Outlet], first: date, last: date) -> dict[int, Rates]:
    """Outlet → its rated factors together; months are kept first, so that hours are reckoned once."""
    found: dict[int, list[Rates]] = defaultdict(list)
    month, fence = first, by_outlet(Work.RATES)
    while month <= last:
        end = min(ends_of(Span.MONTH, month), last)
        points = points_of(outlets, rated_only=True, first=month, last=end)
        # Older months by new rules are the clock's to reckon, some at a time; until then they stand as they were.
        is_old = month < oldest(timezone.localdate())
        close_fenced(fence, outlets, points, month, end, len(points), by_any=is_old)
        # Of an outlet that cannot be reckoned what was kept before is taken, and nothing is reckoned anew.
        most = 0 if fence.known else LIVE
        for line in lines_kept(outlets, points, month, end, most, by_any=is_old).lines:
            found[line.outlet.pk].append(line.cuts)
        month = date.fromordinal(end.toordinal() + 1)
    return {number: _together(own) for number, own in found.items()}


def _together(rates: Iterable[Rates]) -> Rates:
    held = list(rates)
    return {cut: added(each[cut] for each in held) for cut in Cut}


def _told(indicator: str, sums: _Sums, last: date) -> Iterator[Told]:
    """Of the units, and of every place that outlets lie in."""
    for some in batched(sorted(sums.units), AT_ONCE):
        for unit in Enterprise.objects.filter(pk__in=some).order_by("pk"):
            subject = SubjectRow("unit", source_code(unit.pk), unit.name, unit.region_id)
            yield from _figure(indicator, subject, sums.units[unit.pk], last)
    for codes in batched(sorted(sums.places), AT_ONCE):
        for place in Region.objects.filter(pk__in=codes).order_by("pk"):
            subject = SubjectRow("region", place.code, place.name, place.code)
            yield from _figure(indicator, subject, sums.places[place.code], last)


def _figure(indicator: str, subject: SubjectRow, own: _Sum, last: date) -> Iterator[Told]:
    done, now = own.rates[Cut.COMPLETED], own.rates[Cut.REAL_TIME]
    pct = done.effective_pct
    if pct is None:
        return
    in_time = now.effective_pct or Decimal(0)
    note = (
        f"{own.outlets} 个排放口，应传 {done.due} 小时（停运 {done.stopped} 小时不计），收到 {done.received}，"
        f"有效 {done.valid}；即时有效传输率 {rounded(in_time, 2):f}%"
        f" ({own.outlets} outlets, {done.due} hours due, {done.received} received, {done.valid} valid; "
        f"{rounded(in_time, 2):f} % in real time)"
    )
    book = open_rulebook()
    if not book.monitoring(book.layer_of(subject.region, last)).rates(last).is_verified:
        note += "；口径尚未核对原文 (by rules not compared with their documents)"
    yield Told(indicator, subject, rounded(pct, _PLACES), _UNIT, note, own.is_demo)
