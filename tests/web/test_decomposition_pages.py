"""目标分解的各页: open, workbench, scenarios, adoption, shares, letters, annexes; who sees what; the past."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
import tasks_site as site
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from actors import ADMIN
from shuangkong.plans.reading import Kind
from shuangkong.records.facts import store as facts
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition.models import (
    Decomposition,
    DecompositionEvent,
    DecompositionScenario,
    DecompositionShare,
)

pytestmark = pytest.mark.django_db
ROOT = "/targets/decompositions/"
TODAY = timezone.localdate()
BY_HAND = {
    "indicator": "能源消费增量", "kind": "cap_increment", "value": "65", "unit": "万吨标准煤", "base_year": "2020",
    "end_year": "2025", "ground": "虚构的上级文件", "base_unit": "万吨标准煤",
}  # fmt: skip


@pytest.fixture
def plan(adopted: int) -> int:
    site.staff()
    return adopted


@pytest.fixture
def office(plan: int) -> Client:
    return site.visitor("office")


@pytest.fixture
def opened(office: Client) -> int:
    assert office.post(f"{ROOT}open/", BY_HAND).status_code == 302
    return Decomposition.objects.latest("pk").pk


def cells(**said: str) -> dict[str, object]:
    """What the form of the workbench sends: three receivers, the first a town of the county."""
    told: dict[str, object] = {"rows": "4", "rule": ["equal_rate"], "act": "compute", "places": "0"}
    for at, (name, kind, code, base) in enumerate(
        (("北溪镇", "region", "990101", "237"), ("虚构园区", "park", "", "106"), ("虚构水泥厂", "unit", "U1", "99"))
    ):
        told |= {f"r{at}-name": name, f"r{at}-kind": kind, f"r{at}-code": code, f"r{at}-base": base}
    return told | said


def words(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path if path.startswith("/") else ROOT + path)
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def bench(client: Client, number: int, status: int = 200, /, **said: object) -> HttpResponse:
    answer: HttpResponse = client.post(f"{ROOT}{number}/workbench/", cells() | said)  # type: ignore[assignment]
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


def adopted_scenario(office: Client, number: int, **said: object) -> int:
    bench(office, number, 302, act="record", **said)
    made = DecompositionScenario.objects.earliest("pk").pk  # by_hand comes before equal_rate
    told = {"kind": "adopt", "scenario": made, "settled": "assigned", "document": "测府发〔一〕3号", "text": "会议决定"}
    assert office.post(f"{ROOT}{number}/act/", told).status_code == 302
    return made


def test_a_target_of_the_plan_opens_with_the_receivers_of_its_annex(office: Client, plan: int) -> None:
    target = next(each for each in targets.targets(plan) if each.kind == Kind.REDUCTION_RATE and not each.table)
    assert f'name="target" value="{target.id}"' in words(office, f"/targets/{target.id}/")
    assert 'name="target"' not in words(site.visitor("leader"), f"/targets/{target.id}/")
    page = words(office, f"open/?plan={plan}")
    assert f'<option value="{target.id}"' in page
    answer = office.post(f"{ROOT}open/", {"target": target.id})
    page = words(office, answer.headers["Location"])
    assert "怎样分才合适？" in page
    assert "北溪镇" in page


@pytest.mark.parametrize("typed", ["−3", "-3", "10", "x", "1.5"])
def test_decimals_that_do_not_read_are_refused_and_not_left_unsaid(office: Client, opened: int, typed: str) -> None:
    text = bench(office, opened, 422, places=typed).content.decode()
    assert "TGT-218" in text
    assert f"实为“{typed}”" in text
    assert "TGT-218" not in bench(office, opened, places="").content.decode()


def test_two_ways_stand_side_by_side_and_nothing_is_kept(office: Client, opened: int) -> None:
    page = bench(
        office, opened, rule=["equal_rate", "by_hand"], **{"r0-given": "35", "r1-given": "16", "r2-given": "10"}
    )
    text = page.content.decode()
    result = text.partition('id="result"')[2]
    assert "等比例分解" in result
    assert "人工给定" in result
    assert re.search(r"各单位合计 65万吨标准煤", result)
    assert re.search(r"各单位合计 61万吨标准煤", result)
    assert "TGT-008" in result  # a cap that is not used up is stricter, and is told
    assert "应分解的量" in result
    assert not DecompositionScenario.objects.exists()


def test_what_is_wrong_comes_back_with_all_that_was_typed(office: Client, opened: int) -> None:
    page = bench(office, opened, 422, **{"r1-base": "一百"}).content.decode()
    assert "TGT-206" in page
    assert re.search(r'name="r1-base"[^>]*value="一百"[^>]*aria-invalid="true"', page)
    assert 'value="237"' in page
    assert "TGT-208" in bench(office, opened, 422, rule=[]).content.decode()
    assert "TGT-205" in bench(office, opened, 422, **{"r0-floor": "9", "r0-ceiling": "8"}).content.decode()


def test_weights_locks_and_a_start_are_taken_from_the_form(office: Client, opened: int) -> None:
    said = {"rule": ["capability_score"], "w-gdp_per_capita": "1", "w-consumption_share": "0", "w-intensity": "0"}
    for at in range(3):
        said |= {f"r{at}-c-{key}": str(at + 1) for key in ("gdp_per_capita", "consumption_share", "intensity")}
    bench(
        office,
        opened,
        302,
        act="record",
        name="偏重能力",
        start_year="2022",
        **said,
        **{"r0-lock": "30", "r0-reached": "250"},
    )
    made = DecompositionScenario.objects.get()
    assert made.name == "偏重能力 · 能力—责任—潜力评分分解"
    first = DecompositionShare.objects.filter(scenario=made).order_by("ordinal").first()
    assert first is not None
    assert (first.value, first.is_locked, first.years.count()) == (30, True, 3)
    again = words(office, f"{opened}/workbench/")
    assert re.search(r'name="w-gdp_per_capita"[^>]*value="1"', again)
    assert re.search(r'name="r0-lock"[^>]*value="30"', again)
    assert "TGT-202" in bench(office, opened, 422, **said | {"w-intensity": "0.5"}).content.decode()


def test_a_criterion_that_the_facts_know_is_filled_in(office: Client, opened: int) -> None:
    """The gap of air quality that monitoring told weighs in the way that puts quality first; what is typed stays."""
    rows = [["指标", "对象", "时期", "数值", "单位", "状态"]]
    rows += [["环境空气质量与年评价限值的最大差距", "990101", year, value, "%", "初步"] for year, value in
             (("2024", "9"), ("2025", "12.5"))]  # fmt: skip
    assert facts.load_rows(rows, name="t", digest="", source="评价", by=ADMIN, is_dry_run=False).load is not None
    told = cells(rule=["quality_first"])
    page = office.post(f"{ROOT}{opened}/workbench/", told).content.decode()
    assert re.search(r'name="r0-c-quality_gap"[^>]*value="12.5"', page)
    assert re.search(r'name="r1-c-quality_gap"[^>]*value=""', page)
    assert "评价" in page.split('id="from-facts"')[1].split("</p>")[0]
    page = office.post(f"{ROOT}{opened}/workbench/", told | {"r0-c-quality_gap": "3"}).content.decode()
    assert re.search(r'name="r0-c-quality_gap"[^>]*value="3"', page)


def test_groups_and_lines_apart_come_back_and_are_kept(office: Client, opened: int) -> None:
    said = {
        "r2-apart": "on", "r2-lock": "9", "groups": "2", "g0-name": "虚构流域", "g0-members": "北溪镇、虚构园区",
        "g0-ceiling": "50", "excluded": "虚构的省直管电厂\n",
    }  # fmt: skip
    page = bench(office, opened, **said).content.decode()
    result = page.partition('id="result"')[2]
    assert "TGT-015" in result  # 56 of the whole for two whose basin may have 50
    assert "单列，锁定" in result
    assert re.search(r"虚构的省直管电厂.*?不在本次分解之内", result, re.DOTALL)
    assert re.search(r'name="g0-members"[^>]*value="北溪镇、虚构园区"', page)
    assert 'name="g1-name" value=""' in page
    bench(office, opened, 302, act="record", **said)
    again = words(office, f"{opened}/workbench/")
    assert re.search(r'name="g0-ceiling"[^>]*value="50"', again)
    assert re.search(r'name="r2-apart" checked', again)
    assert "虚构的省直管电厂" in words(office, f"{opened}/")
    strange = bench(office, opened, 422, **said | {"g0-members": "甲乡"}).content.decode()
    assert "TGT-233" in strange
    assert 'value="甲乡"' in strange
    assert "TGT-232" in bench(office, opened, 422, **said | {"r2-lock": ""}).content.decode()


def test_a_table_of_a_sheet_is_pasted_into_the_form(office: Client, opened: int) -> None:
    text = "承担单位\t基数（万吨标准煤）\t上限\n虚构园区\t206\t\n虚构钢铁厂\t58\t1.5\n"
    page = bench(office, opened, act="paste", paste=text).content.decode()
    assert re.search(r'name="r1-base" value="206"', page)
    assert re.search(r'name="r3-name" value="虚构钢铁厂"', page)
    assert re.search(r'name="r3-ceiling" value="1.5"', page)
    assert re.search(r'name="r0-base" value="237"', page)
    assert "虚构钢铁厂" in page.partition('id="result"')[2]
    assert "TGT-210" in bench(office, opened, 422, act="paste", paste="甲\t乙\n1\t2").content.decode()


def test_from_recording_to_letters(office: Client, opened: int) -> None:
    made = adopted_scenario(office, opened, rule=["equal_rate", "by_hand"], **{f"r{at}-given": "20" for at in range(3)})
    page = words(office, f"{opened}/")
    assert "✓</span>已分解下达" in page
    assert "采用" in page
    assert "测府发〔一〕3号" in page
    share = DecompositionShare.objects.filter(scenario=made).order_by("ordinal")[0]
    page = words(office, f"shares/{share.pk}/")
    assert "人工给定" in page
    assert "出目标责任书" in page
    said = {"issuer": "云桥县人民政府", "period": "2023年度", "form": "docx"}
    answer = office.post(f"{ROOT}shares/{share.pk}/letter/", said)
    assert answer.status_code == 200, answer.content.decode()
    document = Document(BytesIO(answer.content))
    text = "\n".join(each.text for each in document.paragraphs)
    text += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for part in (
        "北溪镇",
        "云桥县人民政府",
        "能源消费增量",
        "不超过20万吨标准煤（以2020年为基期）",
        "2023年度",
        "总量不超过249万吨标准煤",
    ):
        assert part in text, part
    other = DecompositionScenario.objects.exclude(pk=made).get()
    unadopted = DecompositionShare.objects.filter(scenario=other)[0]
    assert "TGT-241" in office.post(f"{ROOT}shares/{unadopted.pk}/letter/", said).content.decode()


def test_a_share_shows_what_was_reached_beside_what_is_due(office: Client, plan: int) -> None:
    by_hand = BY_HAND | {"indicator": "化学需氧量排放总量", "kind": "reduction_rate", "value": "10", "unit": "%"}
    opened = int(office.post(f"{ROOT}open/", by_hand | {"base_unit": "吨"}).headers["Location"].split("/")[3])
    made = adopted_scenario(office, opened, places="1")
    rows = [["指标", "对象", "时期", "数值", "单位", "状态"]]
    rows += [["化学需氧量排放总量", "990101", year, value, "吨", "最终"] for year, value in (
        ("2020", "237"), ("2021", "225.15"), ("2022", "230"),
    )]  # fmt: skip
    assert facts.load_rows(rows, name="t", digest="", source="年报", by=ADMIN, is_dry_run=False).load is not None
    share = DecompositionShare.objects.filter(scenario=made).order_by("ordinal")[0]
    content = office.get(f"{ROOT}shares/{share.pk}/?xlsx=years").content
    told = [row for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python() if row]
    by_year = {row[0]: row for row in told}
    assert by_year[2021][1:4] == [2, 5, "符合进度"]  # 1 − 225.15 ÷ 237, and a fifth of 10 %
    assert by_year[2022][3] == "滞后"  # 2.95 % of 4 %
    assert by_year[2023][3] == "暂无数据"
    # From what was reached in 2022 on, a third of what is left of the 10 % each year.
    done = (1 - 230 / 237) * 100
    assert [float(by_year[year][4]) for year in (2023, 2025)] == [pytest.approx(done + (10 - done) / 3), 10]


def test_the_workbook_holds_what_the_page_shows(office: Client, opened: int) -> None:
    adopted_scenario(office, opened)
    content = office.get(f"{ROOT}{opened}/?xlsx=shares").content
    tried = bench(office, opened, act="export").content
    for each in (content, tried):
        rows = CalamineWorkbook.from_filelike(BytesIO(each)).get_sheet_by_index(0).to_python()
        assert any("北溪镇" in row and 35 in row for row in rows)
        assert any(65 in row for row in rows)


def test_it_is_withdrawn_and_the_past_is_as_it_was(office: Client, opened: int) -> None:
    adopted_scenario(office, opened)
    back = timezone.now() - timedelta(days=9)
    Decomposition.objects.update(opened_at=back)
    DecompositionScenario.objects.update(recorded_at=back)
    DecompositionEvent.objects.update(at=back, on=TODAY - timedelta(days=9))
    assert "TGT-229" in office.post(f"{ROOT}{opened}/act/", {"kind": "withdraw", "text": " "}).content.decode()
    assert office.post(f"{ROOT}{opened}/act/", {"kind": "withdraw", "text": "上级调整"}).status_code == 302
    assert "✕</span>已撤销" in words(office, f"{opened}/")
    past = words(office, f"{opened}/?as_of={TODAY - timedelta(days=5)}")
    assert "✓</span>已分解下达" in past
    assert 'method="post"' not in past.partition("<main")[2]
    words(office, f"{opened}/?as_of={TODAY - timedelta(days=10)}", 404)


def test_the_assessed_region_sees_its_own_share_and_shares_it_out(office: Client, opened: int) -> None:
    Person.objects.create_user("town")
    body = registry.name_bodies("990101", ["北溪镇人民政府"])["北溪镇人民政府"]
    appoint("town", Role.PLAN_OFFICE, ADMIN, "测试", body=body, region="990101")
    town = site.visitor("town")
    made = adopted_scenario(office, opened)
    own, other = DecompositionShare.objects.filter(scenario=made).order_by("ordinal")[:2]
    page = words(town, "")
    assert "下达给我们的目标 1 个" in page
    assert f"shares/{own.pk}/" in page
    assert "向下再分解" in words(town, f"shares/{own.pk}/")
    words(town, f"shares/{other.pk}/", 404)
    words(town, f"{opened}/", 404)
    assert town.post(f"{ROOT}open/", {"share": own.pk}).status_code == 302
    further = Decomposition.objects.latest("pk")
    assert (further.region_id, further.value, further.share_id) == ("990101", 35, own.pk)


def test_the_annexes_of_a_plan_say_what_they_imply(office: Client, plan: int) -> None:
    page = words(office, f"annexes/?plan={plan}")
    assert "附表分解了 1 个指标" in page
    assert "TGT-011" in page  # an increment without a base


def test_the_total_of_a_year_follows_its_growth_and_is_set_anew_from_an_actual(office: Client) -> None:
    told = "base_year=2020&base=100&growth2021=6&decline2021=3&growth2022=5&decline2022=3&excluded2022=2"
    content = office.get(f"{ROOT}elastic/?{told}&xlsx=elastic").content
    rows = [row for row in CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python() if row]
    totals = {row[0]: row[1] for row in rows if isinstance(row[0], float | int)}
    assert totals[2021] == pytest.approx(102.82)  # 100 × 1.06 × 0.97
    assert totals[2022] == pytest.approx(102.82 * 1.05 * 0.97 + 2)
    page = words(office, f"elastic/?{told}&actual2021=110")
    assert "114.04" in page  # the next year begins at the actual: 110 × 1.05 × 0.97 + 2
    assert "总量用完" in page
    slower = words(office, f"elastic/?{told}&adjusted2022=4")
    assert "105.72" in slower  # 102.82 × 1.04 × 0.97 + 2
    assert "−1.00" in slower  # a per cent of growth less
    assert "缺基年总量" in words(office, "elastic/?base_year=2020&growth2021=6&decline2021=3")
    assert "TSK-109" in words(office, "elastic/?base=abc", 422)


def test_who_may_not_decide_is_refused(office: Client, opened: int) -> None:
    leader = site.visitor("leader")
    assert "到工作台试算" not in words(leader, f"{opened}/")
    words(leader, f"{opened}/workbench/", 403)
    assert leader.post(f"{ROOT}{opened}/workbench/", cells()).status_code == 403
    assert leader.post(f"{ROOT}{opened}/act/", {"kind": "withdraw", "text": "试"}).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_one_language(office: Client, opened: int, language: str) -> None:
    made = adopted_scenario(office, opened)
    share = DecompositionShare.objects.filter(scenario=made)[0].pk
    office.post("/language/", {"language": language})
    for path, zh, en in (
        ("", "目标分给了谁，办到哪一步？", "Who was given which target, and how far is it?"),
        ("open/", "分解哪个目标？", "Which target is to be shared out?"),
        (f"{opened}/", "各单位承担多少", "How much each bears"),
        (f"{opened}/workbench/", "怎样分才合适？", "Which division is the right one?"),
        (f"shares/{share}/", "这个数从哪来？", "Where does this figure come from?"),
        ("annexes/", "附表的分解意味着什么？", "What do the annexes imply?"),
    ):
        page = words(office, path)
        assert (zh in page, en in page) == (language != "en", language == "en"), path


def test_the_list_asks_as_often_however_long(office: Client, opened: int) -> None:
    counts = []
    for more in (0, 4):
        for _ in range(more):
            office.post(f"{ROOT}open/", BY_HAND)
        with CaptureQueriesContext(connection) as asked:
            words(office, "")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
