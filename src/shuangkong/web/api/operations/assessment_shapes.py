"""What calls about assessments take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Field, Schema

from shuangkong.assessment.year import EventKind, State
from shuangkong.records.assessment.years.rows import Side
from shuangkong.web.api.operations.decomposition_shapes import DecompositionStep
from shuangkong.web.api.operations.task_shapes import EvidenceTold
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text, listed


class Assessment(Schema):
    """One object assessed by a place over a year by a score table; ``score`` and ``grade`` as proposed or announced."""

    id: int
    region: str
    region_name: str
    duty: str
    score_table: str
    period: str
    subject_kind: str
    subject_code: str
    subject_name: str
    body: int | None
    decomposition: int | None
    launched_by: str
    launched_at: datetime
    state: Annotated[State, listed(State)]
    self_check_by: date | None
    submitted_on: date | None
    objections_until: date | None
    open_objections: list[int]
    score: Figure | None
    grade: str
    version: str
    announced_on: date | None
    numbers: list[str]
    is_fictional: bool


class Assessments(Schema):
    """The newest year first."""

    items: list[Assessment]


class AssessmentItem(Schema):
    """One item of the sheet; ``self_marks`` and ``marks`` null where something is missing, which is not zero."""

    code: str
    zh: str
    en: str
    full: Figure
    self_marks: Figure | None
    marks: Figure | None
    because_zh: str
    because_en: str


class AssessmentFigure(Schema):
    """A figure that the system filled in, with its steps; nobody types it."""

    name: str
    zh: str
    en: str
    unit: str
    value: Figure | None
    steps: list[DecompositionStep]


class AssessmentVeto(Schema):
    """``holds`` null: what is missing decides it."""

    code: str
    zh: str
    en: str
    grade: str
    holds: bool | None


class AssessmentPoint(Schema):
    """What was given for a point or an established figure, and by which evidence; the newest entry of a side counts."""

    id: int
    side: Annotated[Side, listed(Side)]
    code: str
    marks: Figure | None
    is_inapplicable: bool
    evidence: list[str]
    text: str
    author: str
    at: datetime


class AssessmentChange(Schema):
    """What is other now than when the result was announced."""

    code: str
    zh: str
    en: str


class AssessmentSheet(Schema):
    """The score sheet as it computes on the day asked for; ``possible``: the grades that remain, the best first."""

    total: Figure | None
    least: Figure
    most: Figure
    possible: list[str]
    items: list[AssessmentItem]
    figures: list[AssessmentFigure]
    vetoes: list[AssessmentVeto]
    entries: list[AssessmentPoint]
    changes: list[AssessmentChange]


class AssessmentEvent(Schema):
    """One thing that happened; ``answers`` is the objection answered, ``version`` the sheet a result stands on."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    until: date | None
    score: Figure | None
    grade: str
    version: str
    number: str
    document: str
    answers: int | None
    text: str
    author: str
    at: datetime
    journal: int


class AssessmentEvents(Schema):
    """Oldest first."""

    items: list[AssessmentEvent]


class RoundTold(Schema):
    """A round to be launched; ``duty`` is an id of who assesses whom, ``subjects`` codes of its objects."""

    region: Code
    duty: Line
    year: int
    until: Day
    subjects: list[Line] = Field(default_factory=list, max_length=3000)
    decomposition: Number | None = None
    document: Line = ""


class Launched(Schema):
    """Numbers of the assessments."""

    items: list[int]


class MarkTold(Schema):
    """What is given for one point or established figure; the assessed hands in its evidence as a file."""

    side: Annotated[Side, listed(Side)]
    code: Line
    marks: FigureTold | None = None
    is_inapplicable: bool = False
    title: Line
    number: Line = ""
    file: EvidenceTold | None = None
    text: Text = ""


class DrawTold(Schema):
    """How many of a round are checked on site, by which seed."""

    region: Code
    duty: Line
    year: int
    count: int
    seed: Line


class Drawn(Schema):
    """Codes of those drawn, in the order of the draw."""

    items: list[str]


class AssessmentActTold(Schema):
    """What is done about it; which of the others it asks for hangs on ``kind``."""

    kind: Annotated[EventKind, listed(EventKind)]
    text: Text = ""
    on: Day | None = None
    until: Day | None = None
    number: Line = ""
    document: Line = ""
    answers: Number | None = None


class CarryTold(Schema):
    """From which assessment of the same place and year what was answered is carried."""

    source: Number


class Carried(Schema):
    """How many points were carried."""

    count: int
