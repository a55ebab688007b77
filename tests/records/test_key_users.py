"""What lists, registers and accepted returns hold of a key energy user; who uses as much and is on no list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from test_return_evidence import owed, reporter, tell

from kept import kept
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.facts.scopes import enter
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.reporting import store
from shuangkong.records.reporting.consumed import limits_on, unlisted
from shuangkong.records.reporting.key_user import duties_of
from shuangkong.records.reporting.matching import ENERGY
from shuangkong.records.reporting.register import StaffKind, ToName, name_staff
from shuangkong.reporting.content import words
from shuangkong.reporting.key_units.told import Answer, Basis, Duty, Line

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
TCE = "吨标准煤"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def used(made: site.Site, value: str, period: str = "2025-12", span: str = "2025", key: str = "one") -> int:
    """A monthly return of a unit, accepted, and the fact that it became."""
    number = owed("energy_purchase", period, reporter(made, key), {})
    tell(reporter(made, key), ENERGY, {span: value}, TCE)
    return number


def listed(made: site.Site, key: str = "one", until: date | None = None) -> None:
    KeyUnitEntry.objects.create(
        enterprise_id=made.enterprises[key], listing="ten_thousand", starts=date(2021, 1, 1), until=until,
        document="节能〔2021〕1号", author="t", at=timezone.now(), journal=0,
    )  # fmt: skip


def lines(made: site.Site, day: date = DAY) -> Mapping[Duty, Line]:
    [row] = store.reporters(Q(pk=reporter(made).pk))
    return {each.duty: each for each in duties_of(row, Q(), day)}


def found(among: Q | None = None) -> list[tuple[str, int, Decimal, bool]]:
    limits = limits_on(DAY)
    assert limits is not None
    told = unlisted(among or Q(), limits, DAY)
    return [(each.reporter.name, each.used.owned, each.used.value, each.used.is_whole) for each in told]


def test_who_uses_as_much_as_a_key_user_and_is_on_no_list(held: site.Site) -> None:
    one = used(held, "12000")
    other = used(held, "4999", key="other")
    assert found() == [("青云水泥有限公司", one, Decimal(12_000), True)]
    assert found(~Q(pk=one)) == [], "of a return that one may not read nothing is said"
    used(held, "5000", "2026-09", "2026-C09", "other")
    assert [name for name, *_ in found()] == ["青云水泥有限公司", "云桥纸业有限公司"]
    assert found()[1][1] != other, "what was used since January is more already than last year"
    listed(held)
    assert [name for name, *_ in found()] == ["云桥纸业有限公司"]
    enter(("unit", reporter(held, "other").code), "key_energy_unit", date(2024, 1, 1), "增列", site.ADMIN)
    assert found() == []


def test_a_list_that_has_ended_lists_nobody(held: site.Site) -> None:
    used(held, "12000")
    listed(held, until=date(2025, 12, 31))
    assert [name for name, *_ in found()] == ["青云水泥有限公司"]


def test_the_yearly_report_goes_before_december(held: site.Site) -> None:
    used(held, "12000")
    report = owed("utilisation_report", "2025", reporter(held), {})
    tell(reporter(held), "comprehensive_consumption_total", {"2025": "11000"}, TCE)
    assert found() == [("青云水泥有限公司", report, Decimal(11_000), True)]


def test_what_is_not_accepted_says_nothing(held: site.Site) -> None:
    owed("energy_purchase", "2025-12", reporter(held))
    tell(reporter(held), ENERGY, {"2025": "12000"}, TCE)
    assert found() == []


def test_a_unit_that_is_no_key_user_has_no_list_of_duties(held: site.Site) -> None:
    used(held, "4000")
    assert lines(held) == {}


def test_each_duty_names_the_row_that_it_rests_on(held: site.Site) -> None:
    listed(held)
    used_in = used(held, "12000")
    told = {"duty.ledger.done": words("yes"), "duty.audit.done": words("yes"), "duty.audit.until": words("2026-01-31")}
    number = owed("key_unit_duty", "2025", reporter(held), told)
    owed("utilisation_report", "2025", reporter(held))
    Meter.objects.create(
        enterprise_id=held.enterprises["one"], item="1", name="总表", carrier="electricity", unit="kWh", level=1,
        starts_on=date(2020, 1, 1), calibrated_until=date(2026, 6, 30),
    )  # fmt: skip
    manager = ToName(kind=StaffKind.ENERGY_MANAGER, name="张三", starts_on=date(2020, 1, 1))
    name_staff(reporter(held).pk, manager, site.by("one-signatory"))
    now = lines(held)
    assert {duty: each.answer for duty, each in now.items() if each.answer is not Answer.UNKNOWN} == {
        Duty.LISTED: Answer.YES, Duty.TIER: Answer.YES, Duty.LEDGER: Answer.YES, Duty.METERS: Answer.NO,
        Duty.AUDIT: Answer.NO, Duty.MANAGER: Answer.YES,
    }  # fmt: skip
    assert {now[each].number for each in (Duty.LEDGER, Duty.AUDIT)} == {number}
    assert now[Duty.TIER].number == used_in
    assert (now[Duty.MANAGER].basis, now[Duty.METERS].basis) == (Basis.STAFF, Basis.METERS)
    assert "节能〔2021〕1号" in now[Duty.LISTED].said.zh
    assert now[Duty.REPORT].answer is Answer.UNKNOWN, "owed, and not due yet"


def test_a_return_of_long_ago_says_nothing_of_today(held: site.Site) -> None:
    listed(held)
    owed("key_unit_duty", "2024", reporter(held), {"duty.ledger.done": words("yes")})
    assert lines(held)[Duty.LEDGER].answer is Answer.YES
    assert lines(held, date(2027, 1, 1))[Duty.LEDGER].answer is Answer.UNKNOWN
