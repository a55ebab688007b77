"""Approved projects come on top of a forecast from the month they start; what ran before is in the figures already."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.listing import Listing, listing_of
from shuangkong.outlook.forecast.committed import by_period, still_to_start, with_commitments
from shuangkong.outlook.headroom.commitment import Commitment
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets.goal import Goal, Path, Schedule
from shuangkong.targets.progress import progress

MILL = Commitment(project="厂", amount=Decimal(12), released=Decimal(6), starts=Period.parse("2024-10"))
OLD = Commitment(project="旧", amount=Decimal(12), starts=Period.parse("2023-12"))


def test_only_what_starts_after_the_last_figure_comes_on_top() -> None:
    assert still_to_start([MILL, OLD], Period(2023)) == (MILL,)
    assert still_to_start([MILL, OLD], Period.parse("2023-11")) == (MILL, OLD)
    assert still_to_start([MILL], Period.parse("2024-Q4")) == (), "it runs from the first month of the quarter"


@pytest.mark.parametrize(("year", "more"), [(2023, "0"), (2024, "1.5"), (2025, "6")])
def test_a_year_takes_the_part_in_which_it_runs(year: int, more: str) -> None:
    found, steps = with_commitments(Decimal(100), "t", year, [MILL])
    assert found == 100 + Decimal(more)
    assert [step.value for step in steps] == ([found] if Decimal(more) else [])


@pytest.mark.parametrize(
    ("last", "count", "added"),
    [("2024-Q2", 3, (0.0, 1.5, 1.5)), ("2024-08", 3, (0.0, 0.5, 0.5)), ("2023", 2, (1.5, 6.0))],
)
def test_each_period_of_the_course_takes_its_months(last: str, count: int, added: tuple[float, ...]) -> None:
    assert by_period([MILL], Period.parse(last), count) == pytest.approx(added)


def test_what_is_laid_down_year_by_year_is_due_and_the_last_year_is_the_promise() -> None:
    goal = Goal(
        kind=Kind.REDUCTION_RATE, op=Op.GE, value=Decimal(15), unit="%", path=Path.LOGARITHMIC, base_year=2020,
        end_year=2025, given={2021: Decimal(1), 2022: Decimal(9), 2025: Decimal(14)},
    )  # fmt: skip
    found = progress(goal, (), Schedule())
    assert found is not None
    dues = {point.year: point.due for point in found.points}
    assert (dues[2021], dues[2022], dues[2025]) == (1, 9, 15)
    assert dues[2023] is not None
    assert round(dues[2023], 3) == Decimal("9.291"), "a year that nobody laid down keeps the course of the whole"
    assert found.points[0].steps[-1].formula == "V"


def test_everybody_stands_in_one_of_three_lists() -> None:
    kinds = ("region", "park", "basin", "sector", "department", "unit", "institution")
    assert [listing_of(kind) for kind in kinds] == [Listing.REGIONS] * 3 + [Listing.SECTORS] * 2 + [Listing.UNITS] * 2
