"""分解的进程: what happened to a decomposition, and how it stands; replayed, so that every past day can be answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shuangkong.targets.target import Settled


class EventKind(StrEnum):
    """开始、记录方案、采用、撤销."""

    OPEN = "open"
    RECORD = "record"
    ADOPT = "adopt"
    WITHDRAW = "withdraw"


class State(StrEnum):
    """比选中、暂定、已下达、已调整、已撤销."""

    OPEN = "open"
    PROVISIONAL = "provisional"
    ASSIGNED = "assigned"
    ADJUSTED = "adjusted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; ``scenario`` is the one recorded or adopted, ``settled`` how firmly it was adopted."""

    kind: EventKind
    on: date
    scenario: int | None = None
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """``scenario``: the one in force, since the day ``since``; ``was_assigned``: whether one ever was, firmly."""

    state: State = State.OPEN
    scenario: int | None = None
    since: date | None = None
    was_assigned: bool = False


def standing(events: Iterable[Event]) -> Standing:
    """How it stands after the events, oldest first."""
    now = Standing()
    for each in events:
        if each.kind is EventKind.ADOPT and each.settled is not None:
            firmly = each.settled is not Settled.PROVISIONAL
            now = Standing(State(each.settled.value), each.scenario, each.on, now.was_assigned or firmly)
        elif each.kind is EventKind.WITHDRAW:
            now = replace(now, state=State.WITHDRAWN, scenario=None, since=each.on)
    return now


def settled_as(now: Standing, *, is_provisional: bool) -> Settled:
    """How firmly the next one would be adopted: whatever takes the place of an assigned one adjusts it."""
    if is_provisional:
        return Settled.PROVISIONAL
    return Settled.ADJUSTED if now.was_assigned else Settled.ASSIGNED
