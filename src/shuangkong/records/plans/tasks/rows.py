"""Values of tasks, as pages and papers see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.plans.tasks.recurrence import WITH_ROUNDS
from shuangkong.plans.tasks.standing import Standing


class TaskKind(StrEnum):
    """Where a task comes from."""

    MEASURE = "measure"  # 措施
    SENTENCE = "sentence"  # 措施中的一句
    DUTY = "duty"  # 有期限的事项
    ROUND = "round"  # 周期性事项的一期
    TARGET = "target"  # 主要目标
    SUB_PLAN = "sub_plan"  # 须编制的子方案
    KEY_WORK = "key_work"  # 重点工程
    MINUTE = "minute"  # 调度会议定事项
    RECTIFY = "rectify"  # 限期整治
    GAP = "gap"  # 与上级方案的差距
    OTHER = "other"  # 另行交办


def has_rounds(kind: str, recurrence: str) -> bool:
    """Whether a task is a duty that comes again: its rounds are owed, and heard of."""
    return kind == TaskKind.DUTY and recurrence in WITH_ROUNDS


def is_owed(row: TaskRow) -> bool:
    """Whether a task is owed by itself, as ``store.OWED`` says it for a query."""
    return row.kind is not TaskKind.SENTENCE and not has_rounds(row.kind, row.recurrence)


@dataclass(frozen=True, slots=True)
class PartRow:
    """A body's part; ``name`` is the body's own name, ``id`` the body it stands for after aliases."""

    id: int
    name: str
    part: Part
    is_inherited: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task with how it stands. ``plan_title`` and ``region_name`` are "" where there is none.

    ``subject`` is the enterprise that is to rectify; ``derived_from`` what ``derived_grade`` rests on: "target/12" or
    "task/57".
    """

    id: int
    plan: int | None
    plan_title: str
    parent: int | None
    kind: TaskKind
    number: str
    title: str
    region: str | None
    region_name: str
    path: str
    recurrence: str
    period: str
    deadline_printed: str
    first_due: date | None
    amount: Decimal | None
    amount_unit: str
    standing: Standing
    derived_grade: Grade | None
    derived_from: str
    parts: tuple[PartRow, ...]
    span: tuple[int, int] | None
    is_demo: bool
    is_fictional: bool
    subject: str = ""

    @property
    def is_due_assumed(self) -> bool:
        """Whether the document prints no day and the end of the plan stands for it (规划期末)."""
        return self.kind is TaskKind.MEASURE and self.first_due is not None and not self.deadline_printed


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of evidence."""

    id: int
    name: str
    medium: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One thing that happened; ``answered_by`` the judgement of a report, None while it waits.

    ``is_by_same`` says that who judges is who reported: shown beside the judgement.
    """

    id: int
    task: int
    kind: EventKind
    on: date
    body: int | None
    body_name: str
    grade: Grade | None
    percent: Decimal | None
    due: date | None
    text: str
    answers: int | None
    answered_by: int | None
    author: str
    at: datetime
    journal: int
    evidence: tuple[FileRow, ...]
    is_by_same: bool = False


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one body has said of its part: the day and grade of its newest report, the day of its confirmation.

    ``reported_on`` and ``confirmed_on`` are None until then.
    """

    part: PartRow
    reported_on: date | None
    grade: Grade | None
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it is handed in; checked by content before it is kept."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting with its newest minutes ("" before there are any) and the tasks of its agenda and of its decisions."""

    id: int
    title: str
    on: date
    region: str
    region_name: str
    path: str
    called_by: str
    journal: int
    minutes: str
    agenda: tuple[int, ...]
    decided: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A major matter; ``answer``, ``answered_by`` and ``answered_at`` are its acknowledgement, empty until then."""

    id: int
    title: str
    text: str
    happened_on: date
    body: int | None
    body_name: str
    region_name: str
    path: str
    acknowledge_by: date
    author: str
    at: datetime
    journal: int
    answer: str
    answered_by: str
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the leading group has yet to acknowledge it."""
        return self.answered_at is None
