"""Published figures through the formulas of the policy: bulletins of provinces and cities, exact to the printed digit.

Tables are read where they are at hand; what a plan or notice prints as a single figure stands in the cases of the
policy (policy/national/indicators/*.cases.yaml) and in test_methods.py.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from shuangkong.core.finding import Message
from shuangkong.indicators.rounding import kept_grid, published_grid
from shuangkong.policyfile.expression.given import exact
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import evaluate
from shuangkong.rulebook import open_rulebook

DATA = Path("/work/shared/data")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the published tables are not on this machine")
BOOK = open_rulebook()
HUNDRED = Fraction(100)


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def published(indicator: str, day: date, grid: Grid | None = None, **told: Decimal) -> Decimal:
    """What the formula in force on a day makes of figures in base units, as published (or at rest on ``grid``)."""
    rule = BOOK.indicator_rules()[indicator]
    formula = next(each for each in rule.formulas if each.validity.holds_on(day))
    assert formula.expression is not None
    outcome = evaluate(formula.expression, told, Message(rule.zh, rule.en), rule.unit, kept_grid(rule, BOOK.units()))
    assert outcome.value is not None
    shown = grid or published_grid(rule, BOOK.units())
    return shown.rounded(exact(outcome.value)) if shown else outcome.value


def implied(growth: Decimal, change: Decimal, year: int, places: int = 2) -> Decimal:
    day = date(year, 12, 31)
    return published("implied_gdp_growth", day, Grid(places), consumption=growth, intensity=change)


@needs_data
def test_all_provinces_of_the_bulletin_imply_a_growth_that_can_be() -> None:
    """30 provinces, to the second decimal; 北京 1.2 as published, 湖北 −5.0, all between −5.0 and 4.5 %."""
    told = json.loads((DATA / "warnings_and_bulletins.json").read_text(encoding="utf-8"))["bulletin_2020"]["rows"]
    expected = {row["region"]: Decimal(str(row["implied_gdp_growth"])) for row in told}
    found = {
        row["region"]: implied(
            Decimal(row["energy_consumption_growth_pct"]), Decimal(row["energy_intensity_change_pct"]), 2020
        )
        for row in rows("province_bulletin_2020.csv")
        if row["energy_intensity_change_pct"]
    }
    assert found == expected
    assert len(found) == 30
    assert round(found["北京"], 1) == Decimal("1.2")
    assert all(Decimal("-5.0") <= growth <= Decimal("4.5") for growth in found.values())


LEVELS = (
    ("energy_intensity_tce_per_10k_yuan", "energy_intensity_change_pct"),
    ("industrial_va_intensity_tce_per_10k_yuan", "industrial_va_intensity_change_pct"),
    ("electricity_intensity_kwh_per_10k_yuan", "electricity_intensity_change_pct"),
)


@needs_data
@pytest.mark.parametrize(("level", "change"), LEVELS)
def test_levels_of_the_older_bulletin_give_back_their_change(level: str, change: str) -> None:
    """A level of the year before, with one digit more than printed, exists from which the printed change follows."""
    seen = 0
    for row in rows("province_bulletin_2008.csv"):
        if not row[level] or not row[change]:
            continue
        seen += 1
        now, r = Decimal(row[level]), Decimal(row[change])
        places = -int(now.as_tuple().exponent) + 1
        before = Grid(places).rounded(exact(now) / (1 + exact(r) / 100))
        found = published("energy_intensity_growth", date(2011, 12, 31), this_year=now, year_before=before)
        assert abs(found - r) <= Decimal("0.01"), row["region"]
        assert found == r or now < 1, row["region"]
    assert seen >= 23


@needs_data
def test_mianyang_increment_and_change_imply_its_published_growth() -> None:
    """四川 2016: increment −7.91, total 979.38 (万吨), intensity −8.42 %; the city's GDP grew by 8.3 %.

    So the increment is an amount, as the provincial table says, and not the per cent of the city's page.
    """
    city = next(row for row in rows("sichuan_city_assessment_2016_and_13fyp.csv") if row["city"] == "绵阳")
    increment, change = Decimal(city["energy_increment_2016_10ktce"]), Decimal(city["actual_2016_pct"])
    total = next(
        Decimal(row["value"])
        for row in rows("place_progress_facts.csv")
        if (row["place"], row["period"], row["indicator"]) == ("绵阳市", "2016", "全社会能耗")
    )
    gdp = next(
        Decimal(row["gdp_index_prev_year_100"]) - 100
        for row in rows("city_gdp_2010_2023.csv")
        if row["city"].startswith("绵阳") and row["year"] == "2016"
    )
    growth = 100 * (total / (total - increment) - 1)
    assert implied(growth, change, 2016, 1) == gdp == Decimal("8.3")
    assert implied(increment, change, 2016, 1) != gdp


@needs_data
def test_sichuan_grades_follow_from_target_and_change() -> None:
    """Whoever has figures met the target; the cities that were told to have over-fulfilled exceeded it by more."""
    cities = [row for row in rows("sichuan_city_assessment_2016_and_13fyp.csv") if row["actual_2016_pct"]]
    ratio = {row["city"]: Decimal(row["actual_2016_pct"]) / Decimal(row["target_2016_pct"]) for row in cities}
    assert len(ratio) == 11
    assert all(each >= 1 for each in ratio.values())
    done, more = (
        [ratio[row["city"]] for row in cities if row["grade_2016"] == grade] for grade in ("完成", "超额完成")
    )
    assert max(done) < min(more)


def test_ziyang_adds_up() -> None:
    """资阳: 442 + 65 = 507 万吨."""
    ten_thousand = Decimal(10_000)
    found = published(
        "consumption_increment", date(2020, 12, 31), total=507 * ten_thousand, total_before=442 * ten_thousand
    )
    assert found == 65 * ten_thousand


def test_the_ratio_of_two_kept_intensities_is_not_that_of_two_long_ones() -> None:
    """Four decimals are kept before the ratio is formed: with figures near a half it is seen in the last digit."""
    scale = Decimal(10) ** -4
    differing = 0
    for now, before in product(range(41_900, 41_960, 7), range(45_300, 45_400, 11)):
        kept = [round(Decimal(each).scaleb(-5), 4) * scale for each in (now, before)]
        plain = [Decimal(each).scaleb(-5) * scale for each in (now, before)]
        day = date(2020, 12, 31)
        first = published("energy_intensity_growth", day, this_year=kept[0], year_before=kept[1])
        second = published("energy_intensity_growth", day, this_year=plain[0], year_before=plain[1])
        differing += first != second
    assert differing > 10
