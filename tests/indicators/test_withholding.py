"""What a person may not read cannot be reckoned from what the explanation of a figure shows."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.forerunners import JOINED
from shuangkong.indicators.withholding import ELSEWHERE, TOO_FEW, withheld

SUM = Message("由各部分相加", "Sum of the parts")


def leaf(code: str, value: int, indicator: str = "e", kind: str = "unit") -> Figure:
    return Figure(Cell(Subject(kind, code), indicator, Period(2023)), State.VALUE, Decimal(value), "tce")


def whole(code: str, *parts: Figure, indicator: str = "e", name: Message = SUM) -> Figure:
    named = tuple((f"x{number}", part) for number, part in enumerate(parts, 1))
    total = sum((part.value for part in parts if part.value is not None), Decimal(0))
    given = tuple((each, part.value) for each, part in named if part.value is not None)
    cell = Cell(Subject("unit", code), indicator, Period(2023))
    return Figure(cell, State.VALUE, total, "tce", steps=(Step(name, "sum", given, total, "tce"),), inputs=named)


#: What lies below each part of a whole, and below that; a part with nothing below it is told.
SHAPES = st.lists(st.lists(st.lists(st.integers(1, 99), max_size=3), max_size=3), min_size=1, max_size=4)


def tree(shape: list[list[list[int]]]) -> Figure:
    def grown(code: str, below: list[list[int]] | list[int]) -> Figure:
        parts = [
            leaf(f"{code}{place}", each) if isinstance(each, int) else grown(f"{code}{place}", each)
            for place, each in enumerate(below)
        ]
        return whole(code, *parts) if parts else leaf(code, len(code))

    return whole("0", *(grown(f"0{place}", below) for place, below in enumerate(shape)))


def every(figure: Figure) -> Iterator[Figure]:
    yield figure
    for _, part in figure.inputs:
        yield from every(part)


def follow(full: Figure, shown: Figure) -> set[Cell]:
    """Cells whose value is not shown and yet follows from the sums that every reader knows to hold."""
    seen = {each.cell: each.value for each in every(shown) if each.value is not None}
    unknown = [each.cell for each in every(full) if each.cell not in seen]
    rows = []
    for each in every(full):
        if each.inputs:
            terms = [(each.cell, -1), *((part.cell, 1) for _, part in each.inputs)]
            rows.append([Fraction(sum(sign for cell, sign in terms if cell == wanted)) for wanted in unknown])
    done = reduced(rows)
    return {unknown[row.index(1)] for row in done if sum(map(bool, row)) == 1}


def reduced(rows: list[list[Fraction]]) -> list[list[Fraction]]:
    """In reduced echelon form: a row with one entry determines its unknown."""
    left, done = [row for row in rows if any(row)], list[list[Fraction]]()
    while left:
        pivot = min(left, key=lambda row: next(place for place, each in enumerate(row) if each))
        left.remove(pivot)
        at = next(place for place, each in enumerate(pivot) if each)
        pivot = [each / pivot[at] for each in pivot]

        def without(row: list[Fraction], pivot: list[Fraction] = pivot, at: int = at) -> list[Fraction]:
            return [each - row[at] * other for each, other in zip(row, pivot, strict=True)]

        left = [row for row in map(without, left) if any(row)]
        done = [*map(without, done), pivot]
    return done


@given(SHAPES, st.sets(st.integers(0, 50)), st.integers(2, 4))
def test_nothing_hidden_follows_from_what_is_shown(shape: list[list[list[int]]], places: set[int], least: int) -> None:
    """The whole that is asked for is open to the person, whatever lies below it may not be."""
    full = tree(shape)
    below = [each.cell.subject for each in every(full)][1:]
    hidden = {subject for place, subject in enumerate(below) if place in places}
    shown = withheld(full, lambda subject: subject not in hidden, least)
    assert not {each.cell.subject for each in every(shown)} & hidden
    assert not {cell for cell in follow(full, shown) if cell.subject in hidden}


def test_one_hidden_part_hides_the_whole_and_enough_of_them_do_not() -> None:
    parts = [leaf(f"1{number}", 10 * number) for number in range(1, 6)]
    total = whole("1", *parts)

    def value(*hidden: str) -> Decimal | None:
        return withheld(total, lambda subject: subject.code not in hidden, 3).value

    assert value() == value("11", "12", "13") == 150
    assert value("11") is None
    assert value("11", "12") is None
    shown = withheld(total, lambda subject: subject.code != "12", 3)
    assert (shown.state, shown.steps, shown.doubts) == (State.SUPPRESSED, (), (TOO_FEW,))
    assert [each.cell.subject.code for _, each in shown.inputs] == ["11", "13", "14", "15"]


def test_the_total_of_a_region_is_not_withheld_for_the_sake_of_another_regions() -> None:
    parts = leaf("11", 10, kind="region"), leaf("12", 20, kind="region")
    assert withheld(whole("1", *parts), lambda subject: subject.code != "12", 3).value == 30


def test_what_tells_nothing_gives_nothing_away() -> None:
    absent = Figure(leaf("12", 0).cell, State.NOT_APPLICABLE, None, "tce")
    assert withheld(whole("1", leaf("11", 10), absent), lambda subject: subject.code != "12", 3).value == 10


def test_what_is_withheld_counts_as_hidden_one_level_up_and_in_what_the_same_place_makes_of_it() -> None:
    city = whole("1", leaf("11", 10), leaf("12", 20))
    province = whole("0", city, leaf("2", 5))
    assert withheld(province, lambda subject: subject.code != "12", 2).value is None
    intensity = whole("1", city, leaf("1", 7, "gdp"), indicator="i")
    assert withheld(intensity, lambda subject: subject.code != "12", 2).doubts == (TOO_FEW,)


@pytest.mark.parametrize("least", [1, 3])
def test_what_is_joined_of_forerunners_is_withheld_where_any_may_not_be_named(least: int) -> None:
    joined = whole("1", *(leaf(f"x{number}", number) for number in range(5)), name=JOINED)
    shown = withheld(joined, lambda subject: subject.code not in {"x1", "x2", "x3"}, least)
    assert (shown.value, shown.doubts) == (None, (ELSEWHERE,))
