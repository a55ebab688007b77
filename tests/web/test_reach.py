"""Who may ask what about which place: every role, every address, by direct requests, held against the table."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from addresses import address, addresses
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from probes import MATRIX, OTHER_DOORS, PLACES, PROBES, REACHES
from python_calamine import CalamineWorkbook
from realm import NAMES, PLAN, Things, client_of

from actors import ADMIN
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.models import Observation
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.plans import store as plans
from shuangkong.web.people.own import OWN
from shuangkong.web.site.access import WITHOUT_ACTION

pytestmark = pytest.mark.django_db
ROLES = [role.value for role in Role if role is not Role.PUBLIC]


#: They show what lies in the evidence log, which the realm has none of: tests/web/monitoring asks for them.
WITH_EVIDENCE = {"monitoring:frame", "monitoring:meter_frame"}


def test_every_view_says_what_it_needs() -> None:
    named = {name: getattr(pattern.callback, "needs", None) for name, pattern in addresses().items()}
    assert {name for name, needs in named.items() if needs is None} == WITHOUT_ACTION
    assert all(isinstance(needs, Action) or needs == OWN for name, needs in named.items() if name not in WITHOUT_ACTION)


def test_every_address_is_asked_for() -> None:
    """A new address joins with a line in PROBES."""
    doors = {name for name in addresses() if name not in WITHOUT_ACTION and not name.startswith(OTHER_DOORS)}
    asked = doors - WITH_EVIDENCE
    assert {probe.name for probe in PROBES} == asked


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_may_nowhere_is_refused_everywhere(things: Things, role: str) -> None:
    """Every address of every room, whether it has a probe or not."""
    client = client_of(role)
    for name, pattern in addresses().items():
        needs = getattr(pattern.callback, "needs", OWN)
        if needs == OWN or MATRIX[needs][role] != "none":
            continue
        for method in (client.get, client.post):
            assert method(address(name, things["own"])).status_code in (403, 405), (name, method)


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_their_workbooks_hold_what_the_table_grants(things: Things, role: str) -> None:
    client = client_of(role)
    granted = {NAMES[place] for place in REACHES[MATRIX["plan.read"][role]].intersection(PLACES)}
    for place in ("/plans/", "/targets/", "/"):
        text = client.get(place).content.decode()
        assert {name for name in NAMES.values() if f"{name}节能减排" in text} == granted, place
    content = client.get("/plans/?xlsx=plans").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    text = " ".join(str(cell) for row in rows for cell in row)
    assert {name for name in NAMES.values() if f"{name}节能减排" in text} == granted


def test_who_holds_no_appointment_is_told_so(things: Things) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.create_user("nobody"))
    answer = client.get(f"/plans/{things['own']['plan_id']}/")
    assert answer.status_code == 403
    assert "还没有任何授权" in answer.content.decode()


def test_a_refusal_says_as_what_one_acts_and_how_to_switch(things: Things) -> None:
    text = client_of("department").get(f"/plans/{things['own']['plan_id']}/review/adopt/").content.decode()
    assert "责任部门 · 某单位 · 云桥县" in text
    assert "切换身份" in text


def test_what_is_out_of_reach_answers_like_what_is_not_there(things: Things) -> None:
    client = client_of("department")
    for name in ("plans:plan", "plans:measure", "plans:body", "targets:target"):
        there = client.get(address(name, things["neighbour"])).content.decode()
        nowhere = client.get(address(name, {})).content.decode()
        path, other = address(name, things["neighbour"]), address(name, {})
        assert _plain(there.replace(path, other)) == _plain(nowhere)


def _plain(page: str) -> str:
    """Without what differs at every answer."""
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and "打印" not in line)


HEAD = ["指标", "对象", "时期", "数值", "单位", "口径", "状态"]


def _told(*places: str) -> list[list[str]]:
    return [HEAD, *(["能耗强度", NAMES[place], "2022", "-3", "%", "比上年变化", "最终"] for place in places)]


@pytest.mark.parametrize("place", PLACES)
def test_figures_are_loaded_for_ones_own_places_only(things: Things, place: str) -> None:
    rows = "\n".join(",".join(row) for row in _told(place)).encode()
    sent = {"file": SimpleUploadedFile("t.csv", rows), "source": "年报", "act": "record"}
    text = client_of("plan_office").post("/targets/actuals/", sent).content.decode()
    is_within = place in REACHES[MATRIX["actual.load"]["plan_office"]]
    assert (Observation.objects.count() == 1) is is_within
    assert ("云桥县及其以下的对象" in text) is not is_within


@pytest.mark.parametrize("place", PLACES)
def test_plans_are_read_in_for_ones_own_places_only(things: Things, place: str) -> None:
    text = PLAN.format(name=NAMES[place]) + "\n另有附件。\n"
    before = len(plans.plans())
    sent = {"file": SimpleUploadedFile("t.txt", text.encode())}
    answer = client_of("plan_office").post("/plans/upload/", sent)
    is_within = place in REACHES[MATRIX["plan.upload"]["plan_office"]]
    assert (answer.status_code, len(plans.plans()) - before) == ((303, 1) if is_within else (422, 0))
    assert is_within or "PLN-972" in answer.content.decode()


def test_the_figures_of_a_neighbour_are_not_shown(adopted: int) -> None:
    """The county's page lists its towns; somebody of one town sees the figures of that town and of the county."""
    rows = [["能耗强度", name, "2021", "-3", "%", "比上年变化", "最终"] for name in ("北溪镇", "南坪镇")]
    assert facts.load_rows([HEAD, *rows], name="t", digest="", source="年报", by=ADMIN, is_dry_run=False).is_written

    def told(client: Client, name: str) -> str:
        row = re.search(rf"<tr[^>]*><td[^>]*><a[^>]*>{name}</a>.*?</tr>", client.get("/").content.decode(), re.DOTALL)
        assert row is not None
        return row[0]

    county, town = client_of("department"), client_of("region", "990101")
    assert "3.00" in told(county, "北溪镇")
    assert "3.00" in told(county, "南坪镇")
    assert "3.00" in told(town, "北溪镇")
    assert "3.00" not in told(town, "南坪镇")
    assert "当前身份看不到这个对象的实际值" in told(town, "南坪镇")
    reporter = client_of("reporter").get("/").content.decode()
    assert "3.00" not in reporter
    assert "7.52" not in reporter
