"""Pages of plans side by side, of the gaps between them, and of what an amendment moves."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import cascade_site as site
import pytest
from cascade_asking import REGISTER, registered, sheet, text_of, words
from cascade_plans import CITY_OFFICE, READER, adopted, notice
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import PlanLink
from shuangkong.records.plans.cascade.rows import EntryKind, LinkVerdict, Relation
from shuangkong.records.plans.models import Adoption, Plan
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.rows import TaskKind

pytestmark = pytest.mark.django_db


def test_looser_and_missing_stand_first(office: Client, child: int, linked: int) -> None:
    page = words(office, f"/plans/{child}/cascade/{linked}/")
    assert re.search(r"比上级宽松 <strong>1</strong> 个目标，缺 <strong>2</strong> 个", page)
    first = page.partition('id="first"')[2].partition("</section>")[0]
    places = [first.index(name) for name in ("单位地区生产总值能耗下降率", "化学需氧量")]
    assert places == sorted(places)
    assert "上级要求 15%（2025年） · 本级承诺 14%（2025年）" in first


def test_targets_are_told_with_verdict_sign_reasons_and_explanation(office: Client, child: int, linked: int) -> None:
    address = f"/plans/{child}/cascade/{linked}/"
    table = office.get(address).context["target_table"].table
    told = {row.cells[1].text: [cell.text for cell in row.cells] for row in table.rows}
    assert told["单位地区生产总值能耗下降率"][:6] == [
        "▼ 比上级宽松", "单位地区生产总值能耗下降率", "15%（2025年）", "14%（2025年）", "−1个百分点", "数值",
    ]  # fmt: skip
    assert next(iter(told)) == "单位地区生产总值能耗下降率"
    row = next(row for row in table.rows if row.cells[0].text.startswith("▼"))
    assert all(re.fullmatch(r"/targets/\d+/", cell.why) for cell in row.cells[2:4])
    assert all(office.get(cell.why).status_code == 200 for cell in row.cells[2:4])
    assert row.cells[4].value == Decimal(-1)


def test_lines_are_left_out_and_leave_as_a_workbook(office: Client, child: int, linked: int) -> None:
    address = f"/plans/{child}/cascade/{linked}/"
    chosen = office.get(f"{address}?targets=stricter&measures=extra").context
    assert [row.cells[0].text for row in chosen["target_table"].rows] == ["▲ 严于上级"]
    assert [row.cells[4].text for row in chosen["measure_table"].rows] == ["加强组织领导"]
    gaps = sheet(office, f"{address}?targets=gaps&xlsx=targets")
    assert [row[0] for row in gaps if row[0][:1] in "▼✕" and row[0]] == ["▼ 比上级宽松", *["✕ 本级缺"] * 2]
    assert sheet(office, f"{address}?targets-words=非化石&xlsx=targets")[-1][1] == "非化石能源占能源消费总量比重"


def test_measures_stand_beside_each_other_by_meaning(office: Client, child: int, linked: int) -> None:
    rows = office.get(f"/plans/{child}/cascade/{linked}/").context["measure_table"].rows
    told = [[cell.text for cell in row.cells] for row in rows]
    assert told[1][:5] == ["● 对应", "（二）", "加强工业节能", "（三）", "深入推进工业领域节能"]
    assert told[3][:6] == ["✕ 本级没有", "（四）", "推行绿色消费", "—", "—", "—"]
    assert 60 <= int(told[1][5]) <= 100


def test_a_value_that_is_awaited_is_said_so(office: Client, child: int, linked: int) -> None:
    entry = registered(office, child, EntryKind.AWAITED)
    rows = office.get(f"/plans/{child}/cascade/{linked}/").context["target_table"].rows
    (cell,) = [cell for row in rows for cell in row.cells if cell.text == "数值由上级下达"]
    assert cell.href == f"{REGISTER}{entry}/"


def test_a_comparison_shows_what_was_in_force_on_a_past_day(office: Client, child: int, linked: int) -> None:
    past = timezone.now() - timedelta(days=9)
    Plan.objects.update(read_at=past)
    Adoption.objects.update(adopted_at=past)
    PlanLink.objects.update(decided_at=past)
    day = timezone.localdate() - timedelta(days=3)
    page = words(office, f"/plans/{child}/cascade/{linked}/?as_of={day}")
    assert "比上级宽松 <strong>1</strong>" in page
    assert "选差距，转为任务" not in page
    assert f'href="?as_of={day}&amp;targets=looser#targets"' in page
    assert f"as_of={day}" in re.findall(r'href="(/targets/\d+/[^"]*)"', page)[0]
    entry = next(each for each in plans.entries(child) if each.payload.get("kind") == "reduction_rate")
    plans.decide(entry.id, Verdict.CORRECTED, READER, entry.payload | {"value": 15}, reason="中期调整")
    plans.adopt(child, READER)
    assert "比上级宽松 <strong>0</strong>" in words(office, f"/plans/{child}/cascade/{linked}/")
    page = words(office, f"/plans/{child}/cascade/{linked}/?as_of={day}")
    assert "比上级宽松 <strong>1</strong>" in page
    assert "本级第 1 版对上级第 1 版" in page
    early = timezone.localdate() - timedelta(days=12)
    assert office.get(f"/plans/{child}/cascade/{linked}/?as_of={early}").status_code == 404


def test_a_base_year_is_told_only_of_what_is_counted_from_one(office: Client, child: int, linked: int) -> None:
    rows = office.get(f"/plans/{child}/cascade/{linked}/").context["target_table"].rows
    hints = {row.cells[1].text: row.cells[2].hint for row in rows}
    assert hints["单位地区生产总值能耗下降率"].endswith("基年 2020")
    assert "基年" not in hints["非化石能源占能源消费总量比重"]
    assert not any(set("（）") & set(hint) for hint in hints.values())


def test_chosen_gaps_become_tasks_with_owner_and_day(office: Client, child: int, linked: int) -> None:
    address = f"/plans/{child}/cascade/{linked}/gaps/"
    page = office.get(address)
    offers = page.context["offers"]
    assert [(gap.is_main, is_chosen) for gap, is_chosen in offers] == [(True, True)] * 2 + [(False, False)] * 2
    owner = page.context["bodies"][0].id
    chosen = [gap.key for gap, is_chosen in offers if is_chosen]
    missing = office.post(address, {"key": chosen, "owner": owner})
    assert "CAS-206" in text_of(missing, 422)
    assert [is_chosen for _gap, is_chosen in missing.context["offers"]] == [True, True, False, False]
    assert "CAS-205" in text_of(office.post(address, {"due": "2030-06-30"}), 422)
    why = {"ground": "市里反馈意见（虚构）"}
    assert office.post(address, {"key": chosen, "owner": owner, "due": "2030-06-30", **why}).status_code == 302
    made = tasks.tasks(Q(plan=child, kind=TaskKind.GAP))
    assert [(row.standing.due, [part.id for part in row.parts]) for row in made] == [(date(2030, 6, 30), [owner])] * 2
    assert ("cascade.gap", "市里反馈意见（虚构）") in {
        (row.act, row.ground) for row in journal.of_subject(f"plan/{child}/gaps")
    }
    assert len(office.get(address).context["offers"]) == 2
    page_text = words(office, f"/plans/{child}/cascade/{linked}/")
    assert all(f'href="/plans/tasks/{row.id}/"' in page_text for row in made)
    clerk = words(site.visitor("clerk"), f"/plans/{child}/cascade/{linked}/")
    assert "/plans/tasks/" not in clerk.partition('id="targets"')[2]


def test_gaps_of_a_plan_above_are_not_ones_own(office: Client, parent: int) -> None:
    target = "一、主要目标\n\n（一）主要目标。到2025年，单位地区生产总值能耗比2020年下降16%。"
    above = adopted(notice("澄州市", "澄州府发〔2021〕1号", "澄州市节能减排总体方案", target), site.CITY)
    link = store.decide_link(parent, CITY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首", other=above.id)
    page = words(office, f"/plans/{parent}/cascade/{link}/")
    assert "选差距，转为任务" not in page
    assert office.get(f"/plans/{parent}/cascade/{link}/gaps/").status_code == 403
    assert site.visitor("city").get(f"/plans/{parent}/cascade/{link}/gaps/").status_code == 200
