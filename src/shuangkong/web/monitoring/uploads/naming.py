"""点位名: which points the outlets, meters and factors of an upload are, for whoever sends it: in reach, and known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import Meter, Outlet, Point
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.web.monitoring.codes import codes

#: Instead of by its code an outlet is named by its number in the register, and a meter always: outlet/12, meter/34.
_OUTLET, _METER = "outlet/", "meter/"
_PART = 500
_MOST_DIGITS = 18

UNKNOWN = "MON-221"
AMBIGUOUS = "MON-222"
NO_FACTOR = "MON-223"
_SAID = {
    UNKNOWN: Message("没有这个编码的排放口或计量器具，或不在可上报的范围内。请核对编码，或先登记。",
                     "No outlet or meter of that code, or not yours to upload for. See to the code, or register it."),
    AMBIGUOUS: Message("可上报的范围内有几个排放口用这个编码。请改写为 outlet/编号。",
                       "Several outlets within your reach have this code. Write outlet/number instead."),
    NO_FACTOR: Message("代码表中没有这个因子；计量器具的因子应为空。请改用现行代码。",
                       "The code tables have no such factor; that of a meter is empty. Use the present code."),
}  # fmt: skip


class Naming:
    """Points that one sender may write to.

    Attributes:
        refused: (outlet, factor) as named → code of why its readings are not taken, see ``said``.
        named: point → (outlet, factor) as it was named.
        outlets: point → number of its outlet, where it is an outlet's.
    """

    def __init__(self, by: Acting) -> None:
        self._by = by
        self._factors = frozenset(codes().factors)
        self._of_name: dict[str, tuple[str, int] | str] = {}
        self._points: dict[tuple[str, int, str], int] = {}
        self.refused: dict[tuple[str, str], str] = {}
        self.named: dict[int, tuple[str, str]] = {}
        self.outlets: dict[int, int] = {}

    def points_of(self, named: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], tuple[int, float]]:
        """A ``readings.uploads.PointsOf``: values are taken to stand in the unit of the code table, or the meter's.

        A point is made where an outlet in reach has none of a known factor. What no table has (ozone of air stations)
        is taken where the register says that the outlet owes it. ~2 queries for 500 new names.
        """
        self._learn({name for name, _ in named} - set(self._of_name))
        wanted: dict[tuple[str, str], tuple[str, int, str]] = {}
        for name, factor in named:
            held = self._of_name[name]
            if isinstance(held, str):
                self.refused[name, factor] = held
            elif held[0] == _METER and factor:
                self.refused[name, factor] = NO_FACTOR
            else:
                wanted[name, factor] = (*held, factor)
        self._look_up(set(wanted.values()) - set(self._points))
        found = {each: self._points[key] for each, key in wanted.items() if key in self._points}
        self.refused |= dict.fromkeys(wanted.keys() - found.keys(), NO_FACTOR)
        self.named |= {point: each for each, point in found.items()}
        self.outlets |= {found[each]: wanted[each][1] for each in found if wanted[each][0] == _OUTLET}
        return {each: (point, 1.0) for each, point in found.items()}

    def _learn(self, names: Iterable[str]) -> None:
        told = sorted(names)
        for at in range(0, len(told), _PART):
            part = told[at : at + _PART]
            outlets, meters = _numbers(part, _OUTLET), _numbers(part, _METER)
            of_code: dict[str, list[int]] = defaultdict(list)
            rows = Outlet.objects.filter(Q(code__in=part) | Q(pk__in=outlets), self._outlets())
            for number, code in rows.values_list("pk", "code"):
                of_code[code].append(number)
                self._of_name[f"{_OUTLET}{number}"] = (_OUTLET, number)
            held_meters = Meter.objects.filter(self._meters(), pk__in=meters) if meters else Meter.objects.none()
            for number in held_meters.values_list("pk", flat=True):
                self._of_name[f"{_METER}{number}"] = (_METER, number)
            for name in part:
                held = of_code.get(name, [])
                if held:
                    self._of_name[name] = (_OUTLET, held[0]) if len(held) == 1 else AMBIGUOUS
                self._of_name.setdefault(name, UNKNOWN)

    def _outlets(self) -> Q:
        return visible(self._by, Action.MONITORING_UPLOAD, "region__path", "enterprise__body") & _in_use()

    def _meters(self) -> Q:
        where = visible(self._by, Action.MONITORING_UPLOAD, "enterprise__region__path", "enterprise__body")
        return where & _in_use()

    def _look_up(self, keys: Iterable[tuple[str, int, str]]) -> None:
        told = sorted(keys)
        for sort, column in ((_OUTLET, "outlet"), (_METER, "meter")):
            numbers = [number for each, number, _ in told if each == sort]
            for at in range(0, len(numbers), _PART):
                rows = Point.objects.filter(**{f"{column}__in": numbers[at : at + _PART]})
                for point, number, factor in rows.values_list("pk", column, "factor"):
                    self._points[sort, number, factor] = point
        for key in told:
            sort, number, factor = key
            if key not in self._points and (sort == _METER or factor in self._factors):
                made, _is_new = (
                    Point.objects.get_or_create(outlet_id=number, factor=factor)
                    if sort == _OUTLET
                    else Point.objects.get_or_create(meter_id=number, factor=factor)
                )
                self._points[key] = made.pk


def _in_use() -> Q:
    """Of today: what was ended is told nothing more of."""
    today = timezone.localdate()
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def _numbers(names: Iterable[str], sort: str) -> list[int]:
    """Numbers of the register among names such as outlet/12."""
    told = (name.removeprefix(sort) for name in names if name.startswith(sort))
    return [int(each) for each in told if each.isascii() and each.isdigit() and len(each) <= _MOST_DIGITS]


def said(code: str) -> Message:
    """Why readings are not taken, and what to do."""
    return _SAID[code]
