"""Pages of the barometer: facts arrive, levels follow by the rule of the day, are signed, published and frozen."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import outlook_site
import pytest
import tasks_site
from django.test import Client
from django.utils import timezone
from docx import Document
from python_calamine import CalamineWorkbook

from shuangkong.cli import main
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import as_text, from_text
from shuangkong.outlook.barometer.level import Level, Move
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.outlook.barometer import store
from shuangkong.records.outlook.barometer.models import BarometerIssue
from shuangkong.records.registry import store as registry

COUNTY = tasks_site.COUNTY
PAGE = f"/outlook/?place={COUNTY}&of=2023"
ISSUER = "虚构的节能减排工作领导小组"


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    outlook_site.fill()
    return tasks_site.visitor("office")


@pytest.fixture
def leader(office: Client) -> Client:
    return tasks_site.visitor("leader")


def prepare(client: Client, of: str = "2023", **more: object) -> str:
    told = {"place": COUNTY, "of": of, "issuer": ISSUER} | more
    answer = client.post("/outlook/issues/prepare/", told)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer.headers["Location"].partition("?")[0]


def publish(office: Client, leader: Client, of: str = "2023") -> str:
    one = prepare(office, of)
    assert leader.post(f"{one}act/", {"kind": "approve"}).status_code == 302
    assert office.post(f"{one}act/", {"kind": "publish", "number": "云节能〔2024〕1号"}).status_code == 302
    return one


def levels() -> dict[str, Level | None]:
    content = from_text(BarometerIssue.objects.latest("pk").content)
    return {line.name: line.level for part in content.parts for line in part.lines}


def test_levels_follow_from_what_was_told(office: Client) -> None:
    text = office.get(PAGE).content.decode()
    assert "一级（红）<strong>1</strong>" in text
    found = r'<a href="/targets/\d+/[^"]*">(\S+?)</a></td>\s*<td[^>]*><span class="level level-(\w+)"'
    rows = dict(re.findall(found, text))
    assert rows == {"云桥县": "level_2", "北溪镇": "level_1", "石桥乡": "level_2", "南坪镇": "level_3"}
    assert "尚未与原文核对" in text or "未与原文核对" in text, "a rule that nobody compared says so"


def test_an_issue_is_frozen_with_its_steps_and_read_back(office: Client) -> None:
    prepare(office)
    content = from_text(BarometerIssue.objects.latest("pk").content)
    assert from_text(as_text(content)) == content
    line = next(line for part in content.parts for line in part.lines if line.name == "南坪镇")
    assert line.required is not None
    assert (round(line.required, 2), line.achieved) == (Decimal("2.89"), Decimal("2.9"))
    assert any(step.clause for step in line.steps)


def test_who_prepares_does_not_approve_and_nobody_publishes_before(office: Client, leader: Client) -> None:
    one = prepare(office)
    assert office.post(f"{one}act/", {"kind": "publish", "number": "1"}).status_code == 422
    assert office.post(f"{one}act/", {"kind": "approve"}).status_code == 403
    assert leader.post(f"{one}act/", {"kind": "approve"}).status_code == 302
    assert office.post(f"{one}act/", {"kind": "publish"}).status_code == 422, "no document number"
    assert office.post(f"{one}act/", {"kind": "publish", "number": "云节能〔2024〕1号"}).status_code == 302
    acts = list(JournalRow.objects.filter(act__startswith="barometer.").values_list("act", flat=True))
    assert acts == ["barometer.prepare", "barometer.approve", "barometer.publish"]
    assert office.post(f"{one}act/", {"kind": "withdraw", "text": "改"}).status_code == 422, "published, it stays"


def test_the_next_period_says_what_moved(adopted: int) -> None:
    tasks_site.staff()
    outlook_site.fill("2022")
    office, leader = tasks_site.visitor("office"), tasks_site.visitor("leader")
    publish(office, leader, "2022")
    assert levels()["北溪镇"] is Level.YELLOW
    outlook_site.fill()
    prepare(office, "2023")
    content = from_text(BarometerIssue.objects.latest("pk").content)
    assert content.compared_with == Period(2022)
    moves = {line.name: line.move for part in content.parts for line in part.lines}
    assert moves["北溪镇"] is Move.WORSE
    assert "恶化" in office.get(PAGE).content.decode()


def test_a_later_correction_leaves_the_published_one_and_is_noticed(office: Client, leader: Client) -> None:
    one = publish(office, leader)
    from actors import CLERK
    from shuangkong.records.facts import store as facts

    row = ["能耗强度", "北溪镇", "2023", "-6.0", "%", "比上年变化", "核定", "核定通知"]
    facts.load_rows([outlook_site.HEAD, row], name="c.csv", digest="", source="核定", by=CLERK, is_dry_run=False)
    text = office.get(one).content.decode()
    assert "公布后有 1 个等级变了" in text
    assert levels()["北溪镇"] is Level.RED
    again = prepare(office)
    assert store.issue(int(again.strip("/").split("/")[-1])).corrects is not None  # type: ignore[union-attr]
    assert levels()["北溪镇"] is Level.GREEN


def test_as_of_a_day_before_the_facts_nobody_is_judged(office: Client) -> None:
    day = timezone.localdate() - timedelta(days=2)
    text = office.get(f"{PAGE}&as_of={day}").content.decode()
    assert "level-level_1" not in text


def test_papers_say_what_the_page_says(office: Client, leader: Client) -> None:
    one = publish(office, leader)
    paper = Document(BytesIO(office.get(f"{one}docx/").content))
    said = "\n".join(each.text for each in paper.paragraphs)
    assert "节能减排目标完成情况晴雨表" in said
    assert "云节能〔2024〕1号" in said
    assert "一级（红）：北溪镇" in said
    cells = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert ["北溪镇", "一级（红）"] in [row[:2] for row in cells]
    sheet = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{one}xlsx/").content)).get_sheet_by_index(0)
    assert any("北溪镇" in row and "一级（红）" in row for row in sheet.to_python())
    assert office.get(f"{one}docx/").content == office.get(f"{one}docx/").content


def test_a_notice_goes_to_who_is_warned_and_to_nobody_else(office: Client, leader: Client) -> None:
    one = publish(office, leader)
    content = from_text(BarometerIssue.objects.latest("pk").content)
    targets = {line.name: line.target for part in content.parts for line in part.lines}
    form = {"issuer": ISSUER, "signed_on": timezone.localdate().isoformat(), "addressees": "北溪镇人民政府"}
    answer = office.post(f"{one}notice/{targets['北溪镇']}/", form)
    said = "\n".join(each.text for each in Document(BytesIO(answer.content)).paragraphs)
    assert "北溪镇人民政府" in said
    assert "预警等级为一级（红）" in said
    assert "启动预警调控方案" in said
    assert "OUT-311" in office.post(f"{one}notice/{targets['南坪镇']}/", form).content.decode()
    assert leader.get(f"{one}notice/{targets['北溪镇']}/").status_code == 403


def test_published_history_is_reproduced_on_its_page(office: Client) -> None:
    text = office.get("/outlook/history/").content.decode()
    assert "各判定规定的误报率和漏报率" in text
    assert re.search(r"复算一致 <strong>[1-9]\d*</strong>，不一致 <strong>\d+</strong>", text)
    sheet = office.get("/outlook/history/?xlsx=judged").content
    rows = CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()
    judged = [row for row in rows if str(row[0]).startswith("W")]
    agreed = {row[1] for row in judged if row[4] == "一致"}
    assert len(agreed) == 17, "the provinces of 2020 whose series is held"
    [odd] = [row for row in judged if row[4] == "不一致"]
    assert "前三季度另有" in str(odd[8]), "each disagreement stands with its reason"


def test_pages_speak_english_too(office: Client, leader: Client) -> None:
    one = publish(office, leader)
    office.get(one)  # says in Chinese what was recorded
    office.post("/language/", {"language": "en"})
    for path in (PAGE, one, "/outlook/history/"):
        text = office.get(path).content.decode()
        assert "Barometer" in text, path
        shown = re.sub(r'<(\w+)[^>]* lang="zh-Hans".*?</\1>', "", text.split("<main")[1], flags=re.S)
        for word in ("预警等级", "比上期", "判定规定", "误报率", "起草", "公布"):
            assert word not in shown, (path, word)


def test_overdue_tasks_raise_a_warning(office: Client) -> None:
    body = registry.bodies(COUNTY)[0].id
    tasks_site.key_work("改造锅炉", timezone.localdate() + timedelta(days=30), body)
    said = re.compile(r"政策措施落实不到位</td>\s*<td[^>]*>云桥县</td>\s*<td[^>]*><span class=\"level level-(\w+)")
    found = said.search(office.get(PAGE).content.decode())
    assert found is not None
    assert found[1] == "level_3"
    tasks_site.key_work("关停砖厂", timezone.localdate() - timedelta(days=30), body)
    found = said.search(office.get(PAGE).content.decode())
    assert found is not None
    assert found[1] == "level_2"


def test_a_year_that_is_not_over_is_not_what_the_page_opens_with(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/outlook/?place={COUNTY}"
    assert '<option value="2023" selected>' in office.get(page).content.decode()
    monkeypatch.setattr("shuangkong.web.outlook.views.barometer.last_over", lambda _day: 2022)
    assert '<option value="2022" selected>' in office.get(page).content.decode(), "nobody is judged by estimates"
    assert '<option value="2023" selected>' in office.get(f"{page}&period=2023").content.decode(), "it was asked for"


@pytest.mark.parametrize(
    ("asked", "said"),
    [("of=2099", "没有统计期“2099”的数"), ("of=abc", "没有统计期“abc”的数"), ("as_of=abc", "地址里的日期“abc”不是"),
     ("parts=abc", "没有编号为“abc”的目标")],
)  # fmt: skip
def test_an_address_that_is_not_understood_is_told_so(office: Client, asked: str, said: str) -> None:
    text = office.get(f"/outlook/?place={COUNTY}&{asked}").content.decode()
    assert said in text
    assert "一级（红）<strong>1</strong>" in text, "what stands there without it is shown"
    assert "没有采用" not in office.get(PAGE).content.decode()


def test_a_capped_increment_is_printed_as_an_increment(office: Client) -> None:
    """49 in the base year and 6 more in five years: 3.8 came in three, and 3.7 was allowed: half of what was left."""
    told = {"2020": "49", "2021": "50.6", "2022": "51.4", "2023": "52.8"}
    rows = [["能源消费总量", "云桥县", year, value, "万吨标准煤", "", "最终", "测试"] for year, value in told.items()]
    from actors import CLERK
    from shuangkong.records.facts import store as facts

    facts.load_rows([outlook_site.HEAD, *rows], name="t.csv", digest="", source="测试", by=CLERK, is_dry_run=False)
    prepare(office, parts="all")
    content = from_text(BarometerIssue.objects.latest("pk").content)
    [line] = [each for part in content.parts for each in part.lines if part.indicator == "consumption_increment"]
    assert (line.rule, line.required, line.achieved) == ("total", Decimal("3.6"), Decimal("3.8"))
    assert "比基年实际增量" in [step.name.zh for step in line.steps]


def test_a_trigger_that_the_plan_has_no_target_for_is_not_left_out(office: Client) -> None:
    text = office.get(PAGE).content.decode()
    row = re.search(r"环境质量[^<]*</td>.*?</tr>", text, re.S)
    assert row is not None
    assert re.search(r">不适用<", row[0])
    assert "不能判定" not in row[0]


def test_a_command_tells_the_same_levels(
    office: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shuangkong.cli.site.open_site", lambda: None)
    assert main(["barometer", COUNTY, "2023"]) == 1, "somebody is red"
    told = capsys.readouterr().out
    assert "北溪镇：一级（红），要求 3.16%，实际 -0.80%" in told
    assert main(["barometer", COUNTY, "2023", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["parts"][0]["lines"]
    assert main(["barometer", COUNTY, "2023", "--as-of", "2000-01-01"]) == 2, "no plan was in force"
