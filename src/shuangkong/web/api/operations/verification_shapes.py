"""核查的形状: what calls about verification send and get."""

from __future__ import annotations

from datetime import date

from ninja import Schema
from pydantic import Field

from shuangkong.web.api.values import Code, Day, Line, Number, Text


class CaseStanding(Schema):
    """A case in the list; ``owned`` is the number of the return it is on."""

    id: int
    owned: int
    unit: str
    form: str
    period: str
    state: str
    since: date


class CasesStanding(Schema):
    """Those that something happened to last come first."""

    items: list[CaseStanding]


class CaseHappened(Schema):
    """One thing that happened to a case."""

    kind: str
    on: date
    ground: str
    document: str
    people: list[str]
    version: int | None
    body: int | None
    until: date | None
    author: str


class CaseWhole(CaseStanding):
    """A case with all that happened; ``next`` what can be done; ``codes`` the checks that it is about."""

    codes: list[str]
    is_administrative: bool
    events: list[CaseHappened]
    next: list[str]


class CaseToOpen(Schema):
    """On which return (``owned``) a case is opened, why, and by which checks."""

    owned: Number
    ground: Text
    codes: list[Line] = Field(default=[], max_length=200)


class CaseActTold(Schema):
    """What happened: ``kind`` notify, note, assign, release, visit, ask, correct, confirm, clear, convict, close.

    On which day, else today. A visit names two ``people`` at least, an assignment the ``body``, whom it sends and
    ``until`` when, a correction the ``version`` that the unit handed in, a conviction its ``document``.
    """

    kind: Line
    on: Day | None = None
    ground: Text = ""
    document: Line = ""
    people: list[Line] = Field(default=[], max_length=50)
    version: Number | None = None
    body: Number | None = None
    until: Day | None = None


class AnswerTold(Schema):
    """What the unit says, and the name of what it rests on."""

    ground: Text
    document: Line = ""


class BodyListed(Schema):
    """A body of the register."""

    id: int
    code: str
    name: str


class BodiesKnown(Schema):
    """By name."""

    items: list[BodyListed]


class BodyEntry(Schema):
    """Something known of a body; ``told`` as it was entered."""

    kind: str
    on: date
    told: dict[str, str]
    ground: str
    author: str


class BodyKnown(BodyListed):
    """``step``: what its second looks call for, "" for nothing."""

    is_qualified: bool
    is_suspended: bool
    step: str
    known: list[BodyEntry]


class BodyToRegister(Schema):
    """A body, at the place that keeps it."""

    code: Line
    name: Line
    region: Code
    ground: Text


class BodyTold(Schema):
    """``kind`` acting, qualification, holding, service, verified, recheck, suspension or removal; ``told`` what it asks
    for."""

    kind: Line
    told: dict[Line, Line] = Field(max_length=20)
    ground: Text


class HandingTold(Schema):
    """``told``: why it was handed over, ``to`` whom; of an outcome what was decided."""

    on: date
    document: str
    told: str
    to: list[str]


class FraudTold(Schema):
    """A fraud as the register of credit needs it; ``unit``: the unit's code. ``handed`` empty: it waits to be handed
    over. ``answered``: days on which the unit answered or objected since."""

    case: int
    owned: int
    unit: str
    name: str
    region: str
    form: str
    period: str
    on: date
    document: str
    ground: str
    is_demo: bool
    codes: list[str]
    handed: list[HandingTold]
    outcomes: list[HandingTold]
    answered: list[date]


class FraudsTold(Schema):
    """The newest case first; ``next``: the case to go on after, none at the end."""

    items: list[FraudTold]
    next: int | None
