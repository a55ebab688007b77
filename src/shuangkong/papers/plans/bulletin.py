"""督查通报: how the tasks of a place stand in a month, which are late, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.papers.official.paper import Align, Basis, Issue, Paper, Table, TableColumn, day
from shuangkong.papers.official.templates import Templates
from shuangkong.papers.official.wording import Values, Words, filled
from shuangkong.papers.official.writing import write_paper
from shuangkong.papers.plans.saying import (
    CLOCKS,
    GRADES,
    MISSING,
    STATES,
    Duty,
    helping,
    numbered,
    responsible,
    share_pct,
    workbook,
)
from shuangkong.papers.tables import SheetColumn, SheetValue
from shuangkong.plans.tasks.events import Grade, State
from shuangkong.plans.tasks.standing import Clock

_NAME = "bulletin"
_UNREPORTED = "未报送"
#: Late tasks that the text itself names; the attachment has them all.
_MOST_NAMED = 10
_TASK_COLUMNS = (
    TableColumn("序号", 1.4, Align.MIDDLE),
    TableColumn("任务", 5),
    TableColumn("责任单位", 3.4),
    TableColumn("时限", 3, Align.DAY),
    TableColumn("逾期\n天数", 1.6, Align.FIGURE),
    TableColumn("办理情况", 4.4),
)
_BODY_COLUMNS = (
    TableColumn("序号", 1.4, Align.MIDDLE),
    TableColumn("责任单位", 5),
    *(TableColumn(label, 1.8, Align.FIGURE) for label in ("任务", "已办结", "待审核", "逾期", "临期", "久无\n报送")),
)
_SHEET_COLUMNS = (
    *(SheetColumn(label) for label in ("方案", "条目", "任务", "责任单位", "参加单位", "提示", "状态", "进展")),
    SheetColumn("完成", "%", is_figure=True),
    SheetColumn("时限"),
    SheetColumn("逾期", "天", is_figure=True),
    SheetColumn("最近报送"),
    SheetColumn("催办", "次", is_figure=True),
    SheetColumn("挂牌督办"),
    SheetColumn("最近报送内容"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many tasks stand how on the day; ``late``, ``due_soon`` and ``silent`` are among those still open."""

    total: int
    done: int
    waiting: int
    late: int
    due_soon: int
    silent: int
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class MonthTally:
    """What happened in the month up to the day; ``done`` and ``circulated`` count tasks, the others how often."""

    reported: int
    returned: int
    done: int
    extended: int
    reminded: int
    circulated: int


@dataclass(frozen=True, slots=True)
class BodyTally:
    """The tasks that one body answers for."""

    body: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class NotedTask:
    """A task that the bulletin speaks of. ``said`` is the newest report's text, ``reported_on`` its day; None where
    nobody has reported.
    """

    plan_title: str
    number: str
    title: str
    duties: tuple[Duty, ...]
    clock: Clock
    state: State
    grade: Grade
    percent: Decimal | None = None
    due: date | None = None
    reported_on: date | None = None
    said: str = ""
    reminders: int = 0
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class CirculatedTask:
    """A task that was circulated (通报) in the month, whether it is late now or done: when, and why."""

    task: NotedTask
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class BulletinInput:
    """A place's month. ``tasks`` are all that are late, due soon, silent or listed, in the order to be printed."""

    issue: Issue
    basis: Basis
    place: str
    year: int
    month: int
    tally: Tally
    in_month: MonthTally
    bodies: tuple[BodyTally, ...]
    tasks: tuple[NotedTask, ...]
    circulated: tuple[CirculatedTask, ...] = ()


def bulletin_docx(given: BulletinInput, templates: Templates) -> bytes:
    """The bulletin. Raises TemplateRefused where a template cannot be used."""
    by_clock = {clock: [each for each in given.tasks if each.clock is clock] for clock in Clock}
    late = sorted(by_clock[Clock.LATE], key=lambda each: -_days_late(each, given.basis.as_of))
    listed = [each for each in given.tasks if each.is_listed]
    entries = {
        name: [_entry(each, given.basis.as_of) for each in tasks]
        for name, tasks in (
            ("逾期", late),
            ("逾期列名", late[:_MOST_NAMED]),
            ("逾期余项", late[_MOST_NAMED:]),
            ("临期", by_clock[Clock.DUE_SOON]),
            ("久无报送", by_clock[Clock.SILENT]),
            ("挂牌督办", listed),
        )
    }
    entries["通报"] = [_circulated(each, given.basis.as_of) for each in given.circulated]
    tables = {
        name: _task_table(tasks, given.basis.as_of)
        for name, tasks in (("逾期", late), ("临期", by_clock[Clock.DUE_SOON]), ("久无报送", by_clock[Clock.SILENT]))
    }
    words = Words(_values(given, late), entries, {**tables, "单位": _body_table(given)})
    content = filled(templates.words[_NAME], words, f"{_NAME}.txt")
    return write_paper(Paper(given.issue, given.basis, content), templates.look)


def bulletin_xlsx(given: BulletinInput) -> bytes:
    """The tasks that the bulletin speaks of, one a row."""
    title = f"{given.place}{_month(given)}督查通报任务清单"
    rows = [_sheet_row(each, given.basis.as_of) for each in given.tasks]
    return workbook(title, _SHEET_COLUMNS, rows, given.basis, given.issue.signed_on)


def _month(given: BulletinInput) -> str:
    return f"{given.year}年{given.month}月"


def _values(given: BulletinInput, late: list[NotedTask]) -> Values:
    tally = given.tally
    return {
        "地区": given.place,
        "期间": _month(given),
        "截至日": day(given.basis.as_of),
        "发文机关": given.issue.issuer,
        "总数": str(tally.total),
        "已办结数": str(tally.done),
        "办结率": share_pct(tally.done, tally.total),
        "待审核数": str(tally.waiting),
        "逾期数": str(tally.late),
        "临期数": str(tally.due_soon),
        "久无报送数": str(tally.silent),
        "暂停数": str(tally.stopped),
        "本月报送次数": str(given.in_month.reported),
        "本月退回次数": str(given.in_month.returned),
        "本月办结数": str(given.in_month.done),
        "本月延期次数": str(given.in_month.extended),
        "本月催办次数": str(given.in_month.reminded),
        "本月通报数": str(given.in_month.circulated),
        "逾期余数": str(max(0, len(late) - _MOST_NAMED) or ""),
    }


def _days_late(task: NotedTask, on: date) -> int:
    return max(0, (on - task.due).days) if task.due else 0


def _standing(task: NotedTask) -> str:
    """办理中，进度滞后，完成40%；最近报送2024年5月6日."""
    words = [STATES[task.state], GRADES[task.grade]]
    if task.percent is not None:
        words.append(f"完成{task.percent.normalize():f}%")
    heard = f"；最近报送{day(task.reported_on)}" if task.reported_on else f"；{_UNREPORTED}"
    return "，".join(words) + heard


def _entry(task: NotedTask, on: date) -> Values:
    return {
        "方案": task.plan_title,
        "条目": task.number,
        "任务": numbered(task.number, task.title),
        "责任单位": responsible(task.duties),
        "参加单位": helping(task.duties),
        "时限": day(task.due) if task.due else MISSING,
        "逾期天数": str(_days_late(task, on)),
        "办理情况": _standing(task),
        "催办次数": str(task.reminders),
    }


def _circulated(each: CirculatedTask, on: date) -> Values:
    return {**_entry(each.task, on), "通报日": day(each.on), "通报事由": each.why.rstrip("。")}


def _task_table(tasks: list[NotedTask], on: date) -> Table:
    return Table(
        _TASK_COLUMNS,
        tuple(
            (
                str(at),
                numbered(each.number, each.title),
                responsible(each.duties),
                day(each.due) if each.due else MISSING,
                str(_days_late(each, on)) if each.due else MISSING,
                _standing(each),
            )
            for at, each in enumerate(tasks, start=1)
        ),
    )


def _body_table(given: BulletinInput) -> Table:
    rows = [(str(at), each.body, *_counts(each.tally)) for at, each in enumerate(given.bodies, start=1)]
    return Table(_BODY_COLUMNS, (*rows, ("", "全部任务", *_counts(given.tally))))


def _counts(tally: Tally) -> tuple[str, ...]:
    return tuple(map(str, (tally.total, tally.done, tally.waiting, tally.late, tally.due_soon, tally.silent)))


def _sheet_row(task: NotedTask, on: date) -> tuple[SheetValue, ...]:
    return (
        task.plan_title,
        task.number,
        task.title,
        responsible(task.duties),
        helping(task.duties),
        CLOCKS[task.clock],
        STATES[task.state],
        GRADES[task.grade],
        task.percent,
        task.due,
        _days_late(task, on) if task.due else None,
        task.reported_on or _UNREPORTED,
        task.reminders,
        "是" if task.is_listed else "否",
        task.said,
    )
