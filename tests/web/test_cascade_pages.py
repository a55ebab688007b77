"""Pages of the cascade: links, plans side by side, gaps, the register, adjustments, who answers for a place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import cascade_site as site
import pytest
from cascade_plans import CITY_OFFICE, CITY_PLAN, COUNTY_OFFICE, COUNTY_PLAN, READER, adopted, notice
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from shuangkong.records.journal import store as journal
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import CascadeEvent, PlanLink, Responsibility
from shuangkong.records.plans.cascade.rows import EntryKind, EventKind, LinkVerdict, Relation
from shuangkong.records.plans.models import Adoption, Plan
from shuangkong.records.plans.rows import Verdict
from shuangkong.records.plans.tasks import store as tasks
from shuangkong.records.plans.tasks.assigning import assign_plan
from shuangkong.records.plans.tasks.rows import TaskKind

pytestmark = pytest.mark.django_db
REGISTER, ANSWERS = "/plans/cascade/register/", "/plans/cascade/responsible/"


@pytest.fixture
def ids(db: None) -> tuple[int, int]:
    """The county's plan and the city's."""
    site.people()
    return site.plans()


@pytest.fixture
def child(ids: tuple[int, int]) -> int:
    return ids[0]


@pytest.fixture
def parent(ids: tuple[int, int]) -> int:
    return ids[1]


@pytest.fixture
def office(ids: tuple[int, int]) -> Client:
    """The county's plan office."""
    return site.visitor("county")


@pytest.fixture
def linked(child: int, parent: int) -> int:
    return store.decide_link(child, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首所引", other=parent)


def text_of(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, (answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def words(client: Client, path: str, status: int = 200) -> str:
    return text_of(client.get(path), status)


def sheet(client: Client, path: str) -> list[list[str]]:
    content = client.get(path).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    return [[str(cell) for cell in row] for row in rows]


def proposal(plan: int, kind: EntryKind) -> dict[str, object]:
    """What the form of the plan's first proposal of a kind sends."""
    found = next(each for each in store.register_proposals(plan) if each.kind is kind)
    said = {"form": "proposal", "kind": found.kind, "title": found.title, "item": found.item, "act": "register"}
    return said | {"owner": found.owner or "", "due": found.due or "", "ground": "方案条文"}


def registered(client: Client, plan: int, kind: EntryKind) -> int:
    """The number of an entry registered from the first proposal of a kind."""
    answer = client.post(f"/plans/{plan}/cascade/open/decide/", proposal(plan, kind))
    assert answer.status_code == 302
    return max(row.id for row in store.registered(Q(plan=plan, kind=kind)))


# -- links


def test_a_parent_is_proposed_with_its_line_and_confirmed(office: Client, child: int, parent: int) -> None:
    page = words(office, f"/plans/{child}/cascade/")
    assert "文中提到，待认定" in page
    assert "根据《澄州市“十四五”节能减排综合工作方案》（澄州府发〔2022〕3号）要求" in page
    said = {"relation": "follows", "verdict": "confirmed", "title": "澄州市“十四五”节能减排综合工作方案",
            "doc_no": "澄州府发〔2022〕3号", "other": parent, "form": "proposed-1"}  # fmt: skip
    refused = text_of(office.post(f"/plans/{child}/cascade/decide/", said | {"ground": " "}), 422)
    assert "CAS-102" in refused
    assert store.links(child) == ()
    assert office.post(f"/plans/{child}/cascade/decide/", said | {"ground": "文首所引"}).status_code == 302
    (row,) = store.links(child)
    page = words(office, f"/plans/{child}/cascade/")
    assert "文中提到，待认定" not in page
    assert f'href="/plans/{child}/cascade/{row.id}/"' in page
    assert f"日志第 {row.journal} 号" in page


def test_a_rejected_parent_is_not_proposed_again_and_stays_in_the_record(office: Client, child: int) -> None:
    said = {"relation": "follows", "verdict": "rejected", "title": "澄州市“十四五”节能减排综合工作方案",
            "doc_no": "澄州府发〔2022〕3号", "ground": "引用有误"}  # fmt: skip
    assert office.post(f"/plans/{child}/cascade/decide/", said).status_code == 302
    page = words(office, f"/plans/{child}/cascade/")
    assert "没有上级方案" in page
    assert "引用有误" in page
    assert store.links(child) == ()


def test_a_link_is_withdrawn_from_its_page(office: Client, child: int, linked: int, parent: int) -> None:
    row = store.links(child)[0]
    said = {
        "relation": "follows",
        "verdict": "rejected",
        "title": row.title,
        "doc_no": row.doc_no,
        "ground": "改依省方案",
    }
    assert office.post(f"/plans/{child}/cascade/decide/", said | {"other": parent}).status_code == 302
    assert store.links(child) == ()
    assert office.get(f"/plans/{child}/cascade/{linked}/").status_code == 404


def test_a_parent_that_is_not_read_in_is_chosen_later(office: Client, child: int, parent: int) -> None:
    address, ground = f"/plans/{child}/cascade/", {"relation": "follows", "verdict": "confirmed", "ground": "文首所引"}
    named = {"title": "澄州市“十四五”节能减排综合工作方案", "doc_no": "澄州府发〔2022〕3号"}
    office.post(f"{address}decide/", ground | named)
    page = words(office, address)
    assert "还没有读入，不能对照" in page
    assert "已经读入，选择它" in page
    assert "CAS-202" in words(office, f"{address}{store.links(child)[0].id}/")
    office.post(f"{address}decide/", ground | named | {"other": parent})
    assert [row.other for row in store.links(child)] == [parent]


def test_what_was_refused_comes_back_as_typed(office: Client, child: int, linked: int, parent: int) -> None:
    said = {"form": "free", "relation": "amends", "verdict": "confirmed", "other": child, "ground": "误填的依据"}
    page = text_of(office.post(f"/plans/{child}/cascade/decide/", said), 422)
    assert "CAS-104" in page
    assert "误填的依据</textarea>" in page
    assert '<option value="amends" selected>' in page


def test_a_neighbour_sees_and_decides_nothing(child: int, parent: int, linked: int) -> None:
    neighbour = site.visitor("neighbour")
    paths = (f"/plans/{child}/cascade/", f"/plans/{child}/cascade/{linked}/", f"/plans/{child}/cascade/open/")
    assert [neighbour.get(path).status_code for path in paths] == [404] * 3
    assert neighbour.post(f"/plans/{child}/cascade/decide/", {"ground": "误"}).status_code == 404
    # Of the city's plan it sees the page, and of the plans that follow it only its own.
    assert "澄湖县" not in words(neighbour, f"/plans/{parent}/cascade/")
    assert "澄湖县" in words(site.visitor("city"), f"/plans/{parent}/cascade/")


@pytest.mark.parametrize("name", ["clerk", "auditor"])
def test_who_only_reads_is_offered_no_act_and_refused(child: int, linked: int, name: str) -> None:
    client = site.visitor(name)
    entry = registered(site.visitor("county"), child, EntryKind.SUB_PLAN)
    for path in (
        f"/plans/{child}/cascade/", f"/plans/{child}/cascade/{linked}/", f"/plans/{child}/cascade/open/",
        f"{REGISTER}{entry}/", REGISTER, f"{ANSWERS}region/{site.TOWN}/", f"{ANSWERS}?place={site.COUNTY}",
    ):  # fmt: skip
        page = words(client, path).partition('id="main"')[2]
        assert 'method="post"' not in page, path
    for path in (
        f"/plans/{child}/cascade/decide/", f"/plans/{child}/cascade/open/decide/", f"{REGISTER}{entry}/act/",
        f"{ANSWERS}name/", f"{ANSWERS}firm/", f"/plans/{child}/cascade/{linked}/gaps/",
    ):  # fmt: skip
        status = client.post(path, {"ground": "误"}).status_code
        # An auditor may assign nothing, and judge nothing; neither may a department.
        assert status == 403, (path, status)


# -- side by side


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


# -- gaps


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


# -- the register


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


# -- before and after


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


# -- who answers


def naming(**more: object) -> dict[str, object]:
    said = {"subject": f"region-{site.TOWN}", "rank": "first", "person": "甲某", "post": "镇长", "ground": "方案（四）"}
    return said | {"starts_on": "2024-01-01"} | more


def test_vacancies_stand_first_until_somebody_is_named(office: Client) -> None:
    page = words(office, ANSWERS)
    assert "2 处没有第一责任人" in page
    assert "镇长是第一责任人" in page
    assert "CAS-504" in text_of(office.post(f"{ANSWERS}name/", naming(post="")), 422)
    refused = text_of(office.post(f"{ANSWERS}name/", naming(ground=" ")), 422)
    assert 'value="甲某"' in refused
    assert office.post(f"{ANSWERS}name/", naming()).status_code == 302
    answer = office.get(ANSWERS)
    assert "1 处没有第一责任人" in text_of(answer)
    assert [cell.text for cell in answer.context["responsible_table"].rows[0].cells[:5]] == [
        "东街镇", "第一责任人", "—", "甲某", "镇长",
    ]  # fmt: skip


def test_a_state_firm_down_to_the_post(office: Client) -> None:
    made = office.post(f"{ANSWERS}firm/", {"name": "县水务集团", "ground": "国资名录"})
    assert made.status_code == 302
    firm = int(re.findall(r"body/(\d+)/", made["Location"])[0])
    assert "没有第一责任人" in words(office, f"{ANSWERS}body/{firm}/")
    said = naming(subject=f"body-{firm}", rank="post", person="丙某", post="班长")
    assert "CAS-508" in text_of(office.post(f"{ANSWERS}name/", said), 422)
    office.post(f"{ANSWERS}name/", said | {"duty": "锅炉运行岗"})
    page = words(office, f"{ANSWERS}body/{firm}/")
    assert "锅炉运行岗" in page
    assert "3 处没有第一责任人" in words(office, ANSWERS)


def test_who_answered_before_is_kept_and_told_as_of_a_day(office: Client) -> None:
    office.post(f"{ANSWERS}name/", naming())
    Responsibility.objects.update(decided_at=timezone.now() - timedelta(days=20))
    office.post(f"{ANSWERS}name/", naming(person="乙某", starts_on="2025-06-01"))
    page = words(office, f"{ANSWERS}region/{site.TOWN}/")
    now = page.partition('id="now"')[2].partition("</section>")[0]
    assert ("乙某" in now, "甲某" in now, "甲某" in page) == (True, False, True)
    past = timezone.localdate() - timedelta(days=3)
    page = words(office, f"{ANSWERS}region/{site.TOWN}/?as_of={past}")
    assert ("乙某" in page, "甲某" in page) == (False, True)
    row = Responsibility.objects.latest("pk")
    assert "CAS-102" in text_of(office.post(f"{ANSWERS}end/{row.pk}/", {"ground": ""}), 422)
    assert office.post(f"{ANSWERS}end/{row.pk}/", {"ground": "调离"}).status_code == 302
    assert "2 处没有第一责任人" in words(office, ANSWERS)
    Responsibility.objects.filter(pk__gt=row.pk - 1).update(decided_at=timezone.now() - timedelta(days=1))
    assert "1 处没有第一责任人" in words(office, f"{ANSWERS}?as_of={past}")


def test_a_neighbour_names_nobody_here(office: Client) -> None:
    neighbour = site.visitor("neighbour")
    assert neighbour.post(f"{ANSWERS}name/", naming()).status_code == 403
    office.post(f"{ANSWERS}name/", naming())
    row = Responsibility.objects.get()
    assert neighbour.post(f"{ANSWERS}end/{row.pk}/", {"ground": "误"}).status_code == 404
    assert neighbour.get(f"{ANSWERS}region/{site.TOWN}/").status_code == 404
    assert "甲某" not in words(neighbour, ANSWERS)


# -- what holds of all


def test_empty_pages_teach(db: None) -> None:
    site.people()
    office = site.visitor("county")
    assert "还没有已采用的方案" in words(office, "/plans/cascade/")
    assert "还没有登记" in words(office, REGISTER)
    alone = adopted(COUNTY_PLAN, site.COUNTY).id
    assert "这里只有一份方案" in words(office, "/plans/cascade/")
    assert "系统里还没有这份方案" in words(office, f"/plans/{alone}/cascade/")


#: Address → queries of the page itself, without those of the frame that every page has.
QUERIES: Mapping[str, int] = {
    "/plans/cascade/": 5,
    "/plans/{child}/cascade/": 8,
    "/plans/{child}/cascade/{linked}/": 24,
    "/plans/{child}/cascade/{linked}/pairs/": 24,
    "/plans/{child}/cascade/{linked}/gaps/": 26,
    "/plans/{child}/cascade/open/": 16,
    "/plans/{amended}/cascade/{link}/moves/": 15,
    REGISTER: 3,
    REGISTER + "{entry}/": 7,
    ANSWERS: 14,
    ANSWERS + "region/{town}/": 5,
}
#: A page that asks for nothing of its own.
FRAME = "/plans/upload/"


def test_the_number_of_queries_is_fixed(office: Client, child: int, linked: int) -> None:
    amendment, link = site.amend(child)
    entry, *_others = [registered(office, child, kind) for kind in EntryKind]
    office.post(f"{ANSWERS}name/", naming())
    numbers = {"child": child, "linked": linked, "amended": amendment, "link": link, "entry": entry, "town": site.TOWN}
    found = {path: _queries(office, path.format(**numbers)) for path in QUERIES}
    _grow(office, child, linked)
    grown = {path: _queries(office, path.format(**numbers)) for path in QUERIES}
    assert grown == found
    frame = _queries(office, FRAME)
    assert {path: count - frame for path, count in found.items()} == QUERIES


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as told:
        words(client, path)
    return len(told)


def _grow(office: Client, child: int, linked: int) -> None:
    """Tasks, entries, decisions, persons: more of everything that the pages list."""
    store.assign_gaps(linked, COUNTY_OFFICE, date(2030, 1, 1))
    for kind in EntryKind:
        for _time in [each for each in store.register_proposals(child) if each.kind is kind]:
            registered(office, child, kind)
    for number in range(4):
        body = store.add_state_firm(site.COUNTY, f"企业{number}", COUNTY_OFFICE, "名录")
        office.post(f"{ANSWERS}name/", naming(subject=f"body-{body}"))
        office.post(f"{ANSWERS}name/", naming(person=f"新任{number}", starts_on=f"2024-0{number + 2}-01"))
    title = {"title": "另一份上级方案", "doc_no": "某府发〔2022〕1号"}
    store.decide_link(child, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "另引", **title)


# -- pairs that a person decides


@pytest.fixture
def doubted(db: None) -> tuple[int, int]:
    """The county's plan and its link to a city's plan, with one pair that only a person can decide."""
    site.people()
    asked, promised = "城镇新建建筑全部达到绿色建筑标准完成率达到100%。", "城镇新建绿色建筑达标率达到100%。"
    city = adopted(CITY_PLAN.replace("推广绿色建筑。", f"到2025年，{asked}"), site.CITY)
    county = adopted(COUNTY_PLAN.replace("推广绿色建筑。", f"到2025年，{promised}"), site.COUNTY)
    return county.id, store.decide_link(
        county.id, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首所引", other=city.id
    )


def test_a_doubtful_pair_is_decided_on_its_page_before_it_is_offered(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    office, address = site.visitor("county"), f"/plans/{plan}/cascade/{link}/"
    page = words(office, address)
    assert f'href="{address}pairs/"><strong>1</strong> 对待认定' in page
    assert "绿色建筑" not in page.partition('id="first"')[2].partition("</section>")[0]
    (doubt,) = office.get(f"{address}pairs/").context["doubts"]
    assert doubt.above not in {gap.key for gap, _ in office.get(f"{address}gaps/").context["offers"]}
    said = {"above": doubt.above, "below": doubt.below, "verdict": "apart"}
    refused = text_of(office.post(f"{address}pairs/", said | {"ground": " "}), 422)
    assert "CAS-210" in refused
    assert "CAS-213" in text_of(office.post(f"{address}pairs/", said | {"verdict": "误", "ground": "口径不同"}), 422)
    assert office.post(f"{address}pairs/", said | {"ground": "口径不同"}).status_code == 302
    assert doubt.above in {gap.key for gap, _ in office.get(f"{address}gaps/").context["offers"]}
    told = office.get(f"{address}pairs/")
    assert [[cell.text for cell in row.cells][2:6] for row in told.context["decision_table"].rows] == [
        ["✕ 不是同一项", doubt.parent, doubt.child, "口径不同"]
    ]
    assert "没有待认定的对应" in text_of(told)


def test_any_two_of_one_sort_are_laid_together_by_a_person(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    office, address = site.visitor("county"), f"/plans/{plan}/cascade/{link}/"
    measures = office.get(f"{address}pairs/").context["sorts"][1]
    above = next(key for key, name in measures.parents if "绿色消费" in name)
    below = next(key for key, name in measures.children if "组织领导" in name)
    said = {"form": "free", "above": above, "below": below, "verdict": "paired", "ground": "（四）含此意"}
    assert office.post(f"{address}pairs/", said).status_code == 302
    rows = office.get(address).context["measure_table"].rows
    assert ["● 对应", "（四）", "推行绿色消费", "（四）", "加强组织领导"] in [
        [cell.text for cell in row.cells][:5] for row in rows
    ]
    assert "0</strong> 项措施没有对应" in words(office, address)


def test_who_only_reads_decides_on_no_pair(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    address = f"/plans/{plan}/cascade/{link}/pairs/"
    (doubt,) = site.visitor("county").get(address).context["doubts"]
    said = {"above": doubt.above, "below": doubt.below, "verdict": "paired", "ground": "误"}
    for name, read, status in (("clerk", 200, 403), ("auditor", 200, 403), ("neighbour", 404, 404)):
        client = site.visitor(name)
        answer = client.get(address)
        assert answer.status_code == read, name
        assert 'name="verdict"' not in answer.content.decode(), name
        assert client.post(address, said).status_code == status, name
    past = f"{address}?as_of={timezone.localdate() - timedelta(days=1)}"
    assert site.visitor("county").get(past).status_code == 404
    assert site.visitor("county").post(past, said).status_code == 403


def test_programmes_decide_on_pairs(doubted: tuple[int, int]) -> None:
    """The same by the interface: told with the lines, decided, read again; a neighbour finds nothing."""
    import api_site

    _plan, link = doubted
    client, path = api_site.programme(api_site.token("county")), f"{api_site.ROOT}/links/{link}"
    (line,) = [each for each in client.get(f"{path}/comparison").json()["targets"] if each["is_doubtful"]]
    assert line["is_gap"] is False
    said = {"above": line["key"], "below": line["below"], "verdict": "paired", "ground": "同一指标"}
    answer = client.post(f"{path}/pairs", said, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    (told,) = client.get(f"{path}/pairs").json()["items"]
    assert (told["id"], told["verdict"], told["is_target"]) == (answer.json()["id"], "paired", True)
    neighbour = api_site.programme(api_site.token("neighbour"))
    assert neighbour.get(f"{path}/pairs").status_code == 404
    assert neighbour.post(f"{path}/pairs", said, content_type="application/json").status_code == 404


def test_a_base_year_is_told_only_of_what_is_counted_from_one(office: Client, child: int, linked: int) -> None:
    rows = office.get(f"/plans/{child}/cascade/{linked}/").context["target_table"].rows
    hints = {row.cells[1].text: row.cells[2].hint for row in rows}
    assert hints["单位地区生产总值能耗下降率"].endswith("基年 2020")
    assert "基年" not in hints["非化石能源占能源消费总量比重"]
    assert not any(set("（）") & set(hint) for hint in hints.values())
