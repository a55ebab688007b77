"""用能和排放空间: what is left below each cap of a place, and whether a project fits in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.core.period import Period
from shuangkong.outlook.headroom.account import room as left_in
from shuangkong.outlook.headroom.question import Decision
from shuangkong.records.outlook.headroom import store
from shuangkong.records.people.access import may, visible
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.situation import place_of
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Code, Day, Figure, Line, Number
from shuangkong.web.outlook.accounts import Held, accounts_of, base_unit, may_place_take, unread

room = Room(tags=["headroom"])


class Amount(Schema):
    """What a project takes, and sets free, of one cap in a full year, in the base unit of the indicator."""

    indicator: Line
    amount: Figure
    released: Figure = Decimal(0)


class RoomShown(Schema):
    """What is left of a cap in a year, in ``unit``; null where a figure is missing."""

    indicator: str
    unit: str
    year: int
    cap: Figure | None
    actual: Figure | None
    actual_year: int
    committed: Figure | None
    reserve: Figure
    room: Figure | None


class Rooms(Schema):
    """Every cap and year."""

    items: list[RoomShown]


class Asking(Schema):
    """A project: from which month it runs, what it takes."""

    region: Code
    project: Line
    starts: Line
    amounts: list[Amount]


class Committing(Asking):
    """An approved project, with the document that approves it."""

    document: Line


class Ending(Schema):
    """Why it is no commitment any more: it runs, or was given up."""

    ground: Line


class AnswerShown(Schema):
    """``verdict``: may, short_later, may_not or unknown; ``binding`` the tightest year.

    ``most``: the largest year that would fit; ``full_year``: what is left of the last cap once all runs all year.
    """

    indicator: str
    verdict: str
    binding: int | None
    most: Figure | None
    full_year: Figure | None


class DecisionShown(Schema):
    """The gravest verdict, and that of each cap."""

    verdict: str
    answers: list[AnswerShown]


class MadeAll(Schema):
    """Numbers of what was recorded, one a cap."""

    ids: list[int]


@room.reads("/regions/{code}/headroom", Action.ACTUAL_READ, Rooms)
def headroom(request: HttpRequest, code: Code, as_of: Day | None = None) -> Any:
    """各年余量：上限 − 实际 − 已批未投 − 预留。"""
    held = _held(request, code, as_of)
    items = []
    for key, account in held.accounts.items():
        for year in account.years:
            found, cap = left_in(account, year), account.caps.get(year)
            items.append(
                {
                    "indicator": key, "unit": base_unit(key), "year": year,
                    "cap": cap if isinstance(cap, Decimal) else None,
                    "actual": account.actual if isinstance(account.actual, Decimal) else None,
                    "actual_year": account.actual_year, "committed": found.figure.steps[0].value,
                    "reserve": account.reserve, "room": found.value,
                }
            )  # fmt: skip
    return {"items": items}


@room.does("/headroom/question", Action.ACTUAL_READ, DecisionShown)
def may_take_project(request: HttpRequest, told: Asking) -> Any:
    """能不能上这个项目；只回答，不记录。"""
    held = _held(request, told.region, None)
    return _decision(_answer(held, told))


@room.does("/headroom/commitments", Action.HEADROOM_RECORD, MadeAll)
def commit_project(request: HttpRequest, told: Committing) -> Any:
    """已批准的项目记入已批未投。"""
    place_of(request, told.region)
    amounts = [(each.indicator, each.amount, each.released) for each in told.amounts]
    made = store.commit(told.region, told.project, _month(told.starts), amounts, told.document, caller(request))
    return {"ids": list(made)}


@room.does("/headroom/commitments/{commitment_id}/end", Action.HEADROOM_RECORD, Done)
def end_commitment(request: HttpRequest, commitment_id: Number, told: Ending) -> Any:
    """办结已批未投：已投产，或不再建设。"""
    row = store.commitment(commitment_id)
    if row is None or not may(caller(request), Action.ACTUAL_READ, row.where):
        raise Http404
    store.end(commitment_id, told.ground, caller(request))
    return {"done": True}


def _held(request: HttpRequest, code: str, as_of: Any) -> Held:
    place, by = place_of(request, code), caller(request)
    year = (as_of or timezone.localdate()).year
    return accounts_of(place, year, visible(by, Action.PLAN_READ, "region__path"), as_of)


def _answer(held: Held, told: Asking) -> Decision:
    amounts = {each.indicator: each.amount for each in told.amounts}
    released = {each.indicator: each.released for each in told.amounts}
    return may_place_take(held, told.project, _month(told.starts), amounts, released)


def _month(text: str) -> Period:
    try:
        found = Period.parse(text)
    except ValueError as fault:
        raise unread() from fault
    if found.months != 1:
        raise unread()
    return found


def _decision(found: Decision) -> dict[str, Any]:
    return {"verdict": found.verdict.value, "answers": list(_answers(found))}


def _answers(found: Decision) -> Iterable[dict[str, Any]]:
    for each in found.answers:
        yield {
            "indicator": each.indicator, "verdict": each.verdict.value, "binding": each.binding, "most": each.most,
            "full_year": each.full_year,
        }  # fmt: skip
