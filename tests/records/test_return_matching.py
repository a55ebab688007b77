"""The largest energy users beside last year, their output, their meters and the grid; nobody out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import returns_site as site
from django.db.models import Q
from pytest_django import DjangoDbBlocker
from test_return_evidence import CREDIT, MONTHS, electricity, grid, owed, reporter, supplier, tell

from kept import kept
from shuangkong.core.period import Period
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.reporting import matching
from shuangkong.records.reporting.matching import ELECTRICITY, ENERGY, OUTPUT, Pair, matched, periods
from shuangkong.records.reporting.models import Reporter
from shuangkong.records.reporting.selling import keep_sold

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.parse("2026-09")


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        Enterprise.objects.filter(pk=made.enterprises["one"]).update(credit_code=CREDIT)
        yield made


def test_a_unit_stands_beside_last_year_its_output_its_meters_and_the_grid(held: site.Site) -> None:
    unit = reporter(held)
    assert (periods(Q()), matched(Q(), SEPTEMBER)) == ((), ())
    number = owed("energy_purchase", "2026-09", unit, electricity("90"))
    assert periods(Q()) == (SEPTEMBER,)
    assert matched(Q(), SEPTEMBER) == (), "nothing is known of its energy yet"
    tell(unit, ENERGY, {"2026-C09": "1200", "2025-C09": "1000"}, "吨标准煤")
    tell(unit, OUTPUT, {"2026-C09": "3000", "2025-C09": "2000"}, "万元")
    tell(unit, ELECTRICITY, {"2026-C09": "90"}, "万千瓦时")
    tell(unit, "metered_electricity", dict.fromkeys(MONTHS, "80000"), "kWh")
    owed("grid_sales", "2026-09", supplier("G1"), grid("2026-09", {CREDIT: ("5", "100")}))
    keep_sold()
    [found] = matched(Q(), SEPTEMBER)
    assert (found.row.id, found.energy) == (number, Pair(Decimal(1200), Decimal(1000)))
    assert found.energy.change_pct == 20
    assert found.output.change_pct == 50
    assert found.intensity_pct == -20  # 1.2 / 1.5
    assert (found.electricity.now, found.electricity.change_pct) == (Decimal(900_000), None)
    assert (found.metered, found.sold) == (Decimal(720_000), Decimal(1_000_000))
    assert matching.difference_pct(found.electricity.now, found.metered) == 25
    assert matching.difference_pct(found.electricity.now, found.sold) == -10
    assert matched(below(f"/{site.PROVINCE}/{site.CITY}/{site.OTHER}/"), SEPTEMBER) == ()


def test_the_largest_come_first_and_the_rest_is_left_out(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    units = [Reporter.objects.get(enterprise=each) for each in held.enterprises.values()]
    for unit, energy in zip(units, ("9", "10"), strict=True):
        owed("energy_purchase", "2026-09", unit, electricity("9"))
        tell(unit, ENERGY, {"2026-C09": energy}, "吨标准煤")
    assert [each.energy.now for each in matched(Q(), SEPTEMBER)] == [10, 9], "figures, not digits, are put in order"
    monkeypatch.setattr(matching, "MOST", 1)
    assert [each.row.reporter.id for each in matched(Q(), SEPTEMBER)] == [units[1].pk]
