"""Findings kept before units were told in English."""

from __future__ import annotations

import pytest

from shuangkong.reporting.checks.older import english_units
from shuangkong.rulebook import open_rulebook


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("Closing stock: 12.5 万吨, expected 13 吨.", "Closing stock: 12.5 ×10⁴ tonne, expected 13 tonne."),
        (
            "Coal 900 吨标准煤; 3 吨标准煤/万元",
            "Coal 900 tonne of coal equivalent; 3 tce per 10⁴ yuan",
        ),
        ("Row 三吨锅炉, boiler: 4", "Row 三吨锅炉, boiler: 4"),
        ("4 吨/台 is no unit that is known", "4 吨/台 is no unit that is known"),
        ("12 t", "12 t"),
    ],
)
def test_units_that_stand_by_themselves_are_put_into_english(kept: str, told: str) -> None:
    assert english_units(open_rulebook().units())(kept) == told


def test_where_no_unit_is_known_nothing_is_put_otherwise() -> None:
    assert english_units({})("12 万吨") == "12 万吨"
