"""Published lists make units owe the forms of key energy users and key dischargers; where nobody owes, that is said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.source_code import source_code
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.facts.scopes import enter
from shuangkong.records.monitoring.models import KeyDischarger
from shuangkong.records.reporting.listed import REGISTERS
from shuangkong.records.reporting.models import Reporter, Return
from shuangkong.records.reporting.windows import Opened, open_counted, refresh
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def key_unit(held: site.Site, which: str, listing: str = "key_energy_unit", until: date | None = None) -> None:
    KeyUnitEntry.objects.create(
        enterprise_id=held.enterprises[which], listing=listing, starts=date(2021, 1, 1), until=until, document="名单",
        author="admin", at=timezone.now(), journal=0,
    )  # fmt: skip


def discharger(held: site.Site, which: str, year: int) -> None:
    KeyDischarger.objects.create(region_id=site.COUNTY, enterprise_id=held.enterprises[which], year=year, media="water")


def opened(form: str, period: str) -> Opened:
    return open_counted(form, period, site.COUNTY, site.by("county"), site.DUE)


def owing(window: int) -> set[int | None]:
    rows = Return.objects.filter(window=window).exclude(state="cancelled")
    return set(rows.values_list("reporter__enterprise", flat=True))


def test_the_policy_names_the_lists_that_there_are() -> None:
    named = {register for scope in open_rulebook().scopes().values() for register in scope.registers}
    assert named == set(REGISTERS)


@pytest.mark.parametrize("listing", ["key_energy_unit", "ten_thousand"])
def test_who_stands_in_the_list_owes_the_report(held: site.Site, listing: str) -> None:
    key_unit(held, "one", listing)
    key_unit(held, "other", listing, until=date(2024, 12, 31))
    found = opened("utilisation_report", "2025")
    assert (found.listed, found.nobody) == (1, None)
    assert owing(found.number) == {held.enterprises["one"]}
    assert owing(opened("utilisation_report", "2024").number) == set(held.enterprises.values())


def test_listed_and_entered_it_owes_once(held: site.Site) -> None:
    key_unit(held, "one")
    enter(("unit", source_code(held.enterprises["one"])), "key_energy_unit", date(2021, 1, 1), "批复", site.ADMIN)
    assert opened("utilisation_report", "2025").listed == 1
    assert Reporter.objects.filter(enterprise=held.enterprises["one"]).count() == 1


def test_who_is_listed_later_owes_it_from_then(held: site.Site) -> None:
    found = opened("utilisation_report", "2025")
    assert found.listed == 0
    assert found.nobody is not None
    for word in ("没有应报单位", "云桥县", "重点用能单位", "名单"):
        assert word in found.nobody.zh
    key_unit(held, "one")
    assert refresh(found.number, site.by("county")) == (1, 0)
    assert opened("coal_dealer_sales", "2026-08").nobody is not None


def test_the_list_of_the_year_decides_on_dischargers_and_until_then_that_of_the_year_before(held: site.Site) -> None:
    discharger(held, "one", 2025)
    assert owing(opened("pollutant_discharge", "2026-Q2").number) == {held.enterprises["one"]}
    discharger(held, "other", 2026)
    assert owing(opened("pollutant_discharge", "2026-Q3").number) == {held.enterprises["other"]}
    KeyDischarger.objects.filter(year=2026).update(year=2024)
    KeyDischarger.objects.filter(year=2025).update(year=2023)
    assert opened("pollutant_discharge", "2026-Q1").nobody is not None, "what is older says nothing"
    assert opened("sewage_plant", "2026-Q3").listed == 0, "not every discharger runs a sewage plant"
