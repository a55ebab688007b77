"""传输率入库: months and years of units and places as facts, so that assessment and targets read them as any other.

The effective rate as it stands once late data have come; the same again writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.core.rounding import rounded
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.rates.coverage import Thing
from shuangkong.monitoring.rates.transmission import Cut, Transmission, added
from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.arrivals import late_since
from shuangkong.records.monitoring.models import KeyDischarger, Outlet
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.registry.models import Enterprise, Region
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.covering import Listed, listed
from shuangkong.web.monitoring.evaluating import periods
from shuangkong.web.monitoring.hours import points_of
from shuangkong.web.monitoring.rate_closing import close_rates, lines_kept
from shuangkong.web.monitoring.views.outlet import midnight

#: Of all sources that are rated, and of those on the yearly list of key dischargers alone.
RATE, KEY_RATE = "monitoring_transmission_rate", "key_source_transmission_rate"
SOURCE = "在线监测有效传输率 (effective transmission rate of online monitoring)"
_UNIT, _PLACES = "pct", 4
#: What this process has told, and when: a process that begins anew looks once more.
_DONE: dict[str, datetime] = {}

type Rates = dict[Cut, Transmission]


def tell_rates_due() -> int:
    """What a clock does: periods that are over, once a day and where readings came late; returns how many figures.

    Raises StoreDown, StoreRefused.
    """
    today, now = timezone.localdate(), timezone.now()
    late = late_since(midnight(today))
    count = 0
    for period, first, last in periods(today, {month for _outlet, month in late}):
        done = _DONE.get(str(period))
        newest = max((at for (_outlet, month), at in late.items() if first <= month <= last), default=None)
        if done is not None and done >= midnight(today) and (newest is None or newest < done):
            continue
        count += tell_rates(period, first, last)
        _DONE[str(period)] = now
    return count


def tell_rates(period: Period, first: date, last: date) -> int:
    """Tells a month or a year of every unit and place with rated factors; returns how many figures are otherwise.

    Where nothing was due (all stood still) there is no rate, and none is told. Raises StoreDown, StoreRefused.
    """
    in_use = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=first))
    rows = Outlet.objects.select_related("region", "enterprise__region").filter(in_use, kind__in=list(Media))
    outlets = list(rows.order_by("pk"))
    by = _by_outlet(outlets, first, last)
    known = [each for each in outlets if each.pk in by]
    on_list = listed(KeyDischarger.objects.filter(year=period.year), period.year)
    told = [*_told(RATE, known, by, last)]
    told += _told(KEY_RATE, [each for each in known if _is_key(each, on_list)], by, last)
    return write(told, period, SOURCE, "monitoring/rates")


def _is_key(outlet: Outlet, on_list: Listed) -> bool:
    """By the year's list for the outlet's medium; where its place published none by what the register says."""
    says = on_list.says(outlet)
    return outlet.object == Thing.KEY_DISCHARGER if says is None else says


def _by_outlet(outlets: list[Outlet], first: date, last: date) -> dict[int, Rates]:
    """Outlet → its rated factors together; months are kept first, so that hours are reckoned once."""
    found: dict[int, list[Rates]] = defaultdict(list)
    month = first
    while month <= last:
        end = min(ends_of(Span.MONTH, month), last)
        points = points_of(outlets, rated_only=True, first=month, last=end)
        close_rates(outlets, points, month, end, len(points))
        for line in lines_kept(outlets, points, month, end).lines:
            found[line.outlet.pk].append(line.cuts)
        month = date.fromordinal(end.toordinal() + 1)
    return {number: _together(own) for number, own in found.items()}


def _together(rates: Iterable[Rates]) -> Rates:
    held = list(rates)
    return {cut: added(each[cut] for each in held) for cut in Cut}


def _told(indicator: str, outlets: list[Outlet], by: Mapping[int, Rates], last: date) -> Iterator[Told]:
    """Of the units, and of every place that outlets lie in."""
    units: dict[int, list[Outlet]] = defaultdict(list)
    for each in outlets:
        if each.enterprise_id is not None:
            units[each.enterprise_id].append(each)
    for own in units.values():
        firm = own[0].enterprise
        assert isinstance(firm, Enterprise)
        subject = SubjectRow("unit", source_code(firm.pk), firm.name, firm.region_id)
        yield from _figure(indicator, subject, own, by, last)
    codes = {code for each in outlets for code in each.region.path.strip("/").split("/")}
    for place in Region.objects.filter(pk__in=codes).order_by("pk"):
        own = [each for each in outlets if each.region.path.startswith(place.path)]
        yield from _figure(indicator, SubjectRow("region", place.code, place.name, place.code), own, by, last)


def _figure(
    indicator: str, subject: SubjectRow, outlets: list[Outlet], by: Mapping[int, Rates], last: date
) -> Iterator[Told]:
    rates = _together(by[each.pk] for each in outlets)
    done, now = rates[Cut.COMPLETED], rates[Cut.REAL_TIME]
    pct = done.effective_pct
    if pct is None:
        return
    in_time = now.effective_pct or Decimal(0)
    note = (
        f"{len(outlets)} 个排放口，应传 {done.due} 小时（停运 {done.stopped} 小时不计），收到 {done.received}，"
        f"有效 {done.valid}；即时有效传输率 {rounded(in_time, 2):f}%"
        f" ({len(outlets)} outlets, {done.due} hours due, {done.received} received, {done.valid} valid; "
        f"{rounded(in_time, 2):f} % in real time)"
    )
    book = open_rulebook()
    if not book.monitoring(book.layer_of(subject.region, last)).rates(last).is_verified:
        note += "；口径尚未核对原文 (by rules not compared with their documents)"
    yield Told(
        indicator, subject, rounded(pct, _PLACES), _UNIT, note, any(each.region.is_fictional for each in outlets)
    )
