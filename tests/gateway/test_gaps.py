"""Which periods lack, against sets of numbers; and what is asked for of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.gateway.consuming.gaps import Bounds, cut, due, joined, kept, lacking, spanned, step_of
from trials import tries

BOUNDS = Bounds(tries=3, wait=3600.0, grace=1800.0)
NUMBERS = st.lists(st.integers(0, 60), max_size=40)


def held(runs: list[tuple[int, int]]) -> set[int]:
    return {number for first, last in runs for number in range(first, last + 1)}


@given(st.lists(NUMBERS, max_size=5), st.integers(0, 70), st.integers(0, 70))
@tries(100, 5000)
def test_runs_hold_what_came_and_the_rest_lacks(batches: list[list[int]], low: int, high: int) -> None:
    runs: list[tuple[int, int]] = []
    for batch in batches:
        runs = joined(runs, batch)
    came = {number for batch in batches for number in batch}
    assert held(runs) == came
    assert all(after[0] > before[1] + 1 for before, after in pairwise(runs))
    begun = min(came, default=high + 1)
    assert held(lacking(runs, low, high)) == {each for each in range(max(low, begun), high + 1) if each not in came}
    before = {low - 1} if begun < low and came else set()
    assert held(kept(runs, low)) == {each for each in came if each >= low} | before
    assert lacking(kept(runs, low), low, high) == lacking(runs, low, high), "what is forgotten makes nothing come"


@given(NUMBERS, st.integers(1, 10), st.integers(1, 4))
@tries(50, 2000)
def test_pieces_are_the_oldest_and_bounded(numbers: list[int], periods: int, orders: int) -> None:
    gaps = joined([], numbers)
    pieces = cut(gaps, replace(BOUNDS, periods=periods, orders=orders))
    assert len(pieces) <= orders
    assert all(1 <= last - first + 1 <= periods for first, last in pieces)
    told = sorted(held(pieces))
    assert told == sorted(set(numbers))[: len(told)]
    assert len(pieces) == orders or len(told) == len(set(numbers))


def test_the_length_of_minute_data_is_the_shortest_that_the_protocol_knows() -> None:
    assert step_of([0, 600, 1200], 0) == 600
    assert step_of([0, 1200], 600) == 600
    assert step_of([0, 300, 1200], 600) == 300
    assert step_of([0, 7, 4000], 0) == 0
    assert step_of([5], 0) == 0


def test_no_hour_is_asked_for_without_end_and_each_as_often() -> None:
    """While hours go by, the newest piece grows and the beginning of the oldest goes out of reach."""
    asked: dict[int, tuple[int, float]] = {}
    runs = joined([], [*range(100), *range(130, 200)])
    bounds = replace(BOUNDS, orders=16)
    for high in range(190, 260):
        now = high * 3600.0
        pieces = cut(lacking(runs, high - 100, high), bounds)
        told = [run for piece in pieces for run in due(piece, asked, bounds, now)]
        assert len({number for run in told for number in held([run])}) == sum(last - first + 1 for first, last in told)
        for number in held(told):
            asked[number] = (asked.get(number, (0, 0.0))[0] + 1, now)
    # The newest two came to be asked for last.
    assert {number: tries for number, (tries, _) in asked.items()} == {
        number: min(bounds.tries, 260 - number) for number in (*range(100, 130), *range(200, 260))
    }
    assert due((100, 123), asked, bounds, now + bounds.wait) == []


def test_a_piece_waits_after_it_was_asked_for() -> None:
    bounds = replace(BOUNDS, wait=60.0)
    tried = {4: (3, 0.0), 7: (1, 100.0)}
    assert due((3, 8), tried, bounds, 159.0) == []
    assert due((3, 8), tried, bounds, 160.0) == [(3, 3), (5, 8)]
    assert due((3, 5), tried, bounds, 130.0) == [(3, 3), (5, 5)], "what was asked beside it"


@given(NUMBERS, st.sampled_from([1, 2, 4, 6]))
@tries(100, 3000)
def test_of_a_span_one_is_enough(numbers: list[int], every: int) -> None:
    """Where every fourth hour is due, the other three of its span lack no more than it does."""
    runs = joined([], numbers)
    spans = {number // every for number in numbers}
    assert held(spanned(runs, every)) == {span * every + each for span in spans for each in range(every)}
    assert all(after[0] > before[1] + 1 for before, after in pairwise(spanned(runs, every)))
