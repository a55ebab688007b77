"""工业源达标排查: industry by industry, how many sources, which can be judged, which exceeded, which are still open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.core.industry import Industry
from shuangkong.monitoring.alarms.found import Kind
from shuangkong.monitoring.alarms.life import State
from shuangkong.monitoring.limits.choice import chosen
from shuangkong.monitoring.limits.limit import Discharge, Limit
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Media, Span
from shuangkong.records.monitoring.limits import assigned, limits_of_each
from shuangkong.records.monitoring.models import Alarm, Connection, FactorDue, Outlet
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.views.outlet import midnight

_SPANS = (Span.HOUR, Span.DAY)
_DIVISION = "division"


@dataclass(frozen=True, slots=True)
class IndustryLine:
    """One division of industries; ``code`` "" where the register tells none.

    Attributes:
        units, outlets: on the register; ``connected``: with a device today; ``limited``: with a limit that is judged.
        exceeded: outlets with an exceedance in the year; ``open``: of these, with one that is not closed.
        steady: of outlets that are connected and limited, those without any.
    """

    code: str
    name: str
    units: int
    outlets: int
    connected: int
    limited: int
    exceeded: int
    open: int
    steady: Share


@dataclass(frozen=True, slots=True)
class Known:
    """Outlets by number: with a device, with a limit that is judged, with an exceedance, with one not closed."""

    connected: frozenset[int]
    limited: frozenset[int]
    exceeded: frozenset[int]
    open: frozenset[int]


NOBODY = Known(*(frozenset[int]() for _ in range(4)))


def together(parts: Iterable[Known]) -> Known:
    """Of several sets of outlets."""
    every = tuple(parts)
    return Known(*(frozenset[int]().union(*(getattr(each, name) for each in every)) for name in Known.__slots__))


def industry_lines(outlets: Iterable[Outlet], year: int) -> tuple[IndustryLine, ...]:
    """Gas and water outlets by division of industries; what has none stands last. 5 queries."""
    found = [each for each in outlets if each.kind in set(Media)]
    known, industries = known_of(found, date(year, 1, 1), date(year, 12, 31)), open_rulebook().industries()
    groups: dict[str, list[Outlet]] = defaultdict(list)
    for each in found:
        told = each.industry or (each.enterprise.industry if each.enterprise else "")
        groups[division_of(told, industries)].append(each)
    return tuple(
        _line(code, industries[code].name if code in industries else "", groups[code], known)
        for code in sorted(groups, key=lambda code: (not code, code))
    )


def _line(code: str, name: str, own: Sequence[Outlet], known: Known) -> IndustryLine:
    numbers = {each.pk for each in own}
    judged = numbers & known.connected & known.limited
    return IndustryLine(
        code, name, len({each.enterprise_id for each in own if each.enterprise_id}), len(own),
        len(numbers & known.connected), len(numbers & known.limited), len(numbers & known.exceeded),
        len(numbers & known.open), Share(len(judged - known.exceeded), len(judged)),
    )  # fmt: skip


def known_of(found: Sequence[Outlet], first: date, last: date) -> Known:
    """Of a span, as it stood on its last day, or today where that is to come. 5 queries."""
    day = min(last, timezone.localdate())
    numbers, now = [each.pk for each in found], min(midnight(day + timedelta(days=1)), timezone.now())
    held = Connection.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), outlet__in=numbers, starts_at__lte=now)
    owed: dict[int, set[str]] = defaultdict(set)
    due = FactorDue.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), outlet__in=numbers, starts_on__lte=day)
    for outlet, factor in due.values_list("outlet", "factor"):
        owed[outlet].add(factor)
    rules, groups = limits_of_each(found), assigned(found)
    limited = (each.pk for each in found if _is_limited(owed[each.pk], rules[each.pk], groups[each.pk].on(day), day))
    alarms = exceedances(first, last).filter(outlet__in=numbers)
    told = list(alarms.order_by().values_list("outlet", "state").distinct())
    return Known(
        frozenset(held.values_list("outlet", flat=True)), frozenset(limited), frozenset(outlet for outlet, _ in told),
        frozenset(outlet for outlet, state in told if state != State.CLOSED),
    )  # fmt: skip


def exceedances(first: date, last: date) -> QuerySet[Alarm]:
    """Exceedances of a span; what late data or marks have undone exceeded nothing."""
    return Alarm.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=midnight(first)), rule=Kind.EXCEEDANCE.value,
        starts_at__lt=midnight(last + timedelta(days=1)), undone_at=None,
    )  # fmt: skip


def _is_limited(factors: Iterable[str], rules: Sequence[Limit], discharge: Discharge, day: date) -> bool:
    """Whether a mean of one of its factors is held against a limit."""
    with_rule = {each.factor for each in rules}
    return any(
        chosen(rules, factor, span, discharge, day) for factor in factors if factor in with_rule for span in _SPANS
    )


def division_of(told: str, known: Mapping[str, Industry]) -> str:
    """The division that a code lies in; "" where it is none."""
    code = told.lstrip("ABCDEFGHIJKLMNOPQRST")
    while code in known and known[code].level != _DIVISION and known[code].parent:
        code = known[code].parent
    return code if code in known and known[code].level == _DIVISION else ""
