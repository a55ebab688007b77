"""值守: what is wrong at which outlet right now? The answer renews itself without the page being loaded again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from shuangkong.monitoring.alarms.life import State as AlarmState
from shuangkong.monitoring.reading import Media
from shuangkong.records.monitoring import alarms
from shuangkong.records.monitoring.alarm_counts import Gravest
from shuangkong.records.paths import below
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.web.monitoring import receiving
from shuangkong.web.monitoring.alarm_tables import alarms_table
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.duty_map import Sketch, is_placed, sketch
from shuangkong.web.monitoring.flows import has_amount
from shuangkong.web.monitoring.live import Standing, State, readable
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.shown import ShownUnits, shown_units
from shuangkong.web.monitoring.undone import undone
from shuangkong.web.monitoring.watching import Watch, watched
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, rows_shown, shown, text_cell
from shuangkong.web.site.words import figure

#: State → word, sign, colour of levels.
STATES = {
    State.OVER: (lazy("超标"), "■", "missed"),
    State.SILENT: (lazy("没有数据"), "◇", "missed"),
    State.FAULT: (lazy("设备异常"), "▲", "behind"),
    State.ALARM: (lazy("有报警"), "●", "behind"),
    State.STOPPED: (lazy("停运"), "○", "no_data"),
    State.UNKNOWN: (lazy("看不出"), "?", "unjudged"),
    State.NORMAL: (lazy("正常"), "✓", "on_schedule"),
    State.UNCONNECTED: (lazy("未接入"), "—", "unjudged"),
}
_RANKS = {state: number for number, state in enumerate(State)}
#: How often a screen asks for news; a reading serves others for some seconds more (settings.LIVE_SECONDS).
EVERY_SECONDS = 6
#: By which a screen says what it shows, and the part of it that asks.
_KNOWN, _ASKING = "Live-Shown", "live-said"
_SHOWN_ALARMS = 30
_ROWS, _LATEST = 50, 4


@require_GET
@needs(Action.MONITORING_READ)
def duty(request: HttpRequest) -> HttpResponse:
    """The screen; who shows it already is told what is new of it: filtered, sorted, of the same place."""
    watch = watched(readable(acting_of(request)) & here(request, "region__path"))
    tables = _tables(request, watch)
    drawn = render_to_string("monitoring/live_tables.html", {key: shown(request, each) for key, each in tables.items()})
    asking = request.headers.get("HX-Target", "")
    if asking in {each.id for each in tables.values()}:
        return HttpResponse(drawn)
    drawn_map = _map(request, watch.held)
    parts = _parts(drawn_map, drawn)
    known = request.headers.get(_KNOWN, "").split()
    context = _said(request, watch) | {
        "shown_now": " ".join(parts.values()),
        "news": {part: digest not in known for part, digest in parts.items()},
        "map": drawn_map and drawn_map.whole,
        "tables": drawn,
    }
    if asking == _ASKING:
        states = drawn_map.states if drawn_map and context["news"]["states"] else None
        return HttpResponse(render_to_string("monitoring/live_news.html", context | {"states": states}).strip())
    return page(request, "monitoring/duty.html", context, tables if request.GET.get("xlsx") else None)


def here(request: HttpRequest, path: str) -> Q:
    """Of the place that the address names, by the column of a region's path."""
    place = scope_of(request).place
    return below(path_of(place) or "/?/", path) if place else Q()


def _parts(drawn_map: Sketch | None, tables: str) -> dict[str, str]:
    """Part of the screen that is renewed by itself → digest of what it shows."""
    told = {"map": drawn_map and drawn_map.ground, "states": drawn_map and drawn_map.states, "tables": tables}
    return {part: blake2b(repr((part, each)).encode(), digest_size=8).hexdigest() for part, each in told.items()}


def _said(request: HttpRequest, watch: Watch) -> dict[str, Any]:
    """What stands above: how many stand how, and what keeps readings from coming."""
    counts = Counter(each.state for each in watch.held)
    return {
        "at": watch.at,
        "seconds": EVERY_SECONDS,
        "count": len(watch.held),
        "counts": [(STATES[state], counts[state]) for state in State if counts[state]],
        "is_up": watch.is_up,
        "troubles": receiving.troubles(),
        "faults": undone(acting_of(request)),
        "is_demo": any(each.outlet.region.is_fictional for each in watch.held),
    }


def _tables(request: HttpRequest, watch: Watch) -> dict[str, Table]:
    seen = alarms.readable(acting_of(request)) & here(request, "outlet__region__path")
    open_ = Gravest(seen & ~Q(state=AlarmState.CLOSED))[:_SHOWN_ALARMS]
    held = sorted(watch.held, key=lambda each: _RANKS[each.state])
    return {"standings_table": _table(request, held), "alarms_table": alarms_table(request, open_)}


def _map(request: HttpRequest, held: Sequence[Standing]) -> Sketch | None:
    """The sketch map: outlets that have coordinates over the outlines of the place, where there are any."""
    if not any(map(is_placed, held)):
        return None
    code = scope_of(request).place or acting_of(request).region
    region = registry.region(code) if code else None
    outlines = f"/maps/{code}.geojson" if region and outline_file(code) else ""
    groups = {state: {"name": str(word), "sign": sign, "level": level} for state, (word, sign, level) in STATES.items()}
    return sketch(held, groups, _to_outlets(request), outlines)


def _to_outlets(request: HttpRequest) -> tuple[str, str]:
    """What stands before and behind the number of an outlet in the address of its page."""
    before, _number, after = link(request, "monitoring:outlet", 0).partition("0/")
    return before, f"/{after}"


def _table(request: HttpRequest, held: Sequence[Standing]) -> Table:
    columns = (
        Column("state", _("状态")),
        Column("unit", _("企业")),
        Column("outlet", _("排放口或站点")),
        Column("at", _("最近数据")),
        Column("latest", _("最近读数")),
        Column("alarms", _("未办结报警"), is_figure=True),
        Column("place", _("地区")),
        Column("mn", _("设备编号（MN）")),
    )
    units = shown_units(each.outlet for each in held)
    before, after = _to_outlets(request)

    def row(each: Standing) -> Row:
        return Row(
            (
                text_cell(f"{STATES[each.state][1]} {STATES[each.state][0]}"),
                text_cell(each.outlet.enterprise.name if each.outlet.enterprise else ""),
                text_cell(each.outlet.name, href=f"{before}{each.outlet.pk}{after}"),
                text_cell(moment(each.at)),
                text_cell(_latest_words(each, units)),
                Cell(str(each.open_alarms), each.open_alarms,
                     link(request, "monitoring:alarms", outlet=each.outlet.pk) if each.open_alarms else ""),
                text_cell(each.outlet.region.name),
                text_cell(each.mn),
            )
        )  # fmt: skip

    rows = rows_shown(request, "standings", held, _ROWS, row)
    empty = _("还没有排放口或站点。先在登记册里登记排放口、设备和接入。")
    return Table("standings", _("各排放口和站点"), columns, rows, empty, page_rows=_ROWS,
                 is_demo=any(each.outlet.region.is_fictional for each in held))  # fmt: skip


def _latest_words(each: Standing, units: ShownUnits) -> str:
    # Pollutants first: what only describes the gas or water says little from afar.
    is_source = each.outlet.kind in set(Media)
    number = each.outlet.pk
    told = sorted(each.latest, key=lambda factor: (is_source and not has_amount(factor), factor))
    values = ((factor, units.value(number, factor, each.latest[factor].value)) for factor in told[:_LATEST])
    said = [f"{factor_word(factor)} {figure(value)} {units.unit(number, factor)}".strip() for factor, value in values]
    return _("、").join(said) + ("…" if len(told) > _LATEST else "")
