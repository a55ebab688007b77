"""What an order asked against what came: whole days of one level only, and said where it cannot be told."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from shuangkong.outlook.weather.comparison import Cause, outcomes, whole_days
from shuangkong.outlook.weather.measures import UnitMeasure
from shuangkong.outlook.weather.orders import AlertLevel, Spell

HERE = timezone(timedelta(hours=8))
ORANGE, YELLOW = AlertLevel.ORANGE, AlertLevel.YELLOW


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, day, hour, tzinfo=HERE)


def spell(level: AlertLevel, starts: datetime, ends: datetime | None) -> Spell:
    return Spell("999900", level, starts, ends, "令")


def measure(level: AlertLevel, **cuts: str) -> UnitMeasure:
    return UnitMeasure("kiln", ("999900",), level, "限产", {key: Decimal(each) for key, each in cuts.items()})


#: Yellow from the noon of the 2nd, orange from the noon of the 5th, ended at the midnight after the 7th.
SPELLS = (spell(YELLOW, at(2, 12), at(5, 12)), spell(ORANGE, at(5, 12), at(8)))
LIST = (measure(YELLOW, so2="6"), measure(ORANGE, so2="12"))


def daily(**told: str) -> dict[tuple[str, str], dict[date, Decimal]]:
    return {("kiln", "so2"): {date(2024, 1, int(day[1:])): Decimal(amount) for day, amount in told.items()}}


def test_days_of_change_are_no_whole_days() -> None:
    found = whole_days(SPELLS, HERE)
    assert {day.day: level for day, level in found.items()} == {3: YELLOW, 4: YELLOW, 6: ORANGE, 7: ORANGE}
    assert whole_days((spell(YELLOW, at(2), None),), HERE) == {}, "it has not ended"
    assert whole_days((spell(YELLOW, at(2), at(2, 23)),), HERE) == {}


def test_what_was_asked_is_the_mean_over_the_days_compared() -> None:
    """Two days ask 6 t, two ask 12 t: 9 t a day; 20 before, 10.5 within is enough, 11.5 is not."""
    before = {"d1": "20"}
    for amounts, is_done in ((("12", "12", "9", "9"), True), (("12", "12", "11", "11"), False)):
        within = dict(zip(("d3", "d4", "d6", "d7"), amounts, strict=True))
        [found] = outcomes(LIST, SPELLS, daily(**before, **within, d5="0"), HERE)
        assert found.asked_t == 9
        assert found.is_done is is_done
    assert found.effect is not None
    assert (found.effect.before_t, found.effect.reduced_t) == (Decimal(20), Decimal("8.5")), "the 5th does not count"


def test_what_cannot_be_told_is_said() -> None:
    for told, spells, cause in (
        (daily(), SPELLS, Cause.NOTHING_BEFORE),
        (daily(d1="20"), SPELLS, Cause.NOTHING_DURING),
        (daily(d1="20", d3="1"), (*SPELLS[:1], spell(ORANGE, at(5, 12), None)), Cause.RUNNING),
        (daily(d1="20"), (spell(YELLOW, at(2), at(2, 12)),), Cause.NO_WHOLE_DAY),
    ):
        [found] = outcomes(LIST, spells, told, HERE)
        assert (found.cause, found.is_done) == (cause, None)
    assert [each.unit for each in outcomes((), SPELLS, {("mill", "nox"): {}}, HERE)] == ["mill"], "told, never asked"
