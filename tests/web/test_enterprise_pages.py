"""Pages of enterprises: the list, one with its history, the form, the likely duplicates; who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
import tasks_site
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from actors import ADMIN
from shuangkong.core.source_code import source_code
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.tasks.models import Task
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.enterprises.acts import name_reporter, register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.models import RegionChange
from shuangkong.records.registry.rows import RegionRow

ROOT = "/enterprises/"
SAID = {"name": "青云水泥有限公司", "region": tasks_site.COUNTY, "ground": "名录核实", "industry": "3011"}


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    return tasks_site.visitor("office")


def made(name: str, region: str = tasks_site.COUNTY) -> int:
    return register_enterprise(ParticularsRow(name, region), ADMIN, "名录核实")


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_an_enterprise_is_registered_changed_and_numbered(office: Client) -> None:
    assert "还没有登记企业" in words(office, ROOT)
    answer = office.post(f"{ROOT}new/", SAID)
    [row] = store.enterprises(Q())
    assert (answer.status_code, answer["Location"]) == (302, f"{ROOT}{row.source}/")
    act = f"{ROOT}{row.source}/act/"
    assert (
        office.post(act, {"act": "identify", "system": "census", "value": "C-9", "ground": "普查"}).status_code == 302
    )
    assert office.post(act, SAID | {"act": "change", "name": "青云建材有限公司"}).status_code == 302
    assert office.post(act, {"act": "open", "ground": "关停"}).status_code == 302
    page = words(office, f"{ROOT}{row.source}/")
    for told in (
        row.source,
        "3011 水泥制造",
        "青云建材有限公司",
        "曾用名",
        "青云水泥有限公司",
        "污染源普查编号",
        "C-9",
        "关停",
    ):
        assert told in page
    for asked in ("C-9", "水泥", row.source):
        assert row.source in words(office, f"{ROOT}?words={asked}")
    assert "没有查到" in words(office, f"{ROOT}?words=造纸")
    number = store.identifiers([row.id])[row.id][0].id
    assert office.post(act, {"act": "end", "identifier": number, "ground": "错登"}).status_code == 302
    assert office.post(act, {"act": "end", "identifier": number, "ground": "错登"}).status_code == 404
    assert store.identifiers([row.id])[row.id] == ()


def test_what_was_refused_comes_back_with_what_was_typed(office: Client) -> None:
    answer = office.post(f"{ROOT}new/", SAID | {"credit_code": "911"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "REG-204" in page
    assert 'value="911" aria-invalid="true"' in page
    assert 'value="青云水泥有限公司"' in page
    source = source_code(made("青云水泥厂"))
    answer = office.post(f"{ROOT}{source}/act/", {"act": "identify", "value": " ", "ground": "许可证"})
    assert answer.status_code == 422
    assert "REG-221" in answer.content.decode()


def test_regions_that_merge_are_put_on_record_after_a_look(office: Client) -> None:
    assert office.get(f"{ROOT}regions/").status_code == 403
    Person.objects.create_user("keeper")
    appoint("keeper", Role.ADMINISTRATOR, ADMIN, "测试")
    admin = tasks_site.visitor("keeper")
    said = {"before": tasks_site.COUNTY, "after": tasks_site.COUNTY, "document": "撤并批复"}
    assert "REG-103" in admin.post(f"{ROOT}regions/", said | {"what": "look"}).content.decode()
    registry.save_regions([RegionRow("999977", "新设县", "county")])
    said["after"] = "999977"
    look = admin.post(f"{ROOT}regions/", said | {"what": "look"}).content.decode()
    assert "1 份方案" in look
    assert not RegionChange.objects.exists(), "a look records nothing"
    assert "REG-101" in admin.post(f"{ROOT}regions/", said | {"what": "record", "document": " "}).content.decode()
    assert admin.post(f"{ROOT}regions/", said | {"what": "record"}).status_code == 302
    assert "撤并批复" in words(admin, f"{ROOT}regions/")
    assert "REG-117" in admin.post(f"{ROOT}regions/", said | {"what": "record"}).content.decode()


def test_likely_ones_are_decided(office: Client) -> None:
    one, other = made("青云水泥厂"), made("云桥县青云水泥有限公司")
    assert "青云水泥厂" in words(office, f"{ROOT}likely/")
    said = {"one": source_code(one), "other": source_code(other), "what": "same"}
    refused = office.post(f"{ROOT}likely/", said | {"reason": " "})
    assert "REG-231" in refused.content.decode()
    assert office.post(f"{ROOT}likely/", said | {"reason": "现场核实"}).status_code == 302
    assert "没有名称相近的企业" in words(office, f"{ROOT}likely/")
    assert "这条记录已认定为另一企业" in words(office, f"{ROOT}{source_code(other)}/")
    act = f"{ROOT}{source_code(other)}/act/"
    assert office.post(act, {"act": "separate", "ground": "核实有误"}).status_code == 302
    assert len(store.enterprises(Q())) == 2


def test_one_merges_into_another(office: Client) -> None:
    one, other = source_code(made("甲厂")), source_code(made("乙厂"))
    said = {"act": "succeed", "kind": "merged", "after": other, "document": "云市监（虚构）"}
    assert office.post(f"{ROOT}{one}/act/", said).status_code == 302
    assert "云市监（虚构）" in words(office, f"{ROOT}{other}/")


def test_the_reporter_sees_the_own_enterprise_and_changes_nothing(office: Client) -> None:
    own, other = made("甲厂"), made("乙厂")
    body = name_reporter(own, ADMIN, "开通")
    Person.objects.create_user("reporter")
    appoint("reporter", Role.REPORTER, ADMIN, "测试", body=body, region=tasks_site.COUNTY)
    reporter = tasks_site.visitor("reporter")
    page = words(reporter, ROOT)
    assert source_code(own) in page
    assert source_code(other) not in page
    assert "要记录什么" not in words(reporter, f"{ROOT}{source_code(own)}/")
    assert reporter.get(f"{ROOT}{source_code(other)}/").status_code == 404
    assert reporter.get(f"{ROOT}Q0000000000/").status_code == 404
    assert reporter.post(f"{ROOT}{source_code(own)}/act/", {"act": "open", "ground": "x"}).status_code == 403
    assert reporter.get(f"{ROOT}new/").status_code == 403


@pytest.mark.parametrize("by", ["name", "code", "nobody"])
def test_a_rectification_points_to_the_enterprise_that_it_names(office: Client, by: str) -> None:
    number = made("青云水泥厂")
    subject = {"name": "青云水泥厂", "code": source_code(number), "nobody": "没有登记的厂"}[by]
    body = registry.bodies(tasks_site.COUNTY)[0].id
    said = {"kind": "rectify", "title": "除尘改造", "subject": subject, "lead": body, "due": "2030-06-30"}
    assert office.post("/plans/tasks/add/", said).status_code == 302
    task = Task.objects.get(title="除尘改造")
    expected = (None, "没有登记的厂") if by == "nobody" else (number, "青云水泥厂")
    assert (task.enterprise_id, task.subject) == expected
    assert ("除尘改造" in words(office, f"{ROOT}{source_code(number)}/")) is (by != "nobody")


def test_the_past_is_not_now(office: Client) -> None:
    source = source_code(made("甲厂"))
    yesterday = timezone.localdate() - timedelta(days=1)
    assert office.get(f"{ROOT}{source}/?as_of={yesterday}").status_code == 404


def test_the_list_asks_a_fixed_number_of_queries(office: Client, django_assert_max_num_queries: object) -> None:
    for n in range(40):
        made(f"{n}号厂")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        words(office, f"{ROOT}?words=号厂")


def test_an_enterprise_is_commended_from_its_page_and_shows_it(office: Client) -> None:
    source = source_code(made("青云水泥有限公司"))
    page = words(office, f"{ROOT}{source}/")
    assert f"honoured_enterprise={source}" in page
    form = words(office, f"/assessment/commendations/propose/?kind=enterprise&honoured_enterprise={source}")
    assert f'name="honoured_enterprise" autocomplete="off" value="{source}"' in form
    said = {
        "kind": "enterprise",
        "honoured_enterprise": source,
        "award": "节能先进企业",
        "merit": "提前",
        "ground": "会议",
    }
    answer = office.post("/assessment/commendations/propose/", said)
    assert answer.status_code == 302
    told = words(office, answer["Location"])
    assert f'href="{ROOT}{source}/"' in told
    assert "青云水泥有限公司" in told
    assert "节能先进企业" in words(office, f"{ROOT}{source}/")
    assert "节能先进企业" not in words(office, f"{ROOT}{source_code(made('另一家'))}/")
    again = office.post("/assessment/commendations/propose/", said | {"honoured_enterprise": "错"})
    assert again.status_code == 422
    assert "ASM-112" in again.content.decode()
