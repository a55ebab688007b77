"""Lines that add up to what was told, and merged lines that betray nobody. All figures are invented."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.decomposition import Share
from shuangkong.indicators.reconciliation import LINES, reconciled, withheld
from shuangkong.indicators.situation import LineKind, against_whole, among_units, of_region

NOTHING = Decimal("1e-15")
AMOUNT = st.integers(1, 10**6).map(Decimal)
PAIR = st.tuples(AMOUNT, AMOUNT)


def share(code: str, energy: tuple[int, int], activity: tuple[int, int] | None = (1, 1)) -> Share:
    made = None if activity is None else (Decimal(activity[0]), Decimal(activity[1]))
    return Share(code, (Decimal(energy[0]), Decimal(energy[1])), made)


def test_what_the_whole_has_beyond_its_parts_is_a_part() -> None:
    lines = against_whole([share("a", (60, 66))], (Decimal(100), Decimal(108)), (Decimal(2), Decimal(3)))
    assert [(line.kind.value, line.change) for line in lines] == [("part", 6), ("others", 2), ("whole", 8)]


def test_parts_that_come_to_more_than_the_whole_are_never_called_the_whole() -> None:
    lines = against_whole([share("a", (60, 66))], (Decimal(59), Decimal(60)), (Decimal(2), Decimal(3)))
    assert [(line.kind.value, line.change) for line in lines] == [("part", 6), ("sum", 6), ("gap", -5), ("whole", 1)]
    alone = against_whole([share("a", (60, 66))], None, None)
    assert [line.kind.value for line in alone] == ["part", "sum"]


def test_of_a_part_without_activity_nothing_is_left_for_others() -> None:
    lines = against_whole(
        [share("a", (60, 66)), share("b", (1, 2), None)], (Decimal(100), Decimal(108)), (Decimal(2), Decimal(3))
    )
    assert [line.kind.value for line in lines] == ["part", "part", "sum", "gap", "whole"]


UNITS = [share(code, (10, 10 + number), (3, 4)) for number, code in enumerate("abcdef", 1)]


def test_units_beyond_those_listed_are_merged_and_the_table_adds_up() -> None:
    lines = among_units(UNITS, lambda _code: True, 3, 2)
    assert [(line.kind.value, line.code, line.count) for line in lines] == [
        ("part", "f", 1),
        ("part", "e", 1),
        ("merged", "", 4),
        ("whole", "", 6),
    ]
    assert sum(line.change for line in lines[:-1]) == lines[-1].change == 21


def test_fewer_than_the_least_are_left_out_of_everything() -> None:
    for named, expected in (("abc", ["c", "b", "a", "merged3", "whole6"]), ("abcd", ["d", "c", "b", "a", "whole4"])):
        lines = among_units(UNITS, named.__contains__, 3, 20)
        assert [line.code or f"{line.kind.value}{line.count}" for line in lines] == expected
    assert among_units(UNITS[:2], lambda _code: False, 3, 20) == ()
    assert [line.kind.value for line in among_units(UNITS, lambda _code: False, 3, 20)] == ["merged", "whole"]


@given(st.lists(st.tuples(PAIR, st.none() | PAIR), min_size=1, max_size=5), PAIR, PAIR)
def test_every_table_adds_up(
    parts: list[tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal] | None]],
    energy: tuple[Decimal, Decimal],
    activity: tuple[Decimal, Decimal],
) -> None:
    shares = [Share(f"s{number}", *each) for number, each in enumerate(parts)]
    tables = (
        against_whole(shares, energy, activity),
        among_units(shares, lambda code: code < "s3", 3, 2),
        *of_region(shares, energy, activity),
    )
    for lines in tables:
        for line in lines:
            assert abs(line.effects.total - line.change) < NOTHING
        single = [line for line in lines if line.kind not in (LineKind.SUM, LineKind.WHOLE)]
        if lines and lines[-1].kind is LineKind.WHOLE:
            assert abs(sum(line.change for line in single) - lines[-1].change) < NOTHING


def test_branches_and_households_move_total_and_intensity() -> None:
    """Households have no value added: their change is nobody's activity."""
    found = of_region(
        [share("industry", (60, 66), (40, 50)), share("households", (10, 12), None)],
        (Decimal(100), Decimal(110)),
        (Decimal(100), Decimal(110)),
    )
    for lines in found:
        assert [line.kind.value for line in lines] == ["part", "part", "others", "whole"]
        assert lines[1].effects.unattributed == lines[1].effects.total != 0
    assert found[1][-1].change == 0
    assert of_region([share("industry", (60, 66), (40, 50))], (Decimal(50), Decimal(60)), (Decimal(1), Decimal(1))) == (
        (),
        (),
    )


def _row(values: tuple[int, ...]) -> tuple[object, ...]:
    line = next(each for each in LINES if each.key == "units")
    period = Period(2024)
    cells = {
        Cell(Subject("unit", f"u{number}"), line.parts, period): Decimal(each) for number, each in enumerate(values)
    }
    row = reconciled(line, Cell(Subject("region", "r"), line.whole, period), Decimal(100), cells)
    seen = withheld(row, lambda subject: subject.code == "u0", 3)
    return len(seen.parts), seen.unnamed, seen.rest, seen.found, seen.difference


def test_a_rest_of_few_is_suppressed_with_all_it_could_be_reckoned_from() -> None:
    assert _row((10, 20, 30, 40)) == (1, 3, Decimal(90), Decimal(100), Decimal(0))
    assert _row((10, 20, 30)) == (1, 2, State.SUPPRESSED, State.SUPPRESSED, None)
    assert _row((10,)) == (1, 0, State.MISSING, Decimal(10), Decimal(90))


BRANCHES = st.lists(st.tuples(PAIR, st.one_of(st.none(), PAIR)), min_size=1, max_size=7)


@given(BRANCHES, PAIR, PAIR)
def test_however_many_branches_are_told_they_and_the_rest_add_up_to_what_moved(
    told: list[tuple[tuple[Decimal, Decimal], tuple[Decimal, Decimal] | None]],
    rest: tuple[Decimal, Decimal],
    made: tuple[Decimal, Decimal],
) -> None:
    """Nothing is lost and nothing is left over, with branches that make no value added among them."""
    shares = [Share(str(number), *each) for number, each in enumerate(told)]
    energy = tuple(rest[at] + sum(each.energy[at] for each in shares) for at in (0, 1))
    activity = tuple(made[at] + sum(each.activity[at] for each in shares if each.activity) for at in (0, 1))
    lines = of_region(shares, (energy[0], energy[1]), (activity[0], activity[1]))
    if all(each.activity is None for each in shares):
        assert lines == ((), ())
        return
    for *parts, whole in lines:
        assert [line.code for line in parts] == [*(each.code for each in shares), ""]
        assert abs(sum(line.change for line in parts) - whole.change) < NOTHING
        for line in (*parts, whole):
            assert abs(line.effects.total - line.change) < NOTHING
        apart = [line for line, each in zip(parts, shares, strict=False) if each.activity is None]
        assert all(not line.is_attributed and abs(line.effects.unattributed - line.change) < NOTHING for line in apart)
