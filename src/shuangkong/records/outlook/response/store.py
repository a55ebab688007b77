"""调控的登记: raised on a published barometer, duties started as tasks, followed, lowered or lifted with ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.response.duties import Duty
from shuangkong.outlook.response.states import HINDRANCES, Event, EventKind, Standing, State, hindrance
from shuangkong.plans.tasks.events import Part
from shuangkong.records.editions.rows import State as IssueState
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.barometer.store import issue as issue_of
from shuangkong.records.outlook.response.models import Response, ResponseEvent, ResponseTask
from shuangkong.records.outlook.response.rows import Happened, ResponseRow
from shuangkong.records.outlook.response.telling import tell
from shuangkong.records.outlook.response.workdays import workdays_after
from shuangkong.records.past import known_by
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.models import Target
from shuangkong.rulebook import open_rulebook

#: Acts of a person on a response that is there.
ACTS = (EventKind.START, EventKind.FOLLOW, EventKind.ESCALATE, EventKind.LOWER, EventKind.LIFT)


def responses(seen: Q, until: date | None = None) -> tuple[ResponseRow, ...]:
    """Those that a person may see, as known at the end of a day, the newest first. 3 queries."""
    found = Response.objects.filter(seen, known_by(until, "issue__prepared_at")).select_related("issue")
    rows = _rows(found.order_by("-pk"), until)
    return tuple(each for each in rows if each.happened)


def response(response_id: int, until: date | None = None) -> ResponseRow | None:
    """3 queries."""
    return next(iter(responses(Q(pk=response_id), until)), None)


def start(issue_id: int, target: int, by: Acting) -> int:
    """Raises a response on a line of a published barometer and returns its number.

    Raises:
        Refused: OUT-601 not published, or that line stands at no level; OUT-602 a response to it is under way.
        Forbidden: the person decides on no responses there.
    """
    with transaction.atomic():
        row = issue_of(issue_id)
        if row is not None:
            require(by, Action.RESPONSE_DECIDE, row.where)
        found = row.content.line(target) if row is not None and row.state is IssueState.PUBLISHED else None
        if row is None or row.published is None or found is None or not found[1].is_warned:
            zh = "这一期还没有公布，或该对象没有预警，不能启动调控。"
            raise Refused("OUT-601", zh, "Not published, or the subject is not warned.")
        part, line = found
        same = Q(region=row.region, indicator=part.indicator, subject_code=line.subject.code)
        if any(each.standing.state is not State.LIFTED for each in responses(same)):
            zh = "对这一目标的调控正在进行。请在原来的一项上升级或降级。"
            raise Refused("OUT-602", zh, "A response to it is under way: escalate or lower that one.")
        made = Response.objects.create(
            issue_id=issue_id, region_id=row.region, path=row.path, target=target, subject_kind=line.subject.kind,
            subject_code=line.subject.code, subject_name=line.name, indicator=part.indicator, indicator_name=part.name,
            rule=line.rule,
        )  # fmt: skip
        _record(made, Event(EventKind.RAISE, timezone.localdate(), line.level, row.published.number), None, by)
    return made.pk


def act(
    response_id: int,
    kind: EventKind,
    by: Acting,
    *,
    level: Level | None = None,
    ground: str = "",
    bodies: Mapping[str, int] | None = None,
) -> None:
    """Records one act of today. Starting hands out every duty of the level as a task of its body.

    Args:
        bodies: duty → body that does it; of START only.

    Raises:
        Refused: OUT-603 there is none of that number, or no such act; OUT-604 it cannot happen now; OUT-605 a duty has
            no body; OUT-606 the plan has no duties for this level.
        Forbidden: the person decides on no responses there.
    """
    with transaction.atomic():
        held = Response.objects.select_for_update(of=("self",)).filter(pk=response_id).first()
        row = response(response_id) if held else None
        if row is not None:
            require(by, Action.RESPONSE_DECIDE, row.where)
        if held is None or row is None or kind not in ACTS:
            raise Refused("OUT-603", "没有这项调控，或没有这种办法。", "No such response, or no such act.")
        event = Event(kind, timezone.localdate(), level, ground.strip())
        why = hindrance(row.standing, event)
        if why is not None:
            words = HINDRANCES[why]
            raise Refused("OUT-604", words.zh, words.en, "ground" if why.value == "ground" else "")
        made = _record(held, event, row.standing, by)
        if kind is EventKind.START:
            _hand_out(row, made, duties_of(row), bodies or {}, by)
        tell(row, event, duties_of(row) if kind is EventKind.START else (), bodies or {}, by)


def duties_of(row: ResponseRow) -> tuple[Duty, ...]:
    """What the response plans in force start at the level in force, each duty once."""
    book, now = open_rulebook(), row.standing
    plans = book.outlook(book.layer_of(row.region, now.since)).started_by(row.rule, now.since)
    return tuple({duty.id: duty for plan in plans for duty in plan.duties(now.level)}.values())


def _hand_out(
    row: ResponseRow, event: ResponseEvent, duties: Iterable[Duty], bodies: Mapping[str, int], by: Acting
) -> None:
    held = tuple(duties)
    if not held:
        zh = "预警调控方案对这一等级没有规定措施。请先在政策文件中补充。"
        raise Refused("OUT-606", zh, "The response plan has no duties for this level: enter them in the policy.")
    lacking = [duty.name.zh for duty in held if duty.id not in bodies]
    if lacking:
        zh = f"请为每项措施选责任单位：{'、'.join(lacking)}。"
        raise Refused("OUT-605", zh, f"Choose who does each duty: {', '.join(lacking)}.", "bodies")
    plan = Target.objects.filter(pk=row.target).values_list("plan", flat=True).first()
    for duty in held:
        title = f"{duty.name.zh}（{row.subject_name}{row.indicator_name}预警）"
        wanted = Wanted(
            TaskKind.OTHER, title, ((bodies[duty.id], Part.SOLE),), region=row.region, plan=plan,
            due=duty.due(row.standing.since, workdays_after),
        )  # fmt: skip
        task = add(wanted, by, ground=row.standing.grounds[-1][2])
        ResponseTask.objects.create(event=event, duty=duty.id, task_id=task)


def acts_allowed(row: ResponseRow, by: Acting) -> list[EventKind]:
    """What the person may do to it today; what needs a level or ground is asked for it."""
    if not may(by, Action.RESPONSE_DECIDE, row.where):
        return []
    return [kind for kind in ACTS if _levels(row, kind) or (kind in _PLAIN and _is_possible(row, kind))]


_PLAIN = (EventKind.START, EventKind.FOLLOW, EventKind.LIFT)


def _is_possible(row: ResponseRow, kind: EventKind) -> bool:
    return hindrance(row.standing, Event(kind, timezone.localdate(), None, "-")) is None


def _levels(row: ResponseRow, kind: EventKind) -> list[Level]:
    """Levels to which an act may lead."""
    if kind in _PLAIN:
        return []
    today = timezone.localdate()
    return [each for each in Level if hindrance(row.standing, Event(kind, today, each, "-")) is None]


def levels_allowed(row: ResponseRow, kind: EventKind) -> list[Level]:
    """Levels that an act may lead to; none for acts that change no level."""
    return _levels(row, kind)


def _record(held: Response, event: Event, before: Standing | None, by: Acting) -> ResponseEvent:
    what = {"kind": event.kind.value, "level": event.level, "on": event.on}
    was = {"state": before.state.value, "level": int(before.level)} if before else None
    written = by.act(f"response.{event.kind.value}", f"response/{held.pk}", ground=event.ground, before=was, after=what)
    return ResponseEvent.objects.create(
        response=held, kind=event.kind, on=event.on, level=event.level, ground=event.ground, author=by.author,
        at=timezone.now(), journal=journal.append(replace(written, place=held.path)),
    )  # fmt: skip


def _rows(found: Iterable[Response], until: date | None) -> tuple[ResponseRow, ...]:
    every = list(found)
    events: dict[int, list[Happened]] = {each.pk: [] for each in every}
    happened = ResponseEvent.objects.filter(known_by(until, "at"), response__in=list(events)).order_by("pk")
    for each in happened.prefetch_related("tasks"):
        level = None if each.level is None else Level(each.level)
        event = Event(EventKind(each.kind), each.on, level, each.ground)
        tasks = {task.duty: task.task_id for task in each.tasks.all()}
        events[each.response_id].append(Happened(event, each.author, each.at, each.journal, tasks))
    return tuple(
        ResponseRow(
            id=each.pk, issue=each.issue_id, region=each.region_id, path=each.path, target=each.target,
            subject=(each.subject_kind, each.subject_code), subject_name=each.subject_name,
            indicator=each.indicator, indicator_name=each.indicator_name, rule=each.rule,
            is_demo=each.issue.is_demo, is_fictional=each.issue.is_fictional, happened=tuple(events[each.pk]),
        )
        for each in every
    )  # fmt: skip
