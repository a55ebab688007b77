"""Row rules over whole tables judge every row as the row evaluator does, and say so row by row."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message, Severity
from shuangkong.policyfile.expression import parse
from shuangkong.policyfile.expression.given import Lack
from shuangkong.policyfile.expression.row import holds
from shuangkong.reporting.checks.columns import RowRule, check_columns

FIGURES = ("opening", "purchased", "used", "closing")
RULES = (
    "sum(opening, purchased) == sum(used, closing)",
    "closing >= 0",
    "used <= sum(opening, purchased)",
    "abs(used - purchased) * 100 <= pct * purchased",
    "used / 3 * 3 == used",
    "opening > 0 or closing > 0",
)


def rule(text: str, code: str = "RPT-100", blank: Lack = Lack.MISSING) -> RowRule:
    message = Message("{unit}：期初 {opening}，界限 {pct}。", "{unit}: opening {opening}, limit {pct}.")
    return RowRule(code, Severity.MUST_EXPLAIN, text, message, {"pct": Decimal(30)}, blank)


def table(rows: list[tuple[Decimal | None, ...]]) -> pl.DataFrame:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(FIGURES)}
    types = dict.fromkeys(FIGURES, pl.Decimal(18, 2))
    return pl.DataFrame(columns, schema=types).with_columns(pl.Series("unit", [f"u{at}" for at in range(len(rows))]))


cells = st.one_of(st.none(), st.decimals(-999, 999, places=2))


@given(st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=40), st.sampled_from(RULES), st.booleans())
def test_rows_are_judged_as_one_by_one(rows: list[tuple[Decimal | None, ...]], text: str, applies_not: bool) -> None:
    blank = Lack.NOT_APPLICABLE if applies_not else Lack.MISSING
    state = State.NOT_APPLICABLE if applies_not else State.MISSING
    judged = check_columns(table(rows), [rule(text, blank=blank)])
    expected = []
    for at, row in enumerate(rows):
        told = {name: state if cell is None else cell for name, cell in zip(FIGURES, row, strict=True)}
        expected.append((at, holds(parse(text), told | {"pct": Decimal(30)})))
    assert judged.found["row"].to_list() == [at for at, answer in expected if answer is False]
    assert judged.unjudged["RPT-100"] == sum(answer is None for _, answer in expected)


def test_each_row_has_its_message_and_key() -> None:
    frame = table(
        [(Decimal("1.50"), Decimal(0), Decimal(9), Decimal(0)), (Decimal(9), Decimal(0), Decimal(9), Decimal(0))]
    )
    found = check_columns(frame, [rule(RULES[2])], keys=("unit",)).found
    assert found.to_dicts() == [
        {
            "row": 0, "code": "RPT-100", "severity": "must_explain", "zh": "u0：期初 1.50，界限 30。",
            "en": "u0: opening 1.50, limit 30.", "unit": "u0",
        }
    ]  # fmt: skip


def test_a_table_without_faults_finds_nothing_of_the_same_shape() -> None:
    frame = table([(Decimal(9), Decimal(0), Decimal(9), Decimal(0))])
    assert check_columns(frame, [rule(RULES[2])], keys=("unit",)).found.columns == [
        "row",
        "code",
        "severity",
        "zh",
        "en",
        "unit",
    ]


def test_floats_do_not_decide() -> None:
    frame = pl.DataFrame({"closing": [0.1], "unit": ["u"], "opening": [1]})
    with pytest.raises(TypeError, match="closing"):
        check_columns(frame, [rule(RULES[1])])
