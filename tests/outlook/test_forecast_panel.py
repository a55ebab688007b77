"""Forecasts of many series: structure that is known, gaps, bases, silence, intervals, probability of missing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.core.dated import NotInForce
from shuangkong.core.period import Period
from shuangkong.outlook.forecast.calibration import calibration, rolled
from shuangkong.outlook.forecast.ending import Counting, Ending, chance_of_missing, ending
from shuangkong.outlook.forecast.forecasting import Forecast, Standing, forecast
from shuangkong.outlook.forecast.gaps import bridged
from shuangkong.outlook.forecast.limit_book import limits
from shuangkong.outlook.forecast.limits import Limits
from shuangkong.outlook.forecast.panel import Floats, Frequency, Panel, on_one_base
from shuangkong.outlook.forecast.practice import courses
from shuangkong.outlook.forecast.spread import quantiles
from shuangkong.outlook.forecast.trial import plan, tried
from shuangkong.outlook.forecast.weights import Method, candidates, weights
from shuangkong.rulebook import open_rulebook

LIMITS = Limits(
    least_points=10,
    most_points=60,
    least_training=5,
    least_origins=4,
    most_origins=10,
    most_gaps=0.2,
    most_silence=3,
    members=10,
    levels=(0.8, 0.95),
)
DECEMBER, JULY = Period(2024, "12"), Period(2024, "07")
SEASON = np.array([3.0, -8, 1, 0, 2, 5, 9, 7, -1, -4, -6, -8])


def line(periods: int, slope: float = 2.0, level: float = 200.0) -> Floats:
    return level + slope * np.arange(periods)


def seasonal(periods: int) -> Floats:
    return SEASON[np.arange(periods) % 12]


def noisy(series: int, periods: int, seed: int = 7) -> Floats:
    """Trend, season and errors of many sizes, all above zero."""
    rng = np.random.default_rng(seed)
    trend = rng.uniform(-1, 2, (series, 1)) * np.arange(periods)
    errors = rng.normal(0, 1, (series, periods)) * rng.uniform(1, 8, (series, 1))
    return 300 + trend + rng.uniform(0, 4, (series, 1)) * seasonal(periods) + errors


def monthly(values: Floats, horizon: int = 12, last: Period = DECEMBER) -> Forecast:
    return forecast(Panel(np.atleast_2d(values), Frequency.MONTHLY, last), horizon, LIMITS)


def ahead(found: Forecast) -> Floats:
    return found.course[:, found.lead :]


def year_end(found: Forecast, year: int = 2025, counting: Counting = Counting.SUM) -> Ending:
    return ending(found, Period(year), counting)


def test_a_line_goes_on_as_a_line() -> None:
    for frequency, last in ((Frequency.YEARLY, Period(2024)), (Frequency.QUARTERLY, Period(2024, "Q4"))):
        found = forecast(Panel(line(24)[None], frequency, last), 5, LIMITS)
        assert ahead(found)[0] == pytest.approx(line(29)[24:], rel=1e-9)
    assert ahead(monthly(line(60)))[0] == pytest.approx(line(72)[60:], rel=1e-9)


def test_a_line_with_a_season_goes_on_with_it() -> None:
    found = monthly(line(60) + seasonal(60))
    assert ahead(found)[0] == pytest.approx((line(72) + seasonal(72))[60:], rel=1e-9)
    assert year_end(found).values[0] == pytest.approx((line(72) + seasonal(72))[60:].sum())


def test_growth_that_compounds_goes_on_compounding() -> None:
    course = 100 * 1.01 ** np.arange(72) * np.exp(seasonal(72) / 50)
    assert ahead(monthly(course[:60]))[0] == pytest.approx(course[60:], rel=1e-9)


def test_what_is_fixed_has_no_width_and_a_certain_outcome() -> None:
    found = monthly(np.full(60, 50.0))
    end = year_end(found)
    assert end.values[0] == pytest.approx(600)
    assert end.high[0, 0] - end.low[0, 0] == pytest.approx(0, abs=1e-6)
    caps = np.array([601.0])
    assert chance_of_missing(end, caps, np.array([True]))[0] == pytest.approx(0)
    assert chance_of_missing(end, caps, np.array([False]))[0] == pytest.approx(1)


def test_growth_on_last_year_and_the_usual_share_are_worked_by_hand() -> None:
    """12, 24 … in two years: the second 10 % above the first; to July of the third 20 % above the second."""
    first = 12.0 * np.arange(1, 13)
    told = np.concatenate([first, 1.1 * first, 1.32 * first[:7]])[:, None]
    quarter, half, year, share = courses(told, 12, 7, 5)[:, :, 0]
    assert quarter == pytest.approx(1.32 * first[7:])
    assert half == pytest.approx(1.32 * first[7:])
    latest = told[-12:].sum() / told[-24:-12].sum()
    assert year == pytest.approx(1.1 * first[7:] * latest)
    assert told[-7:].sum() + share.sum() == pytest.approx(1.32 * first.sum())


def test_growth_compounds_into_the_second_year() -> None:
    first = np.full(12, 10.0)
    told = np.concatenate([first, 1.1 * first])[:, None]
    assert courses(told, 12, 12, 13)[2, 12, 0] == pytest.approx(10 * 1.1**3)


@pytest.mark.parametrize("season", [1, 4, 12])
def test_weights_of_every_method_sum_to_one_and_follow_a_line_or_stay_flat(season: int) -> None:
    length = 40
    found = weights(season, length, 8)
    assert found.sum(axis=2) == pytest.approx(np.ones(found.shape[:2]))
    named = dict(zip(candidates(season), found, strict=True))
    exact = {Method.DRIFT, Method.SEASONAL_DRIFT}
    for candidate, matrix in named.items():
        lasting = candidate.method in (Method.HOLT, Method.HOLT_WINTERS) and candidate.parameters[-1] == 1
        follows = candidate.method in exact or lasting
        if follows:
            assert matrix @ line(length) == pytest.approx(line(length + 8)[length:])


def test_many_at_once_are_what_each_is_alone() -> None:
    values = noisy(40, 60)
    values[3, 20] = values[5, 33] = np.nan
    values[7, :30] = np.nan
    values[9, -2:] = np.nan
    values[11] -= 400
    together = monthly(values, 6, JULY)
    threaded = forecast(together.panel, 6, LIMITS, threads=2)
    for each in range(len(values)):
        alone = monthly(values[each], 6, JULY)
        assert ahead(alone)[0] == pytest.approx(ahead(together)[each], rel=1e-9)
        assert alone.spread.sizes[:, 0] == pytest.approx(together.spread.sizes[:, each], rel=1e-6, nan_ok=True)
        assert alone.methods(0) == together.methods(each)
    np.testing.assert_array_equal(threaded.course, together.course)


def test_nothing_is_forecast_where_too_little_is_told() -> None:
    values = np.full((5, 60), np.nan)
    values[1, :50] = line(50)
    values[2, -9:] = line(9)
    values[3] = np.where(np.arange(60) % 3 == 1, np.nan, line(60))
    values[4, -10:] = line(10)
    found = monthly(values)
    assert [Standing(each) for each in found.standings] == [
        Standing.UNTOLD,
        Standing.SILENT,
        Standing.TOO_SHORT,
        Standing.TOO_MANY_GAPS,
        Standing.FORECAST,
    ]
    assert np.isnan(ahead(found)[:4]).all()
    assert found.methods(2) == ()
    assert "9" in found.reason(2).zh
    assert "10" in found.reason(2).en
    assert "10" in found.reason(1).zh
    chances = chance_of_missing(year_end(found), np.full(5, 900.0), np.full(5, True))
    assert np.isnan(chances[:4]).all()
    assert 0 <= chances[4] <= 1


def test_a_short_series_is_tried_without_seasons() -> None:
    short = monthly(line(20) + seasonal(20), 5)
    assert {each.method for each in short.methods(0)} <= {Method.NAIVE, Method.DRIFT, Method.HOLT, Method.THETA}
    assert monthly(line(60) + seasonal(60)).methods(0)[0].method not in (Method.NAIVE, Method.HOLT)


def test_a_gap_is_bridged_and_is_not_zero() -> None:
    whole = (line(60) + seasonal(60))[:, None]
    told = whole.copy()
    told[[5, 13, 30, 58]] = np.nan
    assert bridged(told, 12) == pytest.approx(whole)
    assert ahead(monthly(told[:, 0]))[0] == pytest.approx((line(72) + seasonal(72))[60:], rel=1e-6)
    assert bridged(np.array([[1.0], [np.nan], [3.0]]), 1)[1, 0] == 2


def test_untold_months_of_the_year_are_forecast_and_gaps_in_it_leave_the_sum_open() -> None:
    values = line(67) + seasonal(67)
    late = values.copy()
    late[-2:] = np.nan
    end = year_end(monthly(np.stack([values, late]), 5, JULY), 2024)
    whole = (line(72) + seasonal(72))[60:].sum()
    assert end.values == pytest.approx([whole, whole])
    gap = values.copy()
    gap[61] = np.nan
    found = monthly(gap, 5, JULY)
    assert np.isnan(year_end(found, 2024).values[0])
    to_date = np.array([values[60:].sum()])
    assert ending(found, Period(2024), Counting.SUM, to_date).values[0] == pytest.approx(whole)


def test_the_last_value_the_mean_and_a_past_year() -> None:
    found = monthly(line(67), 5, JULY)
    assert year_end(found, 2024, Counting.LAST).values[0] == pytest.approx(line(72)[-1])
    assert year_end(found, 2024, Counting.MEAN).values[0] == pytest.approx(line(72)[60:].mean())
    past = year_end(found, 2022)
    assert past.values[0] == pytest.approx(line(48)[36:].sum())
    assert past.sizes[0] == 0
    on_it = np.array([past.values[0]])
    assert chance_of_missing(past, on_it, np.array([True]))[0] == 0
    with pytest.raises(ValueError, match="steps"):
        year_end(found, 2025)


def test_a_sum_that_begins_later_is_wider_than_its_steps() -> None:
    found = monthly(noisy(20, 60), 24)
    later = year_end(found, 2026)
    assert later.sizes == pytest.approx(found.spread.sizes[found.lead + 12 :].sum(axis=0))
    assert (year_end(found, 2025).sizes < later.sizes).all()


def test_another_base_is_linked_or_left_out() -> None:
    values = np.stack([line(60), line(60)])
    values[:, :24] *= 2
    one = on_one_base(values, (24, 24), (0.5, None))
    assert one[0] == pytest.approx(line(60))
    assert np.isnan(one[1, :24]).all()
    found = monthly(one)
    assert list(found.lengths) == [60, 36]
    assert ahead(found) == pytest.approx(np.tile(line(72)[60:], (2, 1)), rel=1e-6)
    with pytest.raises(ValueError, match="link"):
        on_one_base(values, (24, 24), (0.0, None))


def test_only_the_latest_count_and_what_comes_later_is_not_seen() -> None:
    values = noisy(3, 90)
    changed = values.copy()
    changed[:, :30] = 1e6
    assert ahead(monthly(values)) == pytest.approx(ahead(monthly(changed)))
    panel = Panel(values, Frequency.MONTHLY, DECEMBER)
    assert panel.until(5).last == JULY
    assert panel.until(5).values.shape == (3, 85)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 1_000), st.floats(-5_000, 5_000))
def test_scaled_and_shifted_series_have_scaled_and_shifted_forecasts(seed: int, scale: float, shift: float) -> None:
    """Shifts hold among figures that are not all above zero: elsewhere methods that compound are tried as well."""
    values = noisy(4, 48, seed)
    assert ahead(monthly(values * scale)) == pytest.approx(ahead(monthly(values)) * scale, rel=1e-6)
    mixed = values - 20_000
    shifted, plain = monthly(mixed + shift), monthly(mixed)
    assert ahead(shifted) == pytest.approx(ahead(plain) + shift, rel=1e-6)
    assert shifted.spread.sizes == pytest.approx(plain.spread.sizes, rel=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(14, 60), st.integers(1, 30))
def test_intervals_widen_with_the_step_and_nest(seed: int, length: int, horizon: int) -> None:
    found = monthly(noisy(5, length, seed), horizon)
    told = found.standings == Standing.FORECAST
    assert (np.diff(found.spread.sizes[:, told], axis=0) >= 0).all()
    assert (np.diff(found.spread.sums[:, told], axis=0) >= 0).all()
    reach = quantiles(found.spread, LIMITS.levels)[:, told]
    assert (np.isnan(reach[1]) | (reach[1] >= reach[0])).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_a_chance_is_a_chance_and_falls_as_the_bound_eases(seed: int) -> None:
    end = year_end(monthly(noisy(6, 60, seed)))
    less, more = np.full(6, True), np.full(6, False)
    for wants_less in (less, more):
        bounds = end.values + np.linspace(-6, 6, 25)[:, None] * end.sizes
        chances = np.stack([chance_of_missing(end, each, wants_less) for each in bounds])
        assert ((chances >= 0) & (chances <= 1)).all()
        assert ((np.diff(chances, axis=0) <= 0) if wants_less[0] else (np.diff(chances, axis=0) >= 0)).all()
        assert abs(chances[-1] - chances[0]) == pytest.approx(np.ones(6), abs=0.05)
    both = [chance_of_missing(end, end.values + end.sizes, each) for each in (less, more)]
    assert both[0] + both[1] == pytest.approx(np.ones(6))


def test_probabilities_and_intervals_are_borne_out_at_past_origins() -> None:
    panel = Panel(noisy(150, 84, 3), Frequency.MONTHLY, DECEMBER)
    draw = np.random.default_rng(11)

    def bounds(past: Panel, year: Period) -> Floats:
        assert past.last.year == year.year or past.last == Period(year.year - 1, "12")
        before = past.steps_to(Period(year.year - 1))
        origin = past.values.shape[1] - 1
        return past.values[:, origin + before[0] : origin + before[1] + 1].sum(axis=1) + draw.normal(20, 60, 150)

    wants_less = draw.random(150) < 0.5
    found = calibration(rolled(panel, LIMITS, (24, 20, 16), bounds, wants_less, Counting.SUM, threads=2), LIMITS.levels)
    assert found.count == 450
    assert found.brier < 0.6 * found.reference
    assert 0.7 < found.covered[0.8] < 0.95
    assert 0.87 < found.covered[0.95] <= 1
    assert sum(each.count for each in found.bins) == 450
    assert all(abs(each.said - each.came) < 0.25 for each in found.bins if each.count > 20)
    with pytest.raises(ValueError, match="not over"):
        rolled(panel.until(1), LIMITS, (6,), lambda past, year: np.zeros(150), wants_less, Counting.SUM)


def test_an_error_has_no_voice_in_the_choice_of_the_method_that_made_it() -> None:
    """One step ahead only the last origin is judged by the last figure: its error moves with that, and no further."""
    told = noisy(30, 60).T
    how = plan(60, 12, 1, LIMITS)
    assert how is not None
    assert how.origins[-1] == 59
    moved = told.copy()
    moved[-1] += 40
    errors = [tried(each, how, 12, 1, LIMITS).errors[-1, 0] for each in (told, moved)]
    assert errors[1] - errors[0] == pytest.approx(np.full(30, 40.0))


def test_the_usual_share_knows_the_month_also_of_series_that_were_silent() -> None:
    """Shares of the months are fixed and totals are not: only who knows the month can tell the year."""
    shares = (20 + SEASON) / (20 + SEASON).sum()
    totals = np.random.default_rng(4).uniform(500, 1_500, (2, 6))
    values = (totals[:, :, None] * shares).reshape(2, 72)[:, :67]
    values[1, -2:] = np.nan
    found = monthly(values, 5, JULY)
    assert [found.methods(each)[0].method for each in (0, 1)] == [Method.CUMULATED_SHARE] * 2


def test_too_few_errors_have_no_interval_of_a_high_level() -> None:
    found = forecast(Panel(noisy(2, 10), Frequency.YEARLY, Period(2024)), 1, LIMITS)
    low, high = quantiles(found.spread, LIMITS.levels)
    assert found.spread.counts[0] == 5
    assert not np.isnan(low).any()
    assert np.isnan(high).all()


def test_limits_come_from_the_policy_of_the_day() -> None:
    folder = open_rulebook().folder
    assert limits(folder, "national", date(2024, 7, 1)) == LIMITS
    with pytest.raises(NotInForce):
        limits(folder, "national", date(1999, 7, 1))


def test_panels_refuse_what_is_no_panel() -> None:
    with pytest.raises(ValueError, match="infinite"):
        Panel(np.array([[np.inf]]), Frequency.YEARLY, Period(2024))
    with pytest.raises(ValueError, match="last period"):
        Panel(np.zeros((1, 3)), Frequency.MONTHLY, Period(2024))
    with pytest.raises(ValueError, match="series × periods"):
        Panel(np.zeros(3), Frequency.YEARLY, Period(2024))
    with pytest.raises(ValueError, match="does not consist"):
        Panel(np.zeros((1, 3)), Frequency.YEARLY, Period(2024)).steps_to(Period(2024, "Q1"))
    with pytest.raises(ValueError, match="horizon"):
        monthly(line(60), 0)
