"""What is put together from parts: nothing counts twice, nothing is left out, and the order does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from telling import engine, told

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.indicators.engine.parts import put_together
from shuangkong.indicators.formula import Aggregation
from shuangkong.policyfile.expression.given import Told

untimed = settings(deadline=None)
TOTAL = "total_consumption"
YEAR = 2023
CITY, EAST, WEST = (Subject("region", code) for code in ("990000", "990100", "990200"))
TOWNS = {EAST: tuple(Subject("region", f"99010{n}") for n in range(1, 3)), WEST: (Subject("region", "990201"),)}
TREE = {CITY: (EAST, WEST), **TOWNS}
EVERYBODY = (CITY, EAST, WEST, *(town for towns in TOWNS.values() for town in towns))
MONTHS = tuple(f"{YEAR}-{month:02d}" for month in range(1, 13))
PERIODS = (str(YEAR), *(f"{YEAR}-{part}" for part in ("H1", "H2", "Q1", "Q2", "Q3", "Q4", "C10")), *MONTHS)
AMOUNTS = st.one_of(st.decimals(0, 10**6, places=2).map(str), st.sampled_from(["missing", "not_applicable"]))


def towns_of(subject: Subject) -> frozenset[Subject]:
    """The places without parts of which a place consists."""
    parts = TREE.get(subject, ())
    return frozenset(town for part in parts for town in towns_of(part)) or frozenset({subject})


def covered(cell: Cell) -> frozenset[tuple[Subject, int]]:
    """Every town and month that a figure speaks of."""
    period = cell.period
    first = period.first_month
    return frozenset((town, first + month) for town in towns_of(cell.subject) for month in range(period.months))


@st.composite
def telling(draw: st.DrawFn) -> list[Fact]:
    """Figures of any of the places for any of the periods, the same stretch told at several levels."""
    cells = draw(st.sets(st.tuples(st.sampled_from(EVERYBODY), st.sampled_from(PERIODS)), max_size=40))
    return [told(TOTAL, period, draw(AMOUNTS), "吨标准煤", subject) for subject, period in sorted(cells, key=str)]


@st.composite
def scattered(draw: st.DrawFn) -> list[Fact]:
    """Figures that together tell the whole city and year: each stretch told whole or by its parts, some both."""

    def spread(subject: Subject, period: str) -> Iterator[Fact]:
        parts = [each for each in (PARTS.get(period, ()), TREE.get(subject, ())) if each]
        ways = ["told", *(["months"] if PARTS.get(period) else []), *(["places"] if TREE.get(subject) else [])]
        way = draw(st.sampled_from(ways)) if parts else "told"
        if way == "told" or draw(st.booleans()):
            yield told(TOTAL, period, draw(st.decimals(0, 10**6, places=2).map(str)), "吨标准煤", subject)
        if way == "months":
            for part in PARTS[period]:
                yield from spread(subject, part)
        if way == "places":
            for place in TREE[subject]:
                yield from spread(place, period)

    return list({fact.cell: fact for fact in spread(CITY, str(YEAR))}.values())


PARTS = {
    str(YEAR): (f"{YEAR}-H1", f"{YEAR}-H2"),
    f"{YEAR}-H1": (f"{YEAR}-Q1", f"{YEAR}-Q2"),
    f"{YEAR}-H2": (f"{YEAR}-Q3", f"{YEAR}-Q4"),
    **{f"{YEAR}-Q{n + 1}": MONTHS[3 * n : 3 * n + 3] for n in range(4)},
}


def whole(facts: list[Fact], subject: Subject = CITY, period: str = str(YEAR)) -> Figure:
    return engine(facts, TREE).figure(Cell(subject, TOTAL, Period.parse(period)))


@untimed
@given(telling(), st.sampled_from(EVERYBODY), st.sampled_from(PERIODS))
def test_nothing_counts_twice_and_nothing_is_left_out(facts: list[Fact], subject: Subject, period: str) -> None:
    """The facts below a whole cover its towns and months, each once; the whole is their sum."""
    found = whole(facts, subject, period)
    if found.value is None:
        return
    leaves = list(told_facts(found))
    for one, other in combinations(leaves, 2):
        assert not covered(one.cell) & covered(other.cell), (one.cell, other.cell)
    assert frozenset[tuple[Subject, int]]().union(*(covered(each.cell) for each in leaves)) == covered(found.cell)
    assert found.value == sum(each.value for each in leaves if each.value is not None)


@untimed
@given(scattered())
def test_what_is_told_by_parts_is_put_together(facts: list[Fact]) -> None:
    found = whole(facts)
    assert found.value is not None
    assert found.value == sum(fact.value for fact in told_facts(found) if fact.value is not None)


@untimed
@given(scattered(), st.randoms(use_true_random=False))
def test_the_order_of_telling_does_not_matter(facts: list[Fact], chance: Random) -> None:
    mixed = chance.sample(facts, len(facts))
    assert whole(mixed) == whole(facts)


@untimed
@given(scattered(), st.data())
def test_one_stretch_less_leaves_no_whole(facts: list[Fact], data: st.DataObject) -> None:
    """A leaf that nothing else tells is missed: the rest is not passed off as the whole."""
    leaves = list(told_facts(whole(facts)))
    gone = data.draw(st.sampled_from(leaves))
    rest = [fact for fact in facts if fact is not gone]
    assume(not any(covered(fact.cell) & covered(gone.cell) for fact in rest))
    found = whole(rest)
    assert (found.value, found.state) == (None, State.MISSING)


POWER, RENEWABLES = "renewable_power_consumption", "renewable_consumption"


@untimed
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.one_of(st.none(), st.integers(250, 450))), min_size=2, max_size=6),
    st.integers(1, 5),
)
def test_figures_found_by_formulas_add_up_at_every_level(towns: list[tuple[int, int | None]], at: int) -> None:
    """Each converts its power by its own rate or the usual one; its city adds up what they come to."""
    places = [Subject("region", f"9903{number:02d}") for number in range(len(towns))]
    facts = [told(POWER, YEAR, str(power), "万千瓦时", place) for place, (power, _) in zip(places, towns, strict=True)]
    facts += [
        told("generation_coal_rate", YEAR, str(rate), "克标准煤/千瓦时", place)
        for place, (_, rate) in zip(places, towns, strict=True)
        if rate is not None
    ]
    at = min(at, len(places) - 1)
    trees = ({CITY: tuple(places)}, {CITY: (EAST, WEST), EAST: tuple(places[:at]), WEST: tuple(places[at:])})
    found = [engine(facts, tree).figure(Cell(CITY, RENEWABLES, Period(YEAR))).value for tree in trees]
    own = [engine(facts, trees[0]).figure(Cell(place, RENEWABLES, Period(YEAR))).value for place in places]
    assert found[0] == found[1] == sum(value for value in own if value is not None)


def test_what_was_told_of_the_whole_comes_before_its_parts() -> None:
    facts = [told(POWER, YEAR, str(power), "万千瓦时", place) for place, power in ((EAST, 10), (WEST, 20), (CITY, 40))]
    alone = engine(facts[2:]).figure(Cell(CITY, RENEWABLES, Period(YEAR)))
    assert alone.value is not None
    assert engine(facts, {CITY: (EAST, WEST)}).figure(Cell(CITY, RENEWABLES, Period(YEAR))).value == alone.value


TOLD = st.one_of(st.decimals(-(10**9), 10**9, places=4), st.sampled_from([each for each in State if each != "value"]))


@untimed
@given(st.lists(TOLD, max_size=12), st.sampled_from([Aggregation.SUM, Aggregation.MEAN]), st.randoms())
def test_the_order_of_parts_does_not_matter(parts: list[Told], way: Aggregation, chance: Random) -> None:
    mixed = chance.sample(parts, len(parts))
    assert put_together(way, tuple(mixed)) == put_together(way, tuple(parts))


@untimed
@given(st.lists(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=5), min_size=1, max_size=5))
def test_groups_add_up_to_what_their_members_do(groups: list[list[Decimal]]) -> None:
    """A province by its cities is the province by its counties."""
    by_group = tuple(put_together(Aggregation.SUM, tuple(group)) for group in groups)
    at_once = put_together(Aggregation.SUM, tuple(member for group in groups for member in group))
    assert put_together(Aggregation.SUM, by_group) == at_once


@untimed
@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=8), st.integers(0, 8))
def test_what_does_not_apply_adds_nothing_and_what_is_missing_leaves_no_sum(parts: list[Decimal], at: int) -> None:
    at = min(at, len(parts))
    without = put_together(Aggregation.SUM, tuple(parts))
    assert put_together(Aggregation.SUM, (*parts[:at], State.NOT_APPLICABLE, *parts[at:])) == without
    assert put_together(Aggregation.SUM, (*parts[:at], State.MISSING, *parts[at:])) is State.MISSING
    assert put_together(Aggregation.SUM, (*parts[:at], State.SUPPRESSED, *parts[at:])) is State.SUPPRESSED
