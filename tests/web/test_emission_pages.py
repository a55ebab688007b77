"""减排核算的各页: overview, list, one, report, bases; who is offered what; the past; the workbook; the interface."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode

import emission_site as filled
import pytest
import tasks_site as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shuangkong.indicators.emissions.standing import State
from shuangkong.records.indicators.emissions import store
from shuangkong.records.indicators.emissions.models import Inventory, Reduction, ReductionEvent
from shuangkong.records.indicators.emissions.register import register_source
from shuangkong.records.indicators.emissions.rows import EntryTold

pytestmark = pytest.mark.django_db
ROOT = "/indicators/emissions/"
TODAY = timezone.localdate()
SAID = {
    "title": "一号窑脱硫", "scope": "industry", "source": "PC-1", "source_name": "虚构的水泥厂", "outlet": "DA001",
    "starts": f"{filled.YEAR}-04", "pollutant": "so2", "formula": "flue_gas_treatment", "figure-generated": "500",
    "figure-efficiency": "90", "figure-running": "80", "figure-efficiency_before": "0", "figure-running_before": "0",
}  # fmt: skip


@pytest.fixture
def county(adopted: int) -> None:
    filled.people()
    filled.base()
    filled.increments()


@pytest.fixture
def clerk(county: None) -> Client:
    return site.visitor("clerk")


@pytest.fixture
def office(county: None) -> Client:
    return site.visitor("office")


def words(client: Client, path: str = "", status: int = 200) -> str:
    answer = client.get(path if path.startswith("/") else ROOT + path)
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def do(name: str, reduction: int, kind: str, /, **said: object) -> HttpResponse:
    answer: HttpResponse = site.visitor(name).post(  # type: ignore[assignment]
        f"{ROOT}reductions/{reduction}/act/", {"kind": kind} | said
    )
    return answer


def cells(client: Client, table: str, path: str = "", extra: str = "") -> list[list[object]]:
    content = client.get(f"{ROOT}{path}?xlsx={table}&{extra}").content
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_whole_way_on_pages(clerk: Client) -> None:
    page = words(clerk, "reductions/report/?pollutant=so2&formula=flue_gas_treatment")
    assert "治理后同步运行率" in page
    assert "尚未与原文核对" in page
    answer = clerk.post(f"{ROOT}reductions/report/", SAID)
    assert answer.status_code == 302, answer.content.decode()
    number = Reduction.objects.latest("pk").pk
    page = words(clerk, f"reductions/{number}/")
    assert "待县级核查" in page
    assert "360.00" in page
    assert f"{filled.YEAR} 年 270.00 吨" in page  # nine months, and three carried over
    assert f"{filled.YEAR + 1} 年 90.00 吨" in page
    assert "act-" not in page.partition("<main")[2]
    assert "IND-347" in do("checker", number, "check", amount_t="400").content.decode()
    assert do("checker", number, "check", amount_t="320", text="运行率低").status_code == 302
    assert "IND-342" in do("checker", number, "review").content.decode()
    assert do("reviewer", number, "review").status_code == 302
    assert do("chief", number, "recognise", document="虚构的核定表").status_code == 302
    row = store.reduction(number)
    assert row is not None
    assert (row.standing.state, row.standing.recognised_t) == (State.RECOGNISED, Decimal(320))
    page = words(site.visitor("chief"), f"reductions/{number}/")
    assert "计入：" in page
    assert 'id="act-reverse"' in page


def test_what_is_refused_comes_back_with_all_that_was_typed(clerk: Client) -> None:
    answer = clerk.post(f"{ROOT}reductions/report/", SAID | {"figure-efficiency": "101"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "IND-201" in page
    assert 'value="一号窑脱硫"' in page
    assert 'value="101"' in page
    assert "TSK-109" in clerk.post(f"{ROOT}reductions/report/", SAID | {"figure-running": "八成"}).content.decode()
    assert "IND-322" in clerk.post(f"{ROOT}reductions/report/", SAID | {"starts": "四月"}).content.decode()
    assert not Reduction.objects.exists()


def test_the_overview_tells_base_emission_and_what_is_said_beside(office: Client) -> None:
    filled.recognised(filled.closed(120, starts=(filled.YEAR - 1, 7), is_key=True, assigned_t=Decimal(100)))
    filled.closed(30)
    page = words(office)
    assert "不含省直管电厂" in page
    rows = [row for row in cells(office, "years") if "二氧化硫" in row]
    # 900 + 20 - 60, then + 20 - 60; as reported another 22.5 less in the second year
    assert [(row[3:9]) for row in rows][:2] == [
        [900, 20, 60, 860, 860, 4.44],
        [860, 20, 60, 820, 797.5, 8.89],
    ]
    head = next(row for row in cells(office, "accounts") if "二氧化硫" in row)
    assert 120 in head  # key projects, recognised
    assert reverse("indicators:figure", args=["so2_total", str(filled.YEAR), f"region:{site.COUNTY}"]) in page


def test_the_overview_tells_basins_and_classes_and_leads_to_their_sources(office: Client) -> None:
    number = filled.closed(80, source="PC-3", source_name="虚构的纸厂", outlet="DW001", pollutant="cod")
    filled.recognised(number)
    asked = {"by": "basins", "region": site.COUNTY, "pollutant": "cod"}
    page = words(office, f"?period={filled.YEAR + 1}")
    assert f"?{urlencode({'period': filled.YEAR + 1} | asked | {'part': filled.BASIN})}#sources" in page.replace(
        "&amp;", "&"
    )
    assert 'id="sources"' not in page
    year = f"period={filled.YEAR + 1}"
    assert [row[1:7] for row in cells(office, "basins", extra=year) if "化学需氧量" in row] == [
        ["化学需氧量", filled.BASIN, filled.YEAR + 1, 180, 80, 100],
        ["化学需氧量", "未注明流域", filled.YEAR + 1, 70, 0, 70],
    ]
    # What goes into the air has no basin here; by class it has.
    assert not any("二氧化硫" in row for row in cells(office, "basins", extra=year))
    assert [row[1:7] for row in cells(office, "classes", extra=year) if "二氧化硫" in row] == [
        ["二氧化硫", "工业", filled.YEAR + 1, 900, 0, 900]
    ]
    sources = cells(office, "sources", extra=urlencode({"period": filled.YEAR + 1, "part": filled.BASIN} | asked))
    assert ["PC-3", "虚构的纸厂", "DW001", 180, 80, 100, f"第 {number} 号"] in sources
    untold = words(office, f"?{urlencode(asked)}").partition('id="sources"')[2]
    assert "虚构的散养户" in untold
    assert "虚构的纸厂" not in untold
    for odd in ("part=x", "region=x", "by=x"):
        assert 'id="sources"' not in words(office, f"?{urlencode(asked)}&{odd}")


def test_the_interface_tells_basins_as_the_page_does(office: Client) -> None:
    answer = office.get(f"/api/v1/regions/{site.COUNTY}/emissions").json()["items"]
    cod = next(each for each in answer if each["pollutant"] == "cod")
    assert [(part["key"], part["base_t"], part["level_t"]) for part in cod["basins"]] == [
        (filled.BASIN, "180", "180"),
        ("", "70", "70"),
    ]
    assert [(part["key"], part["sources"][0]["source"]) for part in cod["classes"]] == [
        ("industry", "PC-3"),
        ("agriculture", "PC-4"),
    ]
    told = {
        "region": site.COUNTY, "sort": "herd", "code": "H-1", "name": "虚构的养殖场", "ground": "虚构的存栏登记",
        "basin": filled.BASIN,
    }  # fmt: skip
    register_source(EntryTold(**told), site.acting("office"))  # type: ignore[arg-type]
    (entry,) = office.get("/api/v1/reduction-sources").json()["items"]
    assert entry["basin"] == filled.BASIN
    assert filled.BASIN in words(office, "bases/")


def test_the_form_of_the_register_takes_a_basin(office: Client) -> None:
    form = {"entry_sort": "plant", "code": "W-1", "name": "虚构的厂", "ground": "虚构的批复", "basin": filled.BASIN}
    answer = office.post(f"{ROOT}bases/register/", form)
    assert answer.status_code == 302, answer.content.decode()
    assert [row[5] for row in cells(office, "entries", "bases/") if "W-1" in row] == [filled.BASIN]


def test_the_explanation_of_a_figure_names_the_reductions_it_rests_on(office: Client) -> None:
    number = filled.closed(120, starts=(filled.YEAR - 1, 7))
    filled.recognised(number)
    page = words(office, reverse("indicators:figure", args=["so2_total", str(filled.YEAR), f"region:{site.COUNTY}"]))
    assert f"第 {number} 号 60 吨" in page
    assert "before + added - reduced" in page
    assert "不含省直管电厂" in page


def test_a_reversed_reduction_counts_no_more_and_the_past_stays(office: Client) -> None:
    number = filled.closed(120)
    filled.recognised(number)
    ReductionEvent.objects.update(at=timezone.now() - timedelta(days=5))
    Reduction.objects.update(reported_at=timezone.now() - timedelta(days=5))
    assert do("chief", number, "reverse").status_code == 422
    assert do("chief", number, "reverse", text="恢复生产").status_code == 302
    assert "已冲销" in words(office, f"reductions/{number}/")
    past = words(office, f"reductions/{number}/?as_of={TODAY - timedelta(days=1)}")
    assert "已核定" in past
    assert 'method="post"' not in past.partition("<main")[2]
    words(office, f"reductions/{number}/?as_of={TODAY - timedelta(days=9)}", 404)


def test_a_file_is_tried_then_taken_in_and_does_not_count_until_decided(office: Client) -> None:
    text = "\n".join(
        ",".join(row) for row in (filled.HEAD, ("PC-9", "虚构厂", "", "工业", "so2", "700", "", "系数", ""))
    )
    told = {"sort": "inventory", "year": str(filled.YEAR - 2), "title": "排放清单", "document": "虚构的清单"}

    def send(content: str, act: str, **other: str) -> HttpResponse:
        file = SimpleUploadedFile("b.csv", content.encode())
        answer: HttpResponse = office.post(f"{ROOT}bases/", told | other | {"act": act, "file": file})  # type: ignore[assignment]
        return answer

    wrong = send(text.replace("工业", "工厂"), "record")
    assert "IND-312" in wrong.content.decode()
    assert "IND-364" in send(text, "check", sort="x").content.decode()
    assert "可以录入 1 行，不能录入 0 行" in send(text, "check").content.decode()
    assert Inventory.objects.count() == 1
    assert send(text, "record").status_code == 302
    made = Inventory.objects.latest("pk")
    assert "○ 只供对照" in words(office, "bases/")
    assert "900" in str(cells(office, "accounts"))
    assert "IND-363" in office.post(f"{ROOT}bases/{made.pk}/choose/", {"ground": ""}).content.decode()
    assert office.post(f"{ROOT}bases/{made.pk}/choose/", {"ground": "按清单"}).status_code == 302
    assert next(row for row in cells(office, "accounts") if "二氧化硫" in row)[2] == 700
    sheet = office.get(f"{ROOT}bases/template/").content
    assert tuple(CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()[0]) == filled.HEAD


def test_who_has_no_part_in_it_sees_none_of_it(clerk: Client) -> None:
    number = filled.closed(30)
    assert "虚构的砖厂关停" in words(site.visitor("office"), "reductions/")
    assert "虚构的砖厂关停" in words(site.visitor("office"), "reductions/?pollutant=so2&state=reported")
    assert "虚构的砖厂关停" not in words(site.visitor("office"), "reductions/?pollutant=cod").partition("等您办的")[0]
    assert do("clerk", number, "check").status_code == 403
    assert clerk.post(f"{ROOT}bases/1/choose/", {"ground": "试"}).status_code in (403, 404)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_one_language(office: Client, language: str) -> None:
    number = filled.closed(30)
    clerk = site.visitor("clerk")
    for client in (office, clerk):
        client.post("/language/", {"language": language})
    for client, path, zh, en in (
        (office, "", "主要污染物排了多少，减够了没有？", "How much is emitted, and has it fallen enough?"),
        (office, "reductions/", "哪些减排项目算数，办到哪一步？", "Which reductions count, and how far are they?"),
        (office, f"reductions/{number}/", "怎么算的", "How it was reckoned"),
        (office, "bases/", "基数以哪一种底数为准？", "Which base counts?"),
        (clerk, "reductions/report/", "减了多少，凭什么说？", "How much was reduced, and what shows it?"),
    ):
        page = words(client, path)
        assert (zh in page, en in page) == (language != "en", language == "en"), path


def test_lists_ask_as_often_however_long(office: Client) -> None:
    counts = []
    for more in (1, 4):
        for _ in range(more):
            filled.closed(5)
        found = []
        for path in ("", "reductions/", "bases/"):
            with CaptureQueriesContext(connection) as asked:
                words(office, path)
            found.append(len(asked))
        counts.append(found)
    assert counts[0] == counts[1]
    # The overview: each step of formulas is asked once for the place and its parts, back to the first year of the rule;
    # six more lead to the sources of all accounts.
    assert max(counts[0]) <= 66
