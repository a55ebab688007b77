"""What is played in the demo: built on whatever day, each page shows something of each sort, all of it invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from shuangkong.cli.demo.loading import load_demo
from shuangkong.cli.demo.people import ensure_people
from shuangkong.cli.demo.years import moved_by, moved_by_end, moved_rows, moved_text
from shuangkong.plans.cascade.strictness import Verdict
from shuangkong.plans.tasks.events import EventKind, State
from shuangkong.plans.tasks.standing import Clock
from shuangkong.records.facts.models import Load
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.outlook.barometer import store as issues
from shuangkong.records.people.models import Person
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store as cascade
from shuangkong.records.plans.cascade.models import CascadeEntry
from shuangkong.records.plans.cascade.responsible import responsible, vacancies
from shuangkong.records.plans.tasks import matters, meetings, store
from shuangkong.records.plans.tasks.models import Task, TaskEvent
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.plans.tasks.thresholds import thresholds
from shuangkong.records.targets.decomposition.store import decompositions, scenarios, shares_in_force

DEMO = Path(__file__).parents[2] / "demo"
COUNTY = "999901"
#: The day on which the demo is built: this one, the first and the last of a year.
DAYS = (None, date(2029, 1, 1), date(2031, 12, 31))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def today(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[date]:
    """The demo as it is on the day on which it was built."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        if request.param is not None:
            now = datetime.combine(request.param, time(12), timezone.get_default_timezone())
            patch.setattr(timezone, "now", lambda: now)
        load_demo(lambda _: None)
        yield timezone.localdate()
        transaction.set_rollback(True)


def test_every_clock_shows_something(today: date, db: None) -> None:
    days, every = thresholds(today), ~Q(kind=TaskKind.SENTENCE)
    found = store.counts(every, {clock.value: store.clock_is(clock, today, days) for clock in Clock})
    assert all(found.values()), found
    assert found[Clock.LATE] < 8, "late, but not everything"


def test_every_step_of_supervision_was_taken(today: date, db: None) -> None:
    said = set(TaskEvent.objects.values_list("kind", flat=True))
    wanted = {"report", "accept", "return", "ask", "extend", "stop", "remind", "circulate", "list", "confirm"}
    assert wanted <= said
    assert Task.objects.filter(kind=TaskKind.RECTIFY, is_listed=True).exists()
    assert Task.objects.filter(state=State.RETURNED).exists()
    assert TaskEvent.objects.filter(kind=EventKind.CIRCULATE, on__gte=today.replace(day=1)).exists()


def test_meeting_matters_register_persons_and_the_plan_above(today: date, db: None) -> None:
    [meeting] = meetings.meetings(Q(region=COUNTY))
    assert meeting.minutes
    assert meeting.agenda
    assert meeting.decided
    assert {row.is_open for row in matters.matters(Q(region=COUNTY))} == {True, False}
    assert {each.kind for each in CascadeEntry.objects.all()} == {"sub_plan", "awaited", "cooperation"}
    assert {row.rank.value for row in responsible(Q(), today)} == {"first", "charge", "post"}
    assert vacancies(COUNTY, today)
    assert all("虚构" in row.person for row in responsible(Q(), today))
    county = next(plan for plan in plans.plans() if plan.region == COUNTY)
    [link] = cascade.links(county.id)
    verdicts = {each.verdict for each in cascade.comparison(link.id).targets if each.parent is not None}
    assert {Verdict.LOOSER, Verdict.EQUAL, Verdict.STRICTER} <= verdicts


def test_a_target_is_shared_out_in_two_ways_and_one_is_adopted(today: date, db: None) -> None:
    [head] = decompositions(Q(region=COUNTY))
    ways = scenarios(head.id)
    assert [each.outcome.is_closed for each in ways] == [True, True]
    assert (head.standing.scenario, head.is_fictional) == (ways[1].id, True)
    shares = shares_in_force([head])
    assert len(shares) == 6
    assert len({each.value for each in shares}) > 1
    assert {each.years[-1].year for each in shares} == {head.end_year}
    letters = JournalRow.objects.filter(act="paper.make", subject__startswith="paper/responsibility_letter/")
    assert letters.count() == 6


def test_issues_judge_by_the_shares_that_assessments_rest_on(today: date, db: None) -> None:
    """What is due of a town is one figure in the barometer and in its assessment: both know the decomposition."""
    held = {share.id for share in shares_in_force(decompositions(Q(region=COUNTY)))}
    lines = [line for row in issues.issues(Q(region=COUNTY)) for part in row.content.parts
             if part.indicator == "cod_total" for line in part.lines if not line.is_whole]  # fmt: skip
    assert lines
    assert {line.share for line in lines} <= held


def test_the_plan_ends_in_the_year_of_the_build(today: date, db: None) -> None:
    county = next(plan for plan in plans.plans() if plan.region == COUNTY)
    assert county.end_year == today.year
    assert county.issued_on is not None
    assert county.issued_on < today


def test_built_again_in_a_later_year_it_stays_where_it_is(today: date, db: None) -> None:
    before = Task.objects.count(), len(plans.plans())
    Load.objects.filter(name="demo").delete()
    with pytest.MonkeyPatch.context() as patch:
        later = timezone.now().replace(year=today.year + 1, day=1)
        patch.setattr(timezone, "now", lambda: later)
        load_demo(lambda _: None)
    assert (Task.objects.count(), len(plans.plans())) == before


@pytest.mark.parametrize(
    ("who", "keys"),
    [
        ("office", {"judge", "asked", "silent"}),
        ("leader", {"listed"}),
        ("environment", {"late", "due_soon"}),
        ("transport", {"late", "due_soon"}),
    ],
)
def test_everybody_finds_what_to_do(
    today: date, db: None, who: str, keys: set[str], visit: Callable[[str], Client]
) -> None:
    answer = visit(who).get("/plans/tasks/")
    assert keys <= {each.wish.key for each in answer.context["sections"]}


@pytest.fixture
def visit(tmp_path: Path, settings: object) -> Callable[[str], Client]:
    settings.VAR = tmp_path  # type: ignore[attr-defined]

    def visitor(name: str) -> Client:
        ensure_people(DEMO, "demo")
        client = Client(headers={"host": "localhost"})
        client.force_login(Person.objects.get(username=name))
        return client

    return visitor


def test_years_are_moved_whole_and_never_back() -> None:
    assert (moved_by(date(2024, 5, 1)), moved_by(date(2026, 5, 1)), moved_by_end(2027)) == (0, 1, 2)
    said = "县“十四五”节能方案〔2022〕12号：“十四五”时期，到2025年为2140.5吨；“十四五”能耗目标；附件：“十四五”各地"
    assert moved_text(said, 0) == said
    assert moved_text(said, 2) == (
        "县2023—2027年节能方案〔2024〕12号：2023—2027年，到2027年为2140.5吨；能耗目标；附件：规划期各地"
    )
    assert moved_rows((("指标", "对象", "时期"), ("能耗", "县", "2021")), 3)[1] == ("能耗", "县", "2024")
