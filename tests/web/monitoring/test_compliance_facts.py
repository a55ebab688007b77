"""Compliance of industrial sources as a fact of places, shared boilers and test stations, energy by industry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.period import Period
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.records.facts.looking import observations
from shuangkong.records.monitoring import alarm_rules
from shuangkong.records.monitoring.models import Alarm, Outlet, RowFault
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.web.monitoring import compliance, compliance_facts
from shuangkong.web.monitoring.compliance_facts import INDICATOR, tell_compliance
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
LAST = ends_of(Span.MONTH, MONTH)
PERIOD = Period(MONTH.year, f"{MONTH.month:02d}")


@pytest.fixture(scope="module")
def outlets(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[int]]:
    """Four outlets of a power plant, three of them connected with a limit."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        made = []
        for number in range(4):
            place = site.outlet(code=f"DA00{number}")
            if number < 3:
                site.connected(place, f"8888888000000{number}")
                site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="50",
                         unit="mg/m3", document="许可证", starts_on="2024-01-01")  # fmt: skip
            made.append(place)
        yield made


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def exceed(outlet: int, at: datetime) -> None:
    alarm_rules.raise_alarms([alarm_rules.Raised(outlet=outlet, rule="exceedance", key=f"x{outlet}", starts_at=at)])


def test_sources_that_kept_their_limits_are_a_fact(outlets: list[int]) -> None:
    exceed(outlets[0], midnight(MONTH) + timedelta(days=3))
    exceed(outlets[1], midnight(LAST + timedelta(days=1)))
    assert tell_compliance(PERIOD, MONTH, LAST) == 2, "of the county and the city"
    [row] = observations([INDICATOR], [("region", site.COUNTY)])
    assert row.value is not None
    assert float(row.value) == pytest.approx(66.6667)
    assert "排放口 4 个" in row.note
    assert "可判的 3 个" in row.note
    assert tell_compliance(PERIOD, MONTH, LAST) == 0
    Outlet.objects.update(ends_on=MONTH - timedelta(days=1))
    assert tell_compliance(PERIOD, MONTH, LAST) == 2, "none is left to be judged: what was told is withdrawn"
    assert [row.value for row in observations([INDICATOR], [("region", site.COUNTY)])] == [None]


def test_what_shares_is_counted_of_what_is_registered(outlets: list[int], store: StoreAtHand) -> None:
    since = "2024-01-01"
    for number, shared in enumerate(("是", "否")):
        site.put("test-stations", region=site.COUNTY, code=f"T{number}", name=f"检测站{number}", lanes="3",
                 is_shared=shared, starts_on=since)  # fmt: skip
    site.put("boilers", enterprise=site.UNITS[0], code="B1", name="1号炉", sort="boiler", capacity="65", fuel="煤",
             is_shared="是", starts_on=since)  # fmt: skip
    page = site.visitor("bureau").get("/monitoring/coverage/").content.decode()
    assert "50.00" in page.split('id="shared"')[1].split("</table>")[0]
    late = page.split("到期没有联网的")[1].split("</ul>")[0]
    assert "检测站1" in late
    assert "检测站0" not in late


def test_energy_by_industry_says_how_many_are_whole(outlets: list[int]) -> None:
    site.put("meters", enterprise=site.UNITS[0], item="1234567890123456", name="总进线电表", carrier="电力", unit="kWh",
             level="1", starts_on="2024-01-01")  # fmt: skip
    page = site.visitor("bureau").get(f"/monitoring/metered/?month={MONTH:%Y-%m}").content.decode()
    assert "分行业的能源消费量" in page
    assert "电力、热力生产和供应业" in page


@pytest.fixture
def told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process that begins anew and told once."""
    monkeypatch.setattr(compliance_facts, "_DONE", {})
    compliance_facts.tell_compliance_due()


def county_pct() -> float | None:
    value = observations([INDICATOR], [("region", site.COUNTY)])[-1].value
    return None if value is None else float(value)


def test_an_alarm_undone_at_noon_is_told_at_noon(outlets: list[int], told_once: None) -> None:
    assert county_pct() == 100
    exceed(outlets[0], midnight(MONTH) + timedelta(days=3))
    assert compliance_facts.tell_compliance_due() >= 2
    assert county_pct() == pytest.approx(66.6667)
    assert compliance_facts.tell_compliance_due() == 0, "nothing is new"
    alarm_rules.undo([Alarm.objects.get().pk], midnight(LAST))
    assert compliance_facts.tell_compliance_due() >= 2
    assert county_pct() == 100


def test_an_outlet_that_cannot_be_looked_at_keeps_no_other(
    outlets: list[int], told_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = compliance.limits_of_each

    def bad(found: Sequence[Outlet]) -> Any:
        if any(each.pk == outlets[0] for each in found):
            raise RuntimeError("brought about by the test")
        return sound(found)

    monkeypatch.setattr(compliance, "limits_of_each", bad)
    assert tell_compliance(PERIOD, MONTH, LAST) == 2
    row = observations([INDICATOR], [("region", site.COUNTY)])[-1]
    assert "排放口 4 个，已联网、有限值可判的 2 个" in row.note
    assert RowFault.objects.get(work=Work.COMPLIANCE).row == outlets[0]
    Outlet.objects.exclude(pk=outlets[0]).update(ends_on=MONTH - timedelta(days=1))
    assert tell_compliance(PERIOD, MONTH, LAST) == 0, "nothing is withdrawn for a fault"
    monkeypatch.undo()
    assert tell_compliance(PERIOD, MONTH, LAST) == 2
    assert not RowFault.objects.filter(work=Work.COMPLIANCE).exists()
