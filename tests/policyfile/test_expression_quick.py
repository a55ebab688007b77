"""The quick evaluator answers what the row evaluator answers: figures, lacks, ties and divisions alike."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.policyfile.expression import parse
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.expression.quick import Quick, lossless
from shuangkong.policyfile.expression.row import evaluate, holds

NAMES = ("a", "b", "c")
LACKING = (State.MISSING, State.NOT_APPLICABLE, State.SUPPRESSED)
figures = st.decimals(min_value=-9_999, max_value=9_999, places=2, allow_nan=False)
told = st.tuples(*(st.one_of(figures, st.just(Decimal(0)), st.sampled_from(LACKING)) for _ in NAMES))

leaves = st.one_of(st.sampled_from(NAMES), st.sampled_from(("0", "1", "3", "0.5", "100")))


def _numbers(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(parts, st.sampled_from("+-*/"), parts).map(lambda each: f"({each[0]} {each[1]} {each[2]})"),
        st.tuples(st.sampled_from(("min", "max", "sum")), parts, parts).map(
            lambda each: f"{each[0]}({each[1]}, {each[2]})"
        ),
        parts.map(lambda each: f"abs({each})"),
        parts.map(lambda each: f"(-{each})"),
        st.tuples(parts, parts, parts, parts).map(lambda each: f"({each[0]} if {each[1]} < {each[2]} else {each[3]})"),
    )


numbers = st.recursive(leaves, _numbers, max_leaves=6)
comparisons = st.tuples(numbers, st.sampled_from(("<", "<=", ">", ">=", "==", "!=")), numbers).map(" ".join)
conditions = st.one_of(
    comparisons,
    st.tuples(comparisons, st.sampled_from((" and ", " or ")), comparisons).map("".join),
    comparisons.map(lambda each: f"not ({each})"),
)


@given(text=conditions, row=told)
def test_conditions_agree(text: str, row: tuple[Told, ...]) -> None:
    expression = parse(text)
    with lossless():
        assert Quick(expression, NAMES).holds(row) == holds(expression, dict(zip(NAMES, row, strict=True)))


@given(text=numbers, row=told)
def test_figures_agree(text: str, row: tuple[Told, ...]) -> None:
    expression = parse(text)
    outcome = evaluate(expression, dict(zip(NAMES, row, strict=True)), Message("数", "figure"), "")
    with lossless():
        assert Quick(expression, NAMES).number(row) == (outcome.value if outcome.lack is None else outcome.lack)


def test_a_third_is_a_third() -> None:
    """A quotient without end is no decimal: three of it are the whole all the same."""
    with lossless():
        assert Quick(parse("a / 3 * 3 == a")).holds([Decimal(1)]) is True


def test_kinds_do_not_stand_for_each_other() -> None:
    with lossless():
        with pytest.raises(TypeError):
            Quick(parse("a + 1")).holds([Decimal(1)])
        with pytest.raises(TypeError):
            Quick(parse("a > 1")).number([Decimal(1)])
