"""覆盖率的底账: what each thing has to install and connect by when, and when it did: registers, lists, readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from shuangkong.monitoring.rates.coverage import Duty, Standing, Thing, duties_of
from shuangkong.monitoring.reading import Media
from shuangkong.readings.columns import Base, Span
from shuangkong.records.monitoring.models import Connection, FactorDue, KeyDischarger, KeyDischargerList, Outlet, Point
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import data
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import asked

#: The words of the yearly list for the media.
_WORDS = {Media.WATER: "water", Media.GAS: "air"}
#: How far back a factor is looked for in the store.
_YEARS_BACK = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """The list of a year: unit → media on it (words of the list); the places that published theirs."""

    media: Mapping[int, frozenset[str]]
    published: tuple[str, ...]

    def says(self, outlet: Outlet) -> bool | None:
        """Whether an outlet's unit is on it for the outlet's medium; None where no list of its place is published."""
        unit, media = outlet.enterprise_id or 0, next((each for each in _WORDS if each == outlet.kind), None)
        if media is None:
            return None
        if _WORDS[media] in self.media.get(unit, ()):
            return True
        return False if outlet.region.path.startswith(self.published) and self.published else None


def listed(rows: Iterable[KeyDischarger], year: int) -> Listed:
    """The units of these rows, and who published a list of the year. 1 query."""
    media: dict[int, frozenset[str]] = defaultdict(frozenset)
    for each in rows:
        media[each.enterprise_id] |= frozenset(each.media.split())
    paths = KeyDischargerList.objects.filter(year=year).values_list("region__path", flat=True)
    return Listed(media, tuple(sorted(set(paths))))


def standings_of(found: Sequence[Outlet], on_list: Listed, day: date) -> tuple[list[Standing], bool]:
    """One for each factor that an outlet has to send, and whether the store could be asked what came.

    A factor is installed on the day that the register tells; connected while a device is connected to its outlet and
    once it came. Of a unit on the year's list the outlets are a key discharger's whatever their own row says; where
    the list is published those not on it are none. 4 queries and one of the store.
    """
    numbers = [each.pk for each in found]
    due: dict[int, dict[str, FactorDue]] = defaultdict(dict)
    for row in FactorDue.objects.filter(outlet__in=numbers).filter(Q(ends_on=None) | Q(ends_on__gte=day)):
        due[row.outlet_id][row.factor] = row
    since = _connected(numbers, day)
    came, is_up = asked(lambda: _came(list(since)), dict[int, Collection[str]]())
    made = [
        standing
        for outlet in found
        if (thing := _thing(outlet, on_list)) is not None
        for standing in _of(
            outlet, thing, due[outlet.pk], since.get(outlet.pk), came.get(outlet.pk, ()) if is_up else None, day
        )
    ]
    return made, is_up


def _thing(outlet: Outlet, on_list: Listed) -> Thing | None:
    told = next((each for each in Thing if each == outlet.object), None)
    if told not in (None, Thing.KEY_DISCHARGER):
        return told
    says = on_list.says(outlet)
    return told if says is None else Thing.KEY_DISCHARGER if says else None


def _connected(numbers: Collection[int], day: date) -> dict[int, date]:
    """Outlet → since when devices have been connected to it, of those that have one on the day. 1 query."""
    spells: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    rows = Connection.objects.filter(outlet__in=numbers).values_list("outlet", "starts_at", "ends_at")
    for outlet, start, end in rows:
        spells[outlet].append((start, end))
    return {
        outlet: timezone.localtime(min(start for start, _ in own)).date()
        for outlet, own in spells.items()
        if any(end is None or timezone.localtime(end).date() > day for _, end in own)
    }


def _came(numbers: Collection[int]) -> dict[int, Collection[str]]:
    """Outlet → factors of which the store has anything of the last years. 1 query and one of the store."""
    points = {each.pk: each for each in Point.objects.filter(outlet__in=numbers)}
    if not points:
        return {}
    now = timezone.now()
    found: dict[int, set[str]] = defaultdict(set)
    first = now.replace(year=now.year - _YEARS_BACK, month=1, day=1)
    for base in (Base.MINUTE, Base.HOUR):
        table = data.store().rollup(list(points), Span.MONTH, None, first, now, base=base)
        for number in set(table.column("point").to_pylist()):
            found[points[number].outlet_id or 0].add(points[number].factor)
    return {outlet: frozenset(factors) for outlet, factors in found.items()}


def _of(
    outlet: Outlet, thing: Thing, own: Mapping[str, FactorDue], since: date | None, came: Collection[str] | None,
    day: date,
) -> Iterator[Standing]:  # fmt: skip
    """``came``: factors that the store has; None where it was not asked: the registers alone decide then."""
    wanted = _wanted(outlet, thing, own, day)
    unit = outlet.enterprise.name if outlet.enterprise else ""
    for factor, due_on in wanted.items():
        row = own.get(factor)
        is_sent = since is not None and (not factor or row is not None)
        if is_sent and came is not None:
            is_sent = factor in came if factor else bool(came)
        begins = row.starts_on if row else outlet.starts_on
        connected = max(since, begins) if is_sent and since else None
        told = row.installed_on if row else None
        # What sends was installed, whether or not anybody wrote down when.
        installed = min(filter(None, (told, connected)), default=None)
        name = f"{unit} {outlet.name} {factor_word(factor) if factor else ''}"
        yield Standing(name.strip(), thing, max(due_on, outlet.starts_on), installed, connected, outlet.ends_on)


def _wanted(outlet: Outlet, thing: Thing, own: Mapping[str, FactorDue], day: date) -> dict[str, date]:
    """Factor → the day by which it has to be connected, by policy and by the registers."""
    book = open_rulebook()
    media = next((each for each in Media if each == outlet.kind), None)
    industry = outlet.industry or (outlet.enterprise.industry if outlet.enterprise else "")
    law = book.monitoring(book.layer_of(outlet.region_id, day))
    wanted = dict(duties_of(law.duties, thing, media, industry, day))
    for factor, row in own.items():
        told = row.due_on or outlet.due_on
        if told is not None:
            wanted[factor] = min(wanted.get(factor, told), told)
    if not wanted and outlet.due_on is not None:
        wanted[""] = outlet.due_on
    return wanted


def without_outlet(
    rows: Iterable[KeyDischarger], found: Iterable[Outlet], duties: Sequence[Duty], day: date
) -> Iterator[Standing]:
    """Units on the year's list for a medium that have no outlet of it on the register: nothing of theirs is covered."""
    has = {(each.enterprise_id, each.kind) for each in found}
    for row in rows:
        for media, word in _WORDS.items():
            if word in row.media.split() and (row.enterprise_id, media.value) not in has:
                wanted = duties_of(duties, Thing.KEY_DISCHARGER, media, row.enterprise.industry, day)
                for factor, due_on in wanted.items():
                    name = f"{row.enterprise.name} {factor_word(factor) if factor else ''}".strip()
                    yield Standing(name, Thing.KEY_DISCHARGER, due_on)
