"""Words of reporting: where in a file something stands."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from shuangkong.rulebook import open_rulebook
from shuangkong.web.reporting.words import place_word


@pytest.mark.parametrize(
    ("told", "zh", "en"),
    [
        ("第 3 行", "第 3 行", "Line 3"),
        (
            "第 2 行 energy.raw_coal.purchased", "第 2 行 能源购进、消费与库存·原煤 购进量",
            "Line 2 Purchase, consumption and stock, Raw coal, Purchased",
        ),
        (
            "energy.raw_coal.purchased", "能源购进、消费与库存·原煤 购进量",
            "Purchase, consumption and stock, Raw coal, Purchased",
        ),
        ("说明!B3", "说明!B3", "说明!B3"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_place_in_a_file_is_told_in_words(told: str, zh: str, en: str) -> None:
    form = open_rulebook().forms().form("energy_purchase", date(2026, 9, 30))
    assert form is not None
    for language, expected in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert place_word(form, told) == expected
