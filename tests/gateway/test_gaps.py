"""Which periods lack, against sets of numbers; and what is asked for of them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.gateway.consuming.gaps import Bounds, cut, joined, kept, key_of, lacking, step_of
from trials import tries

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
    assert held(kept(runs, low)) == {each for each in came if each >= low}


@given(NUMBERS, st.integers(1, 10), st.integers(1, 4))
@tries(50, 2000)
def test_pieces_are_the_oldest_and_bounded(numbers: list[int], periods: int, orders: int) -> None:
    gaps = joined([], numbers)
    pieces = cut(gaps, Bounds(periods=periods, orders=orders))
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


def test_an_hour_at_the_edge_is_not_asked_for_without_end() -> None:
    """Tries are counted by what of a gap stays while hours go by and its beginning goes out of reach."""
    asked: dict[int, int] = {}
    runs = joined([], [*range(100), *range(130, 200)])
    bounds = Bounds(periods=24, orders=16)
    for high in range(190, 260):
        for piece in cut(lacking(runs, high - 100, high), bounds):
            key = key_of(piece, high)
            if asked.get(key, 0) < bounds.tries:
                asked[key] = asked.get(key, 0) + 1
    gap, newest = sum(asked[key] for key in asked if key < 130), sum(asked[key] for key in asked if key >= 200)
    assert gap <= 2 * bounds.tries, "thirty hours in two pieces"
    assert newest <= 2 * bounds.tries * 3, "three pieces, each as the newest and as it stands then"
