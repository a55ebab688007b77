"""What calls about tasks send and are answered."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from shuangkong.plans.tasks.events import EventKind, Grade, Part, State
from shuangkong.plans.tasks.standing import Clock
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text

MOST_ITEMS, USUAL_ITEMS = 500, 100


class TaskPart(Schema):
    """A body's part in a task; ``id`` is the body it stands for after aliases."""

    id: int
    name: str
    part: Part
    is_inherited: bool


class Task(Schema):
    """One task with how it stands. ``name`` tells it from every other: its enterprise, title and period, as pages and
    papers say it. ``clock`` is what the clock says today, or on the day asked for.
    """

    id: int
    plan: int | None
    plan_title: str
    parent: int | None
    kind: TaskKind
    number: str
    name: str
    title: str
    region: str | None
    region_name: str
    recurrence: str
    period: str
    deadline_printed: str
    first_due: date | None
    subject: str
    amount: Figure | None
    amount_unit: str
    state: State
    grade: Grade
    percent: Figure | None
    due: date | None
    heard_on: date | None
    stopped_on: date | None
    finished_on: date | None
    extensions: int
    reminders: int
    circulars: int
    is_listed: bool
    clock: Clock
    derived_grade: Grade | None
    derived_from: str
    parts: list[TaskPart]
    is_demo: bool
    is_fictional: bool


class Tasks(Schema):
    """One page of tasks. ``next`` is to be sent as ``after`` for the following page; null on the last."""

    items: list[Task]
    next: int | None


class EvidenceFile(Schema):
    """A file of evidence; its bytes are at /evidence/{id}."""

    id: int
    name: str
    medium: str
    size_bytes: int
    sha256: str


class TaskEvent(Schema):
    """One thing that happened. ``journal`` is its row of the journal."""

    id: int
    task: int
    kind: EventKind
    on: date
    body: int | None
    body_name: str
    grade: Grade | None
    percent: Figure | None
    due: date | None
    text: str
    answers: int | None
    answered_by: int | None
    author: str
    at: datetime
    journal: int
    evidence: list[EvidenceFile]


class TaskEvents(Schema):
    """Oldest first."""

    items: list[TaskEvent]


class Picked(Schema):
    """Which tasks: every word that is sent narrows the list. ``region`` takes in all below it; ``as_of`` shows them as
    they stood at the end of a past day."""

    region: Code | None = None
    plan: Number | None = None
    body: Number | None = None
    part: Part | None = None
    kind: TaskKind | None = None
    state: State | None = None
    clock: Clock | None = None
    due_from: Day | None = None
    due_until: Day | None = None
    listed: bool | None = None
    as_of: Day | None = None
    after: int = Field(0, ge=0, lt=2**63)
    limit: int = Field(USUAL_ITEMS, ge=1, le=MOST_ITEMS)


class EvidenceTold(Schema):
    """A file as it is sent: its bytes in base64."""

    name: Line
    content: str


class ActTold(Schema):
    """What is said of a task. A report needs a grade, an extension a due day, most acts a text.

    ``key`` is of the caller's making: the same key again for the same task is the same act, recorded once.
    """

    kind: EventKind
    text: Text = ""
    grade: Grade | None = None
    percent: FigureTold | None = None
    due: Day | None = None
    on: Day | None = None
    files: list[EvidenceTold] = Field(default_factory=list, max_length=10)
    key: str = Field("", max_length=64)


class PartTold(Schema):
    """A body and its part."""

    body: Number
    part: Part


class TaskTold(Schema):
    """A task to be handed out; see the kinds that a person may hand out."""

    kind: TaskKind
    title: Line
    parts: list[PartTold] = Field(max_length=100)
    region: Code | None = None
    plan: Number | None = None
    parent: Number | None = None
    due: Day | None = None
    amount: FigureTold | None = None
    amount_unit: Line = ""
    subject: Line = ""
    ground: Text = ""


class OwnerTold(Schema):
    """Who answers for a headline target; a change needs its ground."""

    body: Number
    ground: Text = ""


class Assigned(Schema):
    """How many tasks were made; 0 where all were there."""

    made: int


class Derived(Schema):
    """How many tasks stand otherwise than before."""

    changed: int
