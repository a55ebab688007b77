"""Pages of the register, and of what an amendment or a new version moves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import cascade_site as site
import pytest
from cascade_asking import REGISTER, proposal, registered, sheet, text_of, words
from cascade_plans import COUNTY_OFFICE, READER, adopted, notice
from django.test import Client
from django.utils import timezone

from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import CascadeEvent
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind
from shuangkong.records.plans.models import Plan
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.plans.tasks.assigning import assign_plan

pytestmark = pytest.mark.django_db


def test_proposals_stand_with_their_sentence_and_are_confirmed_or_declined(office: Client, child: int) -> None:
    address = f"/plans/{child}/cascade/open/"
    page = words(office, address)
    assert "2023年底前，编制城镇污水处理设施建设规划，推广绿色建筑。" in page
    assert page.count("登记或不予登记") == 5
    entry = registered(office, child, EntryKind.SUB_PLAN)
    said = proposal(child, EntryKind.COOPERATION) | {"act": "decline"}
    assert "CAS-102" in text_of(office.post(f"{address}decide/", said | {"ground": ""}), 422)
    office.post(f"{address}decide/", said | {"ground": "不涉及本县"})
    page = words(office, address)
    assert page.count("登记或不予登记") == 3
    assert "不予登记" in page
    row = store.register_entry(entry)
    assert row is not None
    assert (row.owner_name, row.due, row.task is not None) == ("县住房城乡建设局", date(2023, 12, 31), True)
    assert row.span is not None


def test_what_the_reader_missed_is_registered_by_hand(office: Client, child: int) -> None:
    address = f"/plans/{child}/cascade/open/decide/"
    said = {"form": "free", "kind": "sub_plan", "title": "县域充电设施规划", "ground": "县长办公会"}
    page = text_of(office.post(address, said), 422)
    assert "CAS-409" in page
    assert 'value="县域充电设施规划"' in page
    body = office.get(f"/plans/{child}/cascade/open/").context["bodies"][0].id
    assert office.post(address, said | {"owner": body, "due": "2030-01-31"}).status_code == 302
    assert "县域充电设施规划" in words(office, REGISTER)


def test_late_entries_stand_first_over_all_plans(office: Client, child: int) -> None:
    registered(office, child, EntryKind.COOPERATION)
    registered(office, child, EntryKind.AWAITED)
    entry = registered(office, child, EntryKind.SUB_PLAN)
    office.post(f"/plans/{child}/cascade/open/decide/", proposal(child, EntryKind.SUB_PLAN) | {"act": "decline"})
    everything = office.get(f"{REGISTER}?state=all").context["register_table"].rows
    assert [row.cells[5].text for row in everything] == ["已登记", "已登记", "已登记", "未予登记"]
    answer = office.get(REGISTER)
    rows = answer.context["register_table"].rows
    assert len(rows) == 3
    assert rows[0].cells[1].href == f"{REGISTER}{entry}/"
    assert rows[0].cells[0].text.startswith("✕ 逾期")
    assert answer.context["late"] == 1
    assert [row.cells[2].text for row in office.get(f"{REGISTER}?kind=awaited").context["register_table"].rows] == [
        "待上级下达的数值"
    ]
    assert "城镇污水处理设施建设规划" in str(sheet(office, f"{REGISTER}?xlsx=register"))
    assert "城镇污水处理设施建设规划" not in words(site.visitor("neighbour"), REGISTER)
    assert site.visitor("neighbour").get(f"{REGISTER}{entry}/").status_code == 404


def test_a_value_arrives_with_its_document(office: Client, child: int) -> None:
    entry = registered(office, child, EntryKind.AWAITED)
    address = f"{REGISTER}{entry}/act/"
    said = {"act": "arrived", "op": ">=", "value": "13.5", "unit": "%", "deadline": "2025", "ground": "市级下达"}
    assert "CAS-412" in text_of(office.post(address, said | {"value": "", "document": "澄州发改〔2022〕40号"}), 422)
    page = text_of(office.post(address, said), 422)
    assert "CAS-405" in page
    assert 'value="13.5"' in page
    assert office.post(address, said | {"document": "澄州发改〔2022〕40号", "on": "2022-09-01"}).status_code == 302
    page = words(office, f"{REGISTER}{entry}/")
    assert "≥13.5%（2025年）" in page
    assert "澄州发改〔2022〕40号" in page
    row = store.register_entry(entry)
    assert row is not None
    assert (row.state, row.value, row.on) == (EventKind.ARRIVED, Decimal("13.5"), date(2022, 9, 1))


def test_a_written_plan_is_linked_and_an_entry_withdrawn_and_registered_again(office: Client, child: int) -> None:
    entry = registered(office, child, EntryKind.SUB_PLAN)
    target = "一、主要目标\n\n（一）主要目标。到2025年，县城污水处理率达到95%。"
    written = adopted(notice("澄湖县", "澄湖府发〔2023〕7号", "澄湖县城镇污水处理设施建设规划", target), site.COUNTY)
    address = f"{REGISTER}{entry}/"
    assert "CAS-404" in text_of(office.post(f"{address}act/", {"act": "written", "ground": "已印发"}), 422)
    office.post(f"{address}act/", {"act": "written", "written": written.id, "ground": "已印发"})
    assert f'href="/plans/{written.id}/"' in words(office, address)
    assert "CAS-413" in text_of(office.post(f"{address}act/", {"act": "nothing", "ground": "误"}), 422)
    office.post(f"{address}act/", {"act": "withdraw", "ground": "误登"})
    page = words(office, address)
    assert "已撤销" in page
    body = office.get(address).context["bodies"][0].id
    office.post(f"{address}act/", {"act": "register", "owner": body, "ground": "重新要求"})
    assert [event.kind.value for event in store.register_events(entry)] == [
        "register", "written", "withdraw", "register",
    ]  # fmt: skip


def test_the_register_is_told_as_of_a_past_day(office: Client, child: int) -> None:
    entry = registered(office, child, EntryKind.SUB_PLAN)
    past = timezone.localdate() - timedelta(days=2)
    words(office, REGISTER)  # takes the message of what was done off the next page
    assert "城镇污水处理设施建设规划" not in words(office, f"{REGISTER}?as_of={past}")
    CascadeEvent.objects.update(at=timezone.now() - timedelta(days=5))
    Plan.objects.update(read_at=timezone.now() - timedelta(days=9))
    page = words(office, f"{REGISTER}?as_of={past}")
    assert f'href="{REGISTER}{entry}/?as_of={past}"' in page
    page = words(office, f"{REGISTER}{entry}/?as_of={past}")
    assert "现在可以办" not in page
    assert office.post(f"{REGISTER}{entry}/act/?as_of={past}", {"act": "withdraw", "ground": "误"}).status_code == 403


def test_an_amendment_shows_what_it_moves_and_which_tasks(office: Client, child: int, linked: int) -> None:
    assign_plan(child, COUNTY_OFFICE)
    plan, link = site.amend(child)
    answer = office.get(f"/plans/{plan}/cascade/{link}/moves/")
    moved = [[cell.text for cell in row.cells] for row in answer.context["move_table"].rows]
    assert [row[0] for row in moved] == ["→ 调整", "＋ 新增"]
    assert moved[0][2:7] == ["14%（2025年）", "13%（2025年）", "−1个百分点", "放宽", "数值"]
    assert int(moved[0][7]) == len(answer.context["task_table"].rows) >= 1
    assert "澄湖县“十四五”节能减排综合工作方案" in text_of(answer)
    # The department sees only its own tasks there.
    clerk = site.visitor("clerk").get(f"/plans/{plan}/cascade/{link}/moves/").context["task_table"].rows
    assert len(clerk) < len(answer.context["task_table"].rows)
    page = words(office, f"/plans/{child}/")
    assert "部分目标自 2024-03-01 起有调整" in page
    assert f'href="/plans/{plan}/cascade/{link}/moves/"' in page


def test_a_new_version_shows_what_it_moved(office: Client, child: int, parent: int, linked: int) -> None:
    city = site.visitor("city")
    assert city.get(f"/plans/{parent}/cascade/versions/2/").status_code == 404
    entry = next(each for each in plans.entries(parent) if each.payload.get("kind") == "cap_increment")
    plans.decide(entry.id, Verdict.CORRECTED, READER, entry.payload | {"value": 110}, reason="中期调整")
    plans.adopt(parent, READER)
    answer = city.get(f"/plans/{parent}/cascade/versions/2/")
    (moved, *rest) = answer.context["move_table"].rows
    assert [cell.text for cell in moved.cells[:6]] == [
        "→ 调整", "能源消费增量", "≤120万吨标准煤（2025年）", "≤110万吨标准煤（2025年）", "−10万吨标准煤", "收紧",
    ]  # fmt: skip
    assert all(row.cells[0].text == "● 未变" for row in rest)
    assert f'href="/plans/{child}/cascade/{linked}/"' in text_of(answer)
    assert f'href="/plans/{parent}/cascade/versions/2/"' in words(city, f"/plans/{parent}/cascade/")


def test_a_plan_that_binds_no_longer_says_so_on_every_page(office: Client, child: int, linked: int) -> None:
    target = "一、主要目标\n\n（一）主要目标。到2025年，全县单位地区生产总值能耗比2020年下降15%。"
    newer = adopted(notice("澄湖县", "澄湖府发〔2024〕9号", "澄湖县节能减排综合工作方案（修订）", target), site.COUNTY)
    said = {"form": "free", "relation": "supersedes", "verdict": "confirmed", "other": child, "on": "2024-05-01",
            "ground": "新方案第一条"}  # fmt: skip
    assert office.post(f"/plans/{newer.id}/cascade/decide/", said).status_code == 302
    for path in ("", "audit/", "history/", "review/", "cascade/", "cascade/open/", f"cascade/{linked}/"):
        page = words(office, f"/plans/{child}/{path}")
        assert "这份方案自 2024-05-01 起不再执行。" in page, path
        assert "不再执行" not in words(office, f"/plans/{newer.id}/").partition('id="main"')[2]
    rows = office.get("/plans/cascade/").context["plan_table"].rows
    assert {row.cells[0].text: row.cells[2].text for row in rows}[plans_title(child)] == "✕ 不再执行"


def plans_title(plan: int) -> str:
    found = plans.plan(plan)
    assert found is not None
    return found.title
