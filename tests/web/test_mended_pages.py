"""What one meets first: late duties on the first page, the work after signing in, missing towns, old names."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site as site
from django.test import Client
from django.utils import timezone

from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.acts import act
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.likeness import likely_same, present_names
from shuangkong.records.registry.models import Region
from shuangkong.records.registry.succession import succeed_body
from shuangkong.records.registry.tree import Change

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
ROOT, ANSWERS = "/plans/tasks/", "/plans/cascade/responsible/"


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff("not used here")
    return adopted


@pytest.fixture
def handed(plan: int) -> int:
    site.hand_out(plan)
    Task.objects.filter(plan=plan).update(due=TODAY + timedelta(days=400))
    return plan


def body() -> int:
    return registry.bodies(site.COUNTY)[0].id


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_first_page_says_what_one_is_late_with(handed: int) -> None:
    for days in (3, 30):
        site.key_work(f"迟了{days}天", TODAY - timedelta(days=days), body())
    assert "您有 2 项任务逾期" in text(site.visitor("clerk"), "/")
    assert "项任务逾期" not in text(site.visitor("other"), "/")


@pytest.mark.parametrize(("name", "lands"), [("clerk", ROOT), ("leader", "/")])
def test_signing_in_leads_to_the_work(plan: int, name: str, lands: str) -> None:
    guest = Client(headers={"host": "localhost"})
    said = {"username": name, "password": "not used here"}
    assert guest.post("/login/", said).headers["Location"] == lands
    elsewhere = Client(headers={"host": "localhost"})
    assert elsewhere.post("/login/?next=/targets/", said | {"next": "/targets/"}).headers["Location"] == "/targets/"


def test_a_plan_is_handed_out_from_its_own_page(plan: int) -> None:
    office = site.visitor("office")
    before = text(office, f"{ROOT}assign/{plan}/")
    assert "方案没有写明数字的主要目标" not in before
    assert "交办这份方案" in before
    assert "重新推算" not in before
    assert office.post(f"{ROOT}assign/", {"plan": plan}).status_code == 302
    assert "交办这份方案" not in text(office, f"{ROOT}assign/{plan}/")


def test_an_agenda_proposes_what_was_reminded_of(handed: int) -> None:
    told, new = (site.key_work(name, TODAY - timedelta(days=9), body()) for name in ("催过的", "没催的"))
    act(told, site.acting("office"), EventKind.REMIND, "请报送")  # type: ignore[arg-type]
    page = text(site.visitor("office"), f"{ROOT}meetings/")
    assert f'name="agenda" value="{told}" checked' in page
    assert f'name="agenda" value="{new}" checked' not in page
    assert page.count("没催的") == 1, "each is named once"


def test_a_county_without_towns_is_not_said_to_be_all_right(plan: int) -> None:
    office = site.visitor("office")
    Region.objects.filter(parent=site.COUNTY).update(parent=None)
    page = text(office, ANSWERS)
    assert "各处都有第一责任人" not in page
    assert "还没有登记任何乡镇" in page
    said = {"town": "新河镇", "code": f"{site.COUNTY}801", "ground": "县民政局区划目录"}
    for wrong, code in (({"code": "123"}, "REG-113"), ({"town": " "}, "REG-112"), ({"ground": ""}, "REG-114")):
        assert code in office.post(f"{ANSWERS}place/", said | wrong).content.decode()
    assert office.post(f"{ANSWERS}place/", said).status_code == 302
    assert "REG-115" in office.post(f"{ANSWERS}place/", said | {"town": "别的镇"}).content.decode()
    assert "1 处没有第一责任人" in text(office, ANSWERS)
    [row] = journal.of_subject(f"region/{said['code']}")
    assert (row.act, row.place) == ("region.add", site.PATH)
    assert site.visitor("clerk").post(f"{ANSWERS}place/", said | {"code": f"{site.COUNTY}802"}).status_code == 403
    town = f"?place={said['code']}"
    assert "登记村（社区）" in text(office, f"{ANSWERS}{town}")
    village = {"town": "虚构村", "code": f"{said['code']}201", "ground": "统计用区划代码"}
    assert office.post(f"{ANSWERS}place/{town}", village).status_code == 302
    page = text(office, f"{ANSWERS}{town}")
    assert "虚构村" in page
    assert "1 处没有第一责任人" in page
    assert "登记村（社区）" not in text(office, f"{ANSWERS}?place={village['code']}")


def test_a_renamed_body_shows_what_it_is_called_now(handed: int) -> None:
    old = body()
    name = f"{registry.bodies(site.COUNTY)[0].name}新"
    new = registry.name_bodies(site.COUNTY, [name])[name]
    assert any({each.short, each.full} == {old, new} for each in likely_same(site.COUNTY)), "alike before"
    succeed_body(old, new, Change.RENAMED, TODAY, "某文件", ADMIN)
    assert not any({each.short, each.full} == {old, new} for each in likely_same(site.COUNTY))
    assert present_names([old, new], TODAY) == {old: name}
    assert present_names([old], TODAY - timedelta(days=1)) == {}
    task = site.key_work("老工程", TODAY, old)
    office = site.visitor("office")
    for path in (f"{ROOT}{task}/", f"{ROOT}bodies/{old}/"):
        assert f"（现{name}）" in text(office, path)
    tallied = text(office, f"{ROOT}bodies/")
    assert f"（现{name}）" not in tallied
    assert f"{name}（原{name.removesuffix('新')}）" in tallied


def test_an_auditor_is_offered_no_new_person(plan: int) -> None:
    Person.objects.create_user("auditor")
    appoint("auditor", Role.AUDITOR, ADMIN, "测试", region=site.COUNTY)
    assert "新建人员" not in text(site.visitor("auditor"), "/people/")
    assert "新建人员" in text(site.visitor("office"), "/people/")
