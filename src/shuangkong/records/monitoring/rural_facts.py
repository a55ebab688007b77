"""村庄和垃圾设施入库: villages treated and capacities as they stood at the end of each month, as facts of places.

Told of each place that a row lies in, up to its county; what lies above is put together by the engine, but for larger
places with rows of their own: these are told all that lies in them, for a figure told of the whole goes before the sum
of its parts. Where nothing of a kind is registered nothing is told: no village accepted is not a zero. Nor is anything
told of villages or of capacities of a place whose register holds less than others count there, nor of the waste of
villages as long as of one of them nobody told where it goes. The same again writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Max, Q
from django.utils import timezone

from shuangkong.records.facts.looking import observations
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.monitoring.models import RegisterEvent, Village, WasteChain, WasteFacility
from shuangkong.records.monitoring.telling import Told, write
from shuangkong.records.monitoring.treated import HARMLESS, INCINERATION, capacity, is_whole, stands
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.registry.models import Region

SOURCE = "村庄和固体废物设施登记 (registers of villages and waste facilities)"
VILLAGES, SEWAGE, WASTE = "village_count", "rural_sewage_village_count", "garbage_village_count"
CAPACITY, BURNT = "garbage_day_capacity", "garbage_burning_day_capacity"
#: Indicator → its base unit, and what its note says.
INDICATORS: Mapping[str, tuple[str, str]] = {
    VILLAGES: ("count", "登记的行政村数 (villages of the register)"),
    SEWAGE: ("count", "已验收生活污水治理的行政村数 (villages whose sewage was accepted as treated)"),
    WASTE: ("count", "垃圾送到无害化处理设施的行政村数 (villages whose waste is treated harmlessly in the end)"),
    CAPACITY: ("t/day", "在用的焚烧、卫生填埋、生物处理能力 (incineration, sanitary landfill, biological treatment)"),
    BURNT: ("t/day", "在用的焚烧处理能力 (incineration)"),
}
#: What others count too → what is told only where the register holds no less than they count.
WHOLE: Mapping[str, frozenset[str]] = {
    VILLAGES: frozenset({VILLAGES, SEWAGE, WASTE}),
    CAPACITY: frozenset({CAPACITY, BURNT}),
}
#: Months that are told, before this one, and registers whose acts change them.
_BACK = 13
_REGISTERS = ("villages", "waste-chains", "waste-facilities")
#: Levels of places that are told by themselves: larger ones are put together.
SMALL = frozenset({"county", "town", "village"})
#: When this process told last, and the newest act on the registers then.
_DONE: dict[str, tuple[date, int]] = {}


@dataclass(frozen=True, slots=True)
class Book:
    """Rows of the three registers, as they were read; ``chains`` by village."""

    villages: Sequence[Village]
    chains: Mapping[int, Sequence[WasteChain]]
    facilities: Sequence[WasteFacility]

    def untold(self, on: date) -> frozenset[str]:
        """Places in which a village stands of whose waste nothing was told that holds on a day."""
        silent = (
            each
            for each in self.villages
            if stands(each, on) and not any(stands(own, on) for own in self.chains.get(each.pk, ()))
        )
        return frozenset(code for each in silent for code in codes_of(each.region))

    def marks(self, on: date) -> Iterator[tuple[Region, str, Decimal]]:
        """What each row that held on a day adds to which indicator, and where it lies."""
        for village in self.villages:
            if stands(village, on):
                yield village.region, VILLAGES, Decimal(1)
                if village.sewage_on is not None and village.sewage_on <= on:
                    yield village.region, SEWAGE, Decimal(1)
                for chain in self.chains.get(village.pk, ()):
                    if stands(chain, on):
                        yield village.region, WASTE, Decimal(is_whole(chain.treatment, chain.transfer, on))
        for each in self.facilities:
            if stands(each, on):
                told = capacity(each.sort, each.capacity_t_d)
                yield each.region, CAPACITY, told
                yield each.region, BURNT, told if each.sort == INCINERATION else Decimal(0)


def book_of(village: Q, facility: Q) -> Book:
    """Rows of the villages and facilities of two conditions. 3 queries."""
    villages = Village.objects.select_related("region").filter(village)
    chains: dict[int, list[WasteChain]] = defaultdict(list)
    told = WasteChain.objects.select_related("treatment", "transfer").filter(village__in=villages.values("pk"))
    for each in told.order_by("pk"):
        chains[each.village_id].append(each)
    facilities = WasteFacility.objects.select_related("region").filter(facility, sort__in=HARMLESS)
    return Book(tuple(villages), chains, tuple(facilities))


def tell_rural_due() -> int:
    """What a clock does: once a day, and when the registers were changed; returns how many figures are otherwise."""
    today = timezone.localdate()
    newest = RegisterEvent.objects.filter(register__in=_REGISTERS).aggregate(last=Max("pk"))["last"] or 0
    if not newest or _DONE.get("told") == (today, newest):
        return 0
    count = tell_rural(today)
    _DONE["told"] = (today, newest)
    return count


def tell_rural(today: date) -> int:
    """Tells the months that are over, ``_BACK`` of them. 4 queries and ~7 a month."""
    book, levels, count = book_of(Q(), Q()), dict(Region.objects.values_list("pk", "level")), 0
    last = today.replace(day=1) - timedelta(days=1)
    for _ in range(_BACK):
        figures = _figures(book, last, levels)
        names = {each.pk: each for each in Region.objects.filter(pk__in={code for code, _indicator in figures})}
        short, untold = _kept_back(figures, names, levels), book.untold(last)
        told = [
            _told(names[code], indicator, value)
            for (code, indicator), value in sorted(figures.items())
            if (code, indicator) not in short and (indicator != WASTE or code not in untold)
        ]
        count += write(told, last.replace(day=1), SOURCE, "monitoring/rural", whole=frozenset(INDICATORS))
        last = last.replace(day=1) - timedelta(days=1)
    return count


def _kept_back(
    figures: Mapping[tuple[str, str], Decimal], names: Mapping[str, Region], levels: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    """Those of places of which others count more than is registered. 2 queries."""
    found = set()
    for counted, indicators in WHOLE.items():
        short = short_of({code: value for (code, each), value in figures.items() if each == counted}, counted)
        # A larger place is short where one of its parts is; a part, where the small place is that it lies in.
        above = {each for code in short for each in codes_of(names[code]) if levels.get(each) not in SMALL}
        for code, each in figures:
            if each in indicators and (code in above or not short.keys().isdisjoint(codes_of(names[code]))):
                found.add((code, each))
    return frozenset(found)


def short_of(registered: Mapping[str, Decimal], indicator: str) -> dict[str, Decimal]:
    """Places of which others count more than is registered → how much they count, by the newest. 1 query."""
    counted: dict[str, Decimal] = {}
    for row in observations([indicator], [("region", code) for code in registered]):
        if row.source != SOURCE and row.value is not None:
            counted[row.subject_code] = row.value
    return {code: value for code, value in counted.items() if registered[code] < value}


def _figures(book: Book, on: date, levels: Mapping[str, str]) -> dict[tuple[str, str], Decimal]:
    """Place and indicator → its sum, of places in which something of the kind is registered."""
    found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    marks = tuple(book.marks(on))
    own = {(region.pk, indicator) for region, indicator, _amount in marks}
    for region, indicator, amount in marks:
        for code in codes_of(region):
            if levels.get(code) in SMALL or (code, indicator) in own:
                found[code, indicator] += amount
    return dict(found)


def codes_of(place: Region) -> tuple[str, ...]:
    """Its code and those of all places that it lies in, the largest first."""
    return tuple(filter(None, place.path.split(SEPARATOR)))


def _told(place: Region, indicator: str, value: Decimal) -> Told:
    unit, note = INDICATORS[indicator]
    subject = SubjectRow("region", place.pk, place.name, place.pk)
    return Told(indicator, subject, value, unit, note, place.is_fictional)
