"""一个排放口: what did it send, is it in order, and where does each figure come from?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Finding
from shuangkong.monitoring.alarms.life import State as AlarmState
from shuangkong.monitoring.limits.choice import chosen, undecided, unverified
from shuangkong.monitoring.limits.limit import Basis, Discharge, Limit
from shuangkong.monitoring.reading import Media, Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.alarm_counts import Gravest
from shuangkong.records.monitoring.limits import discharge_of, limits_of, unfit
from shuangkong.records.monitoring.models import FactorDue, Outlet, Point
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring import hours
from shuangkong.web.monitoring.alarm_tables import alarms_table
from shuangkong.web.monitoring.apart import all_apart
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.data import Source, Value, asked
from shuangkong.web.monitoring.flows import FLOWS
from shuangkong.web.monitoring.live import standings
from shuangkong.web.monitoring.own_means import law_of
from shuangkong.web.monitoring.series import series
from shuangkong.web.monitoring.series_tables import OWN_WORDS, values_table
from shuangkong.web.monitoring.shown import shown_units
from shuangkong.web.monitoring.state_words import doubts_told, states_told, unlike_units
from shuangkong.web.monitoring.treatment import Treating, treating
from shuangkong.web.monitoring.upkeep_words import told_of
from shuangkong.web.monitoring.views.duty import STATES
from shuangkong.web.monitoring.words import as_answered
from shuangkong.web.site.access import acting_of, needs, reached
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import near_day
from shuangkong.web.site.tables import Table
from shuangkong.web.site.words import figure, spoken

KINDS = {
    Kind.RTD: (lazy("实时"), timedelta(hours=2)),
    Kind.MINUTE: (lazy("分钟"), timedelta(days=1)),
    Kind.HOUR: (lazy("小时"), timedelta(days=7)),
    Kind.DAY: (lazy("日"), timedelta(days=62)),
}
_SPANS = {Kind.RTD: Span.MINUTE, Kind.MINUTE: Span.MINUTE, Kind.HOUR: Span.HOUR, Kind.DAY: Span.DAY}
#: Statistics that a curve shows: as measured, and at reference oxygen.
STATS = ("avg", "zs_avg", "rtd", "zs_rtd", "cou")
_CONVERTED = frozenset({"zs_avg", "zs_rtd"})
#: So many times the usual distance of values is a gap.
_GAP = 1.5
#: Differences of means that a page tells one by one.
_MOST_TOLD = 12
#: Open alarms that the page of an outlet shows.
_MOST_ALARMS = 50
#: The share of values that a curve shows whole, and how far above them and the limits its axis may go.
_USUAL, _ROOM = 0.97, 3.0


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: means of a length, from a moment on to another."""

    kind: Kind
    start: datetime
    end: datetime


@require_GET
@needs(Action.MONITORING_READ)
def outlet(request: HttpRequest, outlet_id: int) -> HttpResponse:
    found = outlet_or_404(request, outlet_id)
    window = _window(request)
    every = list(Point.objects.select_related("outlet").filter(outlet=found))
    # What we reckon of the flow has the number 0 where the flow has none of its own.
    points = {0: FLOWS[Media.GAS]} | {each.pk: each.factor for each in every}
    told, is_up = asked(lambda: series(found, every, window.kind, STATS, window.start, window.end), tuple[Value, ...]())
    units = shown_units([found])
    told = units.brought(found.pk, points, told)
    day = timezone.localtime(window.end).date()
    rules, discharge = limits_of(found), discharge_of(found, day)
    [standing], _is_up = standings([found])
    marked = marks.marks([found.pk], window.start, window.end)
    due = list(FactorDue.objects.filter(outlet=found).order_by("factor"))
    factors = sorted({*(points[each.point] for each in told), *(each.factor for each in every),
                      *(each.factor for each in due)})  # fmt: skip
    held = {factor: _limits(rules, factor, window.kind, discharge, day) for factor in factors}
    (apart, doubtful), _is_up = asked(lambda: _apart(found, window), (list[str](), list[str]()))
    context: dict[str, Any] = {
        "outlet": found,
        "unit": found.enterprise,
        "state": STATES[standing.state],
        "standing": standing,
        "is_up": is_up,
        "window": window,
        "last_day": (window.end - timedelta(minutes=1)).date(),
        "kinds": [(kind.value, word, kind is window.kind) for kind, (word, _length) in KINDS.items()],
        "charts": _charts(factors, points, told, held, partial(units.unit, found.pk)),
        "undecided": _names(rules, undecided(rules, discharge, day)),
        "unfit": [(row.pk, spoken(unlike_units(found, row).message)) for row in unfit(found)],
        "unverified": sorted({spoken(each.message) for each in _unverified(found, rules, factors, discharge, day)}),
        "own": _own(told),
        "apart": apart[:_MOST_TOLD],
        "more_apart": max(0, len(apart) - _MOST_TOLD),
        "doubtful": doubtful[-_MOST_TOLD:],
        "states": states_told(found, factors, window.end),
        "treating": asked(lambda: treating(every), tuple[Treating, ...]())[0],
        "missing": [factor_word(each.factor) for each in due if each.factor not in set(_told(points, told))],
        "upkeep": told_of(found, timezone.localdate()),
        "where": where_of(found),
        "may_mark": may(acting_of(request), Action.MONITORING_MARK, where_of(found)),
        "may_order": may(acting_of(request), Action.MONITORING_ORDER, where_of(found)),
    }
    open_ = Gravest(Q(outlet=found.pk) & ~Q(state=AlarmState.CLOSED))[:_MOST_ALARMS]
    tables: dict[str, Table | tuple[Table, ...]] = {
        "values_table": as_answered(
            values_table(request, found, window.kind, points, told, marked, held, partial(units.unit, found.pk)),
            is_up=is_up,
        ),
        "alarms_table": alarms_table(request, open_),
    }
    return page(request, "monitoring/outlet.html", context, tables)


def _own(told: Sequence[Value]) -> list[str]:
    """What was not told but reckoned here, in words."""
    counts = Counter(each.source for each in told if each.stat == "avg" and each.is_own)
    return [
        _("%(count)s 个均值不是设备报的：%(whose)s。") % {"count": counts[source], "whose": whose}
        for source, (_sign, whose) in OWN_WORDS.items()
        if counts[source]
    ]


def _apart(found: Outlet, window: Window) -> tuple[list[str], list[str]]:
    """Where means of the device and ours differ, in words, the newest first; a week of hours at most. And the hours
    that were told of gas whose state could not be undone.
    """
    if found.kind not in set(Media):
        return [], []
    start = max(window.start, window.end - KINDS[Kind.HOUR][1]).replace(minute=0, second=0, microsecond=0)
    points = list(Point.objects.select_related("outlet__region").filter(outlet=found))
    told_hours = hours.told(points, start, window.end, open_rulebook().monitoring().marks, stats=("avg",))
    apart = sorted(all_apart(told_hours, start, window.end), key=lambda each: each.at, reverse=True)
    said_apart = [f"{said.code} {spoken(said.message)}" for each in apart if (said := each.finding()) is not None]
    return said_apart, doubts_told(told_hours, start)


def _unverified(
    found: Outlet, rules: tuple[Limit, ...], factors: Sequence[str], discharge: Discharge, day: date
) -> list[Finding]:
    """Of the limits that decide on a day those that nobody compared with their documents."""
    checks = law_of(found, midnight(day)).checks
    return [
        said
        for factor in factors
        for span in (Span.HOUR, Span.DAY)
        for each in chosen(rules, factor, span, discharge, day).values()
        for said in unverified(checks, f"{found.name} {factor_word(factor)}", each)
    ]


def outlet_or_404(request: HttpRequest, number: int, action: Action | None = None) -> Outlet:
    """Raises Http404, also where the person may not see it; Forbidden where ``action`` is not hers there."""
    found = Outlet.objects.select_related("region", "enterprise").filter(pk=number).first()
    if found is None:
        raise Http404(number)
    reached(request, where_of(found), Action.MONITORING_READ, action)
    return found


def where_of(found: Outlet) -> Where:
    unit: Enterprise | None = found.enterprise
    return Where(found.region.path, frozenset({unit.body_id}) if unit and unit.body_id else frozenset())


def _window(request: HttpRequest) -> Window:
    """The last days or hours; ``end``: the last day looked at, ``days``: how many."""
    asked_kind = request.GET.get("kind", "")
    kind = next((each for each in KINDS if each == asked_kind), Kind.HOUR)
    last = near_day(request.GET.get("end", ""))
    end = timezone.now() + timedelta(minutes=1) if last is None else midnight(last + timedelta(days=1))
    length = KINDS[kind][1]
    days = request.GET.get("days", "")
    if days.isdecimal() and 0 < int(days[:3]) <= 400:
        length = min(timedelta(days=int(days[:3])), KINDS[kind][1] * 8)
    return Window(kind, end - length, end)


def midnight(day: date) -> datetime:
    """The first instant of a day, in the zone of the offices."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here


def _limits(rules: tuple[Limit, ...], factor: str, kind: Kind, discharge: Any, day: date) -> tuple[Limit, ...]:
    """What counts for a factor's means of this length, measured and converted."""
    found = chosen(rules, factor, _SPANS[kind], discharge, day)
    return tuple(each for basis in Basis if basis in found for each in found[basis].limits)


def _told(points: dict[int, str], told: tuple[Value, ...]) -> set[str]:
    return {points[each.point] for each in told if each.value is not None}


def _charts(
    factors: list[str], points: dict[int, str], told: tuple[Value, ...], held: dict[str, tuple[Limit, ...]],
    unit_of: Callable[[str], str],
) -> list[dict[str, Any]]:  # fmt: skip
    """One chart a factor that has data: its means, as measured and converted, with what holds."""
    made = []
    words = {"avg": _("实测均值"), "zs_avg": _("折算均值"), "rtd": _("实测"), "zs_rtd": _("折算")}
    for factor in factors:
        lines = []
        for stat, word in words.items():
            own = [each for each in told if points[each.point] == factor and each.stat == stat]
            for name, part, is_dashed in _by_source(word, own):
                lines.append({"name": name, "values": _with_gaps(part), "is_dashed": is_dashed or stat in _CONVERTED})
        if lines:
            limits = [
                {"value": float(bound), "name": f"{spoken(each.name)} {figure(bound)}"}
                for each in held[factor]
                for bound in (each.most, each.least)
                if bound is not None
            ]
            most, above = _axis(lines, limits)
            data = {"unit": unit_of(factor), "series": lines, "limits": limits, "most": most}
            made.append({"key": f"curve-{factor}", "factor": factor, "name": factor_word(factor), "data": data,
                         "unit": unit_of(factor), "note": _above_word(above)})  # fmt: skip
    # What is held against limits stands first.
    return sorted(made, key=lambda each: not each["data"]["limits"])


def _by_source(word: str, own: Sequence[Value]) -> list[tuple[str, list[Value], bool]]:
    """What the device told and what we reckoned, a line each: name, values, whether it is dashed."""
    made = []
    for source in Source:
        part = [each for each in own if each.source is source]
        if part:
            sign = OWN_WORDS[source][0] if source in OWN_WORDS else ""
            made.append((f"{word}（{sign}）" if sign else word, part, source is not Source.DEVICE))
    return made


def _with_gaps(own: Sequence[Value]) -> list[tuple[str, float | None]]:
    """Time and value of each, and no value behind one whose next did not come: a line does not run over a gap.

    By their usual distance: minutes may be of one to thirty minutes.
    """
    apart = sorted(after.at - each.at for each, after in pairwise(own))
    usual = apart[len(apart) // 2] if apart else None
    made: list[tuple[str, float | None]] = []
    for number, each in enumerate(own):
        made.append((each.at.isoformat(), None if each.value is None else float(each.value)))
        if usual is not None and number + 1 < len(own) and own[number + 1].at - each.at > usual * _GAP:
            made.append(((each.at + usual).isoformat(), None))
    return made


def _axis(lines: list[dict[str, Any]], limits: list[dict[str, Any]]) -> tuple[float | None, int]:
    """Where the axis ends, None: with the highest value; and how many values stand above it.

    A few values far above all others would flatten the curve and its limit to one line.
    """
    told = sorted(value for each in lines for _at, value in each["values"] if value is not None)
    usual = told[int(len(told) * _USUAL)] if told else 0.0
    most = _ROOM * max([usual, *(each["value"] for each in limits)], default=0.0)
    if not told or most <= 0 or told[-1] <= most:
        return None, 0
    # The axis ends with a round figure.
    step = 10.0 ** floor(log10(most))
    most = ceil(most / step) * step
    return most, sum(value > most for value in told)


def _above_word(above: int) -> str:
    if not above:
        return ""
    return ngettext("有 %(count)s 个值高出纵轴，见下表", "有 %(count)s 个值高出纵轴，见下表", above) % {"count": above}


def _names(rules: tuple[Limit, ...], standards: tuple[str, ...]) -> list[str]:
    """Standards by their documents."""
    cited = {each.standard: spoken(each.ground.clause.words) for each in reversed(rules)}
    return [f"{cited.get(each, each)}（{each}）" for each in standards]
