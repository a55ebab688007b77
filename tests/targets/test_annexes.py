"""The annexes of two real plans as given decompositions, and what they imply without saying so."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from targets_ground import CHECKS

from shuangkong.targets.decomposition.annex import Annex, Implied, Line, implied
from shuangkong.targets.decomposition.remarks import Remarks

FILE = Path(__file__).with_name("annexes") / "13fyp.csv"
COLUMNS = ("base", "rate", "cap", "increment", "projects", "intensity")


def table(place: str, indicator: str) -> Annex:
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [row for row in csv.DictReader(lines) if (row["place"], row["indicator"]) == (place, indicator)]
    read = [Line(row["receiver"], **{key: Decimal(row[key]) if row[key] else None for key in COLUMNS}) for row in rows]
    assert read[0].name == "whole"
    return Annex(indicator, "万吨", read[0], tuple(read[1:]), 2015, 2020)


def read(place: str, indicator: str) -> tuple[Implied, list[str]]:
    found = implied(table(place, indicator), Remarks(CHECKS))
    return found, [finding.code for finding in found.findings]


def test_a_city_of_three_counties_closes_in_every_column() -> None:
    energy, codes = read("资阳", "total_consumption")
    assert (energy.apart, energy.undistributed) == (0, {"increment": 0})
    assert codes == ["TGT-014"]
    # (507 ÷ 442) ÷ 0.85 = 1.349: 6.2 % a year
    assert energy.growth is not None
    assert round(energy.growth, 1) == Decimal("6.2")
    for indicator, rate in (("cod_total", "13"), ("nh3n_total", "12.2"), ("so2_total", "5.19"), ("nox_total", "8.74")):
        found, _ = read("资阳", indicator)
        assert (found.apart, found.rate, found.undistributed) == (0, Decimal(rate), {"projects": 0})


def test_projects_bring_more_than_one_rate_asks_and_less_than_another() -> None:
    cod, codes = read("资阳", "cod_total")
    assert (cod.needed, cod.room, codes) == (Decimal("0.5434"), Decimal("0.2306"), [])
    sulphur, codes = read("资阳", "so2_total")
    assert (sulphur.needed, sulphur.room, codes) == (Decimal("0.037368"), Decimal("-0.037368"), ["TGT-013"])
    vocs, codes = read("资阳", "vocs_total")
    assert (vocs.base, vocs.needed, codes) == (None, None, [])


def test_an_increment_that_nobody_was_given_and_a_base_that_is_not_printed() -> None:
    found, codes = read("辽宁", "total_consumption")
    assert found.undistributed == {"increment": 273}
    assert codes == ["TGT-011", "TGT-010"]
    assert found.growth is None


@pytest.mark.parametrize(
    ("indicator", "base", "apart", "rate"),
    [("so2_total", 968_750, "96957.63", "51.47"), ("nox_total", 827_500, "179491.08", "30.11")],
)
def test_power_plants_left_out_must_fall_faster_than_the_cities(
    indicator: str, base: int, apart: str, rate: str
) -> None:
    """20 % of the whole, 16.5 % and 17.2 % of the cities: the rest is the plants under the province."""
    found, codes = read("辽宁", indicator)
    assert (found.base, found.apart) == (base, Decimal(apart))
    assert found.apart_rate is not None
    assert round(found.apart_rate, 2) == Decimal(rate)
    assert codes == ["TGT-009"]


def test_rates_of_cities_come_to_more_than_the_province_asks() -> None:
    """18 % for one, 14.5 % for three, 13.4 % for ten; the bases agree within the rounding of the printed cap."""
    found, codes = read("辽宁", "cod_total")
    assert found.rate is not None
    assert found.apart is not None
    assert round(found.rate, 2) == Decimal("14.60")
    assert abs(found.apart) < 577
    assert codes == ["TGT-008"]
    # 200 t more than the cities have: the cap is printed to 1000 t, which says nothing of so little.
    ammonia, codes = read("辽宁", "nh3n_total")
    assert (ammonia.apart_rate, codes) == (None, [])


def test_a_table_that_asks_too_little_does_not_close() -> None:
    lines = (Line("甲", base=Decimal(60), rate=Decimal(9)), Line("乙", base=Decimal(40), rate=Decimal(11)))
    annex = Annex("cod_total", "t", Line("whole", base=Decimal(100), rate=Decimal(10)), lines, 2015, 2020)
    found = implied(annex, Remarks(CHECKS))
    assert (found.rate, [finding.code for finding in found.findings]) == (Decimal("9.8"), ["TGT-006"])
