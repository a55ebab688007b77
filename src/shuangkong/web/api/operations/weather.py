"""重污染天气应急: lists of measures, orders, who was told, daily emissions and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.outlook.weather.orders import AlertLevel, OrderKind
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.notices import store as notices
from shuangkong.records.notices.rows import NoticeKind, NoticeRow
from shuangkong.records.outlook.weather import alerts, emissions, lists
from shuangkong.records.outlook.weather.rows import AlertRow, ListRow
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.notices import receipts_of
from shuangkong.web.api.operations.weather_shapes import (
    Alerts,
    AlertToStart,
    CutTold,
    MeasureList,
    ToFollow,
    ToLoad,
    ToTell,
    WholeAlert,
    Year,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Number
from shuangkong.web.outlook.views.weather_measures import judged_shares

room = Room(tags=["weather"])
_TOLD = (NoticeKind.WEATHER, NoticeKind.JOINT)


@room.reads("/weather/alerts", Action.WEATHER_READ, Alerts)
def list_alerts(request: HttpRequest, as_of: Day | None = None) -> Any:
    """各次重污染天气应急响应。"""
    return {"items": [_alert(row) for row in alerts.alerts(visible(caller(request), Action.WEATHER_READ), as_of)]}


@room.reads("/weather/alerts/{alert_id}", Action.WEATHER_READ, WholeAlert)
def get_alert(request: HttpRequest, alert_id: Number, as_of: Day | None = None) -> Any:
    """一次应急响应：令、签收、效果。"""
    row = _found(request, alert_id, as_of)
    told = notices.notices(notices.about(_TOLD, [row.id]), as_of)
    came = emissions.outcomes_of(row, alerts.list_called_for(row), emissions.emissions(row.id, as_of))
    effects = [
        {
            "unit": each.unit, "pollutant": each.pollutant, "asked_t": each.asked_t, "is_done": each.is_done,
            "cause": each.cause or "",
            **{key: getattr(each.effect, key, None) for key in ("before_t", "during_t", "reduced_t", "reduced_pct")},
        }
        for each in came
    ]  # fmt: skip
    return _alert(row) | {"receipts": _receipts(told), "outcomes": effects}


@room.does("/weather/alerts", Action.WEATHER_ORDER, Made)
def start_alert(request: HttpRequest, told: AlertToStart) -> Any:
    """启动应急响应：通知企业和邻近地区。"""
    _require_seen(request, told.region)
    return {"id": alerts.start(told.region, _told(told, OrderKind.START), told.neighbours, caller(request))}


@room.does("/weather/alerts/{alert_id}/orders", Action.WEATHER_READ, Done)
def order_on_alert(request: HttpRequest, alert_id: Number, told: ToFollow) -> Any:
    """调整响应级别或解除。"""
    _found(request, alert_id, None)
    alerts.follow(alert_id, _told(told, told.kind), caller(request))
    return {"done": True}


@room.does("/weather/alerts/{alert_id}/emissions", Action.WEATHER_RECORD, Done)
def tell_emissions(request: HttpRequest, alert_id: Number, told: ToTell) -> Any:
    """录入启动前和响应期间的日排放量。"""
    row = _found(request, alert_id, None)
    columns = [each.name for each in emissions.columns_of(row.region, timezone.localdate())]
    cells = [
        {"enterprise": each.enterprise, "process": each.process, "day": each.day.isoformat(), **_amounts(each.amounts)}
        for each in told.rows
    ]
    emissions.load(alert_id, _sheet(columns, cells), told.source, caller(request))
    return {"done": True}


@room.reads("/weather/lists/{region}", Action.WEATHER_READ, MeasureList)
def get_measure_list(request: HttpRequest, region: Code, year: Year | None = None, as_of: Day | None = None) -> Any:
    """一个地区的应急减排清单（最新版本）和减排比例够不够。"""
    _require_seen(request, region)
    book = lists.newest_list(region, year, as_of)
    if book is None:
        raise Http404
    return _list(book, as_of or timezone.localdate())


@room.does("/weather/lists", Action.WEATHER_RECORD, Made)
def load_measure_list(request: HttpRequest, told: ToLoad) -> Any:
    """录入应急减排清单的新版本。"""
    _require_seen(request, told.region)
    columns = [each.name for each in lists.columns_of(told.region, timezone.localdate())]
    cells = [
        {
            "enterprise": each.enterprise, "process": each.process, "level": str(each.level), "action": each.action,
            "verification": each.verification, **_amounts(each.cuts),
        }
        for each in told.measures
    ]  # fmt: skip
    given = lists.ListTold(told.region, told.year, told.document, told.source, _amounts(told.emitted))
    return {"id": lists.load(_sheet(columns, cells), given, caller(request))}


def _told(told: AlertToStart | ToFollow, kind: OrderKind) -> alerts.OrderTold:
    at = told.starts_at if told.starts_at.tzinfo else timezone.make_aware(told.starts_at)
    level = None if told.level is None else AlertLevel(told.level)
    return alerts.OrderTold(kind, at, told.document, told.ground, told.signed_by, level)


def _amounts(told: Sequence[CutTold]) -> dict[str, str]:
    return {each.pollutant: each.amount_t for each in told}


def _sheet(columns: list[str], cells: list[dict[str, str]]) -> list[list[str]]:
    """As a file would have it; a pollutant that policy does not name is a heading that is refused."""
    heads = [*columns, *sorted({key for row in cells for key in row} - set(columns))]
    return [heads, *([row.get(head, "") for head in heads] for row in cells)]


def _require_seen(request: HttpRequest, region: str) -> None:
    if not may(caller(request), Action.WEATHER_READ, Where(path_of(region))):
        raise Http404


def _found(request: HttpRequest, alert_id: int, as_of: date | None) -> AlertRow:
    row = alerts.alert(alert_id, as_of)
    if row is None or not may(caller(request), Action.WEATHER_READ, row.where):
        raise Http404
    return row


def _alert(row: AlertRow) -> dict[str, Any]:
    names = ("id", "level", "starts_at", "document", "ground", "signed_by", "list", "author", "journal")
    return {
        "id": row.id, "region": row.region, "neighbours": row.neighbours, "level": row.level,
        "orders": [{"kind": each.kind.value} | {name: getattr(each, name) for name in names} for each in row.orders],
        "is_demo": row.is_demo, "is_fictional": row.is_fictional,
    }  # fmt: skip


def _receipts(told: Sequence[NoticeRow]) -> list[dict[str, Any]]:
    return [each for row in told for each in receipts_of(row)]


def _cuts(cuts: dict[str, Told]) -> list[dict[str, Any]]:
    return [{"pollutant": key, "amount_t": cut} for key, cut in sorted(cuts.items()) if isinstance(cut, Decimal)]


def _list(book: ListRow, day: date) -> dict[str, Any]:
    found, _required = judged_shares(book, day)
    names = ("level", "pollutant", "cut_t", "share_pct", "required_pct", "is_enough")
    return {
        "id": book.id, "region": book.region, "year": book.year, "document": book.document, "source": book.source,
        "emitted": _cuts(dict(book.emitted)), "journal": book.journal, "is_demo": book.is_demo,
        "is_fictional": book.is_fictional,
        "measures": [
            {
                "enterprise": each.name, "process": each.process, "level": int(each.level), "action": each.action,
                "cuts": _cuts(dict(each.cuts)), "verification": each.verification,
            }
            for each in book.measures
        ],
        "shares": [{name: getattr(each, name) for name in names} for each in found],
    }  # fmt: skip
