"""The demo: loads from nothing, again without change, tells the truth, and carries no text of real plans."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

import prepared
from actors import ADMIN
from shuangkong.cli.administrator import ensure_administrator
from shuangkong.cli.demo.decisions import fitting, read_decisions, record
from shuangkong.cli.demo.loading import load_demo
from shuangkong.cli.demo.people import ensure_people
from shuangkong.core.fact import State, Subject
from shuangkong.core.rounding import rounded
from shuangkong.plans.reading import Kind, Op
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.models import Load, Observation
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade.models import PlanLink
from shuangkong.records.plans.models import ReadingEntry, ReviewDecision
from shuangkong.records.plans.rows import EntryKind, PlanRow, Status, Verdict
from shuangkong.records.plans.tasks.models import Matter, Meeting, Task, TaskEvent
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.targets.goal import Actual, Goal, Schedule
from shuangkong.targets.goal import Path as Course
from shuangkong.targets.progress import progress
from shuangkong.targets.status import Standing
from shuangkong.web.indicators.statistics import of_evaluation, statistics
from shuangkong.web.plans.tasks.derived import derive

DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, loaded once; what a test does to it is undone after the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(lambda _: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def loaded(site: None, db: None) -> dict[str, PlanRow]:
    return {plan.region or "": plan for plan in plans.plans()}


def test_five_plans_are_in_force(loaded: dict[str, PlanRow]) -> None:
    assert set(loaded) == {"210000", "512000", "500118", "999900", "999901"}
    assert {plan.status for plan in loaded.values()} == {Status.ADOPTED}
    assert all(plan.is_demo for plan in loaded.values())
    assert {code for code, plan in loaded.items() if plan.is_fictional} == {"999900", "999901"}
    assert {code for code, plan in loaded.items() if plan.has_text} == {"999900", "999901"}
    assert all("虚构" in loaded[code].source_note for code in ("999900", "999901"))


def test_loading_again_changes_nothing(loaded: dict[str, PlanRow]) -> None:
    def count() -> tuple[int, ...]:
        models = (ReadingEntry, ReviewDecision, Observation, Task, TaskEvent, Meeting, Matter, PlanLink)
        return tuple(model.objects.count() for model in models)

    before = count()
    assert load_demo(lambda _: None) is False
    Load.objects.filter(name="demo").delete()  # as where the demo's files have changed
    assert load_demo(lambda _: None) is True
    assert count() == before
    assert len(plans.plans()) == len(loaded)


def test_the_first_page_shows_what_figures_and_days_tell_of_tasks(loaded: dict[str, PlanRow]) -> None:
    """The fictional county's plan is handed out, nobody else's; what can be derived is, before anybody looks."""
    assert set(Task.objects.values_list("region", flat=True)) == {"999901"}
    assert set(Task.objects.exclude(kind="minute").values_list("plan", flat=True)) == {loaded["999901"].id}
    told = Task.objects.exclude(derived_grade="").values_list("derived_from", flat=True)
    assert {ground.partition("/")[0] for ground in told} >= {"target"}
    assert derive(loaded["999901"].id) == 0


def test_doubtful_entries_were_decided_on_the_record(loaded: dict[str, PlanRow]) -> None:
    for plan in loaded.values():
        doubtful = [each for each in plans.entries(plan.id) if each.is_doubtful]
        assert all(each.decision is not None and each.decision.reason for each in doubtful)


def test_every_decision_of_the_file_fits_one_entry(loaded: dict[str, PlanRow]) -> None:
    """A line that fits nothing is out of date, one that fits several is not clear: mend demo/decisions.csv."""
    made = read_decisions(DEMO / "decisions.csv")
    standing = {row.doc_no: plans.entries(row.id) for row in loaded.values()}
    for path in sorted((DEMO / "plans").glob("*.json")):
        doc_no = json.loads(path.read_text(encoding="utf-8"))["doc_no"]
        own = [each for each in made if each.plan == path.stem]
        found = tuple(fitting(own, standing[doc_no]))
        assert all(row.payload != row.read for decision, row in found if decision.verdict is Verdict.CORRECTED)
        fits = Counter(decision for decision, _ in found)
        assert {decision: fits[decision] for decision in own if fits[decision] != 1} == {}
    assert all(each.reason and (each.field != "") is (each.verdict is Verdict.CORRECTED) for each in made)


def test_somebody_looked_at_every_doubtful_entry(loaded: dict[str, PlanRow]) -> None:
    """What fails here wants a line in demo/decisions.csv."""
    reasons = {each.reason for each in read_decisions(DEMO / "decisions.csv")}
    left = [
        (row.read.get("item_no"), row.read.get("indicator"))
        for plan in loaded.values()
        for row in plans.entries(plan.id)
        if row.is_doubtful and row.decision and row.decision.reason not in reasons
    ]
    assert not left


def test_a_doubtful_entry_that_nobody_confirmed_is_no_target(loaded: dict[str, PlanRow]) -> None:
    county = loaded["999901"]
    read = next(each for each in plans.entries(county.id) if each.is_doubtful)
    ReviewDecision.objects.filter(entry=read.id).delete()
    record(county.id, (), ADMIN)
    left = plans.entry(read.id)
    assert left is not None
    assert left.is_dropped


def test_targets_bear_whole_names(loaded: dict[str, PlanRow]) -> None:
    for plan in loaded.values():
        for row in targets.targets(plan.id):
            assert row.indicator_name
            assert "…" not in row.indicator_name
            for left, right in ("（）", "“”", "《》"):
                assert row.indicator_name.count(left) == row.indicator_name.count(right), row.indicator_name


def test_the_fictional_notice_is_titled_like_any_other(loaded: dict[str, PlanRow]) -> None:
    county = loaded["999901"]
    head = {each.payload["field"]: each.payload["value"] for each in plans.entries(county.id, EntryKind.HEAD_FIELD)}
    assert head["notice_title"].startswith(head["issuer"])
    assert "虚构" in plans.plan_text(county.id)


def test_the_province_missed_its_target(loaded: dict[str, PlanRow]) -> None:
    target = next(
        row
        for row in targets.targets(loaded["210000"].id)
        if row.is_headline and row.indicator == "energy_intensity" and row.kind == Kind.REDUCTION_RATE
    )
    assert (target.value, target.base_year, target.deadline) == (Decimal(15), 2015, "2020")
    told = facts.observations(["energy_intensity"], [("region", "210000")])
    assert all("公报" in row.source and row.is_demo for row in told)
    actuals = [Actual(int(row.period), row.measure, row.value) for row in told if row.value is not None]
    goal = Goal(Kind.REDUCTION_RATE, Op.EQ, target.value, "%", Course.LOGARITHMIC, 2015, 2020)
    found = progress(goal, actuals, Schedule())
    assert found is not None
    assert found.latest is not None
    assert found.latest.reached is not None
    assert found.standing is Standing.MISSED
    assert rounded(found.latest.reached, 2) == Decimal("-1.60")


def test_five_annex_tables_of_fourteen_cities(loaded: dict[str, PlanRow]) -> None:
    rows = [row for row in targets.targets(loaded["210000"].id) if row.table is not None]
    assert {row.table[0] for row in rows if row.table} == {1, 2, 3, 4, 5}
    cities = {each.code for each in registry.children("210000")}
    assert {row.subject_code for row in rows} == cities
    assert len(rows) == 14 * 10
    increments = [row.value for row in rows if row.indicator == "consumption_increment"]
    assert sum(increments) == 3277


def test_the_fictional_county_has_every_state(loaded: dict[str, PlanRow]) -> None:
    subjects = [("region", "999901"), *(("region", each.code) for each in registry.children("999901"))]
    told = facts.observations([row.indicator for row in targets.targets(loaded["999901"].id)], subjects)
    assert {row.state for row in told} == set(State)
    assert any(row.value == 0 for row in told)
    assert all("虚构" in row.source for row in told)


def test_the_evaluation_of_the_fictional_county_judges(loaded: dict[str, PlanRow]) -> None:
    county, today = Subject("region", "999901"), timezone.localdate()
    end = date(loaded["999901"].end_year or today.year, 12, 31)
    found = statistics(of_evaluation(county, end), county, today, year=end.year)
    verdicts = Counter(each.is_fulfilled for each in found)
    assert (verdicts[True], verdicts[False]) == (3, 1)
    told = [each.latest for each in found if each.is_fulfilled is not None]
    assert all(each is not None and each.is_demo for each in told)


def test_every_map_names_regions_that_exist(loaded: dict[str, PlanRow]) -> None:
    for path in sorted((DEMO / "maps").glob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        codes = {feature["properties"]["id"] for feature in features}
        assert len(codes) == len(features)
        assert codes <= set(registry.regions(codes)), path.name


def test_once_and_again_in_processes_of_their_own(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("shuangkong")), "demo", "--no-serve"]
    environment = {"SHUANGKONG_VAR": str(prepared.demo(tmp_path)), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=tmp_path)
    lines = [(tmp_path / prepared.SAID).read_text(encoding="utf-8"), again.stdout]
    assert "regions" in lines[0]
    assert "regions" not in lines[1]
    users = [line for line in lines[0].splitlines() if "Demo users" in line]
    assert users
    assert users == [line for line in lines[1].splitlines() if "Demo users" in line]
    assert (tmp_path / "administrator_password").stat().st_mode & 0o077 == 0
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_the_demo_folder_is_where_settings_say(settings: Any) -> None:
    assert settings.DEMO_FOLDER == DEMO


def test_everybody_told_may_sign_in_and_act(loaded: dict[str, PlanRow], tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    told = ensure_people(DEMO, "demo")
    assert ensure_people(DEMO, "demo") == told
    ways = [acting(Person.objects.get(username=each.username), timezone.localdate()) for each in told]
    assert {way.role for way in ways if way} >= {Role.PLAN_OFFICE, Role.LEADING_GROUP, Role.DEPARTMENT, Role.REGION}
    county = loaded["999901"].where
    seen = [way is not None and may(way, Action.PLAN_READ, county) for way in ways]
    assert all(seen)
    assert len(seen) == len(told) == 14
    assert all(authenticate(username=each.username, password=each.password) for each in told)
    assert (tmp_path / "demo_passwords.json").stat().st_mode & 0o077 == 0


def test_the_password_told_is_the_password(db: None, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    first = ensure_administrator()
    assert ensure_administrator() == first
    (tmp_path / "administrator_password").unlink()
    second = ensure_administrator()
    assert second[1] != first[1]
    assert authenticate(username=second[0], password=second[1]) is not None
    assert authenticate(username=first[0], password=first[1]) is None
