"""One expression, two evaluators: a row exactly with its trace, a column at a time, equal to the last digit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.rounding import Rounding, rounded
from shuangkong.policyfile.expression import Expression, Scales, parse, with_scales
from shuangkong.policyfile.expression.column import Decimals, figures, scaled, told
from shuangkong.policyfile.expression.columns import evaluate_columns
from shuangkong.policyfile.expression.given import Told, exact
from shuangkong.policyfile.expression.grid import Grid
from shuangkong.policyfile.expression.row import evaluate, holds

NAME = Message("某数", "a figure")
MISSING, NOT_APPLICABLE, SUPPRESSED = State.MISSING, State.NOT_APPLICABLE, State.SUPPRESSED
D = Decimal


def figure(text: str, grid: Grid | None = None, **given: Told) -> Told:
    outcome = evaluate(parse(text), given, NAME, "t", grid)
    return outcome.state if outcome.value is None else outcome.value


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ("25 if done >= due else 25 * max(0, done) / due", {"done": D("3.2"), "due": D("3.0")}, D(25)),
        ("25 if done >= due else 25 * max(0, done) / due", {"done": D(-2), "due": D(3)}, D(0)),
        ("a - b - c", {"a": D(10), "b": D(3), "c": D(2)}, D(5)),
        ("a / b / c", {"a": D(12), "b": D(3), "c": D(2)}, D(2)),
        ("-a + abs(b)", {"a": D("0.1"), "b": D("-0.3")}, D("0.2")),
        ("sum(a, b, c)", {"a": D("0.1"), "b": D("0.2"), "c": D("-0.3")}, D(0)),
        ("min(a, b) if not (a == b) else 7", {"a": D(1), "b": D("1.0")}, D(7)),
        ("1 if 3 * (a / 3) == a else 0", {"a": D(1)}, D(1)),
        ("1 if 0.1 + 0.2 == a else 0", {"a": D("0.3")}, D(1)),
        ("a / 3", {"a": D(1)}, D("0.3333333333333333333333333333333333")),
    ],
)
def test_arithmetic_is_exact(text: str, given: dict[str, Told], expected: Decimal) -> None:
    assert figure(text, **given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + m", MISSING),
        ("n + a", NOT_APPLICABLE),
        ("a * s", SUPPRESSED),
        ("n + m", MISSING),
        ("s + m", MISSING),
        ("n + s", SUPPRESSED),
        ("0 * m", MISSING),
        ("min(a, n)", NOT_APPLICABLE),
        ("sum(a, n)", D(4)),
        ("sum(n, n)", NOT_APPLICABLE),
        ("sum(a, n, m)", MISSING),
        ("a / z", MISSING),
        ("m / z", MISSING),
        ("n / z", NOT_APPLICABLE),
        ("a if a > 0 else m", D(4)),
        ("m if a > 0 else a", MISSING),
        ("a if a > 0 else a / z", D(4)),
        ("a if m > 0 else a", MISSING),
        ("a if a > 0 or m > 0 else z", D(4)),
        ("a if m > 0 or a > 0 else z", D(4)),
        ("a if a < 0 and m > 0 else z", D(0)),
        ("a if a > 0 and m > 0 else z", MISSING),
        ("a if a < 0 or n > 0 else z", NOT_APPLICABLE),
        ("a if not m > 0 else z", MISSING),
    ],
)
def test_what_is_lacking_is_never_zero(text: str, expected: Told) -> None:
    given: dict[str, Told] = {"a": D(4), "z": D(0), "m": MISSING, "n": NOT_APPLICABLE, "s": SUPPRESSED}
    assert figure(text, **given) == expected
    column = evaluate_columns(parse(text), {name: told([one, one]) for name, one in given.items()}, Grid(2))
    assert list(figures(column)) == [expected, expected]


def test_division_by_zero_is_a_finding_that_names_the_divisor() -> None:
    outcome = evaluate(parse("a / (b - c)"), {"a": D(1), "b": D(2), "c": D("2.0")}, NAME, "t")
    (finding,) = outcome.findings("清溪县 2020")
    assert (outcome.state, outcome.value) == (MISSING, None)
    assert (finding.code, finding.place) == ("IND-001", "清溪县 2020")
    assert "“b - c”" in finding.message.zh
    other = evaluate(parse("a / b if b > 0 else 0"), {"a": D(1), "b": D(0)}, NAME, "t")
    assert not list(other.findings(""))


def test_trace_shows_formula_inputs_choice_conversion_and_rounding() -> None:
    expression = with_scales(
        parse("k * coal if coal > 0 else 0"), Scales((("k", Fraction(1, 1000)),), Fraction(1, 1000), "tce")
    )
    outcome = evaluate(expression, {"k": D("0.7143"), "coal": D(5)}, NAME, "kgce", Grid(1))
    conversion, choice, whole, change, rounding = outcome.steps
    assert (conversion.formula, conversion.inputs, conversion.value) == (
        "k * 0.001",
        (("k", D("0.7143")),),
        D("0.0007143"),
    )
    assert choice.formula == "coal > 0 → 是 yes: k * coal"
    assert (whole.name, whole.formula) == (NAME, "k * coal if coal > 0 else 0")
    assert (whole.inputs, whole.value, whole.unit) == ((("k", D("0.0007143")), ("coal", D(5))), D("0.0035715"), "tce")
    assert (change.value, change.unit) == (D("3.5715"), "kgce")
    assert (rounding.formula, rounding.value) == ("round(x / 1, 1) * 1", D("3.6"))
    assert outcome.value == D("3.6")


def test_a_figure_that_is_none_is_refused() -> None:
    for wrong in (D("NaN"), D("Infinity"), D("1E+500"), D("1E-500")):
        with pytest.raises(ValueError, match="expected a finite figure"):
            figure("a + 1", a=wrong)
        with pytest.raises(ValueError, match="expected a finite figure"):
            told([D(1), wrong])


def test_a_condition_alone_is_true_false_or_not_known() -> None:
    rule = parse("abs(a - b) <= 0.3 * b")
    assert holds(rule, {"a": D(13), "b": D(10)}) is True
    assert holds(rule, {"a": D("13.01"), "b": D(10)}) is False
    assert holds(rule, {"a": MISSING, "b": D(10)}) is None
    with pytest.raises(TypeError):
        figure("a > b", a=D(1), b=D(2))
    with pytest.raises(TypeError):
        holds(parse("a"), {"a": D(1)})
    with pytest.raises(TypeError):
        evaluate_columns(rule, {"a": told([D(1)]), "b": D(2)})


@given(
    st.integers(-(10**9), 10**9),
    st.integers(-2, 4),
    st.sampled_from(["1", "0.0001", "10000", "15"]),
    st.sampled_from(Rounding),
)
@example(2500, 0, "1", Rounding.HALF_EVEN)
@example(-2500, 0, "1", Rounding.HALF_UP)
def test_the_grid_rounds_as_the_core_does(thousandths: int, places: int, factor: str, rule: Rounding) -> None:
    shown = D(thousandths) / 1000
    assert Grid(places, D(factor), rule).rounded(Fraction(shown * D(factor))) == rounded(shown, places, rule) * D(
        factor
    )


NAMES = ("a", "b", "c", "d")
OPERATORS = ("+", "-", "*", "/")
LITERALS = ("0", "1", "2", "3", "7", "100", "0.5", "0.1", "0.25", "0.0001", "12345.678")


def expressions() -> st.SearchStrategy[str]:
    """Texts of the whole language: numbers with conditions within."""
    leaves = st.sampled_from(NAMES) | st.sampled_from(LITERALS)

    def grown(number: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(number, number)
        comparison = st.builds("({0[0]} {1} {0[1]})".format, pair, st.sampled_from(("<", "<=", ">", ">=", "==", "!=")))
        truth = (
            comparison
            | st.builds("(not {})".format, comparison)
            | st.builds("({} {} {})".format, comparison, st.sampled_from(("and", "or")), comparison)
        )
        return (
            st.builds("({0[0]} {1} {0[1]})".format, pair, st.sampled_from(OPERATORS))
            | st.builds("(-{})".format, number)
            | st.builds("{}({}, {})".format, st.sampled_from(("min", "max", "sum")), number, number)
            | st.builds("sum({}, {}, {})".format, number, number, number)
            | st.builds("abs({})".format, number)
            | st.builds("({} if {} else {})".format, number, truth, number)
        )

    return st.recursive(leaves, grown, max_leaves=7)


#: Few digits, so that equal figures, ties and zeros are met; now and then of any size.
FIGURES = (
    st.decimals(min_value=-20, max_value=20, places=1)
    | st.decimals(min_value=-2, max_value=2, places=3)
    | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12)
    | st.builds(lambda digits, power: D(digits).scaleb(power), st.integers(-(10**20), 10**20), st.integers(-60, 60))
    | st.sampled_from([D(0), D("0.5"), D(1), D("2.5"), MISSING, NOT_APPLICABLE, SUPPRESSED])
)
ROWS = st.lists(st.tuples(*(FIGURES for _ in NAMES)), min_size=1, max_size=6)
GRIDS = st.builds(
    Grid, st.integers(-1, 5), st.sampled_from([D(1), D("0.0001"), D(10000), D(15)]), st.sampled_from(Rounding)
)
SCALES = st.sampled_from(
    [Scales(), Scales((("a", Fraction(1, 1000)),), Fraction(1)), Scales((("b", Fraction(15)),), Fraction(1, 1000))]
)


def scaled_expression(text: str, scales: Scales) -> Expression:
    """With at least one name, and the scales of the names it has."""
    expression = parse(f"{text} + 0 * d")
    names = tuple((name, factor) for name, factor in scales.names if name in expression.names)
    return with_scales(expression, Scales(names, scales.result))


def by_rows(expression: Expression, rows: Sequence[tuple[Told, ...]], grid: Grid | None) -> list[Told]:
    found = []
    for row in rows:
        outcome = evaluate(expression, dict(zip(NAMES, row, strict=True)), NAME, "t", grid)
        found.append(outcome.state if outcome.value is None else outcome.value)
    return found


def columns_of(rows: Sequence[tuple[Told, ...]]) -> dict[str, Decimals]:
    return {name: told([row[place] for row in rows]) for place, name in enumerate(NAMES)}


@settings(max_examples=400, deadline=None)
@given(expressions(), ROWS, GRIDS, SCALES)
@example("(a + b)", [(D("0.1"), D("0.4"), D(0), D(0))], Grid(0), Scales())
@example("(a / b)", [(D(1), D(8), D(0), D(0))], Grid(2), Scales())
@example("(a / (b - c))", [(D(1), D("0.3"), D("0.1"), D(0)), (D(1), D("0.3"), D("0.3"), D(0))], Grid(2), Scales())
@example("(1 if (3 * (a / 3)) == a else 0)", [(D("0.1"), D(0), D(0), D(0))], Grid(0), Scales())
@example("(1 if (a + b) == 0.3 else 0)", [(D("0.1"), D("0.2"), D(0), D(0))], Grid(0), Scales())
@example("(1 if (3 * a) <= 0.3 else 0)", [(D("0.1"), D(0), D(0), D(0))], Grid(0), Scales())
@example("(1 if ((a / b) * b) == a else 0)", [(D(1), D(49), D(0), D(0))], Grid(0), Scales())
@example("(1 if ((a / b) * b) < a else 0)", [(D(1), D(49), D(0), D(0))], Grid(0), Scales())
@example("(1 / (a * a))", [(D("1E-200"), D(0), D(0), D(0))], Grid(0), Scales())
@example("(a * b)", [(D("1E+300"), D("1E-300"), D(0), D(0))], Grid(2), Scales())
def test_columns_equal_rows_after_rounding(text: str, rows: list[tuple[Told, ...]], grid: Grid, scales: Scales) -> None:
    expression = scaled_expression(text, scales)
    column = evaluate_columns(expression, columns_of(rows), grid)
    assert list(figures(column)) == by_rows(expression, rows, grid)


@settings(max_examples=150, deadline=None)
@given(expressions(), ROWS, SCALES)
def test_unrounded_columns_are_within_their_bound_and_exact_when_asked(
    text: str, rows: list[tuple[Told, ...]], scales: Scales
) -> None:
    expression = scaled_expression(text, scales)
    column = evaluate_columns(expression, columns_of(rows))
    expected = by_rows(expression, rows, None)
    assert list(figures(column)) == expected
    if isinstance(column, Decimals):  # nothing was divided, nor long
        return
    has = [row for row, value in enumerate(expected) if isinstance(value, Decimal)]
    assert list(column.write(np.array(has, dtype=np.int64))) == [expected[row] for row in has]
    for row, value in enumerate(expected):
        if isinstance(value, Decimal) and np.isfinite(column.values[row]):
            absolute = 0.0 if column.absolute is None else column.absolute[row]
            bound = Fraction(column.relative) * abs(Fraction(column.values[row])) + Fraction(absolute)
            assert abs(Fraction(column.values[row]) - exact(value)) <= bound or abs(value) < D("1E-300")


@settings(max_examples=150, deadline=None)
@given(expressions(), expressions(), ROWS, st.none() | GRIDS, GRIDS)
def test_chained_columns_equal_chained_rows(
    first: str, second: str, rows: list[tuple[Told, ...]], middle: Grid | None, last: Grid
) -> None:
    """What one formula yields enters the next, rounded or as computed."""
    inner, outer = parse(f"{first} + 0 * d"), parse(f"{second} + 0 * d + a")
    columns = columns_of(rows)
    between = evaluate_columns(inner, columns, middle)
    found = list(figures(evaluate_columns(outer, {**columns, "a": between}, last)))
    chained = [(value, *row[1:]) for value, row in zip(by_rows(inner, rows, middle), rows, strict=True)]
    if all(isinstance(value, State) or abs(value) < D("1E+400") for value, *_ in chained):
        assert found == by_rows(outer, chained, last)


THIRDS = " / 3" * 20 + " * 3486784401"


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a + b - b",
        "a + 100000 - 100000",
        f"a{THIRDS}",
        f"max(0, a{THIRDS})",
        f"min(100, a{THIRDS})",
        f"abs(-a{THIRDS})",
        f"a{THIRDS} if a >= 0 else 0",
        f"0 if a < 0 else a{THIRDS}",
        f"sum(a{THIRDS}, b, -b)",
        "(a + 100000 - 100000) / 3 * 3",
        "3 * (a + 100000 - 100000) / 3",
        "a * b / (b + 100000 - 100000)",
        "a * (b + 100000 - 100000) / b",
        "(a * a - b * b) / (a - b) - b",
    ],
)
def test_a_column_full_of_ties_is_rounded_as_on_paper(text: str) -> None:
    """Each is a, on a way that floats lose digits: 0.005, 0.015 … beside all others, half to even, none by luck."""
    wholes = np.arange(2, 20_000, dtype=np.int64)
    column = evaluate_columns(parse(text), {"a": scaled(wholes, 3), "b": D("0.001")}, Grid(2), threads=2)
    expected = [(2 * whole + 10) // 20 - (whole % 20 == 5) for whole in wholes.tolist()]
    assert isinstance(column, Decimals)
    assert column.wholes.tolist() == expected


#: Whole numbers on both sides of what floats hold.
LONG = st.builds(
    lambda power, more, sign: D((2**power + more) * sign),
    st.integers(24, 60),
    st.integers(-9, 9),
    st.sampled_from((1, -1)),
)
LONG_TEXTS = ("a + b", "a - b", "a * b", "3 * a + b", "a * 0.5 + b", "max(a, b) + 0.5", "a + b + c * 0.1", "a * b - c")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LONG_TEXTS), st.tuples(LONG, LONG, LONG), st.integers(-2, 1), st.sampled_from(Rounding))
@example("a * b", (D(2**26 + 1), D(2**27 + 1), D(1)), 0, Rounding.HALF_EVEN)
@example("a + b", (D(2**53 - 1), D(2), D(1)), 0, Rounding.HALF_EVEN)
@example("a * 0.5 + b", (D(2**53 - 1), D(0), D(1)), 0, Rounding.HALF_UP)
@example("a + b", (D(2**52 + 1), D(4), D(1)), -1, Rounding.HALF_EVEN)
def test_whole_numbers_are_exact_below_and_beyond_what_floats_hold(
    text: str, row: tuple[Decimal, ...], places: int, rule: Rounding
) -> None:
    rows, grid, expression = [(*row, D(0))], Grid(places, D(1), rule), parse(text)
    assert list(figures(evaluate_columns(expression, columns_of(rows), grid))) == by_rows(expression, rows, grid)


@pytest.mark.parametrize(("inner", "first"), [("a + 1", D(2**27)), ("1 / (a * a)", D("1E-150"))])
def test_results_know_how_large_they_are(inner: str, first: Decimal) -> None:
    """A square that floats do not hold, of what a formula before yielded."""
    rows = [(first, D(0), D(0), D(0))]
    between = evaluate_columns(parse(inner), {"a": told([first])}, Grid(0))
    found = figures(evaluate_columns(parse("a * a + 0.5"), {"a": between}, Grid(0)))
    (value,) = by_rows(parse(inner), rows, Grid(0))
    assert list(found) == by_rows(parse("a * a + 0.5"), [(value, *rows[0][1:])], Grid(0))


def test_one_figure_may_stand_for_all_rows_and_columns_must_agree() -> None:
    column = told([D(1), D("0.2")])
    assert list(figures(evaluate_columns(parse("a * k"), {"a": column, "k": D("1.5")}, Grid(1)))) == [
        D("1.5"),
        D("0.3"),
    ]
    with pytest.raises(ValueError, match="columns of one length"):
        evaluate_columns(parse("a + b"), {"a": column, "b": told([D(1)])})
    with pytest.raises(KeyError):
        evaluate_columns(parse("a + b"), {"a": column})


def test_whole_numbers_beyond_floats_keep_every_digit() -> None:
    long = D(2**63 - 1)
    assert list(figures(scaled(np.array([2**63 - 1]), 0))) == [long]
    column = evaluate_columns(parse("a - b"), {"a": scaled(np.array([2**63 - 1]), 0), "b": told([long - 1])}, Grid(0))
    assert list(figures(column)) == [D(1)]
    assert list(figures(told([D(10) ** 30 + 1]))) == [D(10) ** 30 + 1]
