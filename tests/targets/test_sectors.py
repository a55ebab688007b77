"""行业、部门指标: rates in brackets, bare differences, levels alone: what follows, and what does not agree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from targets_ground import CHECKS

from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.decomposition.sectors import SectorImplied, SectorLine, sector_implied


def read(**said: str) -> tuple[SectorImplied, list[str]]:
    line = SectorLine("工业", "熟料综合能耗", "千克标准煤/吨", **{key: Decimal(told) for key, told in said.items()})
    found = sector_implied(line, Remarks(CHECKS))
    return found, [finding.code for finding in found.findings]


@pytest.mark.parametrize(
    ("base", "level", "change", "rate", "difference"),
    [
        ("110", "105", {"difference": "-5"}, "-4.55", "-5"),
        ("578", "528", {"difference": "-50"}, "-8.65", "-50"),
        ("271.02", "238.5", {"rate": "-12"}, "-12.00", "-32.52"),
        ("10.53", "9.48", {"rate": "-10"}, "-9.97", "-1.05"),
        ("38.43", "32.67", {"rate": "-15"}, "-14.99", "-5.76"),
    ],
)
def test_two_of_three_give_the_third_and_printed_digits_agree(
    base: str, level: str, change: dict[str, str], rate: str, difference: str
) -> None:
    """The figures of a city's seventh annex: what is printed in brackets is the rate rounded to whole per cents."""
    found, codes = read(base=base, level=level, **change)
    assert codes == []
    assert found.rate is not None
    assert (round(found.rate, 2), found.difference) == (Decimal(rate), Decimal(difference))


def test_a_base_and_a_change_give_the_level() -> None:
    assert read(base="110", difference="-5")[0].level == 105
    found, codes = read(base="50", rate="-4")
    assert (found.level, found.difference, codes) == (48, -2, [])


def test_a_printed_change_that_is_another_is_told() -> None:
    assert read(base="110", level="105", difference="-6")[1] == []  # each end may hide half a unit
    assert read(base="110", level="105", difference="-7")[1] == ["TGT-016"]
    assert read(base="110", level="105", rate="-5.2")[1] == []
    assert read(base="110.0", level="105.0", rate="-6.0")[1] == ["TGT-016"]
    assert read(base="110.0", level="105.0", rate="-4.5")[1] == []


def test_a_rate_alone_is_followed_and_an_amount_alone_needs_no_base() -> None:
    found, codes = read(rate="-5.5")
    assert (found.level, found.difference, found.rate, codes) == (None, None, Decimal("-5.5"), ["TGT-017"])
    assert read(difference="400")[1] == []
    assert read(level="100") == (SectorImplied(Decimal(100), None, None, ()), [])
    assert read(base="0", level="3")[0].rate is None
