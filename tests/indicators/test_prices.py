"""Series at constant prices, joined across base years."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.indicators.prices import Chained, Link, Piece, chained


def piece(base: int, **amounts: str) -> Piece:
    return Piece(base, {int(year[1:]): Decimal(amount) for year, amount in amounts.items()})


OLD = piece(2010, y2014="100", y2015="110")
NEW = piece(2015, y2015="132", y2016="145.2", y2020="200")
NEWEST = piece(2020, y2020="220", y2021="231")


def test_old_prices_become_new_ones_where_both_meet() -> None:
    found = chained([OLD, NEW, NEWEST], 2020)
    assert found.links == (Link(2010, 2015, 2015, Fraction(6, 5)), Link(2015, 2020, 2020, Fraction(11, 10)))
    assert found.amounts == {2014: 132, 2015: Fraction("145.2"), 2016: Fraction("159.72"), 2020: 220, 2021: 231}
    assert found.growth(2015) == Fraction(11, 10)
    assert (found.growth(2020), found.growth(2014), found.apart) == (None, None, ())


def test_new_prices_become_old_ones() -> None:
    found = chained([OLD, NEW, NEWEST], 2010)
    assert found.amounts[2015] == 110
    assert found.amounts[2020] == Fraction(200) / Fraction(6, 5)
    assert found.amounts[2021] == Fraction(231) / Fraction(11, 10) / Fraction(6, 5)


def test_what_does_not_meet_is_named_and_left_out() -> None:
    found = chained([OLD, piece(2015, y2016="145"), NEWEST], 2020)
    assert (found.apart, sorted(found.amounts)) == ((2010, 2015), [2020, 2021])
    assert chained([OLD], 2020) == Chained(2020, {}, (), (2010,))
    assert chained([], 2020).amounts == {}


def test_a_year_told_at_the_wanted_prices_is_as_told() -> None:
    told = piece(2015, y2014="121", y2015="132")
    assert chained([OLD, told], 2015).amounts == {2014: 121, 2015: 132}


AMOUNT = st.decimals(1, 10**9, places=2)


@st.composite
def pieces(draw: st.DrawFn) -> list[Piece]:
    """Plans one after another, each with the years from its base year to the next one's."""
    count = draw(st.integers(1, 4))
    return [Piece(1990 + 5 * n, {1990 + 5 * n + year: draw(AMOUNT) for year in range(6)}) for n in range(count)]


@given(pieces())
def test_growth_is_that_of_the_piece_that_told_it_at_any_prices(told: list[Piece]) -> None:
    every = [chained(told, each.base) for each in told]
    for own in told:
        for year in range(own.base + 1, own.base + 6):
            growth = Fraction(own.amounts[year]) / Fraction(own.amounts[year - 1])
            assert {found.growth(year) for found in every} == {growth}


@given(pieces(), st.randoms())
def test_the_order_of_pieces_does_not_matter(told: list[Piece], chance: object) -> None:
    mixed = sorted(told, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert all(chained(told, each.base) == chained(mixed, each.base) for each in told)


@given(pieces())
def test_there_and_back_is_the_same(told: list[Piece]) -> None:
    first, last = told[0].base, told[-1].base
    there, back = chained(told, last), chained(told, first)
    worth = {there.amounts[year] / amount for year, amount in back.amounts.items()}
    assert len(worth) == 1
    assert set(there.amounts) == {year for each in told for year in each.amounts}
