"""目标责任书: what a region or a unit answers for under a plan, filled from the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from shuangkong.papers.official.paper import Issue, Party
from shuangkong.papers.plans.responsibility_letter import (
    LetterDuty,
    LetterInput,
    LetterTarget,
    responsibility_letter_docx,
)
from shuangkong.plans.tasks.events import ANSWERING, HELPING, Part, State
from shuangkong.plans.tasks.recurrence import Recurrence
from shuangkong.records.paths import is_below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade.responsible import responsible
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.tasks import store
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import TaskKind, TaskRow
from shuangkong.records.plans.tasks.tallies import answering_bodies, counts_by_body
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.collectives import governing
from shuangkong.records.registry.models import Body
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import bodies_answered_for
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition.given_sectors import sectors_of
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.papers.called import Called, called, called_with_former
from shuangkong.web.plans.papers.demand import letter_target, year_of
from shuangkong.web.plans.papers.making import (
    LISTED,
    Made,
    basis,
    made,
    nothing,
    printed_deadline,
)
from shuangkong.web.targets.course import courses, hidden_from
from shuangkong.web.targets.shared import home_code


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a letter: a region (by its code) or a unit (by its number), with the bodies that owe what it owes."""

    region: str | None
    body: int | None
    name: str
    path: str
    bodies: frozenset[int]

    @property
    def subject(self) -> str:
        """region/<code> or body/<number>."""
        return f"region/{self.region}" if self.region else f"body/{self.body}"


def region_taker(plan: PlanRow, code: str) -> Taker | None:
    """A region below the plan's own. 5 queries. None where there is no such region below.

    Its bodies are its own, and whatever means its government in plans of the places above (各乡镇人民政府).
    """
    found, path = registry.region(code), registry.paths([code]).get(code, "")
    if found is None or path == plan.path or not is_below(path, plan.path):
        return None
    own = frozenset(Body.objects.filter(region=code).values_list("pk", flat=True))
    return Taker(code, None, found.name, path, own | governing(code))


def body_taker(plan: PlanRow, body_id: int, on: date) -> Taker | None:
    """A unit that is named in plans of the same region, or what answers for it on a day, with all that it answers for.
    5 queries. None where there is no such unit there.
    """
    found = registry.body(answering_bodies(on).get(body_id, body_id))
    if found is None or found.region != plan.region:
        return None
    return Taker(None, found.id, found.name, plan.path, bodies_answered_for(found.id, on))


def region_takers(plan: PlanRow) -> tuple[tuple[str, str], ...]:
    """Code and name of the regions that a letter may go to: those below, and those with targets. 2 queries."""
    below: Iterable[RegionRow] = registry.children(plan.region) if plan.region else ()
    named = {each.code: each.name for each in below if each.ends_on is None}
    for row in targets.targets(plan.id):
        if row.subject_kind == "region" and row.subject_code not in ("", plan.region, plan.region_name):
            named.setdefault(row.subject_code, row.subject_name)
    return tuple(named.items())


def body_takers(plan: PlanRow, by: Acting, on: date) -> tuple[tuple[int, str, int], ...]:
    """Number, name and count of tasks of the units that answer for something in the plan on a day, most first.
    8 queries.
    """
    condition = Q(plan=plan.id) & store.readable(by, Action.PAPER_MAKE)
    counted = counts_by_body(condition, {"all": Q(kind__in=LISTED)}, ANSWERING, on)
    names = called_with_former(counted, on)
    found = ((body, names[body], numbers["all"]) for body, numbers in counted.items())
    return tuple(sorted((each for each in found if each[2]), key=lambda each: (-each[2], each[1])))


def make_letter(plan: PlanRow, taker: Taker, period: str, issue: Issue, by: Acting, on: date) -> Made:
    """The letter of a taker under a plan as the records have it now; ``on`` is today. ~29 queries.

    Raises:
        Forbidden: the person makes no papers about the plan, or a department about another than itself.
        Refused: the plan gives the taker no target and no task.
        TemplateRefused: a template of the office cannot be used.
    """
    require(by, Action.PAPER_MAKE, Where(plan.path, taker.bodies))
    answers_for, helps_with = duties_of(plan, taker, on)
    year = year_of(period)
    given_targets = _targets(plan, taker, year, by)
    if not (given_targets or answers_for or helps_with):
        raise nothing()
    person = next(iter(responsible(_first(taker), on)), None)
    given = LetterInput(
        issue=issue,
        basis=basis(on, [plan.title], is_demo=plan.is_demo, is_fictional=plan.is_fictional),
        giver=Party(issue.issuer),
        taker=Party(taker.name, person.person if person else ""),
        post=person.post if person else "",
        period=period,
        targets=given_targets,
        answers_for=answers_for,
        helps_with=helps_with,
        year=year,
    )
    return made(
        given, f"paper/responsibility_letter/{plan.id}/{taker.subject}", taker.path, by,
        lambda sealed, templates: (responsibility_letter_docx(sealed, templates), None),
    )  # fmt: skip


def duties_of(plan: PlanRow, taker: Taker, on: date) -> tuple[tuple[LetterDuty, ...], tuple[LetterDuty, ...]]:
    """What a taker answers for under a plan, and what else it helps with. ~8 queries."""
    listed = Q(plan=plan.id, kind__in=LISTED) & ~Q(state=State.CANCELLED)
    answering = store.tasks(listed & ~Q(kind=TaskKind.TARGET) & store.of_bodies(taker.bodies, ANSWERING), ("pk",))
    owned = {each.id for each in answering}
    helping = store.tasks(listed & store.of_bodies(taker.bodies, HELPING), ("pk",))
    names = called((*answering, *helping), on)
    return (
        tuple(_duty(each, names) for each in answering),
        tuple(_duty(each, names) for each in helping if each.id not in owned),
    )


def _targets(plan: PlanRow, taker: Taker, year: int | None, by: Acting) -> tuple[LetterTarget, ...]:
    """What is due in the end, and by the end of the year as far as figures tell that the person may read."""
    rows = _rows(plan, taker)
    subjects = {(each.subject_kind, each.subject_code) for each in rows}
    return tuple(letter_target(each, year) for each in courses(rows, hidden=hidden_from(by, subjects)))


def _rows(plan: PlanRow, taker: Taker) -> list[TargetRow]:
    """A region's own rows, of the nature of the plan's own target; of a unit the headline targets that it owns, and
    what its annex asks of the sectors that it leads. 6 queries at most.
    """
    rows = targets.targets(plan.id)
    if taker.region is not None:
        natures = {each.indicator: each.nature for each in rows if each.is_headline}
        own = [each for each in rows if (each.subject_kind, each.subject_code) == _key(taker)]
        return [replace(each, nature=each.nature or natures.get(each.indicator, "")) for each in own]
    heads = Q(plan=plan.id, kind=TaskKind.TARGET) & store.of_bodies(taker.bodies, (Part.OWNER,))
    entries = set(Task.objects.filter(heads).values_list("entry", flat=True))
    sectors = sectors_of(rows, home_code(plan), plans.measures(plan.id), open_rulebook())
    led = {each.target for each in sectors if each.lead_bodies & taker.bodies}
    return [each for each in rows if each.entry in entries or each.id in led]


def _key(taker: Taker) -> tuple[str, str]:
    return ("region", taker.region or "")


def _first(taker: Taker) -> Q:
    """The condition on the register of those first responsible."""
    return Q(rank=Rank.FIRST, region=taker.region) if taker.region else Q(rank=Rank.FIRST, body=taker.body)


def _duty(task: TaskRow, names: Called) -> LetterDuty:
    said = printed_deadline(task)
    return LetterDuty(
        task.number, told_name(task), names.duties(task), task.standing.due, said, Recurrence(task.recurrence)
    )
