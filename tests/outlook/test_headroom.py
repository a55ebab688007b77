"""The headroom account: what is left, what fits, and what is not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.headroom.account import Account, caps_of_decline, caps_of_path, room
from shuangkong.outlook.headroom.commitment import Commitment, by_month
from shuangkong.outlook.headroom.question import VERDICTS, Verdict, answer, may_take
from shuangkong.plans.reading import Kind, Op
from shuangkong.targets.goal import Goal, Path, Schedule
from shuangkong.targets.progress import progress

TEN, HUNDRED = Decimal(10), Decimal(100)


def commitment(project: str, amount: str, starts: str, released: str = "0") -> Commitment:
    return Commitment(project=project, amount=Decimal(amount), starts=Period.parse(starts), released=Decimal(released))


#: Caps 1,050 and 1,080; 1,000 used; a works of 60 a year from July of the first year; 5 kept back.
ACCOUNT = Account(
    subject=Subject("region", "999901"),
    indicator="total_consumption",
    unit="tce",
    caps={2026: Decimal(1050), 2027: Decimal(1080)},
    actual=Decimal(1000),
    actual_year=2025,
    commitments=(commitment("works", "60", "2026-07"),),
    reserve=Decimal(5),
)


def test_what_is_left_year_by_year() -> None:
    """1050 − 1000 − 60 × 6/12 − 5 = 15; 1080 − 1000 − 60 − 5 = 15."""
    assert [room(ACCOUNT, year).value for year in ACCOUNT.years] == [15, 15]


def test_the_trace_shows_each_term_and_project() -> None:
    steps = room(ACCOUNT, 2026).figure.steps
    assert dict(steps[0].inputs) == {"works": Decimal(30)}
    assert [value for _, value in steps[1].inputs] == [Decimal(1050), Decimal(1000), Decimal(30), Decimal(5)]


def test_what_ran_in_part_of_the_known_year_is_in_it_already() -> None:
    """Begun in October of the known year: a quarter of it is in the actual figure, three quarters come on top."""
    started = replace(ACCOUNT, commitments=(commitment("works", "60", "2025-10"),))
    assert room(started, 2026).value == 1050 - 1000 - 45 - 5
    assert room(replace(ACCOUNT, commitments=(commitment("works", "60", "2024-01"),)), 2026).value == 45


@pytest.mark.parametrize(
    ("amount", "starts", "verdict", "binding"),
    [
        ("15", "2026-01", Verdict.MAY, 2026),
        ("15.01", "2026-01", Verdict.MAY_NOT, 2026),
        ("16", "2026-07", Verdict.MAY_NOT, 2027),
        ("15", "2026-12", Verdict.MAY, 2027),
        ("15", "2028-01", Verdict.UNKNOWN, None),
    ],
)
def test_a_project_fits_to_the_last_unit(amount: str, starts: str, verdict: Verdict, binding: int | None) -> None:
    found = answer(ACCOUNT, commitment("new", amount, starts))
    assert (found.verdict, found.binding) == (verdict, binding)


def test_what_would_fit_is_told() -> None:
    found = answer(ACCOUNT, commitment("new", "40", "2026-07"))
    assert found.most == 15  # 15 ÷ 6/12 = 30 in the first year, 15 in the second
    assert answer(ACCOUNT, commitment("new", "40", "2026-07", released="10")).most == 25


def test_what_is_set_free_counts() -> None:
    assert answer(ACCOUNT, commitment("new", "40", "2026-07", released="25")).verdict is Verdict.MAY
    assert answer(ACCOUNT, commitment("new", "40", "2026-07", released="24.9")).verdict is Verdict.MAY_NOT


def test_what_runs_a_month_of_the_plan_is_held_against_the_last_cap_all_year() -> None:
    """From December of the last year 120 a year take 10 of the 15 left; all year they take 120: 105 too many."""
    found = answer(ACCOUNT, commitment("new", "120", "2027-12"))
    assert [each.value for each in found.after] == [5]
    assert (found.verdict, found.full_year, found.most) == (Verdict.SHORT_LATER, Decimal(-105), Decimal(15))
    assert answer(ACCOUNT, commitment("new", "15", "2027-12")).verdict is Verdict.MAY
    freed = answer(ACCOUNT, commitment("new", "120", "2027-12", released="105"))
    assert (freed.verdict, freed.full_year, freed.most) == (Verdict.MAY, 0, 120)


def test_what_was_approved_for_late_in_the_plan_counts_all_year_too() -> None:
    late = replace(ACCOUNT, commitments=(*ACCOUNT.commitments, commitment("late", "12", "2027-12")))
    found = answer(late, commitment("new", "4", "2027-01"))
    assert [each.value for each in found.after] == [10]
    assert (found.verdict, found.full_year, found.most) == (Verdict.SHORT_LATER, Decimal(-1), Decimal(3))


def test_missing_is_not_zero() -> None:
    for lacking in (replace(ACCOUNT, actual=State.MISSING), replace(ACCOUNT, caps={2026: State.MISSING})):
        assert answer(lacking, commitment("new", "1", "2026-01")).verdict is Verdict.UNKNOWN
        assert room(lacking, 2026).figure.state is State.MISSING
    half = replace(ACCOUNT, caps={2026: Decimal(1050), 2027: State.MISSING})
    assert answer(half, commitment("new", "1", "2026-01")).verdict is Verdict.UNKNOWN
    assert answer(half, commitment("new", "99", "2026-01")).verdict is Verdict.MAY_NOT


def test_every_cap_that_a_project_draws_on_is_asked() -> None:
    cod = replace(ACCOUNT, indicator="cod_total", unit="t", commitments=())
    accounts = {"total_consumption": ACCOUNT, "cod_total": cod}
    starts = Period.parse("2026-01")
    assert may_take(accounts, "new", starts, {"total_consumption": TEN, "cod_total": TEN}).verdict is Verdict.MAY
    both = may_take(accounts, "new", starts, {"total_consumption": TEN, "cod_total": HUNDRED})
    assert both.verdict is Verdict.MAY_NOT
    assert [(each.indicator, each.verdict) for each in both.answers] == [
        ("cod_total", Verdict.MAY_NOT), ("total_consumption", Verdict.MAY)
    ]  # fmt: skip
    unknown = may_take(accounts, "new", starts, {"total_consumption": TEN, "nox_total": TEN})
    assert unknown.verdict is Verdict.UNKNOWN
    with pytest.raises(ValueError, match="no amounts"):
        may_take(accounts, "new", starts, {})


def test_a_project_counts_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        answer(ACCOUNT, commitment("works", "1", "2026-01"))
    with pytest.raises(ValueError, match="zero or more"):
        commitment("new", "-1", "2026-01")
    with pytest.raises(ValueError, match="a month"):
        commitment("new", "1", "2026")


def test_caps_follow_a_target() -> None:
    """A cap of 1,100 in five years from 1,000, in equal parts; a decline of a tenth in five years, in equal parts."""
    schedule = Schedule()
    cap = Goal(kind=Kind.CAP_TOTAL, op=Op.LE, value=Decimal(1100), unit="tce", path=Path.LINEAR, base_year=2025,
               end_year=2030, base_value=Decimal(1000))  # fmt: skip
    found = progress(cap, (), schedule)
    assert found is not None
    assert caps_of_path(found.points) == {2026: 1020, 2027: 1040, 2028: 1060, 2029: 1080, 2030: 1100}
    decline = Goal(kind=Kind.REDUCTION_RATE, op=Op.GE, value=TEN, unit="%", path=Path.LINEAR, base_year=2025,
                   end_year=2030)  # fmt: skip
    found = progress(decline, (), schedule)
    assert found is not None
    assert caps_of_decline(HUNDRED, found.points) == {2026: 98, 2027: 96, 2028: 94, 2029: 92, 2030: 90}
    assert set(caps_of_decline(State.MISSING, found.points).values()) == {State.MISSING}


def test_the_forecast_gets_a_twelfth_a_month() -> None:
    added = by_month((commitment("a", "12", "2026-03"), commitment("b", "24", "2026-05", released="12")),
                     Period.parse("2026-02"), 4)  # fmt: skip
    assert added == (0, 1, 1, 2)


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(2024 * 12, 2028 * 12)), max_size=5),
    st.integers(0, 500),
    st.integers(2025 * 12, 2028 * 12 - 1),
)
def test_what_just_fits_fits_and_more_does_not(held: list[tuple[int, int]], amount: int, month: int) -> None:
    commitments = tuple(
        Commitment(project=f"p{at}", amount=Decimal(size), starts=Period(start // 12, f"{start % 12 + 1:02d}"))
        for at, (size, start) in enumerate(held)
    )
    account = replace(ACCOUNT, commitments=commitments)
    asked = Commitment(project="new", amount=Decimal(amount), starts=Period(month // 12, f"{month % 12 + 1:02d}"))
    found = answer(account, asked)
    assert found.verdict is not Verdict.UNKNOWN or found.most is None
    if found.most is not None:
        assert (found.verdict is Verdict.MAY) == (Fraction(amount) <= Fraction(found.most) + Fraction(1, 10**20))
    # A later start or a smaller project never turns yes into no.
    smaller = answer(account, replace(asked, amount=Decimal(amount // 2)))
    if found.verdict is Verdict.MAY:
        assert smaller.verdict is Verdict.MAY


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict)
