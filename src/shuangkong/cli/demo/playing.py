"""演一遍: what the people of the invented county did with its plan, told in days before the demo was built.

The files of ``demo/fictional`` say it; days are counted from the day of the build, negative before it. Every act goes
through the functions by which the pages record it, as the person who may do it, and stands in the journal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.plans.tasks.events import EventKind, Grade, Part
from shuangkong.records.plans import rows
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.responsible import Naming, add_state_firm, name_responsible
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.plans.cascade.rows import EntryKind, LinkVerdict, Relation
from shuangkong.records.plans.rows import PlanRow
from shuangkong.records.plans.store import entries
from shuangkong.records.plans.tasks import matters, meetings, store
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.owners import name_owner
from shuangkong.records.plans.tasks.rows import TaskKind

GROUND = "虚构·演示"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it is played: the plan, the people, the day of the build."""

    plan: PlanRow
    cast: Cast
    today: date

    def day(self, days: str) -> date | None:
        """So many days from the build; None where nothing is said."""
        return self.today + timedelta(days=int(days)) if days else None

    def task(self, told: str) -> int:
        """A task by its title, or by the number of its measure.

        Raises:
            ValueError: there is none, or there are several.
        """
        named = Q(title=told) | Q(number=told, kind=TaskKind.MEASURE)
        [found] = [row.id for row in store.tasks(named & Q(region=COUNTY)) if row.kind is not TaskKind.SENTENCE]
        return found


def play(stage: Stage) -> None:
    """All of it, in its order: owners, works, acts, a meeting, matters, the register, persons, the plan above."""
    _owners(stage)
    _works(stage)
    _acts(stage)
    _meetings(stage)
    _matters(stage)
    _register(stage)
    _responsible(stage)


def follow(child: PlanRow, parent: PlanRow, cast: Cast) -> None:
    """Somebody has decided that the county's plan follows the city's."""
    cascade.decide_link(
        child.id, cast.named("office"), Relation.FOLLOWS, LinkVerdict.CONFIRMED, GROUND, other=parent.id
    )


def was_played() -> bool:
    """Whether anything but handing out has happened at the county: then it is left as it is."""
    return store.count(Q(region=COUNTY) & Q(events__isnull=False) & ~Q(events__kind=EventKind.ASSIGN)) > 0


def _owners(stage: Stage) -> None:
    for line in lines(stage.cast.folder / "owners.csv"):
        name_owner(stage.task(line["target"]), stage.cast.body(line["owner"]), stage.cast.named("office"), GROUND)


def _works(stage: Stage) -> None:
    for line in lines(stage.cast.folder / "works.csv"):
        helping = [(stage.cast.body(line["helping"]), Part.PARTICIPANT)] if line["helping"] else []
        wanted = Wanted(
            TaskKind(line["kind"]),
            line["title"],
            ((stage.cast.body(line["lead"]), Part.LEAD if helping else Part.SOLE), *helping),
            region=COUNTY,
            plan=stage.plan.id,
            due=stage.day(line["due"]),
            amount=Decimal(line["amount"]) if line["amount"] else None,
            amount_unit=line["unit"],
            subject=line["subject"],
        )
        add(wanted, stage.cast.named("office"), GROUND, stage.day(line["handed_out"]))


def _acts(stage: Stage) -> None:
    for line in lines(stage.cast.folder / "acts.csv"):
        act(
            stage.task(line["task"]),
            stage.cast.named(line["who"]),
            EventKind(line["act"]),
            line["text"],
            Grade(line["grade"]) if line["grade"] else None,
            Decimal(line["percent"]) if line["percent"] else None,
            stage.day(line["due"]),
            stage.day(line["on"]),
        )


def _meetings(stage: Stage) -> None:
    for line in lines(stage.cast.folder / "meetings.csv"):
        by, agenda = stage.cast.named(line["who"]), [stage.task(each) for each in line["agenda"].split("、")]
        held = meetings.call_meeting(line["title"], stage.day(line["on"]) or stage.today, COUNTY, agenda, by)
        meetings.write_minutes(held, line["minutes"], by)
        parts = ((stage.cast.body(line["lead"]), Part.SOLE),)
        meetings.decide_item(held, Wanted(TaskKind.MINUTE, line["decided"], parts, due=stage.day(line["due"])), by)


def _matters(stage: Stage) -> None:
    for line in lines(stage.cast.folder / "matters.csv"):
        happened = stage.day(line["happened"]) or stage.today
        raised = matters.raise_matter(line["title"], line["text"], happened, stage.cast.named(line["who"]))
        if line["answered_by"]:
            matters.acknowledge(raised, line["answer"], stage.cast.named(line["answered_by"]))


def _register(stage: Stage) -> None:
    items = {row.payload["no"]: row.id for row in entries(stage.plan.id, rows.EntryKind.ITEM)}
    for line in lines(stage.cast.folder / "register.csv"):
        by = stage.cast.named("office")
        wanted = cascade.Registering(
            EntryKind(line["kind"]),
            line["title"],
            items[line["item"]] if line["item"] else None,
            line["giver"],
            stage.cast.body(line["owner"]) if line["owner"] else None,
            stage.day(line["due"]),
        )
        entry = cascade.register(stage.plan.id, wanted, by, GROUND)
        if line["value"]:
            end = str(stage.plan.end_year or "")
            arrived = cascade.Arrived(Decimal(line["value"]), line["unit"], deadline=end)
            cascade.record_arrival(entry, arrived, by, line["document"], GROUND)


def _responsible(stage: Stage) -> None:
    by = stage.cast.named("office")
    for line in lines(stage.cast.folder / "responsible.csv"):
        firm = add_state_firm(COUNTY, line["firm"], by, GROUND) if line["firm"] else None
        wanted = Naming(
            Rank(line["rank"]), line["person"], line["post"], line["region"] or None, firm, line["duty"],
            stage.day(line["since"]), plan=stage.plan.id,
        )  # fmt: skip
        name_responsible(wanted, by, GROUND)
