"""按列评分: the columns of a nation and the sheets of its members say the same, whatever is told or missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_ground import PROOF, figure, law, sheet, table

from shuangkong.assessment.answers import Answers, Judged
from shuangkong.assessment.columns import scored_columns
from shuangkong.assessment.sheet import Sheet
from shuangkong.assessment.table import ScoreTable
from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.policyfile.expression.column import told as column_of
from shuangkong.policyfile.expression.given import Told

TABLES = sorted(law().tables)
ROWS = 6
#: Few and near to each other, so that ties with targets, steps and bands are met often.
VALUES = st.sampled_from(
    [
        Decimal(text)
        for text in ("-1", "0", "0.3", "1", "1.8", "1.99", "2", "2.2", "2.5", "2.6", "3", "20", "50", "50.1")
    ]
)
LACKING = st.sampled_from([State.MISSING, State.NOT_APPLICABLE, State.SUPPRESSED])


def figures() -> st.SearchStrategy[Told]:
    return st.one_of(VALUES, VALUES, VALUES, VALUES, LACKING)


def marks(worth: Decimal) -> st.SearchStrategy[Told]:
    inside = st.sampled_from([Decimal(0), worth, worth / 2, worth / 4])
    return st.one_of(inside, inside, inside, st.just(worth + 1), LACKING)


@st.composite
def nations(draw: st.DrawFn, of: ScoreTable) -> dict[str, list[Told]]:
    """Name or symbol → what is told of each member; suppressed marks are missing to a sheet."""
    told: dict[str, list[Told]] = {name: draw(st.lists(figures(), min_size=ROWS, max_size=ROWS)) for name in of.figures}
    for point in of.points:
        told[point.symbol] = draw(st.lists(marks(point.marks), min_size=ROWS, max_size=ROWS))
    return told


def member(of: ScoreTable, told: dict[str, list[Told]], row: int, year: int) -> Sheet:
    given_figures, judged = {}, {}
    for name, rule in of.figures.items():
        value = told[name][row]
        if rule.is_established:
            if value is not State.MISSING:
                judged[name] = _judged(value)
        else:
            given_figures[name] = figure(of, name, value, Period(year))
    judged |= {point.code: _judged(told[point.symbol][row]) for point in of.points}
    return sheet(of, Answers(given_figures, judged), year)


def _judged(value: Told) -> Judged:
    if isinstance(value, State):
        return Judged(None, PROOF, is_inapplicable=value is State.NOT_APPLICABLE)
    return Judged(value, PROOF)


def suppressed_as_a_sheet_has_it(of: ScoreTable, name: str, values: Sequence[Told]) -> list[Told]:
    """A person gives marks, says that they do not apply, or gives none: nobody suppresses them."""
    is_judged = name not in of.figures or of.figures[name].is_established
    return [State.MISSING if is_judged and value is State.SUPPRESSED else value for value in values]


@pytest.mark.parametrize("word", TABLES)
@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_columns_are_the_sheets(word: str, data: st.DataObject) -> None:
    of = table(word)
    year = (of.validity.until or of.validity.starts).year
    told = data.draw(nations(of))
    told = {name: suppressed_as_a_sheet_has_it(of, name, values) for name, values in told.items()}
    columns = scored_columns(of, {name: column_of(values) for name, values in told.items()}, date(year, 12, 31))
    for row in range(ROWS):
        one = member(of, told, row, year)
        for score in one.scores:
            found = columns.items[score.item.code]
            value = None if found.lacks[row] else of.grid.at(int(found.wholes[row]))
            assert value == score.marks, score.item.code
        assert columns.total(row) == one.total
        assert of.grid.at(int(columns.least[row])) == one.least
        assert of.grid.at(int(columns.most[row])) == one.most
        places = range(int(columns.best[row]), int(columns.worst[row]) + 1)
        assert [of.grades[place].id for place in places] == [grade.id for grade in one.possible]
        for veto in one.vetoes:
            expected = {True: 1, False: 0, None: -1}[veto.holds]
            assert columns.vetoes[veto.veto.code][row] == expected


def test_what_nobody_tells_is_missing_everywhere() -> None:
    of = table("carbon_intensity_region")
    told = {"annual_done": column_of([Decimal(1), Decimal(3)]), "annual_due": column_of([Decimal(2), Decimal(3)])}
    found = scored_columns(of, told, date(2013, 12, 31))
    assert [found.total(0), found.total(1)] == [None, None]
    assert found.least.tolist() == [1250, 2500]
    assert found.most.tolist() == [8750, 10000]
    unqualified = len(of.grades) - 1
    assert (found.best[0], found.worst[0]) == (unqualified, unqualified)
    assert (found.best[1], found.worst[1]) == (0, unqualified)


def test_columns_are_of_one_length_and_of_days_in_force() -> None:
    of = table("carbon_intensity_region")
    with pytest.raises(ValueError, match="one length"):
        scored_columns(of, {"annual_done": column_of([Decimal(1)]), "annual_due": column_of([])}, date(2013, 12, 31))
    with pytest.raises(ValueError, match="not in force"):
        scored_columns(of, {"annual_done": column_of([Decimal(1)])}, date(2020, 12, 31))


def test_a_tie_is_rounded_as_on_paper() -> None:
    """25 × 1 / 8 = 3.125, which the table rounds up to 3.13; a little less is 3.12."""
    of = table("carbon_intensity_region")
    due = [Decimal(8)] * 3
    done = [Decimal(1), Decimal("0.9999"), Decimal("1.0001")]
    found = scored_columns(of, {"annual_done": column_of(done), "annual_due": column_of(due)}, date(2013, 12, 31))
    assert found.items["1"].wholes.tolist() == [313, 312, 313]
    assert found.items["1"].wholes.dtype == np.int64
