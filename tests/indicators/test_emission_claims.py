"""不重复计算: whatever is claimed in whatever order, each stretch of the way down of a source is credited once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.indicators.emissions.claim import Base, Claim, Objection, credited, objection, same_inputs

JANUARY = 2023 * 12
#: A base of two years before: all claims below draw on it.
BASE_MONTH = 2021 * 12
BASES = {"A": Base(BASE_MONTH, Decimal(900)), "B": Base(BASE_MONTH, Decimal(300), Decimal(200)), "C": None}
levels = st.decimals(min_value=0, max_value=1_200, places=1)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    before, after = sorted((draw(levels), draw(levels)), reverse=True)
    share = draw(st.sampled_from((1, 2, 4)))
    return Claim(
        project=0,
        source=draw(st.sampled_from(tuple(BASES))),
        outlet=draw(st.sampled_from(("", "1", "2"))),
        pollutant=draw(st.sampled_from(("so2", "nox"))),
        starts=JANUARY + draw(st.integers(0, 40)),
        before_t=before,
        after_t=after,
        amount_t=(before - after) / share,
    )


def claim(before: int, after: int, project: int = 2, **said: object) -> Claim:
    plain: dict[str, object] = {
        "project": project, "source": "A", "outlet": "", "pollutant": "so2", "starts": JANUARY,
        "before_t": Decimal(before), "after_t": Decimal(after), "amount_t": Decimal(before - after),
    }  # fmt: skip
    return Claim(**(plain | said))  # type: ignore[arg-type]


def recognised(wanted: Sequence[Claim], bases: dict[str, Base | None] = BASES) -> list[Claim]:
    """All that is let in, one after the other, as it was credited; of what is too much, what there is room for."""
    found: list[Claim] = []
    for each in wanted:
        base = bases[each.source]
        why = objection(each, found, base, needs_base=False)
        if why is not None and why.room_t:
            each = Claim(**{**_fields(each), "amount_t": why.room_t})
            why = objection(each, found, base, needs_base=False)
            assert why is None
        if why is None:
            found.append(credited(each, found, base))
    return found


def _fields(each: Claim) -> dict[str, object]:
    return {name: getattr(each, name) for name in Claim.__slots__}


@settings(deadline=None, max_examples=300)
@given(st.lists(claims(), max_size=14))
def test_whatever_the_order_a_source_is_credited_with_no_more_than_it_emitted(wanted: list[Claim]) -> None:
    numbered = [Claim(**{**_fields(each), "project": number}) for number, each in enumerate(wanted, 1)]
    found = recognised(numbered)
    drawn: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    ways: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
    for each in found:
        drawn[each.is_of] += each.amount_t
        ways[(*each.is_of, each.outlet)].append(each)
        assert each.before_t - each.after_t == each.amount_t
    for (source, _), amount in drawn.items():
        base = BASES[source]
        assert base is None or amount <= base.source_t
    for stretches in ways.values():
        down = sorted(stretches, key=lambda each: (each.starts, -each.before_t))
        assert all(upper.after_t >= lower.before_t for upper, lower in pairwise(down))


@settings(deadline=None)
@given(st.lists(claims(), max_size=8), st.integers(1, 60))
def test_what_was_credited_is_credited_once_however_often_it_is_claimed(wanted: list[Claim], later: int) -> None:
    """A lasting improvement claimed again, months or years later, is let in with nothing."""
    numbered = [Claim(**{**_fields(each), "project": number}) for number, each in enumerate(wanted, 1)]
    found = recognised(numbered)
    for each in found:
        again = Claim(**{**_fields(each), "project": 99, "starts": each.starts + later})
        why = objection(again, found, BASES[each.source], needs_base=False)
        assert why is not None
        assert not why.room_t


def test_a_lasting_measure_claimed_a_year_later_starts_from_what_was_recognised() -> None:
    """The same outlet and measure, 230 t recognised of 1180 t, claimed again twelve months later."""
    base = Base(BASE_MONTH, Decimal(1180))
    first = credited(claim(755, 507, 1, outlet="DA001", amount_t=Decimal(230)), [], base)
    assert (first.before_t, first.after_t) == (755, 525)
    again = claim(755, 507, outlet="DA001", starts=JANUARY + 12)
    found = objection(again, [first], base)
    assert found is not None
    assert (found.objection, found.by, found.level_t, found.room_t) == (Objection.COUNTED, 1, 525, 18)
    better = claim(525, 400, outlet="DA001", starts=JANUARY + 12)
    assert objection(better, [first], base) is None
    assert objection(claim(755, 507, 1, outlet="DA001"), [first], base) is None  # not against itself


def test_a_source_in_the_base_is_held_to_it_whatever_the_formula_asks() -> None:
    base = Base(BASE_MONTH, Decimal(860))
    found = objection(claim(2000, 0), [], base, needs_base=False)
    assert found is not None
    assert (found.objection, found.room_t) == (Objection.ABOVE_BASE, 860)
    batches = [claim(600, 0, 1, outlet="1"), claim(260, 60, 3, outlet="2")]
    assert objection(claim(60, 0, outlet="3"), batches, base, needs_base=False) is None
    third = objection(claim(61, 0, outlet="3"), batches, base, needs_base=False)
    assert third is not None
    assert (third.objection, third.room_t) == (Objection.ABOVE_BASE, 60)


def test_without_a_base_it_is_refused_or_held_to_its_own_way_down() -> None:
    missing = objection(claim(10, 0), [], None)
    assert missing is not None
    assert missing.objection is Objection.NO_BASE
    plant = claim(-100, -180, 1)  # what is removed rises: the level falls
    assert objection(plant, [], None, needs_base=False) is None
    again = objection(claim(-100, -200, starts=JANUARY + 12), [plant], None, needs_base=False)
    assert again is not None
    assert (again.objection, again.level_t, again.room_t) == (Objection.COUNTED, -180, 20)
    nothing = objection(claim(10, 10), [], None)
    assert nothing is not None
    assert nothing.objection is Objection.NOT_ABOVE_ZERO


def test_a_source_counts_as_a_whole_or_by_its_outlets() -> None:
    base = Base(BASE_MONTH, Decimal(800))
    part, whole = claim(600, 240, 1, outlet="1"), claim(800, 440, 1)
    closed = objection(claim(800, 0, starts=JANUARY + 12), [part], base)
    assert closed is not None
    assert (closed.objection, closed.by, closed.room_t) == (Objection.COUNTED, 1, 440)
    assert objection(claim(440, 0), [part], base) is None
    for recognised_, wanted, held in (
        ([whole], claim(600, 240, outlet="1"), base), ([part], claim(800, 440), base), ([part], claim(440, 0), None),
    ):  # fmt: skip
        found = objection(wanted, recognised_, held, needs_base=False)
        assert found is not None
        assert (found.objection, found.by) == (Objection.WHOLE_AND_PART, 1)


def test_a_newer_base_has_measured_anew_what_was_reduced_before() -> None:
    before = claim(900, 300, 1, starts=JANUARY - 6)
    anew = Base(JANUARY, Decimal(500))
    found = objection(claim(900, 400), [before], anew)
    assert found is not None
    assert (found.objection, found.room_t) == (Objection.ABOVE_BASE, 100)
    assert objection(claim(500, 400), [before], anew) is None


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_measures_of_one_outlet_are_let_in_in_any_order(order: tuple[int, ...]) -> None:
    steps = [claim(700, 500, 1, starts=JANUARY), claim(500, 300, 2, starts=JANUARY + 5),
             claim(300, 0, 3, starts=JANUARY + 5)]  # fmt: skip
    found = recognised([steps[each] for each in order])
    assert sum(each.amount_t for each in found) == 700


def test_the_very_figures_of_another_source_are_a_finding() -> None:
    figures = {"scrapped": Decimal(620), "new": Decimal(300)}
    first = claim(100, 9, 1, outlet="1", formula="vehicle_scrapping", inputs=figures)
    wanted = claim(100, 9, source="B", formula="vehicle_scrapping", inputs=dict(figures))
    found = same_inputs(wanted, [first])
    assert found is not None
    assert (found.objection, found.by) == (Objection.SAME_INPUTS, 1)
    other = claim(100, 9, source="B", formula="vehicle_scrapping", inputs=figures | {"new": Decimal(301)})
    assert same_inputs(other, [first]) is None
    assert same_inputs(first, [first]) is None
