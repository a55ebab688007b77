"""统计公报: editions with what they print, prepared, signed off and published as on their pages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.records.bulletins import store
from shuangkong.records.bulletins.store import BulletinRow
from shuangkong.records.editions.rows import EventKind, Prepared
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.situation import FigureShown, period_of, place_of
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Line, Number, listed
from shuangkong.web.indicators.bulletins import OFFERED, as_text, bulletin_table, from_text, is_demo, version

room = Room(tags=["bulletins"])


class Event(Schema):
    """What was done to a bulletin."""

    kind: str
    on: date
    number: str
    text: str
    author: str
    journal: int


class Bulletin(Schema):
    """One edition of a bulletin, frozen with what was known ``as_of`` a day."""

    id: int
    region: str
    period: str
    edition: int
    corrects: int | None
    state: str
    issuer: str
    as_of: date
    rulebook: str
    is_demo: bool
    prepared_by: str
    prepared_at: datetime
    events: list[Event]


class Bulletins(Schema):
    """The newest first."""

    items: list[Bulletin]


class Printed(Schema):
    """A bulletin with the figures that it prints."""

    bulletin: Bulletin
    figures: list[FigureShown]
    notes: list[str]


class ToPrepare(Schema):
    """Which bulletin to prepare; ``indicators`` of those that a bulletin can print."""

    region: Code
    period: Line
    indicators: list[Line]
    issuer: Line


class ToDo(Schema):
    """What is done to it: approve, return, publish or withdraw; the document number, the reason."""

    kind: Annotated[EventKind, listed(EventKind)]
    number: Line = ""
    text: Line = ""


@room.reads("/bulletins", Action.ACTUAL_READ, Bulletins)
def list_bulletins(request: HttpRequest, as_of: Day | None = None) -> Any:
    """统计公报，各版都在。"""
    by = caller(request)
    rows = store.bulletins(visible(by, Action.ACTUAL_READ), as_of)
    return {"items": [_bulletin(each) for each in rows if store.may_read(each, by)]}


@room.reads("/bulletins/{bulletin_id}", Action.ACTUAL_READ, Printed)
def get_bulletin(request: HttpRequest, bulletin_id: Number, as_of: Day | None = None) -> Any:
    """一份公报和它所印的数。"""
    row = store.bulletin(bulletin_id, as_of)
    if row is None or not store.may_read(row, caller(request)):
        raise Http404
    table = from_text(row.content)
    figures = [
        {
            "subject": f"{REGION}:{line.code}", "indicator": column.indicator, "period": row.period,
            "state": "value" if cell.value is not None else "missing", "value": cell.value, "unit": column.unit,
            "maturity": cell.maturity,
        }
        for line in table.lines
        for column, cell in zip(table.columns, line.cells, strict=True)
    ]  # fmt: skip
    return {"bulletin": _bulletin(row), "figures": figures, "notes": list(table.notes)}


@room.does("/bulletins", Action.BULLETIN_PREPARE, Made)
def prepare_bulletin(request: HttpRequest, told: ToPrepare) -> Any:
    """起草公报：按现在的数成稿并冻结。"""
    place = place_of(request, told.region)
    period = period_of(told.period)
    chosen = [each for each in OFFERED if each in told.indicators]
    made = store.prepare(
        Prepared(
            region=told.region, period=str(period), issuer=told.issuer,
            content=as_text(bulletin_table(place.region, period, chosen)), as_of=timezone.localdate(),
            rulebook=version(), is_demo=is_demo(place.region, period, chosen), is_fictional=place.region.is_fictional,
        ),
        caller(request),
    )  # fmt: skip
    return {"id": made}


@room.does("/bulletins/{bulletin_id}/events", Action.ACTUAL_READ, Done)
def act_on_bulletin(request: HttpRequest, bulletin_id: Number, told: ToDo) -> Any:
    """批准、退回、公布或撤回公报。"""
    row = store.bulletin(bulletin_id)
    if row is None or not store.may_read(row, caller(request)):
        raise Http404
    store.act(bulletin_id, told.kind, caller(request), number=told.number, text=told.text)
    return {"done": True}


def _bulletin(row: BulletinRow) -> dict[str, Any]:
    return {
        "id": row.id, "region": row.region, "period": row.period, "edition": row.edition, "corrects": row.corrects,
        "state": row.state.value, "issuer": row.issuer, "as_of": row.as_of, "rulebook": row.rulebook,
        "is_demo": row.is_demo, "prepared_by": row.prepared_by, "prepared_at": row.prepared_at,
        "events": [
            {
                "kind": each.kind.value, "on": each.on, "number": each.number, "text": each.text,
                "author": each.author, "journal": each.journal,
            }
            for each in row.events
        ],
    }  # fmt: skip
