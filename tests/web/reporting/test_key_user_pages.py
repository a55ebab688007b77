"""The duties of a key energy user on its file, and beside the lists who uses as much and stands on none."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site
from test_return_commissions import BODY, body_of, event
from test_return_evidence import owed, reporter, tell

from kept import kept
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.reporting.matching import ENERGY
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.verification.cases import act_on_case, open_case
from shuangkong.reporting.verification.standing import EventKind

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """One unit that used 12,000 tce last year by its accepted return, on no list."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        made, year = site.settle(), timezone.localdate().year - 1
        owed("energy_purchase", f"{year}-12", reporter(made), {})
        tell(reporter(made), ENERGY, {f"{year}": "12000"}, "吨标准煤")
        yield made


def text(name: str, path: str, language: str = "zh-hans") -> str:
    client = Client(headers={"host": "localhost", "accept-language": language})
    client.force_login(Person.objects.get(username=name))
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_file_of_a_unit_has_its_duties(held: site.Site) -> None:
    page = text("county", f"/reporting/units/{reporter(held).pk}/")
    assert "重点用能单位责任清单" in page
    assert "12,000.00 吨标准煤，10,000 吨标准煤以上；界限待核对。" in page
    assert "没有报来、没有登记的不算没有" in page
    assert "重点用能单位责任清单" not in text("county", f"/reporting/units/{reporter(held, 'other').pk}/")


def test_who_may_not_read_the_register_of_meters_is_told_nothing_of_it(held: site.Site) -> None:
    Meter.objects.create(
        enterprise_id=held.enterprises["one"], item="1", name="总表", carrier="electricity", unit="kWh", level=1,
        starts_on=date(2020, 1, 1), calibrated_until=date(2021, 6, 30),
    )  # fmt: skip
    site._person("checker", Role.VERIFIER, BODY, site.COUNTY)
    used = Return.objects.get(reporter=reporter(held), form="energy_purchase", state="accepted")
    case = open_case(used.pk, site.by("statistics"), "抽查")
    act_on_case(case, site.by("statistics"), event(EventKind.ASSIGN, body=body_of()))
    unit = f"/reporting/units/{reporter(held).pk}/"
    assert "1 只表，1 只检定已过期" in text("county", unit)
    page = text("checker", unit)
    assert "没有您能看的计量器具登记" in page
    assert "1 只表" not in page


def test_who_was_given_a_return_is_shown_nothing_that_stands_beside_it(held: site.Site) -> None:
    """Its output, the year before, meters and supplier are of other returns, which nobody gave."""
    site._person("checker", Role.VERIFIER, BODY, site.COUNTY)
    used = Return.objects.get(reporter=reporter(held), form="energy_purchase", state="accepted")
    case = open_case(used.pk, site.by("statistics"), "抽查")
    act_on_case(case, site.by("statistics"), event(EventKind.ASSIGN, body=body_of()))
    assert "青云水泥有限公司" in text("statistics", "/reporting/matching/"), "else nothing is tried"
    page = text("checker", "/reporting/matching/")
    assert "青云水泥有限公司" not in page
    assert "12,000" not in page
    assert "只给主管核查的部门看" in page
    assert "还没有已接收" not in page, "there is one; it is not shown"


def test_beside_the_lists_stands_who_uses_as_much_and_is_on_none(held: site.Site) -> None:
    unit = f"/reporting/units/{reporter(held).pk}/"
    page = text("county", "/assessment/key-units/")
    assert "达到界限而不在名单的单位" in page
    assert unit in page
    assert "界限尚未与原文核对" in page
    assert unit not in text("next", "/assessment/key-units/"), "the next county sees its own"
    assert unit not in text("leader", f"/assessment/key-units/?place={site.OTHER}")
