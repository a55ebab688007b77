"""What an adopted decomposition lays on somebody judges it: barometer, target page, forecast; what differs is shown."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import outlook_site
import pytest
import tasks_site
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from docx import Document
from python_calamine import CalamineWorkbook

from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.level import Cause
from shuangkong.records.outlook.barometer import store as issues
from shuangkong.records.outlook.barometer.seeing import as_seen
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.targets import store as targets
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario, withdraw
from shuangkong.records.targets.decomposition.opening import open_of_target
from shuangkong.records.targets.decomposition.rows import Said, Wanted
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.targets.trajectory import Course
from shuangkong.web.indicators.place import Place
from shuangkong.web.outlook.basis import annual_task
from shuangkong.web.outlook.chosen import EVERYTHING
from shuangkong.web.outlook.making import judged
from shuangkong.web.targets.course import as_they_count, courses
from shuangkong.web.targets.decomposition.proposed import of_annex

PAGE = f"/outlook/?place={tasks_site.COUNTY}&of=2023"
TEN = Decimal(10)
TOLD = Said("会议决定", "云府发〔测〕1号")
MORE = {"base": TEN, "activity": TEN, "growth": Decimal(0), "given": Decimal(14)}
SECTOR = Receiver(subject=Subject("sector", "990100/C30"), name="虚构水泥行业", **MORE)
UNIT = Receiver(subject=Subject("unit", "990100/虚构水泥厂"), name="虚构水泥厂", **MORE)


def intensity(plan: int, name: str) -> TargetRow:
    rows = targets.targets(plan)
    return next(each for each in rows if each.indicator == "energy_intensity" and each.subject_name == name)


def share_out(plan: int, *more: Receiver, years: dict[int, Decimal] | None = None, **given: int) -> int:
    """Lays declines on the towns by hand and adopts them; who is not named gets what the plan prints.

    ``years``: what is due of the first town year by year; of all others the course is linear.
    """
    office = tasks_site.acting("office")
    opened = open_of_target(intensity(plan, "云桥县").id, office)  # type: ignore[arg-type]
    head = store.decomposition(opened)
    assert head is not None
    receivers = tuple(
        replace(each, base=TEN, activity=TEN, growth=Decimal(0), given=Decimal(given.get(each.name, 14)))
        for each in of_annex(head)
    )
    wanted = Wanted(name="按手工", rule="by_hand", receivers=(*receivers, *more))
    if years:
        given_years = {each.subject: years for each in receivers}
        wanted = replace(wanted, course=Course.GIVEN, given_years=given_years)
    adopt(opened, record_scenario(opened, wanted, office), TOLD, office)  # type: ignore[arg-type]
    return opened


@pytest.fixture
def office(adopted: int) -> Client:
    tasks_site.staff()
    outlook_site.fill()
    return tasks_site.visitor("office")


def levels(client: Client) -> dict[str, str]:
    found = r'<a href="/targets/[^"]*">(\S+?)</a></td>\s*<td[^>]*><span class="level level-(\w+)"'
    return dict(re.findall(found, client.get(PAGE).content.decode()))


def test_a_share_in_force_decides_and_what_is_printed_stands_beside_it(office: Client, adopted: int) -> None:
    assert levels(office)["南坪镇"] == "level_3"
    opened = share_out(adopted, 南坪镇=25)
    assert levels(office)["南坪镇"] == "level_2", "25 % asks more than 5 % a year; 2.9 % came"
    text = office.get(PAGE).content.decode()
    assert "以云桥县分解下达的目标为准" in text
    assert "方案所印" in text
    withdraw(opened, Said("撤销"), tasks_site.acting("office"))  # type: ignore[arg-type]
    assert levels(office)["南坪镇"] == "level_3", "withdrawn, the plan's own figure counts again"


def test_the_target_page_judges_by_the_share_and_names_the_printed_figure(office: Client, adopted: int) -> None:
    town = intensity(adopted, "南坪镇")
    share_out(adopted, 南坪镇=25)
    text = re.sub(r"\s+", " ", office.get(f"/targets/{town.id}/?period=2023").content.decode())
    assert "云桥县分解下达 25%" in text
    assert f"方案所印为 {town.value.normalize()}%" in text
    [course] = courses([town])
    assert course.progress is not None
    assert course.progress.points[-1].due == 25


def test_years_laid_down_by_a_decomposition_are_the_path(office: Client, adopted: int) -> None:
    town = intensity(adopted, "南坪镇")
    share_out(adopted, 南坪镇=25)
    [row] = as_they_count([town], None, open_rulebook())
    assert row.assigned is not None
    [course] = courses([town])
    assert course.progress is not None
    dues = {point.year: point.due for point in course.progress.points}
    assert dues == {**row.assigned.dues, 2025: Decimal(25)}
    assert dues[2021] == 5, "the decomposition asks equal steps; a compounding course would ask 5.59"


def test_a_year_that_is_laid_down_is_the_task_of_that_year(office: Client, adopted: int) -> None:
    dues = {2021: Decimal(2), 2022: Decimal(4), 2023: Decimal(10), 2024: Decimal(12), 2025: Decimal(14)}
    share_out(adopted, years=dues)
    [row] = as_they_count([intensity(adopted, "南坪镇")], None, open_rulebook())
    task = annual_task(row, 2023)
    assert task is not None
    assert round(task, 2) == Decimal("6.25"), "from 4 % to 10 %: 1 − 90 ÷ 96"
    assert annual_task(row, 2021) == 2
    assert annual_task(replace(row, assigned=None), 2023) is None
    assert levels(office)["南坪镇"] == "level_2", "2.9 % came; what is left of 14 % would have asked 2.6 %"


def test_another_unit_is_converted_and_another_promise_is_not_touched(office: Client, adopted: int) -> None:
    share_out(adopted, 南坪镇=25)
    rows = [each for each in targets.targets(adopted) if each.subject_name == "南坪镇"]
    counted = as_they_count(rows, None, open_rulebook())
    changed = [each.indicator for each in counted if each.assigned]
    assert changed == ["energy_intensity"]
    later = [replace(each, deadline="2030") for each in rows]
    assert not any(each.assigned for each in as_they_count(later, None, open_rulebook()))


def test_industries_and_units_stand_in_lists_of_their_own(office: Client, adopted: int) -> None:
    share_out(adopted, SECTOR, UNIT)
    leader = tasks_site.visitor("leader")
    text = office.get(PAGE).content.decode().partition("<main")[2]
    assert text.index("重点行业和部门") < text.index("虚构水泥行业") < text.index("重点单位") < text.index("虚构水泥厂")
    made = office.post("/outlook/issues/prepare/", {"place": tasks_site.COUNTY, "of": "2023", "issuer": "虚构机关"})
    one = made.headers["Location"].partition("?")[0]
    assert leader.post(f"{one}act/", {"kind": "approve"}).status_code == 302
    assert office.post(f"{one}act/", {"kind": "publish", "number": "云节能〔2024〕1号"}).status_code == 302
    paper = Document(BytesIO(office.get(f"{one}docx/").content))
    said = "\n".join(each.text for each in paper.paragraphs)
    assert "重点单位：" in said
    sheet = CalamineWorkbook.from_filelike(BytesIO(office.get(f"{one}xlsx/").content)).get_sheet_by_index(0).to_python()
    assert {row[0] for row in sheet if "虚构水泥厂" in row} == {"重点单位"}
    row = issues.issue(int(one.strip("/").split("/")[-1]))
    assert row is not None
    elsewhere = Acting("town", Role.PLAN_OFFICE, region="990100001", paths=("/990100/990100001/",))
    seen, hidden = as_seen(row, elsewhere)
    names = {line.name for part in seen.content.parts for line in part.lines}
    assert (hidden, "虚构水泥厂" in names) == (1, False), "a town's office does not read the register of the county"
    assert "北溪镇" in names, "regions are published to whoever reads the place"


def test_a_share_alone_leads_to_its_decomposition_and_can_be_answered(office: Client, adopted: int) -> None:
    opened = share_out(adopted, UNIT)
    head = store.decomposition(opened)
    assert head is not None
    [share] = [each for each in store.shares_in_force([head]) if each.name == "虚构水泥厂"]
    assert f"/targets/decompositions/shares/{share.id}/" in office.get(PAGE).content.decode()
    assert reverse("outlook:notice", args=(1, -share.id)).endswith(f"/notice/-{share.id}/")


def test_every_target_of_the_plan_has_a_level_or_a_reason(office: Client, adopted: int) -> None:
    place = Place(registry.region(tasks_site.COUNTY), tasks_site.PATH)  # type: ignore[arg-type]
    for period in (Period(2023), Period(2023, "H1")):
        found = judged(place, period, Q(), [EVERYTHING])
        assert found is not None
        lines = {line.target: line for part in found.content.parts for line in part.lines}
        assert {each.id for each in targets.targets(adopted)} - set(lines) <= said_again(adopted)
        assert all((line.level is None) != (line.cause is None) for line in lines.values())
    assert {line.cause for line in lines.values()} >= {Cause.YEARLY}


def said_again(plan: int) -> set[int]:
    """Total rows of annexes that only say again what the text says."""
    rows = targets.targets(plan)
    text = {(each.indicator, each.kind, each.value) for each in rows if each.table is None}
    return {each.id for each in rows if each.table is not None and (each.indicator, each.kind, each.value) in text}
