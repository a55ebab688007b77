"""分流域的算术: whatever names are told of its sources, the parts of a total are the total."""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.indicators.emissions.codes import as_named
from shuangkong.indicators.emissions.division import UNTOLD, SourceAmount, parts

tonnes = st.decimals(min_value=0, max_value=Decimal(10_000), places=4)
amounts = st.lists(
    st.builds(
        SourceAmount,
        source=st.sampled_from(["PC-1", "PC1", "PC-2", "PC-3"]),
        name=st.just("虚构的厂"),
        outlet=st.sampled_from(["", "DW001"]),
        scope=st.sampled_from(["industry", "agriculture"]),
        basin=st.sampled_from([UNTOLD, "甲河", "甲 河", "乙河（虚构）", "乙河(虚构)"]),
        base_t=tonnes,
        recognised_t=tonnes,
        reduction=st.none() | st.integers(1, 9),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(amounts)
def test_basins_and_what_is_not_told_are_the_total(every: list[SourceAmount]) -> None:
    for key in ("basin", "scope", "source"):
        found = parts(every, attrgetter(key))
        assert sum(part.base_t for part in found) == sum(each.base_t for each in every)
        assert sum(part.recognised_t for part in found) == sum(each.recognised_t for each in every)
        assert sum(part.level_t for part in found) == sum(each.base_t - each.recognised_t for each in every)
    basins = parts(every, lambda each: each.basin)
    assert [part.key for part in basins if not part.key] in ([], [UNTOLD])
    assert UNTOLD not in [part.key for part in basins[:-1]]
    untold = sum(each.base_t for each in every if not each.basin)
    assert sum(part.base_t for part in basins if not part.key) == untold


def test_two_spellings_are_one_basin_and_no_letters_are_none() -> None:
    every = [SourceAmount("PC-1", "甲", "", "industry", name, Decimal(1)) for name in ("甲河（虚构）", "甲河 (虚构)")]
    (basin,) = parts(every, lambda each: each.basin)
    assert (basin.key, len(basin.amounts)) == ("甲河（虚构）", 2)
    assert [as_named(typed) for typed in ("  甲  河 ", "—", "/", "")] == ["甲 河", "", "", ""]
