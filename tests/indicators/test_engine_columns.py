"""The column engine finds for everyone what the engine finds for one: values to the last digit, and their standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from shuangkong.core.dated import DatedValue, NotInForce, Validity
from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Measure, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.rounding import Rounding
from shuangkong.core.unit import PrintedUnit, Unit
from shuangkong.indicators.engine import Asked, Engine, Law
from shuangkong.indicators.engine.columns import ColumnEngine
from shuangkong.indicators.engine.everyone import Everyone
from shuangkong.indicators.engine.figures import MATURITIES, UNTOLD
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.indicators.engine.told import MEASURES, ORIGINS, SCHEMA, STATES, told_columns
from shuangkong.indicators.engine.values import told_at
from shuangkong.indicators.formula import Aggregation, Formula, Indicator, Input, RoundingRule, Shift, Span
from shuangkong.indicators.graph import Subjects
from shuangkong.policyfile.expression import Scales, parse, with_scales

NATION, EAST, WEST, NORTH, SOUTH, MILL = (
    Subject("region", code) for code in ("990000", "990100", "990200", "990101", "990102", "mill")
)
STEEL, STEEL_NORTH = Subject("sector", "990100/C31"), Subject("sector", "990101/C31")
WHOLE = {EAST: NATION, WEST: NATION, NORTH: EAST, SOUTH: EAST, MILL: SOUTH, STEEL: EAST, STEEL_NORTH: NORTH}
PARTS = {NATION: (EAST, WEST), EAST: (NORTH, SOUTH)}
SUBJECTS = (NATION, *WHOLE)
PERIODS = tuple(map(Period.parse, ("2019", "2020", "2021", "2021-H1", "2021-H2", "2021-Q3", "2021-Q4", "2021-C02")))
TOLD_PERIODS = (*PERIODS, Period.parse("2021-01"), Period.parse("2021-02"), Period.parse("2018"))
T, CNY = Unit("t", "mass", "吨", "tonne"), Unit("CNY", "money", "元", "yuan")
FORMS = {"t": PrintedUnit("t", T, Decimal(1)), "万t": PrintedUnit("万t", T, Decimal(10_000))}
EXPRESSIONS = (
    "a / b",
    "a - b",
    "sum(a, -b)",
    "100 * (a / b - 1)",
    "a / 3 + b / 6",
    "p * a",
    "max(a, p) if b > 1 else 0",
    "b if a > 0 or b > 0 else a",
    "min(a, b) / (a - b)",
    "0.5 * a",
)
#: Inputs of methods: series, and single figures.
METHOD_INPUTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cumulative_decline": (("changes",), ()),
    "annual_path": (("changes",), ("promised", "years")),
    "remaining_effort": (("changes",), ("promised", "years")),
    "logarithmic_progress": ((), ("decline", "promised")),
    "weighted_decline": (("consumption", "gdp", "growth", "decline"), ()),
    "first_known": ((), ("measured", "stated", "usual")),
    "no_such_method": (("x",), ()),
}
IDS = ("first", "second", "third", "fourth", "fifth")


def parameter(key: str, day: date) -> DatedValue:
    if day.year < 2020:
        raise NotInForce(key, day)
    if key == "none":
        raise KeyError(key)
    return DatedValue((Decimal("1.25"),), Validity(date(2020, 1, 1), None), "s", "", key == "sure", "")


@st.composite
def formulas(draw: st.DrawFn, earlier: tuple[str, ...], own: str) -> Formula:
    def taken(*spans: Span) -> Input:
        shift = draw(st.sampled_from([Shift.SAME, Shift.SAME, Shift.YEAR_BEFORE, Shift.BASE_YEAR]))
        measure = draw(st.sampled_from([Measure.LEVEL] * 6 + [Measure.AMOUNT, Measure.YOY_CHANGE_PCT]))
        span = draw(st.sampled_from(spans or (Span.SAME,) * 4 + (Span.WHOLE, Span.SECTOR)))
        if span is Span.SECTOR:
            return Input(earlier[0], measure, shift, span, sector="C31")  # which nothing computes
        rests_on_whole = span is Span.WHOLE and shift is Shift.SAME and draw(st.booleans())
        return Input(own if rests_on_whole else draw(st.sampled_from(earlier)), measure, shift, span)

    kind = draw(st.integers(0, 9))
    if kind > 7:
        method = draw(st.sampled_from(tuple(METHOD_INPUTS)))
        series, singles = METHOD_INPUTS[method]
        inputs = {name: taken(Span.CHILDREN) for name in series}
        if "changes" in inputs:
            inputs["changes"] = Input(draw(st.sampled_from(earlier)), shift=Shift.SINCE_BASE)
        inputs |= {name: taken() for name in singles}
        return Formula(
            validity=Validity(date(2000, 1, 1), None), inputs=inputs, method=method, source="s", is_verified=True
        )
    text = draw(st.sampled_from(EXPRESSIONS))
    expression = parse(text)
    if draw(st.integers(0, 4)) == 0 and "a" in expression.names:
        expression = with_scales(expression, Scales((("a", Fraction(1, 1000)),), Fraction(10), "t"))
    return Formula(
        validity=Validity(date(draw(st.sampled_from([2000, 2021])), 1, 1), None),
        inputs={name: taken() for name in expression.names if name != "p"},
        expression=expression,
        parameters={"p": draw(st.sampled_from(["sure", "unsure", "none"]))} if "p" in expression.names else {},
        source="s",
        is_verified=draw(st.booleans()),
    )


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Indicator]:
    made: dict[str, Indicator] = {}
    for place, key in enumerate(IDS):
        # Cells of tables are found of others alone, coefficients of tables without any.
        name = draw(st.sampled_from([key] * 8 + [f"table.{key}.x", f"table.equivalent.{key}"]))
        earlier = tuple(made)
        in_time = draw(st.sampled_from([Aggregation.SUM, Aggregation.LAST, Aggregation.MEAN, Aggregation.RATIO]))
        in_space = draw(st.sampled_from([Aggregation.SUM, Aggregation.SUM, Aggregation.MEAN, Aggregation.RATIO]))
        kept = draw(st.sampled_from([None, None, 4, 0, -1]))
        has = place > 0 and draw(st.integers(0, 3)) > 0
        made[name] = Indicator(
            id=name, zh="甲", en="a", unit="t", display=draw(st.sampled_from(["t", "万t"])), in_time=in_time,
            in_space=in_space, rounding=RoundingRule(kept, None, draw(st.sampled_from(Rounding))),
            formulas=(draw(formulas(earlier, name)),) if has else (),
        )  # fmt: skip
    return made


VALUES = st.one_of(
    st.decimals(-3, 3, places=1),
    st.decimals(0, 10**6, places=4),
    st.sampled_from([Decimal("12345678901234567.25"), Decimal("-9300000000000000001"), Decimal("0.000000000012345")]),
    # As figures without a rule are written: up to 34 digits.
    st.builds(lambda digits: Decimal(digits).scaleb(-25), st.integers(-(10**34), 10**34)),
    st.builds(lambda digits: Decimal(digits).scaleb(-30), st.integers(-(10**29), 10**29)),
)


@st.composite
def facts(draw: st.DrawFn, indicators: tuple[str, ...]) -> dict[Cell, Fact]:
    found = {}
    for _ in range(draw(st.integers(1, 30))):
        measure = draw(st.sampled_from([Measure.LEVEL] * 8 + [Measure.AMOUNT, Measure.YOY_CHANGE_PCT]))
        cell = Cell(
            draw(st.sampled_from(SUBJECTS)),
            draw(st.sampled_from(indicators)),
            draw(st.sampled_from(TOLD_PERIODS)),
            measure,
        )
        state = draw(st.sampled_from([State.VALUE] * 9 + list(State)))
        usual = "pct" if measure is Measure.YOY_CHANGE_PCT else "t"
        found[cell] = Fact(
            cell=cell, state=state, value=draw(VALUES) if state is State.VALUE else None,
            unit=draw(st.sampled_from([usual] * 15 + ["CNY"])),
            maturity=draw(st.sampled_from(Maturity)), origin=draw(st.sampled_from(Origin)),
            evidence=Evidence.STATISTICAL, source="s", recorded_on=date(2022, 1, 1),
            is_demo=draw(st.integers(0, 5)) == 0,
        )  # fmt: skip
    return found


def law_with(indicators: Mapping[str, Indicator]) -> Law:
    subjects = Subjects(WHOLE.get, lambda whole: PARTS.get(whole, ()))
    return Law(indicators, FORMS, parameter, {}, lambda year: 2015 if year <= 2020 else 2020, subjects)


def columns_of(law: Law, told: Mapping[Cell, Fact]) -> ColumnEngine:
    everyone = Everyone.of(SUBJECTS, law.subjects)
    periods = {(each.first_month, each.months): each for each in TOLD_PERIODS}
    rows = [
        (
            cell.indicator, everyone.rows[cell.subject], cell.period.first_month, cell.period.months,
            MEASURES.index(cell.measure), STATES.index(fact.state), ORIGINS.index(fact.origin),
            MATURITIES.index(fact.maturity), fact.is_demo,
            None if fact.value is None else format(fact.value / 1000, "f"), fact.unit, "1000",
        )
        for cell, fact in told.items()
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")
    columns = told_columns(frame, len(everyone), law, lambda first, months: periods[first, months])
    return ColumnEngine(law, everyone, columns)


def in_rows(engine: Engine, cell: Cell) -> tuple[object, ...]:
    figure = engine.figure(cell)
    settled = maturity_of(figure)
    return (
        figure.state,
        figure.value,
        UNTOLD if settled is None else MATURITIES.index(settled),
        is_demo(figure),
        bool(figure.doubts),
        figure.fact is not None,
    )


def in_columns(engine: ColumnEngine, cell: Cell) -> tuple[object, ...]:
    figures, row = engine.figures(Asked(cell.indicator, cell.period, cell.measure)), engine.everyone.rows[cell.subject]
    value, standing = told_at(figures.column, row), figures.standing
    return (
        State.VALUE if isinstance(value, Decimal) else value,
        value if isinstance(value, Decimal) else None,
        standing.maturities[row],
        bool(standing.is_demo[row]),
        bool(standing.has_doubts[row]),
        bool(figures.is_told[row]),
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_columns_find_what_rows_find(data: st.DataObject) -> None:
    law = law_with(data.draw(rules()))
    told = data.draw(facts(tuple(law.indicators)))
    by_rows, by_columns = Engine(law, told), columns_of(law, told)
    cells = [
        Cell(subject, indicator, period, measure)
        for indicator in law.indicators
        for period in PERIODS
        for subject in SUBJECTS
        for measure in (Measure.LEVEL, Measure.AMOUNT)
    ]
    for cell in cells:
        expected = in_rows(by_rows, cell)
        event("computed" if expected[1] is not None and not expected[5] else "told or missing")
        assert in_columns(by_columns, cell) == expected, cell


def plain(key: str, formula: Formula | None = None, kept: int | None = None) -> Indicator:
    return Indicator(
        id=key, zh="甲", en="a", unit="t", display="t", in_time=Aggregation.SUM, in_space=Aggregation.SUM,
        rounding=RoundingRule(kept), formulas=(formula,) if formula else (),
    )  # fmt: skip


def ratio() -> Formula:
    return Formula(
        validity=Validity(date(2000, 1, 1), None), inputs={"a": Input("first"), "b": Input("second")},
        expression=parse("a / b"), source="s", is_verified=True,
    )  # fmt: skip


def fact(subject: Subject, indicator: str, value: str, period: str = "2021") -> tuple[Cell, Fact]:
    cell = Cell(subject, indicator, Period.parse(period))
    return cell, Fact(
        cell=cell, state=State.VALUE, value=Decimal(value), unit="t", maturity=Maturity.FINAL,
        origin=Origin.REPORTED, evidence=Evidence.STATISTICAL, source="s", recorded_on=date(2022, 1, 1),
    )  # fmt: skip


def test_a_tie_after_a_quotient_is_settled_as_on_paper() -> None:
    third = replace(plain("third", ratio(), kept=1), in_time=Aggregation.RATIO, in_space=Aggregation.RATIO)
    law = law_with({"first": plain("first"), "second": plain("second"), "third": third})
    told = dict([fact(NORTH, "first", "1"), fact(NORTH, "second", "4"), fact(SOUTH, "first", "3")])
    told |= dict([fact(SOUTH, "second", "4"), fact(WEST, "first", "1"), fact(WEST, "second", "0")])
    found = columns_of(law, told).figures(Asked("third", Period(2021)))
    everyone = Everyone.of(SUBJECTS, law.subjects)
    at = {subject: told_at(found.column, row) for subject, row in everyone.rows.items()}
    assert (at[NORTH], at[SOUTH]) == (Decimal("0.2"), Decimal("0.8"))  # 0.25 and 0.75, ties to even
    assert at[EAST] == Decimal("0.5")  # of the sums 4 and 8, not a sum of ratios
    assert at[WEST] is State.MISSING
    assert found.standing.has_doubts[everyone.rows[WEST]]  # divided by zero


def test_what_has_no_column_form_is_counted() -> None:
    method = Formula(
        validity=Validity(date(2000, 1, 1), None), inputs={"changes": Input("first", shift=Shift.SINCE_BASE)},
        method="cumulative_decline", source="s",
    )  # fmt: skip
    law = law_with({"first": plain("first"), "second": plain("second", method)})
    engine = columns_of(law, dict([fact(NORTH, "first", "-3"), fact(SOUTH, "first", "-2")]))
    engine.figures(Asked("second", Period(2021)))
    assert engine.by_rows == 4  # two towns, their city put together, and one for all of whom nothing is known


@pytest.mark.parametrize("unit", ["t", "CNY"])
def test_a_figure_in_another_unit_does_not_count(unit: str) -> None:
    law = law_with({"first": plain("first")})
    cell, one = fact(NORTH, "first", "7")
    told = {cell: Fact(**{name: getattr(one, name) for name in one.__slots__} | {"unit": unit})}
    found = columns_of(law, told).figures(Asked("first", Period(2021)))
    row = Everyone.of(SUBJECTS, law.subjects).rows[NORTH]
    assert told_at(found.column, row) == (Decimal(7) if unit == "t" else State.MISSING)
    assert bool(found.standing.has_doubts[row]) is (unit != "t")
