"""What used a corrected figure says the new one, or that it rests on an old one: the target at once, a published
barometer and an announced result by a notice; neither of these is changed by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import tasks_site
from django.db.models import Q
from django.utils import timezone

sys.path.insert(0, str(Path(__file__).parents[1] / "records"))
import test_assessments as assessing
import test_outlook_pages as outlook
from test_return_evidence import Stand, Version, filled

from actors import ADMIN
from shuangkong.core.period import Period
from shuangkong.records.assessment.years.launching import launch
from shuangkong.records.assessment.years.sheets import kept_sheets, sheets_of, since_announced
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Region
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.reporting import store
from shuangkong.records.reporting.flowing import flow
from shuangkong.records.reporting.models import Reporter, Return, Window
from shuangkong.records.targets.models import Target
from shuangkong.reporting.content import figure

pytestmark = pytest.mark.django_db


@pytest.fixture
def regions(db: None) -> None:
    """A county with two towns."""
    towns = [RegionRow(code, name, "town", assessing.COUNTY) for code, name in TOWNS]
    registry.save_regions([*towns, RegionRow(assessing.COUNTY, "澄湖县", "county", is_fictional=True)])


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Sets the clock to noon of a day."""

    def turn(day: date) -> None:
        noon = timezone.make_aware(datetime.combine(day, time(12)))
        monkeypatch.setattr("django.utils.timezone.now", lambda: noon)

    return turn


TOWNS = ((assessing.FIRST, "澄湖镇"), (assessing.SECOND, "柳溪镇"))


def owed(form: str, period: str, region: str) -> int:
    """A return of a department that tells of a region."""
    place, at = Region.objects.get(pk=region), Period.parse(period)
    who = Reporter.objects.create(kind="department", code=f"{region}-1", name="部门", region=place, path=place.path)
    plain = {"form": form, "period": period, "first_month": at.first_month, "path": place.path, "due": date(2099, 1, 1)}
    now = timezone.now()
    window = Window.objects.create(**plain, region=place, opened_by="t", opened_at=now, journal=0)
    return Return.objects.create(**plain, window=window, reporter=who, state=Stand.OPEN, changed_at=now).pk


def accept(number: int, address: str, value: int) -> None:
    """The next version of the return is accepted, with this figure."""
    row, held = store.one(number), Return.objects.get(pk=number)
    assert row is not None
    content = filled(held, {address: figure(Decimal(value))})
    held.versions += 1
    held.version = held.in_force = held.versions
    held.state = Stand.ACCEPTED
    Version.objects.create(
        owned=held, number=held.versions, edition=content.edition, content=content.canonical.decode(),
        digest=content.digest, channel="page", filled_by="t", signed_by="t", signed_at=held.changed_at,
    )  # fmt: skip
    held.save()
    assert flow(held, row, ADMIN) is not None


FACTORIES = "creation.green_factory_count.value"


def test_a_target_says_the_corrected_figure_and_a_published_barometer_says_that_it_moved(adopted: int) -> None:
    tasks_site.staff()
    office, leader = tasks_site.visitor("office"), tasks_site.visitor("leader")
    number = owed("industry_department", "2024", outlook.COUNTY)
    accept(number, FACTORIES, 8)
    target = Target.objects.get(indicator="green_factory_count").pk
    before = office.get(f"/targets/{target}/").content.decode()
    issue = outlook.prepare(office, "2024", parts=[str(target)])
    leader.post(f"{issue}act/", {"kind": "approve"})
    assert office.post(f"{issue}act/", {"kind": "publish", "number": "云节能〔2024〕9号"}).status_code == 302
    assert "等级变了" not in office.get(issue).content.decode()
    published = outlook.BarometerIssue.objects.get().content
    accept(number, FACTORIES, 1)
    after = office.get(f"/targets/{target}/").content.decode()
    assert ("8" in before, before != after) == (True, True)
    assert "公布后有 1 个等级变了" in office.get(issue).content.decode()
    assert outlook.BarometerIssue.objects.get().content == published


def test_an_announced_result_says_that_what_it_rests_on_was_corrected(
    regions: None, on: Callable[[date], None]
) -> None:
    """Factories promised to a town by a decomposition, told by a return of the department."""
    opened = assessing.open_by_hand(
        assessing.Asked(
            region=assessing.COUNTY, indicator="fertiliser_total", kind=assessing.Kind.REDUCTION_RATE,
            value=Decimal(8), unit="%", base_year=2020, end_year=2025, ground="虚构的文件",
        ),
        assessing.OFFICE,
    )  # fmt: skip
    receivers = tuple(
        assessing.Receiver(subject=assessing.Subject("region", code), name=name, base=Decimal(100))
        for code, name in TOWNS
    )
    wanted = assessing.Shared(name="等比例", rule="equal_rate", receivers=receivers, course=assessing.Course.LINEAR)
    made = assessing.record_scenario(opened, wanted, assessing.OFFICE)
    assessing.adopt(opened, made, assessing.Adopted("会议决定", "虚府发〔测〕1号"), assessing.OFFICE)
    load_base()
    number = owed("agriculture_department", "2024", assessing.FIRST)
    accept(number, FERTILISER, 92)
    [assessment] = launch(assessing.round_of(opened, subjects=(assessing.FIRST,)), assessing.OFFICE)
    assessing.announced(assessment, on)
    row, kept = assessing.row_of(assessment), kept_sheets(Q(assessment=assessment))
    assert since_announced((row,), sheets_of((row,)), kept) == {assessment: ()}
    on(assessing.TODAY + timedelta(days=2))
    accept(number, FERTILISER, 97)
    found = since_announced((row,), sheets_of((row,)), kept)[assessment]
    assert {each.code for each in found} >= {"ASM-007"}
    assert assessing.row_of(assessment).standing.grade == row.standing.grade, "the result itself stays as announced"


FERTILISER = "farming.fertiliser_total.value"


def load_base() -> None:
    head = ["指标", "对象", "时期", "数值", "单位", "口径", "状态", "来源"]
    told = [
        ["化肥施用量", assessing.FIRST, year, value, "吨", "水平", "最终", "虚构的年报"]
        for year, value in (("2020", "100"), ("2023", "94"))
    ]
    report = assessing.load_rows([head, *told], name="t", digest="t", source="t", by=ADMIN, is_dry_run=False)
    assert not [each for each in report.verdicts if each.verdict == "refused"], report.verdicts
