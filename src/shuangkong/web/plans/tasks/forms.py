"""What a person may do with a task now: one form an act, each with what will follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from secrets import token_hex
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from shuangkong.plans.tasks.events import EventKind, Grade, State
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.tasks.acts import NEEDS
from shuangkong.records.plans.tasks.rows import Handed, TaskRow
from shuangkong.records.plans.tasks.sound import WITHOUT_TEXT, fits
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.plans.tasks.words import EVENTS, GRADES

#: Fields of each act, in their order.
FIELDS: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.REPORT: ("grade", "percent", "text", "files"),
    EventKind.ASK: ("due", "text", "files"),
    EventKind.ACCEPT: ("text",),
    EventKind.RETURN: ("text",),
    EventKind.CONFIRM: ("text",),
    EventKind.REMIND: ("text",),
    EventKind.CIRCULATE: ("text",),
    EventKind.EXTEND: ("due", "text"),
    EventKind.DECLINE: ("text",),
    EventKind.STOP: ("text",),
    EventKind.RESUME: ("text",),
    EventKind.STATE: ("grade", "percent", "text"),
    EventKind.LIST: ("text",),
    EventKind.DELIST: ("text",),
    EventKind.CANCEL: ("text",),
}
FOLLOWS = {
    EventKind.REPORT: lazy("提交后转方案办公室审核；审核前等次和完成比例不变。"),
    EventKind.ASK: lazy("提交后由方案办公室批准或不同意；答复之前期限不变。"),
    EventKind.DECLINE: lazy("期限不变，理由告知责任单位。"),
    EventKind.ACCEPT: lazy("报送的等次和完成比例即成为任务的情况；报“已完成”的，任务办结。"),
    EventKind.RETURN: lazy("任务回到责任单位，列在其“今天该办”里，理由同时显示。"),
    EventKind.CONFIRM: lazy("表示本单位认领所配合的部分。"),
    EventKind.REMIND: lazy("责任单位会收到提醒，催办次数加一。"),
    EventKind.CIRCULATE: lazy("列入本月督查通报，通报次数加一。"),
    EventKind.EXTEND: lazy("期限改为新的日期，原期限和依据留在记录里。"),
    EventKind.STOP: lazy("从今天起停止计时，恢复时期限顺延停止的天数。"),
    EventKind.RESUME: lazy("从今天起恢复计时，期限顺延停止的天数。"),
    EventKind.STATE: lazy("由方案办公室直接认定等次，理由留在记录里；认定“已完成”的，任务办结。"),
    EventKind.LIST: lazy("任务列入挂牌督办，直到摘牌。"),
    EventKind.DELIST: lazy("任务移出挂牌督办；挂牌期间的记录保留。"),
    EventKind.CANCEL: lazy("任务不再计时，也不能再报送；记录保留。"),
}
LABELS = {
    "grade": lazy("进展等次"),
    "percent": lazy("完成比例（%）"),
    "text": lazy("情况或理由"),
    "due": lazy("新的期限"),
    "files": lazy("佐证材料"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, with what was typed; ``is_wrong`` where the refusal is about it."""

    key: str
    id: str
    label: Any
    value: str
    is_wrong: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class ActForm:
    """One act that may be done now; ``is_open`` where it is the one that is asked for or was refused.

    ``key`` is of this form alone: sent twice it is recorded once.
    """

    kind: EventKind
    label: Any
    follows: Any
    fields: tuple[Field, ...]
    is_open: bool
    refusal: Refused | None
    key: str


@dataclass(frozen=True, slots=True)
class Told:
    """An act that was refused and what was typed with it."""

    kind: EventKind
    refusal: Refused
    form: Mapping[str, str]


def acts_allowed(task: TaskRow, acting: Acting, where: Where) -> list[EventKind]:
    """What the person may do with the task as it stands, in the order of FIELDS."""
    today = timezone.localdate()
    mine = [part.part for part in task.parts if part.id in acting.bodies]
    return [kind for kind in FIELDS if may(acting, NEEDS[kind], where) and fits(kind, task.standing, mine, today)]


def act_forms(task: TaskRow, acting: Acting, where: Where, told: Told | None = None) -> list[ActForm]:
    """The forms of the acts allowed; the one that was refused is open, else the first, unless all wait for another."""
    allowed = acts_allowed(task, acting, where)
    waits = task.standing.state is State.REPORTED and EventKind.ACCEPT not in allowed
    opened = told.kind if told else None if waits else next(iter(allowed), None)
    return [_form(kind, opened, told if told and told.kind is kind else None) for kind in allowed]


def judging_forms(task: TaskRow) -> list[ActForm]:
    """Accept and return, for a page with many tasks: ids carry the task's number."""
    kinds = (EventKind.ACCEPT, EventKind.RETURN)
    return [_form(kind, None, None, f"{kind.value}-{task.id}") for kind in kinds]


def grades() -> list[tuple[str, Any]]:
    """The choices of a grade."""
    return [(grade.value, GRADES[grade]) for grade in Grade]


def said(request: HttpRequest) -> dict[str, Any]:
    """What a posted form says, as the arguments of ``acts.act``. Raises Refused for what cannot be read."""
    form = request.POST
    found: dict[str, date | Decimal | Grade | None] = {
        "grade": Grade(form["grade"]) if form.get("grade", "") in set(Grade) else None,
        "percent": number_of(form.get("percent", ""), "percent"),
        "due": day_of(form.get("due", ""), "due"),
    }
    files = [Handed(each.name or "", each.read()) for each in request.FILES.getlist("files")]
    return {"text": form.get("text", "").strip(), "files": files, "key": form.get("key", "")} | found


def _form(kind: EventKind, opened: EventKind | None, told: Told | None, prefix: str = "") -> ActForm:
    wrong, form = (told.refusal.field, told.form) if told else ("", {})
    fields = tuple(
        Field(key, f"{prefix or kind.value}-{key}", LABELS[key], form.get(key, ""), key == wrong, _is_needed(kind, key))
        for key in FIELDS[kind]
    )
    key = token_hex(16)
    return ActForm(kind, EVENTS[kind], FOLLOWS[kind], fields, kind is opened, told.refusal if told else None, key)


def _is_needed(kind: EventKind, key: str) -> bool:
    return key in ("grade", "due") or (key == "text" and kind not in WITHOUT_TEXT)
