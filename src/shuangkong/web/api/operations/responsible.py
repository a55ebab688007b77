"""责任人: who answers for a town or a state firm, first, in charge, or at a post; and where nobody does."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Schema

from shuangkong.records.people.access import Where, visible
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.registry.tree import path_of
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import found_body, reached_place
from shuangkong.web.api.room import Made, Room
from shuangkong.web.api.values import Code, Day, Line, Number, Text

room = Room(tags=["responsible"])


class Responsible(Schema):
    """One person who answers for a region or a state firm."""

    id: int
    region: str | None
    body: int | None
    subject: str
    plan: int | None
    rank: Rank
    duty: str
    post: str
    person: str
    starts_on: date
    ends_on: date | None
    document: str
    journal: int


class Responsibles(Schema):
    """By place, rank and duty."""

    items: list[Responsible]


class ResponsibleTold(Schema):
    """Who is named, for a region or a body."""

    rank: Rank
    person: Line
    post: Line
    region: Code | None = None
    body: Number | None = None
    duty: Line = ""
    starts_on: Day | None = None
    ends_on: Day | None = None
    ground: Text
    document: Line = ""


class EndTold(Schema):
    """From when somebody no longer answers (yesterday where no day is given), and why."""

    ground: Text
    ends_on: Day | None = None
    document: Line = ""


class FirmTold(Schema):
    """A state firm of a place."""

    region: Code
    name: Line
    ground: Text


class LevelAnswered(Schema):
    """Places of one level on record, and those for which somebody answers first."""

    level: str
    places: int
    answered: int
    vacant: int


class LevelsAnswered(Schema):
    """The highest level first."""

    items: list[LevelAnswered]


class Vacancy(Schema):
    """A town or a state firm without a first responsible person."""

    region: str | None
    body: int | None
    subject: str


class Vacancies(Schema):
    """Towns by code, then firms."""

    items: list[Vacancy]


@room.reads("/responsible", Action.BODY_READ, Responsibles)
def responsible(request: HttpRequest, on: Day | None = None, region: Code | None = None) -> Any:
    """第一责任人、分管负责人和岗位责任人。"""
    place = Q() if region is None else Q(region=region) | Q(body__region=region)
    condition = place & visible(caller(request), Action.BODY_READ)
    return {"items": store.responsible(condition, on or timezone.localdate())}


@room.does("/responsible", Action.BODY_CONFIRM, Made)
def name_responsible(request: HttpRequest, told: ResponsibleTold) -> Any:
    """指定责任人；原责任人任至前一日。"""
    if told.region is not None:
        reached_place(request, told.region, Action.BODY_READ)
    if told.body is not None:
        found_body(request, told.body)
    wanted = store.Naming(
        told.rank, told.person, told.post, told.region, told.body, told.duty, told.starts_on, told.ends_on
    )
    return {"id": store.name_responsible(wanted, caller(request), told.ground, told.document)}


@room.reads("/responsible/history", Action.BODY_READ, Responsibles)
def responsible_history(request: HttpRequest, region: Code | None = None, body: Number | None = None) -> Any:
    """历任责任人，按记录的先后。"""
    asked = Q(region=region) if region is not None else Q()
    asked &= Q(body=body) if body is not None else Q()
    return {"items": store.responsibility_history(asked & visible(caller(request), Action.BODY_READ))}


@room.reads("/responsible/vacancies", Action.BODY_READ, Vacancies)
def vacancies(request: HttpRequest, region: Code, on: Day | None = None) -> Any:
    """没有第一责任人的乡镇和国有企业。"""
    reached_place(request, region, Action.BODY_READ)
    return {"items": store.vacancies(region, on or timezone.localdate())}


@room.reads("/responsible/levels", Action.BODY_READ, LevelsAnswered)
def levels_answered(request: HttpRequest, region: Code, on: Day | None = None) -> Any:
    """各级（省、市、县、乡、村）有没有第一责任人。"""
    reached_place(request, region, Action.BODY_READ)
    return {"items": store.levels_answered(path_of(region), on or timezone.localdate())}


@room.does("/responsible/{row_id}/end", Action.BODY_CONFIRM, Made)
def end_responsibility(request: HttpRequest, row_id: Number, told: EndTold) -> Any:
    """责任人不再负责。"""
    row = next(iter(store.responsibility_history(Q(pk=row_id))), None)
    if row is None:
        raise Http404
    reached(request, Where(row.path), Action.BODY_READ, Action.BODY_CONFIRM)
    made = store.end_responsibility(row_id, caller(request), told.ground, told.ends_on, told.document)
    return {"id": made}


@room.does("/responsible/firms", Action.BODY_CONFIRM, Made)
def add_state_firm(request: HttpRequest, told: FirmTold) -> Any:
    """登记一家国有企业，以便指定责任人。"""
    reached_place(request, told.region, Action.BODY_READ, Action.BODY_CONFIRM)
    return {"id": store.add_state_firm(told.region, told.name, caller(request), told.ground)}
