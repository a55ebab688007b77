"""What moved the figure: LMDI, exclusions side by side, a nowcast with its track. All figures are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.indicators.decomposition import (
    NotDecomposable,
    Share,
    decomposed,
    intensity_decomposed,
    logarithmic_mean,
)
from shuangkong.indicators.exclusions import Exclusion, side_by_side
from shuangkong.indicators.formula import Formula
from shuangkong.indicators.nowcast import Past, Signs, Track, nowcast
from shuangkong.policyfile.expression.given import Told
from shuangkong.rulebook import open_rulebook

RULES = open_rulebook().indicator_rules()
NAME = Message("考核口径", "as assessed")
KEPT = ("total_consumption", "gdp_constant")
NOTHING = Decimal("1e-35")


def share(code: str, energy: tuple[str, str], activity: tuple[str, str] | None) -> Share:
    pair = None if activity is None else (Decimal(activity[0]), Decimal(activity[1]))
    return Share(code, (Decimal(energy[0]), Decimal(energy[1])), pair)


def test_only_what_changed_moves() -> None:
    grown = decomposed([share("a", ("100", "200"), ("10", "20")), share("b", ("50", "100"), ("10", "20"))])
    assert (round(grown.whole.activity, 20), round(grown.whole.structure, 20)) == (Decimal(150), Decimal(0))
    saved = decomposed([share("a", ("100", "80"), ("10", "10")), share("b", ("50", "50"), ("10", "10"))])
    assert (round(saved.whole.efficiency, 20), saved.parts[1].total) == (Decimal(-20), Decimal(0))
    shifted = decomposed([share("a", ("100", "50"), ("10", "5")), share("b", ("10", "15"), ("10", "15"))])
    assert abs(shifted.whole.efficiency) < NOTHING
    assert round(shifted.whole.structure, 20) == Decimal(-45)


def test_by_hand() -> None:
    """L(120, 100) = 20 / ln 1.2 = 109.6963; activity ln 1.1 = 0.0953102: 10.4552; efficiency the rest: 9.5448."""
    found = decomposed([share("a", ("100", "120"), ("10", "11"))])
    assert round(logarithmic_mean(Decimal(120), Decimal(100)), 4) == Decimal("109.6963")
    assert [round(each, 4) for each in (found.whole.activity, found.whole.efficiency)] == [
        Decimal("10.4552"),
        Decimal("9.5448"),
    ]


@pytest.mark.parametrize(
    ("energy", "activity", "effect"),
    [
        (("0", "30"), ("0", "5"), "structure"),  # a new sector
        (("30", "0"), ("5", "0"), "structure"),  # one that closed
        (("0", "30"), ("5", "5"), "efficiency"),  # active before, without energy
        (("30", "0"), ("5", "5"), "efficiency"),
        (("30", "20"), None, "unattributed"),  # households
        (("30", "20"), ("0", "0"), "unattributed"),
    ],
)
def test_zeros_take_the_limit(energy: tuple[str, str], activity: tuple[str, str] | None, effect: str) -> None:
    found = decomposed([share("a", ("100", "100"), ("10", "10")), share("z", energy, activity)])
    zero = found.parts[1]
    assert getattr(zero, effect) == Decimal(energy[1]) - Decimal(energy[0])
    assert zero.total == getattr(zero, effect)
    assert abs(found.residual) < NOTHING


def test_the_limit_is_what_small_figures_tend_to() -> None:
    tiny = decomposed([share("a", ("100", "100"), ("10", "10")), share("z", ("1e-40", "30"), ("1e-41", "5"))])
    assert abs(tiny.parts[1].structure - 30) < Decimal("0.7")
    assert abs(tiny.residual) < NOTHING


def test_what_no_logarithm_can_be_taken_of_is_refused() -> None:
    with pytest.raises(NotDecomposable, match="z: expected a figure not below zero"):
        decomposed([share("z", ("-1", "2"), ("1", "1"))])
    with pytest.raises(NotDecomposable, match="activity of the whole"):
        decomposed([share("z", ("1", "2"), ("0", "1"))])
    with pytest.raises(NotDecomposable, match="activity of the whole"):
        intensity_decomposed([share("z", ("1", "2"), None)])


AMOUNT = st.decimals(0, 10**7, places=3)
PARTS = st.lists(
    st.builds(
        lambda energy, activity: Share("s", energy, activity),
        st.tuples(AMOUNT, AMOUNT),
        st.none() | st.tuples(AMOUNT, AMOUNT),
    ),
    max_size=6,
)
ONE = Share("one", (Decimal(7), Decimal(9)), (Decimal(3), Decimal(4)))


@given(PARTS)
def test_the_effects_are_the_change(parts: list[Share]) -> None:
    found = decomposed([ONE, *parts])
    assert abs(found.residual) < NOTHING
    assert [part.code for part in found.parts] == ["one", *("s" for _ in parts)]
    intensity = intensity_decomposed([ONE, *parts])
    assert abs(intensity.residual) < NOTHING
    assert abs(intensity.whole.activity) < NOTHING


@given(PARTS)
def test_the_way_back_moves_the_other_way(parts: list[Share]) -> None:
    def turned(each: Share) -> Share:
        back = None if each.activity is None else (each.activity[1], each.activity[0])
        return Share(each.code, (each.energy[1], each.energy[0]), back)

    forth, back = decomposed([ONE, *parts]), decomposed([turned(each) for each in (ONE, *parts)])
    assert abs(forth.whole.structure + back.whole.structure) < NOTHING
    assert abs(forth.whole.efficiency + back.whole.efficiency) < NOTHING


def formula(indicator: str, day: date) -> Formula:
    return next(each for each in RULES[indicator].formulas if each.validity.holds_on(day))


def assessed(day: date, **told: str) -> tuple[Told, Told, tuple[Exclusion, ...]]:
    rule = formula("assessed_total_consumption", day)
    figures: dict[str, Told] = {name: Decimal(figure) for name, figure in told.items()}
    found = side_by_side(rule, figures, KEPT, NAME, "tce")
    return found.before, found.after, found.exclusions


def test_before_and_after_stand_side_by_side() -> None:
    told = {"total": "1000", "feedstock": "60", "renewable": "90", "renewable_before": "50", "state_project": "0"}
    before, after, exclusions = assessed(date(2023, 12, 31), **told)
    assert [before, after] == [1000, 900]
    assert {each.indicator: each.moves for each in exclusions} == {
        "feedstock_consumption": Decimal(60),
        "renewable_consumption": Decimal(40),
        "state_project_consumption": Decimal(0),
    }


@given(*(st.decimals(0, 10**6, places=2) for _ in range(4)))
def test_what_exclusions_move_is_the_difference(total: Decimal, feed: Decimal, green: Decimal, state: Decimal) -> None:
    told = {
        "total": total,
        "feedstock": feed,
        "renewable": green,
        "renewable_before": Decimal(7),
        "state_project": state,
    }
    before, after, exclusions = assessed(date(2022, 12, 31), **{name: str(figure) for name, figure in told.items()})
    assert isinstance(before, Decimal)
    assert before - sum(each.moves for each in exclusions if isinstance(each.moves, Decimal)) == after
    assert before == total


def test_certificates_count_to_half_of_what_is_needed() -> None:
    rule = formula("assessed_total_consumption", date(2024, 12, 31))
    figures: dict[str, Told] = {
        "total": Decimal(1000),
        "feedstock": State.NOT_APPLICABLE,
        "non_fossil": Decimal(0),
        "certificate": Decimal(80),
        "need": Decimal(100),
        "cap": open_rulebook().parameter("indicators/exclusions/certificate_cap", date(2024, 12, 31)).number,
        "state_project": State.NOT_APPLICABLE,
    }
    assert side_by_side(rule, figures, (*KEPT, "saving_need"), NAME, "tce").after == 950


def test_the_same_share_out_of_both_years_leaves_the_decline_as_it_is() -> None:
    rule = formula("assessed_energy_intensity_decline", date(2022, 12, 31))
    figures: dict[str, Told] = {
        "total": Decimal(900),
        "feedstock": Decimal(90),
        "gdp": Decimal(200),
        "total_before": Decimal(1000),
        "feedstock_before": Decimal(100),
        "gdp_before": Decimal(180),
    }
    found = side_by_side(rule, figures, KEPT, NAME, "pct")
    assert [found.before, found.after] == [19, 19]


def test_which_exclusions_hold_is_a_matter_of_the_day() -> None:
    days = (date(2021, 12, 31), date(2022, 6, 30), date(2022, 12, 31), date(2024, 12, 31))
    found = ["renewable" in formula("assessed_total_consumption", day).inputs for day in days]
    intensity = [sorted(formula("assessed_energy_intensity", day).inputs) for day in days]
    assert found == [False, False, True, False]
    assert intensity[2] == ["feedstock", "gdp", "total"], (
        "renewables stay in the intensity until non-fossil leaves both"
    )
    assert "non_fossil" in intensity[3]
    assert "non_fossil" in formula("assessed_total_consumption", days[3]).inputs


BEFORE = Signs(Decimal(1000), Decimal(300), Decimal(600), Decimal(500))


def test_a_nowcast_moves_the_rest_with_its_electricity() -> None:
    """Rest of electricity 400 → 440: the rest of energy 200 → 220; large industry tells 330."""
    found = nowcast(Signs(Decimal(1100), Decimal(330), Decimal(660)), BEFORE)
    assert [found.value, found.low, found.high] == [550, None, None]
    assert found.step.formula.startswith("E = Ei")


def test_nothing_changed_means_the_year_before() -> None:
    assert nowcast(Signs(Decimal(1000), Decimal(300), Decimal(600)), BEFORE).value == 500


def test_a_nowcast_lacks_what_it_rests_on() -> None:
    assert nowcast(Signs(State.MISSING, Decimal(330), Decimal(660)), BEFORE).value is State.MISSING
    alone = Signs(Decimal(600), Decimal(300), Decimal(600), Decimal(500))
    assert nowcast(Signs(Decimal(700), Decimal(330), Decimal(660)), alone).value is State.MISSING


def test_the_track_tells_how_far_off_estimates_were() -> None:
    track = Track((Past("2018", Decimal(102), Decimal(100)), Past("2019", Decimal(99), Decimal(100))))
    assert (track.errors, track.mean_error_pct) == ((Decimal(2), Decimal(-1)), Decimal("0.5"))
    assert track.mean_distance_pct == Decimal("1.5")
    found = nowcast(Signs(Decimal(1100), Decimal(330), Decimal(660)), BEFORE, track)
    assert [found.low, found.high] == [539, 561]
    assert Track((Past("2018", Decimal(1), Decimal(0)),)).mean_error_pct is None
