"""日志: rows of one's own places, by thing, person, act and day; the seal of the last."""

from __future__ import annotations

import ast
import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import tasks_site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

import shuangkong
from actors import ADMIN
from shuangkong.assessment.commendation import EventKind as CommendationKind
from shuangkong.assessment.enforcement import EventKind as ConsequenceKind
from shuangkong.assessment.year import EventKind as AssessmentKind
from shuangkong.indicators.emissions.standing import EventKind as ReductionKind
from shuangkong.monitoring.alarms.life import Act as AlarmAct
from shuangkong.outlook.projects.told import EventKind as ProjectKind
from shuangkong.outlook.response.states import EventKind as ResponseKind
from shuangkong.outlook.weather.orders import OrderKind
from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.editions.rows import EventKind as BulletinKind
from shuangkong.records.journal import store as journal
from shuangkong.records.journal.anchors import anchors_file, keep_anchor
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.cascade.rows import EventKind as CascadeKind
from shuangkong.records.plans.cascade.rows import Relation
from shuangkong.records.plans.tasks import matters, meetings
from shuangkong.records.plans.tasks.models import Matter, Meeting
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.rows import EnterpriseEventKind
from shuangkong.records.reporting.verification.known import Known
from shuangkong.reporting.entry_life import EntryEvent
from shuangkong.reporting.life import EventKind as ReturnKind
from shuangkong.reporting.petitions import PetitionEvent
from shuangkong.reporting.verification.standing import EventKind as CaseKind
from shuangkong.targets.decomposition.standing import EventKind as DecompositionKind
from shuangkong.web.site.acts import ACTS

#: How an act is written: the sort of thing, and what was done.
ACT = re.compile(r"[a-z]+\.(?:[a-z_]+|\*)")


def _numbers(client: Client, words: str = "") -> list[int]:
    content = client.get(f"/journal/?xlsx=journal&{words}").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [int(row[0]) for row in rows if isinstance(row[0], float)]


@pytest.fixture
def rows(adopted: int) -> tuple[int, ...]:
    """One row more in each place: the county, a town, elsewhere, the whole site."""
    return tuple(
        journal.append(Act("li", "task.report", "task/17", place=place, ground="测试依据"))
        for place in ("/990100/", "/990100/990101/", "/110000/", "")
    )


def _written_acts() -> set[str]:
    """Every act that the code writes down, as it stands in it; ``task.*`` where its step is put in."""
    found = set()
    src = Path(shuangkong.__file__).parent
    told = {src / "records" / "people" / "roles.py", src / "web" / "site" / "acts.py", *src.rglob("models.py")}
    for path in {*src.rglob("records/**/*.py"), *src.rglob("web/**/*.py")} - told - set(src.rglob("migrations/*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            texts = (
                "".join(each.value if isinstance(each, ast.Constant) else "*" for each in node.values)
                if isinstance(node, ast.JoinedStr)
                else node.value
                for node in ast.walk(call)
                if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
            )
            found |= {text for text in texts if ACT.fullmatch(text)}
    return found


def test_every_act_that_is_written_has_a_word() -> None:
    """In the code, and on a site on which much was done."""
    sorts = {each.partition(".")[0] for each in ACTS}
    written = {each for each in _written_acts() if each.partition(".")[0] in sorts and not each.endswith("*")}
    signals = {"people.signed_in", "people.signed_out"}
    assert len(written) > 40
    assert not written - set(ACTS) - signals
    steps = {each for each in _written_acts() if each.endswith(".*")}
    kinds = {
        "task.*": EventKind, "cascade.*": (*CascadeKind, *Relation), "commendation.*": CommendationKind,
        "enterprise.*": EnterpriseEventKind, "bulletin.*": BulletinKind, "emission.*": ReductionKind,
        "decomposition.*": DecompositionKind, "assessment.*": AssessmentKind, "consequence.*": ConsequenceKind,
        "barometer.*": BulletinKind, "response.*": ResponseKind, "weather.*": OrderKind,
        "project.*": ProjectKind, "alarm.*": AlarmAct, "return.*": ReturnKind, "verification.*": (*CaseKind, *Known),
        "monitoring.*": (), "entry.*": EntryEvent, "petition.*": set(PetitionEvent) - {PetitionEvent.GRANT},
    }  # fmt: skip
    # What grants a petition is the act that was asked for.
    assert steps <= set(kinds), "a new sort of steps joins with its kinds"
    for sort, every in kinds.items():
        assert {sort.replace("*", kind.value) for kind in every} <= set(ACTS)


def test_it_speaks_in_words_and_names(clerk: Client, adopted: int) -> None:
    Person.objects.create_user("li", first_name="李某")
    body = registry.bodies("990100")[0]
    journal.append(Act("li", "task.accept", "task/17", body=f"body/{body.id}", place="/990100/"))
    journal.append(Act("li", "people.make", "person/li", place="/990100/"))
    journal.append(Act("li", "paper.make", "paper/bulletin/990100", place="/990100/"))
    page = clerk.get("/journal/?person=li").content.decode()
    cells = re.sub(r"<[^>]+>", "|", page[page.index("<tbody>") :])
    for words in ("李某", body.name, "|接受|", "任务 17", "人员 李某", "督查通报 990100"):
        assert words in cells, words
    for code in (f"|body/{body.id}|", "|task.accept|", "|person/li|"):
        assert code not in cells, code
    assert '<option value="task.accept">接受</option>' in page
    sheet = clerk.get("/journal/?person=li&xlsx=journal").content
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    told = next(row for row in rows if "task.accept" in row)
    assert {"li", f"body/{body.id}", "task/17"} <= set(map(str, told)), "the workbook has the codes"
    headings = next(row for row in rows if "之前" in row)
    assert headings.index("之后") < headings.index("依据、理由"), "what changed stands within the first screen"


def test_it_is_asked_by_thing_person_act_day_and_place(clerk: Client, adopted: int, rows: tuple[int, ...]) -> None:
    county, town, elsewhere, site = rows
    assert set(_numbers(clerk)) >= set(rows)
    assert _numbers(clerk, "person=li") == [site, elsewhere, town, county]
    assert _numbers(clerk, "person=li&place=990101") == [town]
    assert _numbers(clerk, "act=task") == _numbers(clerk, "act=task.report") == [site, elsewhere, town, county]
    assert _numbers(clerk, "act=tas") == []
    every = {row.sequence for row in journal.of_subject(f"plan/{adopted}")}
    found = set(_numbers(clerk, f"subject=plan/{adopted}"))
    assert every < found  # with the rows of its entries
    assert not found & set(rows)
    today = timezone.localdate()
    assert _numbers(clerk, f"person=li&day={today}") == [site, elsewhere, town, county]
    assert _numbers(clerk, f"person=li&day={today - timedelta(days=1)}") == []
    assert _numbers(clerk, f"as_of={today - timedelta(days=1)}") == []


def test_it_shows_the_seal_and_leads_to_what_it_speaks_of(clerk: Client, adopted: int, rows: tuple[int, ...]) -> None:
    text = clerk.get("/journal/").content.decode()
    assert journal.head()[1] in text
    assert f'href="/plans/{adopted}/"' in text
    plan = clerk.get(f"/plans/{adopted}/").content.decode()
    link = re.search(r'href="(/journal/\?[^"]*)"', plan.partition("<main")[2])
    assert link is not None
    assert "采用方案" in clerk.get(link[1].replace("&amp;", "&")).content.decode()


def test_the_seal_kept_outside_the_database_is_shown(clerk: Client, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    assert "封印留存" not in clerk.get("/journal/").content.decode()
    assert keep_anchor(date(2030, 1, 2))
    kept = journal.head()
    journal.append(Act("li", "x.y", "x/1"))
    text = clerk.get("/journal/").content.decode()
    assert f"封印留存：2030-01-02 第 {kept[0]} 行" in text
    assert kept[1] in text
    anchors_file().write_text("not as it was written\n", encoding="utf-8")
    assert "封印留存" not in clerk.get("/journal/").content.decode()


def test_a_plan_office_reads_its_own_places(rows: tuple[int, ...], guest: Client) -> None:
    county, town, elsewhere, site = rows
    Person.objects.create_user("office")
    body = registry.name_bodies("990101", ["镇办"])["镇办"]
    appoint("office", Role.PLAN_OFFICE, ADMIN, "测试", body, "990101")
    guest.force_login(Person.objects.get(username="office"))
    assert town in _numbers(guest)
    assert not {county, elsewhere, site} & set(_numbers(guest))
    assert _numbers(guest, "place=990100&person=li") == [town]


def test_pages_follow_one_another(clerk: Client, adopted: int) -> None:
    journal.append_all(Act("li", "x.y", f"x/{n}") for n in range(250))
    first = clerk.get("/journal/?person=li").content.decode()
    older = re.search(r'href="(\?[^"]*before=[^"]*)"', first)
    assert older is not None
    second = clerk.get("/journal/" + older[1].replace("&amp;", "&")).content.decode()
    assert ">x/249<" in first
    assert ">x/50<" in first
    assert ">x/49<" in second
    assert ">x/50<" not in second
    assert "更早的记录" not in second


def test_it_asks_as_often_however_long_it_is(clerk: Client, adopted: int) -> None:
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            clerk.get("/journal/")
        counts.append(len(asked))
        journal.append_all(Act("li", "x.y", f"x/{n}") for n in range(150))
    assert counts[0] == counts[1] <= 12


def test_what_is_called_and_raised_is_found_by_its_number(adopted: int) -> None:
    tasks_site.staff()
    office, clerk = tasks_site.acting("office"), tasks_site.acting("clerk")
    today = timezone.localdate()
    made = {
        f"meeting/{meetings.call_meeting('会', today, tasks_site.COUNTY, [], office)}": ("meeting.call", Meeting),  # type: ignore[arg-type]
        f"matter/{matters.raise_matter('事', '经过', today, clerk)}": ("matter.raise", Matter),  # type: ignore[arg-type]
    }
    for subject, (act, sort) in made.items():
        (row,) = journal.of_subject(subject)
        assert row.act == act
        assert sort.objects.get(pk=subject.partition("/")[2]).journal == row.sequence
    called = next(iter(made))
    text = tasks_site.visitor("office").get(f"/journal/?subject={called}").content.decode()
    assert f"/plans/tasks/{called.replace('meeting', 'meetings')}/" in text
