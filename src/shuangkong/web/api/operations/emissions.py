"""减排核算: bases, reductions from self-report to recognition, and what they come to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from shuangkong.indicators.emissions.standing import EventKind, State
from shuangkong.records.indicators.emissions import acts, reporting, store
from shuangkong.records.indicators.emissions.accounts import accounts
from shuangkong.records.indicators.emissions.bases import choose, inventories, load_inventory
from shuangkong.records.indicators.emissions.rows import InventoryTold, ReductionRow, Reported, Said
from shuangkong.records.indicators.emissions.sheet import COLUMNS
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text, figure, listed

room = Room(tags=["emissions"])

_MOST_ROWS, _MOST_FIGURES = 20_000, 40
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
Year = Annotated[int, Field(ge=1_900, le=2_999)]
Figures = Annotated[dict[str, FigureTold], Field(max_length=_MOST_FIGURES)]


class Reduction(Schema):
    """A reduction as it stands, amounts in tonnes of a full year; ``starts`` is the month from which it counts."""

    id: int
    region: str
    region_name: str
    title: str
    body: int | None
    body_name: str
    source_code: str
    source_name: str
    outlet: str
    scope: str
    pollutant: str
    formula: str
    measure: str
    is_key: bool
    assigned_t: Figure | None
    note: str
    start: str
    reported_by: str
    reported_at: datetime
    state: Annotated[State, listed(State)]
    reported_t: Figure | None
    checked_t: Figure | None
    reviewed_t: Figure | None
    recognised_t: Figure | None
    is_demo: bool
    is_fictional: bool


class Reductions(Schema):
    """The newest first."""

    items: list[Reduction]


class ReductionEvent(Schema):
    """One thing that happened."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    amount_t: Figure | None
    text: str
    document: str
    author: str
    at: datetime
    journal: int


class ReductionEvents(Schema):
    """Oldest first."""

    items: list[ReductionEvent]


class ReductionTold(Schema):
    """A reduction to be reported; ``inputs`` are the figures that the formula takes, by their names in it."""

    region: Code
    title: Line
    source: Line
    source_name: Line = ""
    pollutant: Line
    scope: Line
    formula: Line
    inputs: Figures
    starts: Month
    outlet: Line = ""
    is_key: bool = False
    assigned_t: FigureTold | None = None
    note: Line = ""
    text: Text = ""
    document: Line = ""


class ReductionActTold(Schema):
    """What is done about it; ``inputs`` and ``starts`` are those of a correction."""

    kind: Annotated[EventKind, listed(EventKind)]
    text: Text = ""
    amount_t: FigureTold | None = None
    on: Day | None = None
    document: Line = ""
    inputs: Figures | None = None
    starts: Month | None = None


class Inventory(Schema):
    """A base; ``totals`` in tonnes by pollutant, ``counts`` where it is the one that counts."""

    id: int
    region: str
    region_name: str
    sort: str
    year: int
    title: str
    excluded: str
    document: str
    sources: int
    totals: dict[str, Figure]
    counts: bool
    loaded_by: str
    loaded_at: datetime
    is_demo: bool
    is_fictional: bool


class Inventories(Schema):
    """The newest first."""

    items: list[Inventory]


class InventoryBody(Schema):
    """A base to be taken in: rows by the headings of the template; ``is_dry_run``: only tell the verdicts."""

    region: Code
    sort: Line
    year: Year
    title: Line
    document: Line
    excluded: Line = ""
    rows: Annotated[list[dict[str, Line]], Field(max_length=_MOST_ROWS)]
    is_dry_run: bool = True


class SourceVerdict(Schema):
    """What becomes of a row, counted from 2 as in a file."""

    row: int
    is_taken: bool
    what: str
    code: str
    column: str


class InventoryAnswer(Schema):
    """``inventory`` is the number of what was taken in; none while a row is refused, or in a dry run."""

    inventory: int | None
    verdicts: list[SourceVerdict]


class Choice(Schema):
    """Why a base counts."""

    ground: Text


class YearAccount(Schema):
    """One year in tonnes; a figure that is missing is none, never zero."""

    year: int
    before_t: Figure | None
    increment_t: Figure | None
    reduction_t: Figure | None
    reported_t: Figure | None
    emission_t: Figure | None
    reported_emission_t: Figure | None
    decline_pct: Figure | None


class Account(Schema):
    """One pollutant at a place: base, years, target rate, and key projects against what was assigned."""

    region: str
    pollutant: str
    base_year: int
    base_t: Figure
    base_source: str
    years: list[YearAccount]
    target_pct: Figure | None
    projects_t: Figure
    assigned_t: Figure | None
    completion_pct: Figure | None
    known_on: date
    is_demo: bool


class Accounts(Schema):
    """By pollutant."""

    items: list[Account]


@room.reads("/reductions", Action.EMISSION_READ, Reductions)
def list_reductions(request: HttpRequest, as_of: Day | None = None) -> Any:
    """减排项目；as_of 为过去某日。"""
    return {"items": [_told(row) for row in store.reductions(store.readable(caller(request)), as_of)]}


@room.reads("/reductions/{reduction_id}", Action.EMISSION_READ, Reduction)
def get_reduction(request: HttpRequest, reduction_id: Number, as_of: Day | None = None) -> Any:
    """一个减排项目。"""
    return _told(_found(request, reduction_id, as_of))


@room.reads("/reductions/{reduction_id}/events", Action.EMISSION_READ, ReductionEvents)
def list_reduction_events(request: HttpRequest, reduction_id: Number, as_of: Day | None = None) -> Any:
    """一个减排项目的经过。"""
    return {"items": store.events(_found(request, reduction_id, as_of).id, as_of)}


@room.does("/reductions", Action.EMISSION_REPORT, Made)
def report_reduction(request: HttpRequest, told: ReductionTold) -> Any:
    """自报减排项目。"""
    said = told.dict() | {
        "inputs": _figures(told.inputs),
        "starts": _month(told.starts),
        "assigned_t": figure(told.assigned_t),
    }
    return {"id": reporting.report(Reported(**said), caller(request))}


@room.does("/reductions/{reduction_id}/acts", Action.EMISSION_READ, Done)
def act_on_reduction(request: HttpRequest, reduction_id: Number, told: ReductionActTold) -> Any:
    """核查、审核、核定、退回、补正、不予认定、冲销。"""
    row = _found(request, reduction_id)
    said = told.dict(exclude={"kind"}) | {
        "amount_t": figure(told.amount_t),
        "inputs": _figures(told.inputs) if told.inputs is not None else None,
        "starts": _month(told.starts) if told.starts else None,
    }
    acts.act(row.id, caller(request), told.kind, Said(**said))
    return Done()


@room.reads("/inventories", Action.EMISSION_READ, Inventories)
def list_inventories(request: HttpRequest, as_of: Day | None = None) -> Any:
    """各种底数；as_of 为过去某日。"""
    return {"items": inventories(visible(caller(request), Action.EMISSION_READ), as_of)}


@room.does("/inventories", Action.EMISSION_LOAD, InventoryAnswer)
def load_base(request: HttpRequest, told: InventoryBody) -> Any:
    """录入一种底数；先试算，逐行给出结果。"""
    headings = tuple(each.headings[0] for each in COLUMNS)
    keys = {name: each.headings[0] for each in COLUMNS for name in (each.key, *each.headings)}
    rows = [{keys[name]: text for name, text in row.items() if name in keys} for row in told.rows]
    sheet = (headings, *(tuple(row.get(heading, "") for heading in headings) for row in rows))
    said = InventoryTold(**told.dict(exclude={"rows", "is_dry_run"}))
    found = load_inventory(sheet, said, caller(request), name="api", digest="", is_dry_run=told.is_dry_run)
    return {"inventory": found.inventory, "verdicts": found.verdicts}


@room.does("/inventories/{inventory_id}/choice", Action.EMISSION_READ, Done)
def choose_inventory(request: HttpRequest, inventory_id: Number, told: Choice) -> Any:
    """认定以一种底数为准。"""
    if not inventories(Q(pk=inventory_id) & visible(caller(request), Action.EMISSION_READ)):
        raise Http404
    choose(inventory_id, told.ground, caller(request))
    return Done()


@room.reads("/regions/{region}/emissions", Action.EMISSION_READ, Accounts)
def emission_accounts(request: HttpRequest, region: Code, as_of: Day | None = None) -> Any:
    """一个地区各污染物的核算结果；as_of 为过去某日。"""
    if not may(caller(request), Action.EMISSION_READ, Where(path_of(region))):
        raise Http404
    return {
        "items": [
            {
                "region": each.region,
                "pollutant": each.pollutant.id,
                "base_year": each.base_year,
                "base_t": each.base_t,
                "base_source": each.base_source,
                "years": each.years,
                "target_pct": each.goal.value if each.goal else None,
                "projects_t": each.projects_t,
                "assigned_t": each.assigned.value if each.assigned else None,
                "completion_pct": each.completion_pct,
                "known_on": each.known_on,
                "is_demo": each.is_demo,
            }
            for each in accounts([region], as_of)
        ]
    }


def _found(request: HttpRequest, reduction_id: int, as_of: date | None = None) -> ReductionRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.reduction(reduction_id, as_of)
    if row is None or not may(caller(request), Action.EMISSION_READ, row.where):
        raise Http404
    return row


def _told(row: ReductionRow) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in Reduction.model_fields if hasattr(row, name)}
    return columns | {name: getattr(row.standing, name) for name in Reduction.model_fields if name not in columns}


def _figures(told: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in told.items()}


def _month(told: str) -> tuple[int, int]:
    year, _, month = told.partition("-")
    return int(year), int(month)
