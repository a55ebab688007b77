"""Formulas in indicator files: what is read, and each thing that can be wrong found at its line."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shuangkong.core.fact import Cell, Measure, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.book import indicator_rules, read_indicators
from shuangkong.indicators.formula import Aggregation, Input, Shift, Span
from shuangkong.indicators.graph import Graph, Subjects, periods_taken
from shuangkong.policyfile.folder import PolicyRefused
from shuangkong.policyfile.kinds_indicators import AGGREGATIONS, SHIFTS, SPANS
from shuangkong.rulebook import check_policy

from .conftest import FILES, MakeFolder

UNITS = (
    FILES["units.yaml"]
    + """\
  - id: t
    name:
      zh: 吨
      en: tonne
    kind: mass
    printed:
      - form: 吨
        factor: 1
      - form: 万吨
        factor: 10000
      - form: kg
        factor: 0.001
    source: invented
  - id: tce
    name:
      zh: 吨标准煤
      en: tce
    kind: coal_equivalent
    printed:
      - form: 吨标准煤
        factor: 1
      - form: kgce
        factor: 0.001
    source: invented
  - id: CNY
    name:
      zh: 元
      en: yuan
    kind: money
    printed:
      - form: 元
        factor: 1
      - form: 亿元
        factor: 100000000
    source: invented
  - id: t/CNY
    name:
      zh: 吨/元
      en: t/CNY
    kind: intensity
    printed:
      - form: 吨/万元
        factor: 0.0001
    source: invented
  - id: kgce/kg
    name:
      zh: 千克标准煤/千克
      en: kgce/kg
    kind: coefficient_of_coal
    printed:
      - form: 千克标准煤/千克
        factor: 1
    source: invented
  - id: kgce/t
    name:
      zh: 千克标准煤/吨
      en: kgce/t
    kind: product_consumption
    printed:
      - form: 千克标准煤/吨
        factor: 1
    source: invented
"""
)


def told(zh: str, unit: str, ways: str = "in_time: none\nin_space: none\napart: level\n") -> str:
    return (
        f"name:\n  zh: {zh}\n  en: {zh}\nunit: {unit}\ndirection: lower_is_better\nprogress: linear\nsource: invented\n"
        f"{ways}"
    )


SUMMED = "in_time: sum\nin_space: sum\n"
FORMULA = (
    told("每元煤", "t/CNY", "in_time: ratio\nin_space: ratio\n")
    + """\
display: 吨/万元
round:
  kept: 4
  published: 2
formulas:
  - from: 2011-01-01
    expression: coal / gdp
    inputs:
      coal:
        indicator: coal_total
      gdp:
        indicator: gdp_total
    source: invented
    at: 第一条
    verified: false
"""
)
INTENSITY = "national/indicators/coal_intensity.yaml"
CASES = "national/indicators/coal_intensity.cases.yaml"
CASE = """\
- name: 一例
  day: 2020-12-31
  facts:
    coal: 5 万吨
    gdp: 3 亿元
  expect:
    value: 1.6667 吨/万元
    published: 1.67 吨/万元
"""
COAL = "national/indicators/coal_total.yaml"
COEFFICIENT = "national/indicators/coefficients/coal.yaml"
SOUND: dict[str, str | None] = {
    "units.yaml": UNITS,
    "glossary.yaml": FILES["glossary.yaml"]
    + "  gdp: 地区生产总值\n  intensity: 强度\n  energy: 能源\n  product: 产品\n",
    COAL: told("煤", "t"),
    "national/indicators/gdp_total.yaml": told("总值", "CNY"),
    INTENSITY: FORMULA,
    CASES: CASE,
}
SHARE = "    expression: coal / gdp\n"


def changed(name: str, *pairs: tuple[str, str]) -> dict[str, str | None]:
    text = SOUND[name]
    assert text is not None
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return SOUND | {name: text}


def formula(*pairs: tuple[str, str]) -> dict[str, str | None]:
    return changed(INTENSITY, *pairs)


def line_of(name: str, piece: str, changes: dict[str, str | None]) -> int:
    text = changes[name]
    assert text is not None
    return text[: text.index(piece)].count("\n") + 1


#: A formula by its own year before, and one that takes its place.
ROLLED = (
    FORMULA.replace("indicator: coal_total", "indicator: coal_intensity\n        shift: year_before")
    .replace("coal / gdp", "coal + 0 * coal / gdp * gdp")
    .replace("from: 2011-01-01", "from: 2011-01-01\n    until: 2014-12-31")
)
ROLLED += FORMULA[FORMULA.index("  - from") :].replace("2011", "2015")
#: (what is changed, code, file, piece of the line at which it must be found, what the message names)
FAULTS: list[tuple[dict[str, str | None], str, str, str, str]] = [
    (formula(("coal / gdp", "coal / (gdp")), "POL-035", INTENSITY, "expression:", ""),
    (formula(("coal / gdp", "coal ÷ gdp")), "POL-036", INTENSITY, "expression:", "÷"),
    (formula(("coal / gdp", "coal ** gdp")), "POL-037", INTENSITY, "expression:", "乘方"),
    (formula(("coal / gdp", "-" * 60 + "coal")), "POL-038", INTENSITY, "expression:", "50"),
    (formula(("coal / gdp", "coal > gdp")), "POL-039", INTENSITY, "expression:", "coal > gdp"),
    (formula(("coal / gdp", "coal / gpd")), "POL-040", INTENSITY, "expression:", "“gdp”"),
    (formula(("coal / gdp", "(coal + gdp) / gdp")), "POL-041", INTENSITY, "expression:", "“coal”按 t，“gdp”按 CNY"),
    (formula(("coal / gdp", "coal / gdp if coal > gdp else 0")), "POL-041", INTENSITY, "expression:", "不能相加减"),
    (formula(("coal / gdp", "coal * gdp")), "POL-042", INTENSITY, "expression:", "CNY*t，指标的单位是 t/CNY"),
    (formula(("coal / gdp", "coal / gdp / gdp")), "POL-042", INTENSITY, "expression:", "t/(CNY*CNY)"),
    (formula(("coal / gdp", "10000 * coal / gdp")), "POL-043", INTENSITY, "expression:", "10000"),
    (formula(("coal / gdp", "coal / gdp * 0.001")), "POL-043", INTENSITY, "expression:", "0.001"),
    (formula((SHARE, "")), "POL-044", INTENSITY, "from: 2011", ""),
    (formula((SHARE, SHARE + "    method: ratio\n")), "POL-044", INTENSITY, "from: 2011", ""),
    (formula(("coal / gdp", "coal / 3")), "POL-045", INTENSITY, "gdp:\n", "“gdp”"),
    (formula(("indicator: gdp_total", "indicator: gdp_totl")), "POL-046", INTENSITY, "indicator: gdp", "“gdp_total”"),
    (formula(("indicator: coal_total", "indicator: coal_intensity"), ("coal / gdp", "coal + 0 * gdp")),
     "POL-047", INTENSITY, "formulas:", "coal_intensity → coal_intensity"),
    (SOUND | {INTENSITY: ROLLED.replace("from: 2011", "from: 1811")},
     "POL-062", INTENSITY, "formulas:", "coal_intensity → coal_intensity"),
    (formula(("display: 吨/万元", "display: 万吨")), "POL-048", INTENSITY, "display:", "t/CNY"),
    (formula(("indicator: coal_total", "indicator: coal_total\n        span: children")),
     "POL-049", INTENSITY, "coal:\n", "children"),
    (formula(("indicator: gdp_total", "indicator: gdp_total\n        shift: since_base")),
     "POL-049", INTENSITY, "gdp:\n", "since_base"),
    (formula(("    source", "    parameters:\n      k: targets/limt\n    source"), ("coal / gdp", "k * coal / gdp")),
     "POL-050", INTENSITY, "k: targets", "“targets/limit”"),
    (formula(("    source", "    parameters:\n      gdp: targets/limit\n    source")),
     "POL-026", INTENSITY, "gdp: targets", "gdp"),
    (formula(("indicator: gdp_total", "indicator: gdp_total\n        shift: last_year")),
     "POL-018", INTENSITY, "shift:", "year_before"),
    (formula(("indicator: gdp_total", "indicator: gdp_total\n        sector: C31\n        span: whole")),
     "POL-066", INTENSITY, "sector:", "span"),
    (formula(("indicator: gdp_total", "indicator: gdp_total\n        sector: steel")),
     "POL-018", INTENSITY, "sector:", "行业"),
    (formula(("kept: 4", "kept: 4.5")), "POL-018", INTENSITY, "kept:", "整数"),
    (formula(("in_space: ratio", "in_space: product")), "POL-018", INTENSITY, "in_space:", "ratio"),
    (formula(("in_time: ratio\n", "")), "POL-004", INTENSITY, "name:", "in_time"),
    (formula(("in_space: ratio\n", "in_space: ratio\napart: level\n")), "POL-064", INTENSITY, "apart:", "apart"),
    (changed(COAL, ("apart: level\n", "")), "POL-063", COAL, "in_time:", "in_time、in_space 又是 none"),
    (changed(COAL, ("apart: level", "apart: because")), "POL-018", COAL, "apart:", "assigned"),
    (formula(("2011-01-01", "2011-01-01\n    until: 2010-12-31")), "POL-024", INTENSITY, "from: 2011", "2010-12-31"),
    (formula(("verified: false", "verified: true")), "POL-029", INTENSITY, "verified: true", ""),
    (changed(CASES, ("1.6667", "1.6666")), "POL-030", CASES, "name:", "1.6666 吨/万元，实得 1.6667 吨/万元"),
    (changed(CASES, ("1.67 ", "1.68 ")), "POL-030", CASES, "name:", "1.67 吨/万元"),
    (changed(CASES, ("5 万吨", "missing")), "POL-030", CASES, "name:", "missing"),
    (changed(CASES, ("2020-12-31", "2010-12-31")), "POL-030", CASES, "name:", "formula"),
    (SOUND | {CASES: None}, "POL-034", INTENSITY, "name:", "coal_intensity.cases.yaml"),
    (changed(CASES, ("    gdp: 3 亿元\n", "")), "POL-052", CASES, "coal:", "coal, gdp"),
    (changed(CASES, ("5 万吨", "5 亿元")), "POL-053", CASES, "coal:", "“5 亿元”读不成 t"),
]  # fmt: skip


def test_sound_formulas_have_no_findings(make_folder: MakeFolder) -> None:
    assert check_policy(make_folder(SOUND)) == ()


@pytest.mark.parametrize(("changes", "code", "file", "piece", "named"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_fault_of_a_formula_is_found_at_its_line(
    make_folder: MakeFolder, changes: dict[str, str | None], code: str, file: str, piece: str, named: str
) -> None:
    findings = check_policy(make_folder(changes))
    found = [finding for finding in findings if finding.code == code]
    assert found, findings
    assert found[0].place == f"policy/{file}:{line_of(file, piece, changes)}"
    assert named in found[0].message.zh


def test_two_formulas_of_one_day_are_refused(make_folder: MakeFolder) -> None:
    text = FORMULA + FORMULA[FORMULA.index("  - from") :].replace("2011", "2015")
    assert [finding.code for finding in check_policy(make_folder(SOUND | {INTENSITY: text}))] == ["POL-023"]


def test_a_formula_may_rest_on_its_own_year_before_from_a_first_year_on(make_folder: MakeFolder) -> None:
    assert not [each for each in check_policy(make_folder(SOUND | {INTENSITY: ROLLED})) if each.code == "POL-062"]


def test_a_refused_formula_stops_the_rules_and_says_why(make_folder: MakeFolder) -> None:
    with pytest.raises(PolicyRefused, match="POL-042"):
        indicator_rules(make_folder(formula(("coal / gdp", "coal * gdp"))), "national")


def test_a_formula_is_what_the_file_says(make_folder: MakeFolder) -> None:
    rules = indicator_rules(make_folder(SOUND), "national")
    assert tuple(rules) == ("coal_intensity", "coal_share", "coal_total", "gdp_total")
    indicator = rules["coal_intensity"]
    assert (indicator.unit, indicator.display, indicator.in_space) == ("t/CNY", "吨/万元", Aggregation.RATIO)
    assert (indicator.rounding.kept, indicator.rounding.published) == (4, 2)
    (found,) = indicator.formulas
    assert found.inputs == {"coal": Input("coal_total"), "gdp": Input("gdp_total")}
    assert found.expression is not None
    assert (found.expression.names, found.expression.scales.unit) == (("coal", "gdp"), "t/CNY")
    assert found.validity.holds_on(date(2011, 1, 1))
    assert (found.source, found.at, found.is_verified) == ("invented", "第一条", False)
    assert found.place == f"policy/{INTENSITY}:15"
    assert rules["coal_total"].formulas == ()
    assert rules["coal_total"].display == "吨"


def test_cells_of_tables_may_be_taken(make_folder: MakeFolder) -> None:
    folder = make_folder(formula(("coal_total", "energy_balance.terminal.raw_coal")))
    with pytest.raises(PolicyRefused, match="POL-046"):
        indicator_rules(folder, "national")
    rules = indicator_rules(folder, "national", {"energy_balance.terminal.raw_coal": "t"})
    assert rules["coal_intensity"].formulas[0].inputs["coal"].indicator == "energy_balance.terminal.raw_coal"


def test_methods_are_those_of_the_room(make_folder: MakeFolder) -> None:
    folder = make_folder(formula(("expression: coal / gdp", "method: ratoi")) | {CASES: None})
    with pytest.raises(PolicyRefused, match=f"policy/{INTENSITY}:16 POL-051.*“ratio”"):
        indicator_rules(folder, "national", methods=("ratio", "decline"))
    assert indicator_rules(folder, "national")["coal_intensity"].formulas[0].method == "ratoi"
    assert indicator_rules(folder, "national", methods=("ratoi",))["coal_intensity"].formulas[0].method == "ratoi"


COEFFICIENT_FILE = (
    "name:\n  zh: 系数\n  en: Coefficient\nunit: kgce/kg\nvalues:\n  - from: 2011-01-01\n    value: 0.7143\n"
    "    source: invented\nverified: false\n"
)


def with_coefficient(unit: str, expression: str, display: str) -> dict[str, str | None]:
    text = FORMULA.replace("unit: t/CNY", f"unit: {unit}").replace("coal / gdp", expression)
    text = text.replace("display: 吨/万元", f"display: {display}")
    text = text.replace(
        "    source: invented\n    at", "    parameters:\n      k: targets/k\n    source: invented\n    at"
    )
    cases = "- name: 一\n  day: 2016-01-01\n  expect: 0.7143\n"
    return SOUND | {
        INTENSITY: text,
        "national/targets/k.yaml": COEFFICIENT_FILE,
        "national/targets/k.cases.yaml": cases,
    }


@pytest.mark.parametrize(
    ("unit", "expression", "display", "scales", "result"),
    [
        ("tce", "k * coal + 0 * gdp / gdp * k * coal", "吨标准煤", (), Fraction(1)),
        ("kgce/t", "k * coal / coal * gdp / gdp", "千克标准煤/吨", (), Fraction(1, 1000)),
    ],
)
def test_coefficients_enter_in_base_units(
    make_folder: MakeFolder,
    unit: str,
    expression: str,
    display: str,
    scales: tuple[tuple[str, Fraction], ...],
    result: Fraction,
) -> None:
    """1 kgce/kg is 1 tce/t; a result in kgce/t is a thousandth of tce/t."""
    rules = indicator_rules(make_folder(with_coefficient(unit, expression, display)), "national")
    found = rules["coal_intensity"].formulas[0].expression
    assert found is not None
    assert (found.scales.names, found.scales.result) == (scales, result)


def test_words_of_the_file_are_those_of_the_room() -> None:
    assert tuple(Shift) == SHIFTS
    assert tuple(each for each in Span if each is not Span.SECTOR) == SPANS  # a sector is named by its code
    assert tuple(Aggregation) == AGGREGATIONS


def chained(make_folder: MakeFolder, *inputs: tuple[str, str, str, str]) -> Graph:
    """A graph of indicators told in tonnes, each (id, taken, shift, span) a formula by method."""
    changes: dict[str, str | None] = SOUND | {INTENSITY: None, CASES: None}
    rows: dict[str, list[tuple[str, str, str]]] = {}
    for key, taken, shift, span in inputs:
        rows.setdefault(key, []).append((taken, shift, span))
    for key, takes in rows.items():
        text = told(key, "t") + "formulas:\n  - from: 2011-01-01\n    method: any\n    inputs:\n"
        for number, (taken, shift, span) in enumerate(takes):
            text += f"      x{number}:\n        indicator: {taken}\n        shift: {shift}\n        span: {span}\n"
        changes[f"national/indicators/{key}.yaml"] = text + "    source: invented\n    verified: false\n"
    return Graph(read_indicators(make_folder(changes), "national").indicators)


def test_order_puts_what_is_taken_first(make_folder: MakeFolder) -> None:
    graph = chained(
        make_folder, ("a", "b", "same", "same"), ("b", "c", "same", "same"), ("c", "coal_total", "same", "same")
    )
    order = graph.order()
    assert order.index("coal_total") < order.index("c") < order.index("b") < order.index("a")
    assert set(order) == set(graph.indicators)


@pytest.mark.parametrize(
    ("inputs", "circle"),
    [
        ((("a", "b", "same", "same"), ("b", "a", "same", "same")), {"a", "b"}),
        ((("a", "a", "since_base", "same"),), {"a"}),
        ((("a", "b", "same", "children"), ("b", "a", "same", "whole")), {"a", "b"}),
        ((("a", "a", "year_before", "same"),), set()),
        ((("a", "a", "same", "children"),), set()),
        ((("a", "b", "same", "children"), ("b", "a", "same", "same")), set()),
        ((("a", "b", "same", "same"), ("b", "a", "base_year", "same")), set()),
    ],
)  # fmt: skip
def test_only_what_never_ends_is_a_circle(
    make_folder: MakeFolder, inputs: tuple[tuple[str, str, str, str], ...], circle: set[str]
) -> None:
    found = chained(make_folder, *inputs).circle()
    assert set(found) == circle
    assert found[:1] == found[-1:]


COUNTIES = {"990121": "990100", "990122": "990100", "990100": "990000"}


def region(code: str) -> Subject:
    return Subject("region", code)


REGIONS = Subjects(
    whole=lambda subject: region(COUNTIES[subject.code]) if subject.code in COUNTIES else None,
    parts=lambda subject: [region(code) for code, whole in COUNTIES.items() if whole == subject.code],
)
YEARS = tuple(Period(year) for year in range(2015, 2026))


def base_year(year: int) -> int:
    return (year - 1) // 5 * 5


def cells(graph: Graph, changed: Cell) -> set[str]:
    found = graph.descendants([changed], YEARS, REGIONS, base_year)
    return {f"{cell.indicator} {cell.subject.code} {cell.period}" for cell in found}


def test_a_corrected_figure_moves_this_year_and_the_next_through_a_shift(make_folder: MakeFolder) -> None:
    graph = chained(
        make_folder,
        ("intensity", "coal_total", "same", "same"),
        ("growth", "intensity", "same", "same"),
        ("growth", "intensity", "year_before", "same"),
    )
    assert cells(graph, Cell(region("990121"), "coal_total", Period(2018))) == {
        "intensity 990121 2018",
        "growth 990121 2018",
        "growth 990121 2019",
    }


def test_a_corrected_base_year_moves_its_five_years(make_folder: MakeFolder) -> None:
    graph = chained(make_folder, ("decline", "coal_total", "base_year", "same"))
    found = cells(graph, Cell(region("990121"), "coal_total", Period(2015)))
    assert found == {f"decline 990121 {year}" for year in range(2016, 2021)}
    series = chained(make_folder, ("path", "coal_total", "since_base", "same"))
    assert cells(series, Cell(region("990121"), "coal_total", Period(2018))) == {
        "path 990121 2018",
        "path 990121 2019",
        "path 990121 2020",
    }


def test_a_corrected_part_moves_the_whole(make_folder: MakeFolder) -> None:
    up = chained(make_folder, ("total", "coal_total", "same", "children"))
    assert cells(up, Cell(region("990121"), "coal_total", Period(2018))) == {"total 990100 2018"}


def test_a_corrected_whole_moves_its_parts(make_folder: MakeFolder) -> None:
    down = chained(make_folder, ("part", "coal_total", "same", "whole"))
    assert cells(down, Cell(region("990100"), "coal_total", Period(2018))) == {"part 990121 2018", "part 990122 2018"}


def test_what_is_summed_moves_the_whole_in_space_and_time(make_folder: MakeFolder) -> None:
    graph = Graph(indicator_rules(make_folder(SOUND | {COAL: told("煤", "t", SUMMED)}), "national"))
    periods = (Period.parse("2018-07"), Period.parse("2018-Q3"), Period.parse("2018-C10"), Period(2018), Period(2019))
    found = graph.descendants([Cell(region("990100"), "coal_total", periods[0])], periods, REGIONS, base_year)
    moved = {(cell.subject.code, str(cell.period)) for cell in found if cell.indicator == "coal_total"}
    times = {"2018-07", "2018-Q3", "2018-C10", "2018"}
    assert moved == {(code, time) for code in ("990100", "990000") for time in times} - {("990100", "2018-07")}


def test_a_told_change_moves_only_who_takes_changes(make_folder: MakeFolder) -> None:
    graph = chained(make_folder, ("intensity", "coal_total", "same", "same"))
    assert not cells(graph, Cell(region("990121"), "coal_total", Period(2018), Measure.YOY_CHANGE_PCT))


def test_periods_are_the_same_part_of_other_years() -> None:
    quarter = Period.parse("2018-Q3")
    assert periods_taken(Shift.YEAR_BEFORE, quarter, base_year) == (Period.parse("2017-Q3"),)
    assert periods_taken(Shift.BASE_YEAR, quarter, base_year) == (Period.parse("2015-Q3"),)
    assert periods_taken(Shift.BASE_YEAR, quarter, lambda _: None) == ()
    assert periods_taken(Shift.PLAN, quarter, base_year) == (Period.parse("2016-2020"),)
    assert periods_taken(Shift.PLAN, quarter, lambda _: None) == ()


@pytest.mark.parametrize(
    ("of", "taken"),
    [
        ("2018", ["2016", "2017", "2018"]),
        ("2018-H1", ["2016", "2017", "2018-H1"]),  # the half year stands for the year under way, without proration
        ("2018-C10", ["2016", "2017", "2018-C10"]),
        ("2016-01", ["2016-01"]),
        ("2018-Q3", []),  # a quarter that does not begin in January stands for no year
        ("2018-07", []),
        ("2016-2020", ["2016", "2017", "2018", "2019", "2020"]),
    ],
)
def test_the_months_to_date_stand_for_the_year_under_way(of: str, taken: list[str]) -> None:
    assert [str(each) for each in periods_taken(Shift.SINCE_BASE, Period.parse(of), base_year)] == taken
