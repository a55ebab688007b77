"""考核对象: every duty of the policy can be launched over its objects; a sector by the code that its share has."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from actors import ADMIN
from shuangkong.core.fact import Subject
from shuangkong.core.period import Period
from shuangkong.papers.tables import read_sheet
from shuangkong.plans.reading import Kind
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.assessment.key_units.taking import take_list
from shuangkong.records.assessment.years import store
from shuangkong.records.assessment.years.launching import duties_at, launch
from shuangkong.records.assessment.years.rows import AssessmentRow, Wanted
from shuangkong.records.assessment.years.sheets import sheet_of
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.targets.decomposition.acts import adopt, record_scenario
from shuangkong.records.targets.decomposition.opening import open_by_hand
from shuangkong.records.targets.decomposition.rows import Asked
from shuangkong.records.targets.decomposition.rows import Said as Adopted
from shuangkong.records.targets.decomposition.rows import Wanted as Shared
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.targets.trajectory import Course

pytestmark = pytest.mark.django_db
COUNTY, TODAY = "999901", timezone.localdate()
OFFICE = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))


def row_of(number: int) -> AssessmentRow:
    found = store.assessment(number)
    assert found is not None
    return found


PLACES = (
    RegionRow("980000", "某省", "province", is_fictional=True),
    RegionRow("980100", "某市", "city", "980000"),
    RegionRow("980101", "某县", "county", "980100"),
    RegionRow("980101001", "某镇", "town", "980101"),
)


def test_each_duty_can_be_launched_over_its_objects_with_its_table(db: None) -> None:
    """Regions, departments, sectors, key units of a list, state firms, parks, the grid company, institutions."""
    registry.save_regions(PLACES)
    unit = register_enterprise(ParticularsRow("某厂", "980101"), ADMIN, "核实")
    for listing in ("thousand", "ten_thousand", "key_energy_unit"):
        KeyUnitEntry.objects.create(
            enterprise_id=unit, listing=listing, starts=date(2007, 1, 1), document="1号", author="office",
            at=timezone.now(), journal=0,
        )  # fmt: skip
    launched = set()
    for place in PLACES[:3]:
        office = Acting(
            "office", Role.PLAN_OFFICE, region=place.code, paths=(registry.paths([place.code])[place.code],)
        )
        body = registry.name_bodies(place.code, [f"{place.name}某单位"])[f"{place.name}某单位"]
        for year in range(2008, 2026):
            for duty in duties_at(place, Period(year)):
                if duty.id in launched:
                    continue
                subjects = () if duty.subjects in ("region", "unit") else (str(body),)
                told = Wanted(region=place.code, duty=duty.id, period=Period(year), until=TODAY, subjects=subjects)
                [made] = launch(told, office)
                assert row_of(made).subject.kind == duty.subjects
                launched.add(duty.id)
    every = {duty.id: duty for duty in open_rulebook().assessment().duties if duty.assessor != "nation"}
    assert launched == set(every)
    assert {each.subjects for each in every.values()} == {
        "region", "department", "sector", "unit", "state_enterprise", "park", "grid_company", "institution",
    }  # fmt: skip
    province = Acting("office", Role.PLAN_OFFICE, region="980000", paths=("/980000/",))
    wanted = Wanted(region="980000", duty="thousand_unit_13fyp", period=Period(2017), until=TODAY)
    KeyUnitEntry.objects.create(
        enterprise_id=unit, listing="thousand", starts=date(2007, 1, 1), until=date(2016, 12, 31), document="2号",
        author="office", at=timezone.now(), journal=0,
    )  # fmt: skip
    with pytest.raises(Refused, match="ASM-403"):  # by then it stands in the list no more
        launch(wanted, province)


def test_a_sector_is_launched_by_the_code_that_its_share_has(regions: None) -> None:
    asked = Asked(
        region=COUNTY, indicator="cod_total", kind=Kind.REDUCTION_RATE, value=Decimal(8), unit="%", base_year=2020,
        end_year=2025, ground="虚构的文件",
    )  # fmt: skip
    opened = open_by_hand(asked, OFFICE)
    receivers = (Receiver(subject=Subject("sector", "C22"), name="造纸业", base=Decimal(100)),)
    made = record_scenario(
        opened, Shared(name="等比例", rule="equal_rate", receivers=receivers, course=Course.LINEAR), OFFICE
    )
    adopt(opened, made, Adopted("会议决定", "虚府发〔测〕1号"), OFFICE)
    [number] = launch(
        Wanted(
            region=COUNTY,
            duty="sector_target",
            period=Period(2024),
            until=TODAY,
            subjects=("C22",),
            decomposition=opened,
        ),
        OFFICE,
    )
    row = row_of(number)
    assert (row.subject, row.subject_name) == (Subject("sector", "C22"), "造纸业")
    assert sheet_of(row).answers.figures["cumulative_due"].value == Decimal("6.4")


def test_the_demo_s_list_is_taken_once(regions: None) -> None:
    demo = Path(__file__).parents[2] / "demo" / "fictional"
    with (demo / "enterprises.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            register_enterprise(ParticularsRow(row["name"], row["region"], row["credit_code"]), ADMIN, "演示")
    sheet = read_sheet((demo / "key_units.csv").read_bytes(), "key_units.csv")
    for _twice in range(2):
        assert take_list(sheet.rows, COUNTY, OFFICE, is_dry_run=False).is_sound
    assert KeyUnitEntry.objects.count() == 3
