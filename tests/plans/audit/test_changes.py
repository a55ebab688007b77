"""PLN-042: a printed change must follow from its two values by its amount; signs and names are free."""

from __future__ import annotations

from decimal import Decimal

import pytest
from constructed import Sheet, context_of, found

from shuangkong.core.finding import Severity


def sheet(change_header: str, *rows: tuple[str, ...], unit: str | None = None) -> Sheet:
    columns = (
        ("指标", "label", None, None, None, None),
        ("单位", "unit", None, None, None, None),
        ("2020年实际值", "base", None, None, 2020, None),
        ("2025年目标值", "target", None, None, 2025, None),
        (change_header, "change", unit, None, None, None),
    )
    return Sheet("部门指标表", columns, rows)


def changes(one: Sheet) -> list[str]:
    hits = found(context_of(sheets=[one]), "PLN-042")
    assert all(hit.severity is Severity.MUST_FIX for hit in hits)
    return [hit.message.zh for hit in hits]


@pytest.mark.parametrize(
    ("header", "printed"),
    [
        ("下降比例（%）", "5"),
        ("下降比例（%）", "-5"),
        ("下降率", "5.03"),
        ("变化率（%）", "[-5]"),
        ("变化率（%）", "-5.0"),
        ("变化幅度", "-0.53"),
        ("减少量", "0.53"),
        ("2025年比2020年下降（%）", "5"),
        ("年均变化率（%）", "-1.0"),
        ("年均下降率（%）", "1"),
        ("2025年比2015年下降（%）", "20"),
        ("下降比例（%）", "≥7"),
    ],
)
def test_lawful_ways_to_print_a_fall_are_no_mistake(header: str, printed: str) -> None:
    row = ("单位建筑面积能耗", "千克标准煤/平方米", "10.53", "10.00", printed)
    assert changes(sheet(header, row)) == []


@pytest.mark.parametrize(
    ("header", "printed"), [("下降比例（%）", "7"), ("下降比例（%）", "-7"), ("变化率", "[-7]"), ("变化幅度", "-0.9")]
)
def test_a_wrong_amount_must_be_fixed(header: str, printed: str) -> None:
    row = ("单位建筑面积能耗", "千克标准煤/平方米", "10.53", "10.00", printed)
    (message,) = changes(sheet(header, row))
    assert "-5.03%" in message
    assert "-0.53" in message


def test_a_bare_difference_is_as_good_as_a_rate() -> None:
    rows = (
        ("水泥熟料综合能耗", "千克标准煤/吨", "110", "105", "-5"),
        ("改造累计面积", "万平方米", "100", "150", "+50"),
        ("管网漏损率", "%", "12", "9", "3"),
    )
    assert changes(sheet("变化幅度/变化率", *rows)) == []
    assert len(changes(sheet("变化幅度/变化率", ("水泥熟料综合能耗", "千克标准煤/吨", "110", "105", "-9")))) == 1


def test_a_change_may_be_from_any_printed_base_to_any_printed_target() -> None:
    columns = (
        ("指标", "label", None, None, None, None),
        ("单位", "unit", None, None, None, None),
        ("2015年", "base", None, None, 2015, None),
        ("2020年", "base", None, None, 2020, None),
        ("2025年", "target", None, None, 2025, None),
        ("下降比例（%）", "change", None, None, None, None),
    )
    for printed, wrong in (("10", 0), ("20", 0), ("15", 1)):
        one = Sheet("部门指标表", columns, [("人均综合能耗", "千克标准煤/人", "225", "200", "180", printed)])
        assert len(changes(one)) == wrong, printed


def test_values_with_a_bound_and_changes_in_another_unit_prove_nothing() -> None:
    assert changes(sheet("下降比例（%）", ("人均水耗", "吨/人", "30", "≤27", "15"))) == []
    assert changes(sheet("减少量（千克）", ("人均水耗", "吨/人", "30", "27", "3000"), unit="千克")) == []
    assert Decimal(30 - 27) / 30 * 100 == 10
