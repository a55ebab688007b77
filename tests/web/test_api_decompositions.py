"""Decompositions for programmes: opened, tried, recorded, adopted, received; yearly targets as given."""

from __future__ import annotations

from typing import Any

import api_site
import pytest
import tasks_site
from django.test import Client

from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.targets.decomposition.models import DecompositionScenario

pytestmark = pytest.mark.django_db
ROOT = f"{api_site.ROOT}/decompositions"
TARGET = {
    "region": tasks_site.COUNTY, "indicator": "consumption_increment", "kind": "cap_increment", "value": "65",
    "unit": "万吨标准煤", "base_year": 2020, "end_year": 2025, "ground": "虚构的文件",
}  # fmt: skip
RECEIVERS = [
    {"code": "990101", "name": "北溪镇", "base": "237", "years": {"2021": "250", "2025": "272"}},
    {"kind": "unit", "code": "U1", "name": "虚构水泥厂", "base": "205", "lock": "30"},
]
WAY = {"name": "甲", "rule": "equal_rate", "receivers": RECEIVERS, "places": 0, "excluded": ["南坪镇", "石桥乡"]}


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    return api_site.programme(api_site.token("office"))


@pytest.fixture
def opened(office: Client) -> int:
    number: int = tell(office, ROOT, TARGET)["id"]
    return number


def tell(client: Client, path: str, told: object, status: int = 200) -> Any:
    answer = client.post(path, told, "application/json")
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def ask(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_trial_says_all_and_keeps_nothing(office: Client, opened: int) -> None:
    tried = tell(office, f"{ROOT}/{opened}/trials", WAY)
    assert [(each["name"], each["value"], each["is_locked"]) for each in tried["shares"]] == [
        ("北溪镇", "35", False),
        ("虚构水泥厂", "30", True),
    ]
    assert (tried["outcome"]["is_closed"], tried["outcome"]["reproduced"]) == (True, "65")
    assert [(each["year"], each["due"]) for each in tried["shares"][0]["years"]] == [(2021, "250"), (2025, "272")]
    assert [each["year"] for each in tried["shares"][1]["years"]] == [2021, 2022, 2023, 2024, 2025]
    assert tried["shares"][0]["steps"][0]["zh"] == "应分解的量"
    assert not DecompositionScenario.objects.exists()


def test_what_is_recorded_and_adopted_is_what_was_tried(office: Client, opened: int) -> None:
    tried = tell(office, f"{ROOT}/{opened}/trials", WAY)
    made = tell(office, f"{ROOT}/{opened}/scenarios", WAY)["id"]
    [kept] = ask(office, f"{ROOT}/{opened}/scenarios")["items"]
    assert (kept["id"], kept["outcome"]) == (made, tried["outcome"])
    for each, was in zip(kept["shares"], tried["shares"], strict=True):
        assert each | {"id": None} == was
    act = {"kind": "adopt", "scenario": made, "document": "虚府发〔测〕1号"}
    tell(office, f"{ROOT}/{opened}/acts", act)
    head = ask(office, f"{ROOT}/{opened}")
    assert (head["state"], head["scenario"], head["value"]) == ("assigned", made, "65")
    assert [each["kind"] for each in ask(office, f"{ROOT}/{opened}/events")["items"]] == ["open", "record", "adopt"]
    share = kept["shares"][0]["id"]
    assert ask(office, f"{api_site.ROOT}/decomposition-shares/{share}") == kept["shares"][0]
    Person.objects.create_user("town")
    appoint("town", Role.PLAN_OFFICE, api_site.ADMIN, "测试", region="990101")
    town = api_site.programme(api_site.token("town"))
    [received] = ask(town, f"{api_site.ROOT}/received-targets")["items"]
    assert (received["share"], received["value"], received["giver"]) == (share, "35", "云桥县")
    ask(town, f"{ROOT}/{opened}", 404)
    ask(town, f"{api_site.ROOT}/decomposition-shares/{kept['shares'][1]['id']}", 404)
    tell(town, ROOT, {"share": share})
    assert len(ask(town, ROOT)["items"]) == 1


def test_yearly_targets_that_do_not_lead_to_the_promise_are_told(office: Client, opened: int) -> None:
    receivers = [RECEIVERS[0] | {"years": {"2021": "250", "2025": "280"}}, RECEIVERS[1]]
    tried = tell(office, f"{ROOT}/{opened}/trials", WAY | {"receivers": receivers})
    assert [each["code"] for each in tried["outcome"]["findings"]] == ["TGT-012"]


def test_groups_and_lines_apart_are_told_as_on_the_page(office: Client, opened: int) -> None:
    plant = RECEIVERS[1] | {"is_apart": True}
    group = {"name": "流域", "members": ["990101", "U1"], "ceiling": "60"}
    tried = tell(office, f"{ROOT}/{opened}/trials", WAY | {"receivers": [RECEIVERS[0], plant], "groups": [group]})
    assert [each["value"] for each in tried["shares"]] == ["35", "30"]
    assert [each["code"] for each in tried["outcome"]["findings"]] == ["TGT-015"]
    untold = tell(office, f"{ROOT}/{opened}/trials", WAY | {"excluded": []})
    assert "TGT-018" in [each["code"] for each in untold["outcome"]["findings"]]


def test_elastic_totals_are_reckoned_and_nothing_is_kept(office: Client) -> None:
    years = [{"year": 2021, "growth": "6", "decline": "3", "actual": "101"},
             {"year": 2022, "growth": "6", "adjusted": "5", "decline": "3", "excluded": "2"}]  # fmt: skip
    told = tell(office, f"{api_site.ROOT}/elastic-totals", {"base": "100", "years": years})
    first, second = told["years"]
    assert (first["total"], first["room"], first["moved"]) == ("102.8200", "1.8200", "0.0000")
    # 101 × 1.05 × 0.97 + 2, a per cent of growth less than 101 × 1.06 × 0.97 + 2
    assert (float(second["total"]), float(second["moved"])) == (104.8685, -0.9797)
    gap = [years[0], years[1] | {"year": 2024}]
    assert tell(office, f"{api_site.ROOT}/elastic-totals", {"base": "100", "years": gap}, 422)["code"] == "TGT-235"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"groups": [{"name": "外人", "members": ["9"], "ceiling": "1"}]}, "TGT-233"),
        ({"groups": [{"name": "无界", "members": ["U1"]}]}, "TGT-234"),
        ({"receivers": [RECEIVERS[0] | {"is_apart": True}]}, "TGT-205"),
        ({"rule": "nobody"}, "TGT-201"),
        ({"receivers": []}, "TGT-204"),
        ({"receivers": [RECEIVERS[0] | {"floor": "9", "ceiling": "8"}]}, "TGT-205"),
        ({"places": 40}, "TGT-218"),
    ],
)
def test_what_cannot_be_computed_is_refused(office: Client, opened: int, said: dict[str, Any], code: str) -> None:
    assert tell(office, f"{ROOT}/{opened}/trials", WAY | said, 422)["code"] == code


def test_the_annexes_of_a_plan_are_told(office: Client, adopted: int) -> None:
    told = ask(office, f"{api_site.ROOT}/plans/{adopted}/annexes")
    [energy] = told["items"]
    assert (energy["indicator"], energy["receivers"], energy["undistributed"]) == ("total_consumption", 3, {})
    assert [each["code"] for each in energy["findings"]] == ["TGT-011"]
