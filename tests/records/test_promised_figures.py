"""What an assessment holds a subject to: its share in force, and where none is adopted what the plan prints."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from actors import ADMIN
from shuangkong.assessment.table import Aspect, FigureRule, ScoreTable
from shuangkong.assessment.year import Standing
from shuangkong.core.fact import State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.records.assessment.years.figures import figures_of
from shuangkong.records.assessment.years.rows import AssessmentRow
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PlanRow, Verdict
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.records.targets.decomposition.rows import Said, Wanted
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import Receiver

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "999901", "999901001"
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
RULE = FigureRule(Message("应下降", "due"), "pct", "cod_total", Aspect.CUMULATIVE_DUE)


@pytest.fixture
def plan(draft: PlanRow) -> int:
    for entry in plans.undecided(draft.id):
        plans.decide(entry.id, Verdict.ACCEPTED, ADMIN)
    plans.adopt(draft.id, ADMIN)
    return draft.id


def printed(plan: int, code: str) -> TargetRow:
    rows = (each for each in targets.targets(plan) if (each.indicator, each.kind) == ("cod_total", "reduction_rate"))
    return next(each for each in rows if each.subject_code == code)


def assessed(year: int) -> AssessmentRow:
    return AssessmentRow(
        id=1, region=COUNTY, region_name="澄湖县", path="/999901/", duty="town_target", layer="national",
        score_table="t", period=Period(year), subject=Subject("region", TOWN), subject_name="澄湖镇",
        subject_path=f"/999901/{TOWN}/", body=None, decomposition=None, launched_by="office",
        launched_at=datetime(2026, 1, 1, tzinfo=UTC), is_fictional=True, standing=Standing(),
    )  # fmt: skip


def due(year: int) -> tuple[State, Decimal | None, tuple[str, ...]]:
    table: ScoreTable = next(iter(open_rulebook().assessment().tables.values()))
    table = replace(table, figures={"due": RULE})
    found = figures_of([assessed(year)], {1: table})[1]["due"]
    return found.state, found.value, tuple(step.name.zh for step in found.steps)


def test_without_a_decomposition_the_plan_itself_is_owed(plan: int) -> None:
    town = printed(plan, TOWN)
    last = int(town.deadline[:4] or town.end_year or 0)
    state, value, names = due(last)
    assert (state, value) == (State.VALUE, town.value)
    assert "方案所印" in names[-1]
    assert due(last + 1)[0] is State.MISSING, "after its last year nothing is owed"


def test_a_share_in_force_is_owed_and_the_printed_figure_stands_in_the_trace(plan: int) -> None:
    whole, town = printed(plan, COUNTY), printed(plan, TOWN)
    opened = open_of_target(whole.id, OFFICE)
    receivers = (Receiver(subject=Subject("region", TOWN), name="澄湖镇", base=Decimal(100), given=town.value + 3),)
    made = record_scenario(opened, Wanted(name="手工", rule="by_hand", receivers=receivers), OFFICE)
    adopt(opened, made, Said("会议决定", "虚府发〔测〕1号"), OFFICE)
    last = int(town.deadline[:4] or town.end_year or 0)
    _state, value, names = due(last)
    assert value == town.value + 3
    assert "以澄湖县分解下达的目标为准" in names
    assert "分解下达的目标" in names[-1]
