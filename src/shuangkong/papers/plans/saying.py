"""说法: how papers about tasks say parts, days, states and shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from shuangkong.papers.official.paper import Basis, day
from shuangkong.papers.tables import SheetColumn, SheetValue, write_xlsx
from shuangkong.plans.tasks.events import Grade, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.plans.tasks.standing import Clock

MISSING = "—"
STATES = {
    State.ASSIGNED: "待办",
    State.REPORTED: "待审核",
    State.ACTIVE: "办理中",
    State.RETURNED: "已退回",
    State.STOPPED: "暂停计时",
    State.DONE: "已办结",
    State.CANCELLED: "已撤销",
}
GRADES = {
    Grade.NOT_STARTED: "未启动",
    Grade.ON_TRACK: "按计划推进",
    Grade.BEHIND: "进度滞后",
    Grade.BLOCKED: "受阻",
    Grade.DONE: "已完成",
}
CLOCKS = {
    Clock.LATE: "逾期",
    Clock.DUE_SOON: "临近到期",
    Clock.SILENT: "久无报送",
    Clock.WAITING: "待审核",
    Clock.CALM: "正常",
    Clock.STOPPED: "暂停计时",
    Clock.OVER: "已办结",
}
RECURRENCES = {
    Recurrence.YEARLY: "每年",
    Recurrence.HALF_YEARLY: "每半年",
    Recurrence.QUARTERLY: "每季度",
    Recurrence.MONTHLY: "每月",
    Recurrence.REGULAR: "定期",
}
_HEADS = (Part.LEAD, Part.SOLE, Part.OWNER)
_HELPERS = (Part.PARTICIPANT, Part.STANDING)
_UNITS = ("年", "月", "日")


@dataclass(frozen=True, slots=True)
class Duty:
    """A body's part in a task, as papers list it."""

    body: str
    part: Part


def responsible(duties: Sequence[Duty]) -> str:
    """Who answers: leads in their order; where there is none, those who share it by their offices."""
    heads = _names(duties, _HEADS)
    return heads or (f"{shared}（按职责分工）" if (shared := _names(duties, (Part.SHARED,))) else MISSING)


def helping(duties: Sequence[Duty]) -> str:
    """Who takes part beside those who answer."""
    heads = {duty.body for duty in duties if duty.part in _HEADS}
    also = (Part.SHARED, *_HELPERS) if heads else _HELPERS
    return _names([duty for duty in duties if duty.body not in heads], also) or MISSING


def _names(duties: Iterable[Duty], parts: tuple[Part, ...]) -> str:
    return "、".join(dict.fromkeys(duty.body for duty in duties if duty.part in parts))


def deadline(due: date | None, printed: str, recurrence: Recurrence) -> str:
    """By when: as the plan prints it (2025, 2025-06), else the due day, else how often it comes again, else —."""
    if printed and all(part.isdecimal() for part in printed.split("-")):
        return "".join(f"{int(part)}{unit}" for part, unit in zip(printed.split("-"), _UNITS, strict=False))
    if due is not None:
        return day(due)
    return RECURRENCES.get(recurrence, MISSING)


def numbered(number: str, title: str) -> str:
    """A task by its number and title: （七）推进…, 3 推进…; the number of one that no plan has is ""."""
    return f"{number} {title}" if number[-1:].isalnum() else f"{number}{title}"


def share_pct(part: int, whole: int) -> str:
    """A share with one decimal, rounded half up; — of nothing."""
    if whole == 0:
        return MISSING
    share = (Decimal(100) * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share}%"


def workbook(
    title: str, columns: Sequence[SheetColumn], rows: Sequence[Sequence[SheetValue]], basis: Basis, on: date
) -> bytes:
    """The same rows as a workbook, with what they rest on below them."""
    return write_xlsx(
        title, columns, rows, basis.statement, is_demo=basis.is_demo, is_fictional=basis.is_fictional,
        about=[f"截至{day(basis.as_of)}"], made_on=on,
    )  # fmt: skip
