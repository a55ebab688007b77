"""统计对象: a unit is registered, enters or leaves a scope, or becomes another; what was wrong is withdrawn."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema

from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE
from shuangkong.records.facts.subject_acts import SubjectAct
from shuangkong.records.facts.subject_acts import told as act_told
from shuangkong.records.people.roles import Action
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Done, Room
from shuangkong.web.api.values import Day, Line, listed

room = Room(tags=["facts"])


class SubjectActTold(Schema):
    """``code``: the unit, or the one that became another (``other``); ``on``: the first day on which it is so.

    ``withdraw`` takes what the wrong act took, and ``was``: which act that is; of a registration the code is enough.
    """

    act: Annotated[SubjectAct, listed(SubjectAct)]
    code: Line
    document: Line
    name: Line = ""
    region: Line = ""
    on: Day | None = None
    other: Line = ""
    scope: Line = ABOVE_DESIGNATED_SIZE
    was: Annotated[SubjectAct, listed(SubjectAct)] | None = None


@room.does("/subjects/acts", Action.ACTUAL_LOAD, Done)
def record_subject_act(request: HttpRequest, told: SubjectActTold) -> Any:
    """登记单位、纳入或退出统计范围、更名、合并、分立，撤销记错的一项；都记入日志，历史不改写。"""
    act_told(told.act, told.dict()).record(caller(request))
    return Done()
