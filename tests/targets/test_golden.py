"""Published figures that the arithmetic must reproduce (provinces' own notices)."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from shuangkong.core.fact import Measure
from shuangkong.core.rounding import rounded
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets import decline
from shuangkong.targets.goal import Actual, Goal, Schedule
from shuangkong.targets.goal import Path as Course
from shuangkong.targets.progress import progress
from shuangkong.targets.status import Standing

PROVINCE_SERIES = Path("/work/shared/data/liaoning_2015_2020.csv")
CHANGES = ("-0.41", "-1.61", "-1.15", "0.9", "3.96")  # of the bulletins; the same rows as the file


def intensity(value: str, years: int = 5, **more: int) -> Goal:
    return Goal(Kind.REDUCTION_RATE, Op.EQ, Decimal(value), "%", Course.LOGARITHMIC, 2015, 2015 + years, **more)


def yearly(*changes: str) -> list[Actual]:
    return [Actual(2016 + n, Measure.YOY_CHANGE_PCT, Decimal(change)) for n, change in enumerate(changes)]


@pytest.mark.parametrize(
    ("done", "promised", "published"),
    [("0.0764", "0.16", "45.58"), ("0.2007", "0.20", "100.39")],
    ids=["Henan 2016", "Tianjin 2009"],
)
def test_progress_is_logarithmic(done: str, promised: str, published: str) -> None:
    share = decline.progress(Decimal(done), Decimal(promised), Course.LOGARITHMIC)
    assert share is not None
    assert rounded(share * 100, 2) == Decimal(published)


@pytest.mark.parametrize(
    ("promised", "published"),
    [("0.195", "4.25"), ("0.21", "4.61"), ("0.15", "3.20")],
    ids=["Shenzhen", "Bao'an", "Luohu"],
)
def test_annual_average(promised: str, published: str) -> None:
    assert rounded(decline.annual_average(Decimal(promised), 5, Course.LOGARITHMIC) * 100, 2) == Decimal(published)


def test_a_plan_that_missed_is_shown_as_missed() -> None:
    found = progress(intensity("15"), yearly(*CHANGES), Schedule())
    assert found is not None
    assert [rounded(point.reached, 2) for point in found.points if point.reached is not None] == [
        Decimal("0.41"), Decimal("2.01"), Decimal("3.14"), Decimal("2.27"), Decimal("-1.60"),
    ]  # fmt: skip
    assert [point.standing for point in found.points] == [Standing.BEHIND] * 4 + [Standing.MISSED]
    assert found.standing is Standing.MISSED
    assert found.latest is not None
    assert found.latest.gap is not None
    assert rounded(found.latest.gap, 2) == Decimal("-16.60")
    assert found.latest.share_done is not None
    assert found.latest.share_done < 0


@pytest.mark.skipif(not PROVINCE_SERIES.exists(), reason="the shared data are not on this machine")
def test_the_series_is_the_published_one() -> None:
    lines = [line for line in PROVINCE_SERIES.read_text().splitlines() if not line.startswith("#")]
    rows = {row["year"]: row for row in csv.DictReader(lines)}
    assert tuple(rows[str(year)]["energy_intensity_change_pct"] for year in range(2016, 2021)) == CHANGES
    found = progress(intensity("15"), yearly(*CHANGES), Schedule())
    assert found is not None
    for point in found.points:
        derived = rows[str(point.year)]["cumulative_intensity_change_since_2015_pct_derived"]
        assert point.reached is not None
        assert rounded(-point.reached, 2) == Decimal(derived)
