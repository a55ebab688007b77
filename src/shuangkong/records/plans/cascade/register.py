"""登记: what a plan leaves open is registered, declined, withdrawn, written, or given its value from above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from shuangkong.core.span import Span
from shuangkong.plans.reading import Op
from shuangkong.plans.tasks import events as task_events
from shuangkong.plans.tasks.events import Grade
from shuangkong.plans.tasks.recurrence import due_day
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.authority import held, path_of, write
from shuangkong.records.plans.cascade.models import CascadeEntry, CascadeEvent
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind
from shuangkong.records.plans.cascade.tasking import NewTask, make_tasks
from shuangkong.records.plans.models import Plan, ReadingEntry
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body

#: State → what may happen next. None is an entry that nobody has decided on.
_NEXT: Mapping[EventKind | None, frozenset[EventKind]] = {
    None: frozenset({EventKind.REGISTER, EventKind.DECLINE}),
    EventKind.DECLINE: frozenset({EventKind.REGISTER}),
    EventKind.WITHDRAW: frozenset({EventKind.REGISTER}),
    EventKind.REGISTER: frozenset({EventKind.WRITTEN, EventKind.ARRIVED, EventKind.WITHDRAW}),
    EventKind.WRITTEN: frozenset({EventKind.WRITTEN, EventKind.WITHDRAW}),
    EventKind.ARRIVED: frozenset({EventKind.ARRIVED, EventKind.WITHDRAW}),
}
#: What only happens to one kind of entry.
_ONLY = {EventKind.WRITTEN: EntryKind.SUB_PLAN, EventKind.ARRIVED: EntryKind.AWAITED}
_OVER = (task_events.State.DONE, task_events.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Registering:
    """What is to be registered: a proposal as a person confirms it, or what the reader missed.

    ``item`` is the entry of the measure that asks for it; ``owner`` the body that writes, reaches or cooperates.
    """

    kind: EntryKind
    title: str
    item: int | None = None
    giver: str = ""
    owner: int | None = None
    due: date | None = None
    span: Span | None = None


def register(plan_id: int, wanted: Registering, by: Acting, ground: str, document: str = "") -> int:
    """Registers something that a plan leaves open; returns the entry's number. ~12 queries.

    A sub-plan becomes a task of its owner at once.

    Raises:
        Refused: no ground or title; a sub-plan without owner; no such body or measure; it is registered already.
        Forbidden: the person may not decide on the plan, or not assign there.
    """
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        _require_owner(wanted)
        entry = _entry(plan, wanted)
        task = None
        number = _written(plan, entry, by, EventKind.REGISTER, ground, document, owner=wanted.owner, due=wanted.due)
        if wanted.kind is EntryKind.SUB_PLAN:
            require(by, Action.TASK_ASSIGN, Where(path_of(plan)))
            task = _sub_plan_task(plan, entry, wanted, by, number)
        _event(
            entry, by, EventKind.REGISTER, ground, document, number, owner_id=wanted.owner, due=wanted.due, task_id=task
        )
    return entry.pk


def decline(plan_id: int, wanted: Registering, by: Acting, ground: str) -> int:
    """Decides that a proposal is none: it is not proposed again. Raises as ``register``."""
    with transaction.atomic():
        plan = held(plan_id, by, Action.PLAN_REVIEW)
        entry = _entry(plan, wanted)
        number = _written(plan, entry, by, EventKind.DECLINE, ground, "")
        _event(entry, by, EventKind.DECLINE, ground, "", number)
    return entry.pk


def withdraw(entry_id: int, by: Acting, ground: str) -> None:
    """Takes a registered entry back; its task is cancelled. It may be registered again. Raises as ``register``."""
    with transaction.atomic():
        plan, entry = _held(entry_id, by)
        number = _written(plan, entry, by, EventKind.WITHDRAW, ground, "")
        task = _open_task(entry)
        if task is not None:
            act(task, by, task_events.EventKind.CANCEL, ground)
        _event(entry, by, EventKind.WITHDRAW, ground, "", number)


def link_written(entry_id: int, written: int, by: Acting, ground: str) -> None:
    """The sub-plan is written: links it to the plan that was read in.

    Its task is stated as done where the person may judge there; else it stays for whoever may.

    Raises:
        Refused: no ground; no such plan; the plan that asks for it; the entry is no open sub-plan.
        Forbidden: the person may not decide on the plan that asks, or not read the written one.
    """
    with transaction.atomic():
        plan, entry = _held(entry_id, by)
        target = Plan.objects.select_related("region").filter(pk=written).first()
        if target is None or target.pk == plan.pk:
            raise Refused(
                "CAS-404", "请选择已读入的子方案。", "Choose the sub-plan among the plans read in.", "written"
            )
        require(by, Action.PLAN_READ, Where(path_of(target)))
        number = _written(plan, entry, by, EventKind.WRITTEN, ground, target.doc_no, written=written)
        _event(entry, by, EventKind.WRITTEN, ground, target.doc_no, number, written_id=written)
        task = _open_task(entry)
        if task is not None and may(by, Action.TASK_JUDGE, Where(entry.path)):
            act(task, by, task_events.EventKind.STATE, f"《{target.title}》：{ground}", grade=Grade.DONE)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A value that came from above; ``unit`` as printed, ``deadline`` 2025 or 2025-06."""

    value: Decimal
    unit: str
    op: Op = Op.EQ
    deadline: str = ""
    base_year: int | None = None


def record_arrival(
    entry_id: int, given: Arrived, by: Acting, document: str, ground: str, on: date | None = None
) -> None:
    """Records the value that the level above has given, on today where no day is given; a later one succeeds it.

    Raises:
        Refused: no document, ground or unit; a deadline that is no date; a day to come; no awaited target.
        Forbidden: the person may not decide on the plan.
    """
    day = on or timezone.localdate()
    with transaction.atomic():
        plan, entry = _held(entry_id, by)
        _require_arrival(given, document, day)
        said = {
            "op": given.op.value, "value": given.value, "unit": given.unit, "deadline": given.deadline,
            "base_year": given.base_year, "on": day,
        }  # fmt: skip
        number = _written(plan, entry, by, EventKind.ARRIVED, ground, document, **said)
        _event(
            entry, by, EventKind.ARRIVED, ground, document, number, op=given.op, value=given.value, unit=given.unit,
            deadline=given.deadline, base_year=given.base_year, on=day,
        )  # fmt: skip


def _require_arrival(given: Arrived, document: str, day: date) -> None:
    for holds, number, zh, en, field in (
        (document.strip(), 405, "请写明下达文件。", "Name the document that gives the value.", "document"),
        (given.unit.strip(), 406, "请写明单位。", "Give the unit of the value.", "unit"),
        (not given.deadline or due_day(given.deadline), 407, "期限应为年、年-月或年-月-日。",
         "A year, year-month or day.", "deadline"),
        (day <= timezone.localdate(), 408, "日期不能晚于今天。", "The day cannot be in the future.", "on"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"CAS-{number}", zh, en, field)


def _require_owner(wanted: Registering) -> None:
    if wanted.kind is EntryKind.SUB_PLAN and wanted.owner is None:
        raise Refused("CAS-409", "请指明由哪个单位编制。", "Say which body is to write it.", "owner")
    if wanted.owner is not None and not Body.objects.filter(pk=wanted.owner).exists():
        raise Refused("CAS-410", f"没有编号为 {wanted.owner} 的单位。", f"There is no body {wanted.owner}.", "owner")


def _entry(plan: Plan, wanted: Registering) -> CascadeEntry:
    """The row of that kind, measure and title; made where there is none."""
    title = "".join(wanted.title.split())
    if not title:
        raise Refused("CAS-402", "请写明名称。", "Give its title.", "title")
    if wanted.item is not None and not ReadingEntry.objects.filter(pk=wanted.item, plan=plan, kind="item").exists():
        raise Refused("CAS-403", "本方案没有这一条措施。", "The plan has no such measure.", "item")
    span = wanted.span
    found, _ = CascadeEntry.objects.get_or_create(
        plan=plan, kind=wanted.kind, item_id=wanted.item, title=title,
        defaults={
            "giver": wanted.giver, "path": path_of(plan), "span_start": span.start if span else None,
            "span_end": span.end if span else None,
        },
    )  # fmt: skip
    return found


def _held(entry_id: int, by: Acting) -> tuple[Plan, CascadeEntry]:
    entry = CascadeEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Refused("CAS-401", f"没有编号为 {entry_id} 的登记事项。", f"There is no entry {entry_id}.")
    return held(entry.plan_id, by, Action.PLAN_REVIEW), entry


def _written(
    plan: Plan, entry: CascadeEntry, by: Acting, kind: EventKind, ground: str, document: str, **said: object
) -> int:
    """Asks whether it may happen and writes the row of the journal; returns its number."""
    if not ground.strip():
        raise Refused("CAS-102", "请写明认定依据。", "Give the ground of the decision.", "ground")
    last = entry.events.order_by("-pk").values_list("kind", flat=True).first()
    before = EventKind(last) if last else None
    is_its_kind = _ONLY.get(kind, entry.kind) == entry.kind
    if kind not in _NEXT[before] or not is_its_kind:
        zh = f"“{entry.title}”目前的状态（{last or '未登记'}）不允许此操作（{kind.value}）。请刷新页面查看最新情况。"
        raise Refused("CAS-411", zh, f"“{entry.title}” is {last or 'not registered'}: {kind.value} cannot happen.")
    what = {"kind": entry.kind, "title": entry.title, "item": entry.item_id} | said
    return write(
        plan, by, f"cascade.{kind.value}", f"cascade/{entry.pk}", ground=ground, document=document, after=what,
        before={"state": last} if last else None,
    )  # fmt: skip


def _event(
    entry: CascadeEntry, by: Acting, kind: EventKind, ground: str, document: str, number: int, **said: Any
) -> None:
    CascadeEvent.objects.create(
        entry=entry, kind=kind, ground=ground, document=document, author=by.author, at=timezone.now(), journal=number,
        **({"on": timezone.localdate()} | said),
    )  # fmt: skip


def _sub_plan_task(plan: Plan, entry: CascadeEntry, wanted: Registering, by: Acting, number: int) -> int:
    """One task an entry and registration: the ordinal tells several of one measure, or one registered anew, apart."""
    ordinal = Task.objects.filter(plan=plan, kind=TaskKind.SUB_PLAN, entry=wanted.item).count()
    no = entry.item.payload["no"] if entry.item else ""
    span = (wanted.span.start, wanted.span.end) if wanted.span else None
    new = NewTask(f"编制{entry.title}", wanted.item, ordinal, no, wanted.due, wanted.owner, span)
    return make_tasks(plan, TaskKind.SUB_PLAN, [new], by.author, number)[0]


def _open_task(entry: CascadeEntry) -> int | None:
    """The entry's newest task while it is open."""
    found = entry.events.filter(task__isnull=False).order_by("-pk").values_list("task_id", "task__state").first()
    return found[0] if found and found[1] not in _OVER else None
