"""减排核算: bases, reductions from self-report to recognition, and what they come to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest

from shuangkong.indicators.emissions.division import Part
from shuangkong.records.indicators.emissions import acts, reporting, store
from shuangkong.records.indicators.emissions.accounts import accounts
from shuangkong.records.indicators.emissions.bases import choose, inventories, load_inventory
from shuangkong.records.indicators.emissions.dividing import Divided, divided
from shuangkong.records.indicators.emissions.register import entries, register_source
from shuangkong.records.indicators.emissions.rows import EntryTold, InventoryTold, ReductionRow, Reported, Said
from shuangkong.records.indicators.emissions.sheet import COLUMNS
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.emission_shapes import (
    Accounts,
    Choice,
    Inventories,
    InventoryAnswer,
    InventoryBody,
    Reduction,
    ReductionActTold,
    ReductionEvents,
    Reductions,
    ReductionTold,
    SourceEntries,
    SourceEntryTold,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Code, Day, Number, figure

room = Room(tags=["emissions"])


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


@room.reads("/reduction-sources", Action.EMISSION_READ, SourceEntries)
def list_reduction_sources(request: HttpRequest, as_of: Day | None = None) -> Any:
    """登记的批次、污水处理厂和养殖场；as_of 为过去某日。"""
    return {"items": entries(visible(caller(request), Action.EMISSION_READ), as_of)}


@room.does("/reduction-sources", Action.EMISSION_REGISTER, Made)
def register_reduction_source(request: HttpRequest, told: SourceEntryTold) -> Any:
    """登记一批机动车、一座污水处理厂或一处养殖场。"""
    return {"id": register_source(EntryTold(**told.dict()), caller(request))}


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
    return {"items": [_account(each) for each in divided(accounts([region], as_of), None, as_of)]}


def _found(request: HttpRequest, reduction_id: int, as_of: date | None = None) -> ReductionRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.reduction(reduction_id, as_of)
    if row is None or not may(caller(request), Action.EMISSION_READ, row.where):
        raise Http404
    return row


def _told(row: ReductionRow) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in Reduction.model_fields if hasattr(row, name)}
    return columns | {name: getattr(row.standing, name) for name in Reduction.model_fields if name not in columns}


def _account(told: Divided) -> dict[str, Any]:
    each = told.account
    return {
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
        "divided_year": told.year,
        "basins": [_part(part) for part in told.basins],
        "classes": [_part(part) for part in told.classes],
        "known_on": each.known_on,
        "is_demo": each.is_demo,
    }


def _part(part: Part) -> dict[str, Any]:
    return _sums(part) | {
        "key": part.key,
        "sources": [
            _sums(each) | {"source": each.key, "name": each.amounts[0].name, "reductions": each.reductions}
            for each in part.sources
        ],
    }


def _sums(part: Part) -> dict[str, Any]:
    return {"base_t": part.base_t, "recognised_t": part.recognised_t, "level_t": part.level_t}


def _figures(told: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in told.items()}


def _month(told: str) -> tuple[int, int]:
    year, _, month = told.partition("-")
    return int(year), int(month)
