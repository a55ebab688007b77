"""PLN-003, 010, 011, 020, 040: figures meet only where year, base year, region and firmness are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from constructed import LABEL, Promise, Sheet, codes, context_of, found

from shuangkong.plans.reading import Kind, Op, Strength

TOTAL, INCREMENT, SO2 = "能源消费总量", "能源消费增量", "二氧化硫排放总量"
INTENSITY = "单位地区生产总值能耗下降率"
TCE = "万吨标准煤"


def cap(value: str, deadline: str | None = "2025", **fields: object) -> Promise:
    one = Promise(f"{TOTAL}控制在{value}{TCE}以内", value, TOTAL, Kind.CAP_TOTAL, TCE, Op.LE, deadline)
    return replace(one, **fields)  # type: ignore[arg-type]  # fields of Promise by name


def increment(value: str, unit: str = TCE, words: str = "能源消费增量控制在{}以内") -> Promise:
    return Promise(words.format(value), value, INCREMENT, Kind.CAP_INCREMENT, unit, Op.LE)


def fall(value: str, name: str = INTENSITY, **fields: object) -> Promise:
    one = Promise(f"{name}比2020年下降{value}%", value, name, Kind.REDUCTION_RATE, base_year=2020)
    return replace(one, **fields)  # type: ignore[arg-type]  # fields of Promise by name


def caps_by_region(*columns: tuple[int | None, tuple[str, ...]], header: str = "", labels: Sequence[str] = ()) -> Sheet:
    heads = [(header or f"{year}年{TOTAL}（{TCE}）", "target", TCE, Kind.CAP_TOTAL, year, TOTAL) for year, _ in columns]
    names = labels or ("东河县", "西岭县", "南屏县")
    rows = [(name, *(values[at] for _, values in columns)) for at, name in enumerate(names)]
    return Sheet("各县能源消费总量", (LABEL, *heads), rows)


def test_each_column_is_held_against_the_cap_of_its_year() -> None:
    text = (cap("500"), cap("560", "2030"))
    right = caps_by_region((2025, ("200", "200", "100")), (2030, ("220", "220", "120")))
    assert not {"PLN-002", "PLN-003"} & codes(context_of(*text, sheets=[right]))
    wrong = caps_by_region((2025, ("200", "200", "100")), (2030, ("220", "220", "130")))
    (hit,) = found(context_of(*text, sheets=[wrong]), "PLN-003")
    assert "2030年" in hit.place
    assert "上限为560万吨标准煤，各地区之和为570万吨标准煤" in hit.message.zh


def test_a_column_without_year_is_due_at_the_end_of_the_plan_or_in_the_year_of_its_title() -> None:
    column = caps_by_region((None, ("220", "220", "120")), header=f"{TOTAL}（{TCE}）")
    text = (cap("500"), cap("560", "2030"))
    assert "PLN-003" in codes(context_of(*text, sheets=[column]))
    assert "PLN-003" not in codes(context_of(*text, sheets=[replace(column, title="2030年各县能源消费总量")]))
    assert "PLN-003" not in codes(context_of(*text, sheets=[column], end_year=2030))
    assert "PLN-003" not in codes(context_of(*text, sheets=[column], end_year=None))


@pytest.mark.parametrize(
    "lawful",
    [
        cap("500", scope="中心城区"),
        cap("500", "2023"),
        cap("500", strength=Strength.AMBITION),
        cap("500", words=f"{TOTAL}每年控制在500{TCE}以内"),
        cap("500", unit="万吨"),
        cap("500", op=Op.ABOUT),
    ],
    ids=("narrower", "earlier", "striven for", "yearly", "other unit", "about"),
)
def test_a_cap_of_another_sort_is_not_exceeded(lawful: Promise) -> None:
    column = caps_by_region((2025, ("220", "220", "120")))
    assert "PLN-003" not in codes(context_of(lawful, sheets=[column]))
    assert "PLN-003" in codes(context_of(cap("500"), sheets=[column]))


def test_a_column_that_agrees_with_one_of_two_caps_of_a_year_exceeds_none() -> None:
    column = caps_by_region((2025, ("220", "220", "120")))
    assert "PLN-003" not in codes(context_of(cap("500"), cap("560"), sheets=[column]))


def test_regions_that_hold_each_other_and_columns_for_a_year_do_not_add_up() -> None:
    within = caps_by_region((2025, ("220", "220", "120")), labels=("东河县（含经开区）", "西岭县", "经开区"))
    assert "PLN-003" not in codes(context_of(cap("500"), sheets=[within]))
    grouped = replace(caps_by_region((2025, ("220", "220", "120"))), groups={"西岭县": "山区"})
    assert "PLN-003" not in codes(context_of(cap("500"), sheets=[grouped]))
    yearly = caps_by_region((2025, ("220", "220", "120")), header=f"年度{TOTAL}（{TCE}）")
    assert "PLN-003" not in codes(context_of(cap("500"), sheets=[yearly]))


def bases(total: str, year: int = 2020) -> Sheet:
    column = (f"{year}年二氧化硫排放量（吨）", "base", "吨", Kind.CAP_TOTAL, year, SO2)
    return Sheet("二氧化硫排放量", (LABEL, column), [("东河县", "3000"), ("西岭县", "4000"), ("合计", total)])


def so2_cap(value: str, **fields: object) -> Promise:
    one = Promise(f"{SO2}控制在{value}吨以内", value, SO2, Kind.CAP_TOTAL, "吨", Op.LE)
    return replace(one, **fields)  # type: ignore[arg-type]  # fields of Promise by name


SO2_FALL = fall("30", f"{SO2}下降率", words=f"{SO2}比2020年下降30%")


@pytest.mark.parametrize(
    ("promises", "base"),
    [
        ((so2_cap("4900"), SO2_FALL), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, deadline="2030")), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, base_year=2015)), bases("7000")),
        ((so2_cap("5000"), SO2_FALL), bases("7000", 2019)),
        ((so2_cap("5000"), replace(SO2_FALL, strength=Strength.AMBITION)), bases("7000")),
        ((so2_cap("5000", scope="中心城区"), SO2_FALL), bases("7000")),
        ((so2_cap("4000"), replace(SO2_FALL, op=Op.GE)), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, op=Op.ABOUT)), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, words=f"{SO2}年均下降30%")), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, value="100", words="下降100%")), bases("7000")),
        ((so2_cap("5000"), replace(SO2_FALL, value="0", words="下降0%")), bases("7000")),
    ],
    ids=(
        *("right", "other year", "other base year", "base of another year", "striven for", "narrower"),
        *("or more", "about", "yearly", "all", "nothing"),
    ),
)
def test_a_base_is_held_only_against_the_cap_and_rate_of_its_years(promises: tuple[Promise, ...], base: Sheet) -> None:
    assert "PLN-010" not in codes(context_of(*promises, sheets=[base]))


def test_a_base_that_contradicts_cap_and_rate_must_be_fixed() -> None:
    (hit,) = found(context_of(so2_cap("5000"), SO2_FALL, sheets=[bases("7000")]), "PLN-010")
    assert "7142.86吨" in hit.message.zh
    twice = replace(so2_cap("5600"), deadline="2023"), replace(SO2_FALL, value="20", words="下降20%", deadline="2023")
    assert len(found(context_of(so2_cap("5000"), SO2_FALL, *twice, sheets=[bases("7000")]), "PLN-010")) == 1


def energy_base(total: str, change: tuple[str, ...], unit: str = TCE) -> Sheet:
    columns = (
        LABEL,
        (f"2020年{TOTAL}（{TCE}）", "base", TCE, Kind.CAP_TOTAL, 2020, TOTAL),
        (f"{INCREMENT}（{unit}）", "increment", unit, Kind.CAP_INCREMENT, None, INCREMENT),
    )
    rows = [("东河县", "300", change[0]), ("西岭县", "200", change[1]), ("合计", total, change[2])]
    return Sheet("能源消费总量和增量", columns, rows)


def test_base_and_increment_give_the_cap_of_the_same_year_and_unit() -> None:
    sheet = energy_base("500", ("36", "24", "60"))
    assert "PLN-011" not in codes(context_of(cap("560"), sheets=[sheet]))
    assert "PLN-011" in codes(context_of(cap("570"), sheets=[sheet]))
    assert "PLN-011" not in codes(context_of(cap("620", "2030"), sheets=[sheet]))
    rates = energy_base("500", ("12", "12", "12"), "%")
    assert "PLN-011" not in codes(context_of(cap("560"), sheets=[rates]))


@pytest.mark.parametrize(
    ("rest", "wrong"),
    [
        (increment("60"), False),
        (increment("70"), True),
        (increment("12", words="能源消费增量年均控制在{}以内"), False),
        (increment("12", unit="%"), False),
        (replace(increment("90"), deadline="2030"), False),
        (replace(increment("70"), strength=Strength.AMBITION), False),
    ],
    ids=("right", "wrong", "yearly", "percent", "other year", "striven for"),
)
def test_the_increment_of_the_text_is_taken_where_the_table_has_none(rest: Promise, wrong: bool) -> None:
    sheet = energy_base("500", ("", "", ""))
    alone = replace(sheet, columns=sheet.columns[:2], rows=[row[:2] for row in sheet.rows])
    assert ("PLN-011" in codes(context_of(cap("560"), rest, sheets=[alone]))) is wrong


def rates_by_region(*values: str, header: str = "能耗强度降低目标（%）", total: str = "") -> Sheet:
    column = (header, "change", "%", Kind.REDUCTION_RATE, None, INTENSITY)
    rows = [(name, value) for name, value in zip(("东河县", "西岭县", "南屏县"), values, strict=True)]
    return Sheet("能耗强度目标", (LABEL, column), [*rows, ("合计", total)] if total else rows)


AMBITION = fall("14.5", strength=Strength.AMBITION, words="力争比2020年下降14.5%")


def test_regions_are_held_against_the_firm_rate_and_not_the_one_striven_for() -> None:
    text = (AMBITION, fall("13.5"))
    assert "PLN-020" not in codes(context_of(*text, sheets=[rates_by_region("13.5", "13.5", "13.5")]))
    assert "PLN-020" in codes(context_of(*text, sheets=[rates_by_region("13.5", "13", "13.5")]))
    assert "PLN-020" in codes(context_of(AMBITION, sheets=[rates_by_region("13.5", "13.5", "13.5")]))
    assert "PLN-021" in codes(context_of(*text, sheets=[rates_by_region("13.5", "14", "13.5")]))


def test_a_rate_already_reached_and_one_since_another_year_are_not_distributed() -> None:
    sheet = rates_by_region("13.5", "13.5", "13.5")
    for other in (
        fall("15", deadline="2020", base_year=2015, words="比2015年下降15%"),
        fall("25", base_year=2015, words="比2015年下降25%"),
        fall("3", words="年均下降3%"),
    ):
        assert not {"PLN-020", "PLN-021"} & codes(context_of(other, fall("13.5"), sheets=[sheet]))
        assert not {"PLN-020", "PLN-021"} & codes(context_of(other, sheets=[sheet]))


def test_an_annex_that_keeps_the_firm_rate_is_not_weaker_than_the_text() -> None:
    right = rates_by_region("13.5", "13.5", "13.5", total="13.5")
    assert not {"PLN-040", "PLN-041"} & codes(context_of(AMBITION, fall("13.5"), sheets=[right]))
    weak = rates_by_region("13", "13", "13", total="13")
    (hit,) = found(context_of(AMBITION, fall("13.5"), sheets=[weak]), "PLN-040")
    assert "13.5%" in hit.message.zh
    for header in ("激励目标（%）", "年均下降率（%）"):
        other = rates_by_region("3", "3", "3", total="3", header=header)
        assert not {"PLN-040", "PLN-041"} & codes(context_of(fall("13.5"), sheets=[other]))


def test_a_base_column_is_no_weaker_cap_and_a_share_is_stricter_by_what_is_good_in_it() -> None:
    sheet = energy_base("600", ("36", "24", "60"))
    assert "PLN-040" not in codes(context_of(cap("560"), sheets=[sheet]))
    columns = (
        ("指标", "label", None, None, None, None),
        ("单位", "unit", None, None, None, None),
        ("2020年", "base", None, None, 2020, None),
        ("2025年", "target", None, None, 2025, None),
    )
    share = Promise("非化石能源占比达到20%", "20", "非化石能源占能源消费总量比重", Kind.SHARE)
    for printed, code in (("22", "PLN-041"), ("18", "PLN-040")):
        row = ("非化石能源占能源消费总量比重", "%", "15", printed)
        annex = Sheet("主要指标", columns, [row])
        assert {"PLN-040", "PLN-041"} & codes(context_of(share, sheets=[annex])) == {code}
        later = replace(share, deadline="2030")
        assert not {"PLN-040", "PLN-041"} & codes(context_of(later, sheets=[annex]))


def test_a_rate_in_a_row_is_held_against_the_commitment_of_its_years() -> None:
    columns = (
        ("指标", "label", None, None, None, None),
        ("单位", "unit", None, None, None, None),
        ("2020年实际值", "base", None, None, 2020, None),
        ("2025年目标值", "target", None, None, 2025, None),
        ("变化率", "change", None, None, None, None),
    )
    name = "公共机构单位建筑面积能耗"
    promise = fall("11", f"{name}下降率", words=f"{name}下降11%")
    row = (name, "千克标准煤/平方米", "10.53", "9.48", "[-10]")
    annex = Sheet("部门指标", columns, [row])
    (hit,) = found(context_of(promise, sheets=[annex]), "PLN-040")
    assert "11%" in hit.message.zh
    unread = replace(annex, columns=(*columns[:3], ("2020年目标值", "target", None, None, 2020, None), columns[4]))
    assert "PLN-040" in codes(context_of(promise, sheets=[unread]))
    for other in (
        replace(promise, deadline="2030"),
        replace(promise, base_year=2015),
        replace(promise, words=f"{name}每年下降11%"),
        replace(promise, scope="城区"),
    ):
        assert "PLN-040" not in codes(context_of(other, sheets=[annex]))
    agreed = replace(promise, value="10", words="下降10%")
    assert "PLN-040" not in codes(context_of(replace(promise, strength=Strength.AMBITION), agreed, sheets=[annex]))
    assert "PLN-040" not in codes(context_of(promise, agreed, sheets=[annex]))
