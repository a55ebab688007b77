"""Publication rates: two denominators that are kept apart, plans where there are any, facts with their arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import monitoring_site as site
import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.rates.share import Share
from shuangkong.records.facts.looking import observations
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.monitoring import publication_facts
from shuangkong.records.monitoring.models import Outlet, RegisterEvent
from shuangkong.records.monitoring.publication_facts import periods, tell_publications, tell_publications_due
from shuangkong.records.monitoring.registers.acts import revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.published import published as page_of

pytestmark = pytest.mark.django_db
UNITS, RESULTS = "self_monitoring_publication_rate", "self_monitoring_result_publication_rate"
MONTH = Period(2026, "04")


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """Two units: the first is to publish every day and every quarter, the second has no plan."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.outlet(site.UNITS[1], "DW001", "water")
        for factor, frequency in (("a21026", "day"), ("a20043", "quarter")):
            site.put("monitoring-plans", outlet=str(place), factor=factor, sort="own", frequency=frequency,
                     starts_on="2026-01-01")  # fmt: skip
        yield place


def told(indicator: str, kind: str = "region", code: str = site.COUNTY) -> dict[str, Decimal | None]:
    return {row.period: row.value for row in observations([indicator], [(kind, code)])}


def published(unit: int, period: str, due: int, done: int, sort: str = "own") -> int:
    return site.put("publications", enterprise=site.UNITS[unit], sort=sort, period=period, due=str(due),
                    published=str(done))  # fmt: skip


def test_units_and_results_are_two_rates(outlet: int) -> None:
    """The plan asks for 30 results in April; 20 were typed as due and published. The other typed 40, published all."""
    published(0, "2026-04", 20, 20)
    published(1, "2026-04", 40, 40)
    assert tell_publications(MONTH) == 6, "two rates of county and city, one of each unit"
    assert told(UNITS)[str(MONTH)] == 50
    assert told(RESULTS)[str(MONTH)] == Decimal("85.7143"), "60 of 70"
    unit = source_code(Outlet.objects.get(pk=outlet).enterprise_id or 0)
    assert told(RESULTS, "unit", unit)[str(MONTH)] == Decimal("66.6667")
    assert told(UNITS, "unit", unit) == {}
    assert tell_publications(MONTH) == 0


def test_who_has_a_plan_and_registers_nothing_has_published_nothing(outlet: int) -> None:
    published(1, "2026-06", 10, 10)
    tell_publications(Period(2026, "06"))
    assert told(RESULTS)["2026-06"] == Decimal("24.3902"), "10 of 10 + 30 days + 1 quarter"
    [row] = observations([UNITS], [("region", site.COUNTY)])
    assert "1 家没有登记公布数" in row.note


def test_a_quarter_that_was_registered_whole_is_in_no_month(outlet: int) -> None:
    published(0, "2026Q2", 92, 92)
    for period in (MONTH, Period(2026, "Q2"), Period(2026)):
        tell_publications(period)
    assert set(told(UNITS)) == {"2026-Q2", "2026"}
    assert told(UNITS)["2026-Q2"] == 100
    assert 24 < (told(RESULTS)["2026"] or 0) < 25, "92 of 365 days and 4 quarters"


def test_a_rate_that_is_no_more_true_is_withdrawn(outlet: int) -> None:
    """Nothing was registered of May; then the quarter was, at one go: May has no rate of its own any more."""
    may = Period(2026, "05")
    assert tell_publications(may) == 5, "two rates of county and city, one of the unit"
    unit = source_code(Outlet.objects.get(pk=outlet).enterprise_id or 0)
    assert told(RESULTS, "unit", unit)[str(may)] == told(RESULTS)[str(may)] == told(UNITS)[str(may)] == 0
    published(0, "2026Q2", 92, 92)
    assert tell_publications(may) == 5
    assert told(RESULTS, "unit", unit)[str(may)] is told(RESULTS)[str(may)] is told(UNITS)[str(may)] is None
    [row] = observations([RESULTS], [("unit", unit)])
    assert row.state is State.MISSING
    assert "不再算数" in row.note
    assert tell_publications(may) == 0, "once"


def test_what_is_put_right_long_after_is_told(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a quarter of which the clock takes no more notice by itself."""
    newest = RegisterEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    monkeypatch.setattr(publication_facts, "_DONE", {"told": (timezone.localdate(), newest)})
    monkeypatch.setattr(publication_facts, "_OLD", {})
    monkeypatch.setattr(publication_facts, "periods", lambda _today: iter(()))
    number = published(1, "2019Q3", 10, 8)
    tell_publications_due()
    assert publication_facts._OLD == {}, "three months, the quarter and the year"
    assert told(RESULTS)["2019-Q3"] == told(RESULTS)["2019"] == 80
    revise_row(REGISTERS["publications"], number, {"published": "10"}, site.by("bureau"), "更正")
    tell_publications_due()
    assert told(RESULTS)["2019-Q3"] == told(RESULTS)["2019"] == 100
    assert tell_publications_due() == 0


def test_a_period_that_runs_counts_to_yesterday_and_is_not_judged(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 10 April the plan has asked for nine results; that they are fewer than the target says nothing yet."""
    published(0, "2026-04", 5, 5)
    request = RequestFactory().get("/monitoring/rates/?month=2026-04")
    request.acting = site.by("bureau")  # type: ignore[attr-defined]
    monkeypatch.setattr(timezone, "localdate", lambda *_told: date(2026, 4, 10))
    law = open_rulebook().monitoring()
    [units, results, *_longer] = page_of(request, law, date(2026, 4, 1), date(2026, 4, 9)).lines
    assert (results.share, results.is_running, results.target is None) == (Share(5, 9), True, False)
    assert units.meets is results.meets is None


def test_a_year_of_supervision_counts_units_of_four_quarters(outlet: int) -> None:
    for quarter in range(1, 5):
        published(0, f"2025Q{quarter}", 2, 2 if quarter < 4 else 1, "supervisory")
    published(1, "2025Q1", 3, 3, "supervisory")
    tell_publications(Period(2025))
    assert told("supervisory_monitoring_publication_rate")["2025"] == 0, "one unit in all four, one result of it lacks"
    assert told("supervisory_result_publication_rate")["2025"] == Decimal("90.9091"), "10 of 11"
    [row] = observations(["supervisory_monitoring_publication_rate"], [("region", site.COUNTY)])
    assert "1 家没有四个季度都监测，不计" in row.note


def test_the_figure_is_explained(outlet: int) -> None:
    number = published(0, "2026-04", 20, 20)
    published(1, "2026-04", 40, 40)
    tell_publications(MONTH)
    cell = Cell(Subject("region", site.COUNTY), RESULTS, MONTH)
    county, whole = explain(cell).steps
    assert (county.name.zh, county.formula) == ("云桥县 2 家企业", "60 / 70 × 100 (计划 1，手工 1)")
    assert dict(whole.inputs) == {"a": 60, "b": 70}
    revise_row(REGISTERS["publications"], number, {"published": "10"}, site.by("bureau"), "更正")
    assert "登记有改动" in explain(cell).steps[-1].name.zh


def test_the_page_says_which_is_which(outlet: int) -> None:
    published(0, "2026-04", 20, 20)
    published(1, "2026-04", 40, 40)
    found = site.visitor("bureau").get("/monitoring/rates/?month=2026-04").content.decode()
    for words in ("按企业数", "按结果数", "85.71", "50.00", "✗ 未达到", "计入的应公布"):
        assert words in found
    own = site.visitor("other").get("/monitoring/rates/?month=2026-04").content.decode()
    assert site.UNITS[0] not in own


def test_periods_are_over() -> None:
    found = [str(each) for each in periods(date(2026, 1, 15))]
    assert found[:4] == ["2025-12", "2025-Q4", "2025", "2025-11"]
    assert "2026-01" not in found


def test_what_is_no_plan_is_refused(outlet: int) -> None:
    section = site.outlet("", "S1", "section", object="")
    for number, code in ((section, "MON-340"), (outlet, "MON-341")):
        with pytest.raises(Refused) as refused:
            site.put("monitoring-plans", outlet=str(number), factor="a21026", sort="own", frequency="week",
                     starts_on="2026-02-01")  # fmt: skip
        assert refused.value.code == code
