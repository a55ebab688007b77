"""What a form says of a task to be handed out, and of its stages."""

from __future__ import annotations

from datetime import date

from django.http import QueryDict

from shuangkong.plans.tasks.events import Part
from shuangkong.records.plans.tasks.adding import Wanted
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.web.plans.tasks.framed import day_of, number_of
from shuangkong.web.site.scope import whole

#: What a person may hand out on the page; minutes and gaps come from their own pages.
CHOICES = (TaskKind.KEY_WORK, TaskKind.OTHER, TaskKind.SUB_PLAN, TaskKind.RECTIFY)

type Stage = tuple[date, str]


def wanted_of(
    form: QueryDict, region: str | None, plan: int | None = None, parent: int | None = None
) -> tuple[Wanted, list[Stage]]:
    """Raises Refused for what cannot be read, naming the field."""
    kind = next((each for each in TaskKind if each == form.get("kind")), TaskKind.OTHER)
    wanted = Wanted(
        kind=kind,
        title=form.get("title", ""),
        parts=_parts(form),
        region=region,
        plan=plan,
        parent=parent,
        due=day_of(form.get("due", ""), "due"),
        amount=number_of(form.get("amount", ""), "amount"),
        amount_unit=form.get("amount_unit", ""),
        subject=form.get("subject", ""),
    )
    return wanted, stages_of(form.get("stages", ""))


def _parts(form: QueryDict) -> tuple[tuple[int, Part], ...]:
    """The lead, who is the only one where nobody helps, and those who help."""
    lead = whole(form.get("lead", ""))
    helping = [each for each in map(whole, form.getlist("helping")) if each is not None and each != lead]
    first = [] if lead is None else [(lead, Part.LEAD if helping else Part.SOLE)]
    return (*first, *((each, Part.PARTICIPANT) for each in dict.fromkeys(helping)))


def stages_of(text: str) -> list[Stage]:
    """One stage a line: a day, then what is to be done by it. Raises Refused and says which line."""
    found: list[Stage] = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        day, _space, title = line.strip().replace("\t", " ").partition(" ")
        due = day_of(day, "stages")
        if due is None or not title.strip():
            raise Refused(
                "TSK-311",
                f"分阶段期限第 {number} 行应为“日期 事项”，实为“{line.strip()[:30]}”。",
                f"Stage {number} should be a day and what is to be done, found “{line.strip()[:30]}”.",
                "stages",
            )
        found.append((due, title.strip()))
    return found
