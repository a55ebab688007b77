"""预警调控怎么通知: duties to the bodies that do them, another level or the end to all who had any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.core.fact import Subject
from shuangkong.outlook.barometer.level import WORDS
from shuangkong.outlook.response.duties import Duty
from shuangkong.outlook.response.states import Event, EventKind
from shuangkong.plans.tasks.events import ANSWERING
from shuangkong.records.notices.rows import Addressed, NoticeKind, ToSend
from shuangkong.records.notices.store import send
from shuangkong.records.notices.whom import answering
from shuangkong.records.outlook.response.rows import ResponseRow
from shuangkong.records.outlook.response.workdays import workdays_after
from shuangkong.records.people.acting import Acting
from shuangkong.records.plans.tasks.models import TaskBody

_CHANGES: Mapping[EventKind, str] = {
    EventKind.ESCALATE: "升级为{level}，请按新的等级重新落实措施。",
    EventKind.LOWER: "降为{level}，请按新的等级落实措施。",
    EventKind.LIFT: "已解除。",
}


def tell(row: ResponseRow, event: Event, duties: Iterable[Duty], bodies: Mapping[str, int], by: Acting) -> int | None:
    """Tells what an act means for the bodies concerned; None where it concerns nobody. ~6 queries.

    Args:
        duties: those that the act starts; ``bodies`` who does each. Of any other act none.
    """
    title = f"{row.subject_name}{row.indicator_name}预警调控"
    if event.kind is EventKind.START:
        text, told = f"{title}启动：请按期落实下列措施并报送。", _of_duties(row, duties, bodies)
    elif event.kind in _CHANGES:
        level = WORDS[event.level].zh if event.level else ""
        text = f"{title}{_CHANGES[event.kind].format(level=level)}依据：{event.ground}"
        told = dict.fromkeys(_concerned(row), "")
    else:
        return None
    return send(
        ToSend(
            kind=NoticeKind.RESPONSE, thing=row.id, title=title, text=text, region=row.region, path=row.path,
            bodies=tuple(Addressed(body, each) for body, each in told.items()), is_demo=row.is_demo,
            is_fictional=row.is_fictional,
        ),
        by,
    )  # fmt: skip


def _of_duties(row: ResponseRow, duties: Iterable[Duty], bodies: Mapping[str, int]) -> dict[int, str]:
    """Body → its duties, one a line, each with its last day."""
    lines: dict[int, list[str]] = {}
    for duty in duties:
        due = duty.due(row.standing.since, workdays_after)
        lines.setdefault(bodies[duty.id], []).append(f"{duty.name.zh}{f'，{due.isoformat()} 前' if due else ''}")
    return {body: "\n".join(each) for body, each in lines.items()}


def _concerned(row: ResponseRow) -> list[int]:
    """Bodies that have a duty of it, and whoever answers for the one that is warned. At most 5 queries."""
    doing = TaskBody.objects.filter(task__in=row.tasks, part__in=ANSWERING, ended_on=None).values_list(
        "body", flat=True
    )
    warned = answering({Subject(*row.subject): row.subject_name}, row.region)
    return sorted({*doing, *warned.values()})
