"""虚构的考核: the county assesses its towns on what it shared out to them; one is vetoed, one objects."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from shuangkong.assessment.consequence import ActKind
from shuangkong.assessment.enforcement import EventKind as Enforced
from shuangkong.assessment.year import EventKind, State
from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.core.period import Period
from shuangkong.papers.official.paper import Issue
from shuangkong.papers.tables import read_sheet
from shuangkong.records.assessment.accountability import store as consequences
from shuangkong.records.assessment.accountability.acts import act as follow
from shuangkong.records.assessment.accountability.following import list_up
from shuangkong.records.assessment.accountability.rows import Said as Told
from shuangkong.records.assessment.key_units.taking import take_list
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.acts import act
from shuangkong.records.assessment.years.drawing import Round, draw_for_check
from shuangkong.records.assessment.years.launching import duties_at, launch
from shuangkong.records.assessment.years.marking import give
from shuangkong.records.assessment.years.rows import Given, Said, Side, Wanted
from shuangkong.records.assessment.years.sheets import sheets_of
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.tree import path_of
from shuangkong.records.targets.decomposition.models import Decomposition
from shuangkong.web.assessment.years.papers import make_self_check

_DUTY, _OF_BUREAUS, _BUREAU = "town_target", "department_target", "县交通运输局"
_GROUND, _NUMBER, _SEED = "虚构·演示", "澄府办〔虚构〕15号", "虚构的公开开奖号 070718"
#: Days before the build.
_LAUNCHED, _SUBMITTED, _REVIEWED, _DRAWN, _CHECKED, _PROPOSED, _OBJECTIONS, _APPROVED, _ANNOUNCED = (
    60, 40, 34, 33, 28, 24, 16, 14, 12,
)  # fmt: skip
_DECIDED, _CARRIED_OUT = 8, 5
_VETOED, _DECISION, _LETTER = "999901006", "澄府〔虚构〕21号", "澄环函〔虚构〕8号"


def take_assessments(path: Path, cast: Cast, year: int) -> None:
    """The round of the towns over a year, and one bureau that waits for its review. Once."""
    if store.assessments(Q(region=COUNTY)):
        return
    # A year is assessed once it is over.
    region, period = registry.region(COUNTY), Period(min(year, _day(cast, _LAUNCHED).year - 1))
    known = {duty.id for duty in duties_at(region, period)} if region else set()
    with transaction.atomic():
        if _DUTY in known:
            _towns(path, cast, period)
            _suspension(cast, period)
        if _OF_BUREAUS in known:
            _bureau(cast, period)


def take_key_units(path: Path, cast: Cast) -> None:
    """The published lists of key users; taken again they change nothing."""
    sheet = read_sheet(path.read_bytes(), path.name)
    report = take_list(sheet.rows, COUNTY, cast.named("office"), digest=sheet.digest, is_dry_run=False)
    assert report.is_sound, [each.message for each in report.rows if each.code]


def _towns(path: Path, cast: Cast, period: Period) -> None:
    office, leader, told = cast.named("office"), cast.named("leader"), {row["town"]: row for row in lines(path)}
    shared = Decomposition.objects.filter(region=COUNTY).order_by("pk").first()
    made = launch(
        Wanted(
            region=COUNTY, duty=_DUTY, period=period, until=_day(cast, _SUBMITTED), subjects=tuple(told),
            decomposition=shared.pk if shared else None, document=_GROUND, on=_day(cast, _LAUNCHED),
        ),
        office,
    )  # fmt: skip
    rows = store.assessments(Q(pk__in=made))
    for row in rows:
        line = told[row.subject.code]
        act(row.id, _in_town(row.subject.code), EventKind.SUBMIT, Said(on=_day(cast, _SUBMITTED)))
        found = Given(
            code="fraud_cases", marks=Decimal(line["fraud_cases"]), title=line["title"], number=line["number"]
        )
        give(row.id, Side.REVIEW, [found], office)
        act(row.id, office, EventKind.REVIEW, Said(on=_day(cast, _REVIEWED)))
    draw_for_check(Round(COUNTY, _DUTY, period), len(rows) // 3, _SEED, office, _day(cast, _DRAWN))
    checked = store.assessments(Q(pk__in=made))
    sheets = sheets_of(checked)
    for row in checked:
        if row.standing.state is State.ON_SITE:
            act(row.id, office, EventKind.CHECK, Said(on=_day(cast, _CHECKED), document=_GROUND))
        if sheets[row.id].grade is None:  # figures are missing: nobody may guess
            continue
        objection = told[row.subject.code]["objection"]
        until = _day(cast, _OBJECTIONS)
        act(row.id, office, EventKind.PROPOSE, Said(on=_day(cast, _PROPOSED), until=until))
        if objection:
            act(row.id, _in_town(row.subject.code), EventKind.OBJECT, Said(text=objection, on=until))
            continue
        act(row.id, leader, EventKind.APPROVE, Said(on=_day(cast, _APPROVED)))
        act(row.id, office, EventKind.ANNOUNCE, Said(on=_day(cast, _ANNOUNCED), number=_NUMBER))


def _suspension(cast: Cast, period: Period) -> None:
    """What follows for who was vetoed: the leader decides it, and the suspension is in force."""
    office, leader = cast.named("office"), cast.named("leader")
    vetoed = Q(region=COUNTY, duty=_DUTY, period=str(period), subject_code=_VETOED)
    for row in store.assessments(vetoed):
        listed = list_up(row.id, office).numbers
        for each in consequences.consequences(Q(pk__in=listed, act=ActKind.SUSPENSION)):
            decided, carried = Told(_DECISION, on=_day(cast, _DECIDED)), Told(_LETTER, on=_day(cast, _CARRIED_OUT))
            follow(each.id, leader, Enforced.DECIDE, decided)
            follow(each.id, office, Enforced.CARRY_OUT, carried)


def _bureau(cast: Cast, period: Period) -> None:
    """It has handed in its report, and the office has not looked at it yet."""
    office, bureau = cast.named("office"), cast.named(_BUREAU)
    [made] = launch(
        Wanted(
            region=COUNTY, duty=_OF_BUREAUS, period=period, until=cast.today, subjects=(str(bureau.body),),
            document=_GROUND, on=_day(cast, _DRAWN),
        ),
        office,
    )  # fmt: skip
    row = store.assessment(made)
    assert row is not None
    paper = make_self_check(row, Issue(_BUREAU, cast.today), bureau, cast.today)
    file = Handed("自查报告.docx", paper.docx)
    give(made, Side.SELF, [Given(code="2.1", marks=Decimal(2), title="年度工作计划（虚构）", file=file)], bureau)
    act(made, bureau, EventKind.SUBMIT, Said(on=_day(cast, _PROPOSED)))


def _in_town(code: str) -> Acting:
    """Whoever answers for a town that has nobody of its own in the demo."""
    return Acting("demo", Role.REGION, region=code, paths=(path_of(code),))


def _day(cast: Cast, before: int) -> date:
    return cast.today - timedelta(days=before)
