"""Whoever was merged or renamed: its older figures are made of those that became it, once, in rows as in columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_engine_columns import PERIODS, SUBJECTS, columns_of, fact, facts, in_columns, in_rows, law_with, plain, rules

from shuangkong.core.fact import Cell, Fact, Measure, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.indicators.forerunners import REASONS, TOLD_TWICE, Became, Because, Forerunners
from shuangkong.indicators.formula import Aggregation, Formula, Input, Shift
from shuangkong.indicators.graph import Graph
from shuangkong.policyfile.expression import parse

A, B, C = (Subject("unit", code) for code in "abc")
ON = date(2021, 1, 1)
DAYS = (date(2019, 1, 1), date(2020, 6, 15), ON, date(2021, 7, 1), date(2022, 1, 1))


def with_history(law: Law, *changes: Became, births: Mapping[Subject, date] | None = None) -> Law:
    return replace(law, subjects=replace(law.subjects, history=Forerunners(changes, births or {})))


@st.composite
def histories(draw: st.DrawFn) -> Forerunners:
    """Nobody becomes who came before, so that none follow in a circle."""
    pairs = st.sampled_from([(one, other) for place, one in enumerate(SUBJECTS) for other in SUBJECTS[place + 1 :]])
    changes = draw(st.lists(st.builds(lambda pair, on, is_renaming: Became(*pair, on, is_renaming),
                                      pairs, st.sampled_from(DAYS), st.booleans()), max_size=4))  # fmt: skip
    births = draw(st.dictionaries(st.sampled_from(SUBJECTS), st.sampled_from(DAYS), max_size=3))
    return Forerunners(tuple(changes), births)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_columns_join_what_rows_join(data: st.DataObject) -> None:
    law = law_with(data.draw(rules()))
    law = replace(law, subjects=replace(law.subjects, history=data.draw(histories())))
    told = data.draw(facts(tuple(law.indicators)))
    by_rows, by_columns = Engine(law, told), columns_of(law, told)
    for indicator in law.indicators:
        for period in PERIODS:
            for subject in SUBJECTS:
                cell = Cell(subject, indicator, period)
                assert in_columns(by_columns, cell) == in_rows(by_rows, cell), cell


MERGED = Became(B, A, ON)
RENAMED = Became(B, A, ON, is_renaming=True)


def engine(*told: tuple[Cell, Fact], changes: tuple[Became, ...] = (MERGED,), in_space: Aggregation = Aggregation.SUM,
           births: Mapping[Subject, date] | None = None) -> Engine:  # fmt: skip
    first = replace(plain("first"), in_space=in_space)
    growth = Formula(
        validity=first.formulas[0].validity if first.formulas else _always(), expression=parse("a - b"), source="s",
        inputs={"a": Input("first"), "b": Input("first", shift=Shift.BASE_YEAR)}, is_verified=True,
    )  # fmt: skip
    law = law_with({"first": first, "second": replace(plain("second", growth), in_time=Aggregation.RATIO)})
    return Engine(with_history(law, *changes, births=births), dict(told))


def _always() -> object:
    from shuangkong.core.dated import Validity

    return Validity(date(2000, 1, 1))


def found(made: Engine, period: str = "2020", subject: Subject = A, indicator: str = "first") -> object:
    figure = made.figure(Cell(subject, indicator, Period.parse(period)))
    return figure.state if figure.value is None else figure.value


def test_a_merger_adds_up_before_and_not_after() -> None:
    told = [fact(A, "first", "5", "2020"), fact(B, "first", "2", "2020"), fact(A, "first", "8"), fact(B, "first", "9")]
    made = engine(*told)
    assert found(made) == 7
    assert found(made, "2021") == 8  # what the forerunner tells after its end is nobody else's
    assert found(made, subject=B) == 2
    assert [str(each.cell.subject) for _, each in made.figure(Cell(A, "first", Period(2020))).inputs] == [
        str(A),
        str(B),
    ]


def test_the_base_year_of_the_successor_includes_the_forerunners() -> None:
    told = [fact(A, "first", "5", "2020"), fact(B, "first", "2", "2020"), fact(A, "first", "8")]
    assert found(engine(*told), "2021", indicator="second") == 1


@pytest.mark.parametrize("told", [[fact(A, "first", "5", "2020")], [fact(B, "first", "2", "2020")]])
def test_one_of_which_nothing_was_told_is_no_zero(told: list[tuple[Cell, Fact]]) -> None:
    made = engine(*told)
    assert found(made) is State.MISSING
    assert made.figure(Cell(A, "first", Period(2020))).doubts


def test_a_renaming_passes_on_whatever_was_told() -> None:
    told = [fact(B, "first", "2", "2020")]
    for way in (Aggregation.SUM, Aggregation.NONE, Aggregation.RATIO):
        assert found(engine(*told, changes=(RENAMED,), in_space=way)) == 2


@pytest.mark.parametrize(
    ("changes", "births"), [((RENAMED,), {}), ((MERGED, Became(C, A, ON)), {A: ON})], ids=["renamed", "began later"]
)
def test_told_of_both_counts_once_and_says_so(changes: tuple[Became, ...], births: Mapping[Subject, date]) -> None:
    told = [fact(A, "first", "7", "2020"), fact(B, "first", "2", "2020"), fact(C, "first", "5", "2020")]
    made = engine(*told, changes=changes, births=births)
    assert found(made) == 7
    assert TOLD_TWICE in made.figure(Cell(A, "first", Period(2020))).doubts
    told = told[1:]
    assert found(engine(*told, changes=changes, births=births)) == (2 if changes == (RENAMED,) else 7)


def test_within_the_period_of_the_change() -> None:
    mid = Became(B, A, date(2020, 6, 15))
    both = [fact(A, "first", "5", "2020"), fact(B, "first", "2", "2020")]
    assert found(engine(*both, changes=(mid,))) is State.MISSING
    assert found(engine(both[0], changes=(mid,))) == 5


def test_what_was_split_or_cannot_be_added_is_missing() -> None:
    told = [fact(A, "first", "5", "2020"), fact(B, "first", "2", "2020")]
    assert found(engine(*told, changes=(MERGED, Became(B, C, ON)))) is State.MISSING
    assert found(engine(*told, in_space=Aggregation.RATIO)) is State.MISSING
    history = Forerunners((MERGED, Became(B, C, ON)))
    joining = history.joining(Cell(A, "first", Period(2020)), Aggregation.SUM, lambda _: True)
    assert joining is not None
    assert joining.because is Because.SPLIT


def test_months_join_where_years_were_not_told() -> None:
    told = [fact(A, "first", "5", "2020"), *(fact(B, "first", "1", f"2020-H{half}") for half in (1, 2))]
    told += [fact(A, "first", "2", f"2020-H{half}") for half in (1, 2)]
    assert found(engine(*told), "2020") == 6


def test_a_forerunner_corrected_moves_the_successor() -> None:
    law = engine().law
    moved = Graph(law.indicators).descendants(
        [Cell(B, "first", Period(2020))], [Period(2020), Period(2021)], law.subjects, law.base_year
    )
    assert {Cell(A, "first", Period(2020)), Cell(A, "second", Period(2021))} <= moved
    assert Cell(A, "first", Period(2020), Measure.AMOUNT) not in moved


def test_a_whole_adds_each_part_once() -> None:
    """A region's parts are those that stand: the forerunner's figure comes in with its successor's."""
    nation, east, west, *_ = SUBJECTS
    gone = Subject("region", "990300")
    told = [fact(east, "first", "1", "2020"), fact(west, "first", "2", "2020"), fact(gone, "first", "4", "2020")]
    law = with_history(law_with({"first": plain("first")}), Became(gone, west, ON))
    figure = Engine(law, dict(told)).figure(Cell(nation, "first", Period(2020)))
    assert figure.value == Decimal(7)


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (Became(B, A, ON, is_split=True), Because.SPLIT),
        (Became(B, A, date(2020, 6, 15)), Because.DURING),
        (Became(C, A, ON), Because.UNTOLD),
    ],
)
def test_a_formula_hides_neither_the_reason_nor_what_was_told(change: Became, because: Because) -> None:
    told = [fact(A, "second", "5", "2020"), fact(B, "second", "2", "2020")]
    growth = Formula(validity=_always(), expression=parse("a * 1"), source="s", inputs={"a": Input("first")})
    rule = replace(plain("second", growth), in_space=Aggregation.SUM)
    law = with_history(law_with({"first": plain("first"), "second": rule}), change)
    answer = Engine(law, dict(told)).figure(Cell(A, "second", Period(2020)))
    assert (answer.state, answer.doubts[0]) == (State.MISSING, REASONS[because])
    assert Decimal(5) in {each.value for each in told_facts(answer)}
    assert not any("first" in str(doubt) for doubt in answer.doubts)


def test_what_another_was_split_off_is_still_there() -> None:
    past = Forerunners((Became(B, A, ON, is_split=True), Became(C, A, ON)))
    assert [past.is_gone(each, ON) for each in (A, B, C)] == [False, False, True]
    assert not past.is_gone(C, date(2020, 12, 31))
