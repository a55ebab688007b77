"""How published promises ended: by the published changes of all their years, and unknown where one is missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.rule import Confidence
from shuangkong.outlook.history.published import Ground, History, PublishedChange, PublishedPromise, PublishedTable
from shuangkong.outlook.history.verdicts import is_missed, trials

PLAN = Period.plan_from(2016)
GROUND = Ground("a-source", "表", Confidence.SINGLE, is_verified=False)
REGION = "110000"


def promise(**figures: str) -> PublishedPromise:
    return PublishedPromise(REGION, PLAN, {name: Decimal(value) for name, value in figures.items()}, GROUND)


def history(column: str, yearly: dict[int, str], told: PublishedPromise) -> History:
    changes = {
        (REGION, Period(year)): PublishedChange(REGION, Period(year), {column: Decimal(value)}, GROUND)
        for year, value in yearly.items()
    }
    return History((), changes, {(REGION, PLAN): told}, ())


@pytest.mark.parametrize(("promised", "missed"), [("18.5", True), ("18.4", False)])
def test_a_decline_is_the_product_of_its_years(promised: str, missed: bool) -> None:
    """Five times −4 %: 1 − 0.96^5 = 18.46 %."""
    told = promise(decline=promised)
    found = history("energy_intensity_change", dict.fromkeys(range(2016, 2021), "-4"), told)
    assert is_missed(found, "intensity", told) is missed


def test_a_year_that_was_not_published_leaves_it_open() -> None:
    told = promise(decline="10")
    found = history("energy_intensity_change", dict.fromkeys(range(2016, 2020), "-4"), told)
    assert is_missed(found, "intensity", told) is None
    assert is_missed(found, "intensity", None) is None


@pytest.mark.parametrize(("cap", "missed"), [("10.4", True), ("10.5", False)])
def test_a_total_is_held_against_its_increment(cap: str, missed: bool) -> None:
    """100 grown by 2 % five times is 110.408."""
    told = promise(base_consumption="100", increment_cap=cap)
    found = history("consumption_growth", dict.fromkeys(range(2016, 2021), "2"), told)
    assert is_missed(found, "total", told) is missed


def test_every_published_level_is_a_trial() -> None:
    told = promise(decline="19")
    found = history("energy_intensity_change", dict.fromkeys(range(2016, 2021), "-4"), told)
    table = PublishedTable(
        id="T", period=Period(2018, "Q1"), rule="intensity", within="", is_complete=True, is_derived=False,
        ground=GROUND, levels={REGION: Level.GREEN, "120000": Level.RED},
    )  # fmt: skip
    [green, red] = trials(replace(found, tables=(table,)))
    assert (green.level, green.is_missed) == (Level.GREEN, True)
    assert (red.level, red.is_missed) == (Level.RED, None), "nobody knows what it promised"
