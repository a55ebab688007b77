"""值守: what is wrong at which outlet right now? The answer renews itself without the page being loaded again."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
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
from shuangkong.web.monitoring.flows import has_amount
from shuangkong.web.monitoring.live import Standing, State, outlets, readable, standings
from shuangkong.web.monitoring.register_tables import moment
from shuangkong.web.monitoring.shown import ShownUnits, shown_units
from shuangkong.web.monitoring.undone import undone
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link, scope_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, rows_shown, text_cell
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
_SHOWN_ALARMS = 30
_ROWS, _LATEST = 50, 4


@require_GET
@needs(Action.MONITORING_READ)
def duty(request: HttpRequest) -> HttpResponse:
    """What renews itself is the page again, as it stands: filtered, sorted, of the same place."""
    context, tables = _now(request)
    return page(request, "monitoring/duty.html", context, tables)


def here(request: HttpRequest, path: str) -> Q:
    """Of the place that the address names, by the column of a region's path."""
    place = scope_of(request).place
    return below(path_of(place) or "/?/", path) if place else Q()


def _now(request: HttpRequest) -> tuple[dict[str, Any], dict[str, Table | tuple[Table, ...]]]:
    acting = acting_of(request)
    found = outlets(readable(acting) & here(request, "region__path"))
    held, is_up = standings(found)
    held = tuple(sorted(held, key=lambda each: list(State).index(each.state)))
    counts = Counter(each.state for each in held)
    seen = alarms.readable(acting) & here(request, "outlet__region__path")
    open_ = Gravest(seen & ~Q(state=AlarmState.CLOSED))[:_SHOWN_ALARMS]
    context = {
        "count": len(held),
        "counts": [(STATES[state], counts[state]) for state in State if counts[state]],
        "is_up": is_up,
        "troubles": receiving.troubles(),
        "faults": undone(acting_of(request)),
        "map": _map(request, held),
        "is_demo": any(each.outlet.region.is_fictional for each in held),
    }
    return context, {"standings_table": _table(request, held), "alarms_table": alarms_table(request, open_)}


def _map(request: HttpRequest, held: tuple[Standing, ...]) -> dict[str, Any] | None:
    """The sketch map: outlets that have coordinates over the outlines of the place, where there are any."""
    placed = [each for each in held if each.outlet.longitude is not None and each.outlet.latitude is not None]
    if not placed:
        return None
    code = scope_of(request).place or acting_of(request).region
    region = registry.region(code) if code else None
    outlines = f"/maps/{code}.geojson" if region and outline_file(code) else ""
    groups = []
    for state in State:
        word, sign, level = STATES[state]
        points = [
            {
                "value": [float(each.outlet.longitude or 0), float(each.outlet.latitude or 0)],
                "name": each.outlet.name,
                "words": f"{word} {each.open_alarms or ''}".strip(),
                "href": link(request, "monitoring:outlet", each.outlet.pk),
            }
            for each in placed
            if each.state is state
        ]
        if points:
            groups.append({"name": str(word), "sign": sign, "level": level, "points": points})
    return {"outlines": outlines, "groups": groups, "unplaced": len(held) - len(placed)}


def _table(request: HttpRequest, held: tuple[Standing, ...]) -> Table:
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

    def row(each: Standing) -> Row:
        return Row(
            (
                text_cell(f"{STATES[each.state][1]} {STATES[each.state][0]}"),
                text_cell(each.outlet.enterprise.name if each.outlet.enterprise else ""),
                text_cell(each.outlet.name, href=link(request, "monitoring:outlet", each.outlet.pk)),
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
    told = sorted(each.latest.items(), key=lambda pair: (is_source and not has_amount(pair[0]), pair[0]))
    said = [
        f"{factor_word(factor)} {figure(units.value(number, factor, value.value))} {units.unit(number, factor)}".strip()
        for factor, value in told[:_LATEST]
    ]
    return _("、").join(said) + ("…" if len(told) > _LATEST else "")
