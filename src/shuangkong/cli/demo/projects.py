"""虚构的重点工程台账: key projects of the county: recognised, under construction, one late, one unstable.

Days are counted from that of the build, months back from its month; every word stands in the journal.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.playing import GROUND
from shuangkong.outlook.projects.told import (
    Assignment,
    Clearance,
    Content,
    EventKind,
    Linked,
    MonthTold,
    Particulars,
    Proof,
    Stage,
    Step,
)
from shuangkong.records.indicators.emissions.store import reductions
from shuangkong.records.outlook.projects import store
from shuangkong.records.outlook.projects.acts import act, register
from shuangkong.records.outlook.projects.rows import Registered, Said
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.rulebook import open_rulebook

_YEAR = 12


def take_projects(folder: Path, cast: Cast) -> None:
    """Lists each project, assigns, dispatches and proves month by month, links what was recognised; once."""
    if store.projects(Q(region=COUNTY)):
        return
    with transaction.atomic():
        numbers = {line["key"]: _listed(line, cast) for line in lines(folder / "projects.csv")}
        for line in lines(folder / "months.csv"):
            for ago in range(int(line["first"]), int(line["last"]) - 1, -1):
                _told(numbers[line["key"]], line, _month(cast.today, ago), cast)


def _listed(line: dict[str, str], cast: Cast) -> int:
    office = cast.named("office")
    if not line["owner"].isascii():
        cast.body(line["owner"])  # named by no plan, perhaps
    told = Particulars(
        name=line["name"], family=line["family"], since=_month(cast.today, int(line["since"])),
        milestones={step.value: _day(cast, line[step.value]) for step in Step if line[step.value]},
        expected={key: Decimal(amount) for key, amount in _pairs(line["expected"])}, source=line["source"],
        outlet=line["outlet"], measure=line["measure"], task=_task(line["task"]),
        investment_cny=_cny(line["investment"]), funding=line["funding"], ppp=line["ppp"],
        land=Clearance(line["land"]), approval=Clearance(line["approval"]),
    )  # fmt: skip
    made = register(Registered(line["region"], line["owner"], told, GROUND, GROUND), office)
    year = cast.today.year + int(line["assigned_year"])
    for pollutant, amount in _pairs(line["assigned"]):
        _say(
            made,
            EventKind.ASSIGN,
            Assignment(pollutant, year, Decimal(amount)),
            cast,
        )
    if line["reduction"]:
        [found] = reductions(Q(title=line["reduction"], is_key=True))
        _say(made, EventKind.LINK, Linked(found.id), cast)
    return made


def _told(project: int, line: dict[str, str], month: str, cast: Cast) -> None:
    done = {step: _day(cast, days) for step, days in _pairs(line["done"])}
    progress, invested = Decimal(line["progress"]), _cny(line["invested"])
    _say(project, EventKind.DISPATCH, MonthTold(month, Stage(line["stage"]), invested, progress, done), cast)
    if line["running"]:
        proof = Proof(month, Decimal(line["running"]), Decimal(line["compliant"]))
        _say(project, EventKind.PROVE, proof, cast)


def _say(project: int, kind: EventKind, content: Content, cast: Cast) -> None:
    act(project, cast.named("office"), kind, Said(content, GROUND, GROUND))


def _task(title: str) -> int | None:
    """The task of the county of that title; None where none is named."""
    if not title:
        return None
    [found] = tasks.tasks(Q(title=title, region=COUNTY))
    return found.id


def _day(cast: Cast, days: str) -> date:
    return cast.today + timedelta(days=int(days))


def _month(today: date, ago: int) -> str:
    """So many months before that of a day, as YYYY-MM."""
    year, month = divmod(today.year * _YEAR + today.month - 1 - ago, _YEAR)
    return f"{year}-{month + 1:02d}"


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(key, value) for key, _, value in (each.partition("=") for each in text.split())]


def _cny(amount: str) -> Decimal:
    return open_rulebook().units()["万元"].to_base(Decimal(amount))
