"""对应认定: which target or measure of a plan answers which of the plan above it, as persons decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Schema

from shuangkong.plans.cascade.decided import Pairing
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.cascade import store
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.cascade import found_link
from shuangkong.web.api.room import Made, Room
from shuangkong.web.api.values import Day, Line, Number, Text

room = Room(tags=["cascade"])


class Pair(Schema):
    """One decision on a pair of entries: ``above`` of the plan above (``key`` of a compared line), ``below`` of the
    plan."""

    id: int
    above: int
    below: int
    is_target: bool
    verdict: Pairing
    ground: str
    document: str
    decided_by: str
    decided_at: datetime
    journal: int


class Pairs(Schema):
    """Every decision, the oldest first; of those on one pair the newest holds."""

    items: list[Pair]


class PairTold(Schema):
    """``above`` and ``below`` as a comparison names them; ``open`` takes an earlier decision back."""

    above: Number
    below: Number
    verdict: Pairing
    ground: Text
    document: Line = ""


@room.reads("/links/{link_id}/pairs", Action.PLAN_COMPARE, Pairs)
def pair_decisions(request: HttpRequest, link_id: Number, as_of: Day | None = None) -> Any:
    """与上级方案对应的认定。"""
    return {"items": store.comparison(found_link(request, link_id).id, as_of).decisions}


@room.does("/links/{link_id}/pairs", Action.PLAN_REVIEW, Made)
def decide_pair(request: HttpRequest, link_id: Number, told: PairTold) -> Any:
    """认定本方案的一项与上级方案的一项是不是同一项，或撤销认定。"""
    link = found_link(request, link_id, Action.PLAN_REVIEW)
    made = store.decide_pair(link.id, caller(request), told.above, told.below, told.verdict, told.ground, told.document)
    return {"id": made}
