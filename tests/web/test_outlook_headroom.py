"""The account of headroom: what is left each year, whether a project fits, and projects that were approved."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
import tasks_site
from django.test import Client
from python_calamine import CalamineWorkbook

from actors import CLERK
from shuangkong.records.facts import store as facts
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.outlook.headroom.store import commitments

PAGE = f"/outlook/headroom/?place={tasks_site.COUNTY}&period=2023"
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
#: The plan allows 6 more than the 50 of 2020 by 2025, in equal steps; 52 were used in 2023.
LEVELS = {"2020": "50", "2021": "51", "2022": "51.5", "2023": "52"}
PROJECT = {"place": tasks_site.COUNTY, "project": "水泥厂", "starts": "2024-07", "amount-total_consumption": "3"}


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    rows = [["能源消费总量", "云桥县", year, value, "万吨标准煤", "最终"] for year, value in LEVELS.items()]
    report = facts.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts
    return tasks_site.visitor("office")


def rooms(client: Client, path: str = PAGE, table: str = "rooms") -> list[list[object]]:
    read = CalamineWorkbook.from_filelike(BytesIO(client.get(f"{path}&xlsx={table}").content))
    found = read.get_sheet_by_index(0).to_python()
    return [list(each) for each in found if str(each[0]).startswith("能源消费总量")]


def asked(**more: str) -> str:
    words = {key: value for key, value in (PROJECT | more).items() if key != "place"}
    return PAGE + "".join(f"&{key}={value}" for key, value in words.items())


def test_what_is_left_is_the_path_less_what_is_used(office: Client) -> None:
    """2024: 50 + 6 × 4/5 − 52 = 2.8; 2025: 56 − 52 = 4."""
    assert [(each[2], float(str(each[8]))) for each in rooms(office)] == [(2024, 2.8), (2025, 4.0)]


def test_a_project_that_fits_and_one_that_does_not(office: Client) -> None:
    """Half of 2024 takes 1.5 of 2.8, all of 2025 takes 3 of 4; 5 a year pass the cap of 2025, 4 would just fit."""
    text = office.get(asked()).content.decode()
    assert "<strong>余量足够</strong>" in text
    text = office.get(asked(**{"amount-total_consumption": "5"})).content.decode()
    assert "<strong>余量不足，不能接纳</strong>" in text
    [line] = rooms(office, asked(**{"amount-total_consumption": "5"}), "answer")
    assert (str(line[3]), float(str(line[6])), float(str(line[7]))) == ("2025", -1.0, 4.0)
    text = office.get(asked(**{"amount-total_consumption": "5", "released-total_consumption": "2"})).content.decode()
    assert "<strong>余量足够</strong>" in text


def test_a_project_of_the_last_month_is_not_taken_for_one_that_fits(office: Client) -> None:
    """Of 12 a year only 1 falls into 2025, of which 4 are left: page and API say that all year it is 8 too many."""
    late = {"starts": "2025-12", "amount-total_consumption": "12"}
    text = office.get(asked(**late)).content.decode()
    assert "全年投运后超出最后一年的上限" in text
    assert "<strong>余量足够</strong>" not in text
    [line] = rooms(office, asked(**late), "answer")
    assert [float(str(each)) for each in line[5:8]] == [3.0, -8.0, 4.0]


def test_an_approved_project_takes_its_part_until_it_is_ended(office: Client) -> None:
    answer = office.post("/outlook/headroom/commit/", PROJECT | {"document": "云发改〔2024〕8号"})
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert [(each[2], float(str(each[8]))) for each in rooms(office)] == [(2024, 1.3), (2025, 1.0)]
    again = office.post("/outlook/headroom/commit/", PROJECT | {"document": "云发改〔2024〕9号"})
    assert "OUT-504" in again.content.decode()
    [held] = commitments(tasks_site.COUNTY)
    assert office.post(f"/outlook/headroom/{held.id}/end/", {"ground": ""}).status_code == 422
    assert office.post(f"/outlook/headroom/{held.id}/end/", {"ground": "已投产"}).status_code == 302
    assert float(str(rooms(office)[1][8])) == 4.0
    acts = list(JournalRow.objects.filter(act__startswith="headroom.").values_list("act", flat=True))
    assert acts == ["headroom.commit", "headroom.end"]


def test_it_is_approved_under_a_document(office: Client) -> None:
    assert "OUT-502" in office.post("/outlook/headroom/commit/", PROJECT).content.decode()
    assert tasks_site.visitor("leader").post("/outlook/headroom/commit/", PROJECT).status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"starts": "2024"},
        {"amount-total_consumption": "-1"},
        {"amount-total_consumption": "x"},
        {"amount-total_consumption": "1e999"},
        {"amount-total_consumption": "1e-999"},
        {"amount-total_consumption": "NaN"},
        {"released-total_consumption": "1e999"},
        {"released-total_consumption": "-1"},
    ],
)
def test_what_does_not_read_says_so(office: Client, more: dict[str, str]) -> None:
    answer = office.get(asked(**more))
    assert answer.status_code == 422
    assert "OUT-508" in answer.content.decode()


@pytest.mark.parametrize("more", [{"amount": "1e999"}, {"released": "1e999"}, {"amount": "1e-999"}, {"amount": "-1"}])
def test_an_amount_that_no_page_could_bear_is_never_recorded(office: Client, more: dict[str, str]) -> None:
    """By page and by API, asked or recorded: refused in words, and every page that reads the account still answers."""
    typed = {f"{key}-total_consumption": value for key, value in more.items()}
    answer = office.post("/outlook/headroom/commit/", PROJECT | {"document": "云发改8号"} | typed)
    assert answer.status_code == 422
    sent = {"region": tasks_site.COUNTY, "project": "水泥厂", "starts": "2024-07", "document": "云发改8号",
            "amounts": [{"indicator": "total_consumption", "amount": "3"} | more]}  # fmt: skip
    for path, code in (("commitments", "OUT-503"), ("question", "OUT-508")):
        told = office.post(f"/api/v1/headroom/{path}", json.dumps(sent), content_type="application/json")
        assert (told.status_code, told.json()["code"]) == (422, code), path
    assert commitments(tasks_site.COUNTY) == ()
    for page in (PAGE, PAGE.replace("headroom", "forecast")):
        assert office.get(page).status_code == 200


def test_a_project_in_the_account_is_not_asked_about_again(office: Client) -> None:
    assert office.post("/outlook/headroom/commit/", PROJECT | {"document": "云发改8号"}).status_code == 302
    answer = office.get(asked())
    assert answer.status_code == 422
    assert "OUT-504" in answer.content.decode()


def test_without_an_actual_figure_nothing_is_promised(adopted: int) -> None:
    tasks_site.staff()
    text = tasks_site.visitor("office").get(asked()).content.decode()
    assert "<strong>缺上限或实际数，不能回答</strong>" in text
    assert "不能算的 1 本" in tasks_site.visitor("office").get(PAGE).content.decode()
