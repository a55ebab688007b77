"""Marks and validity: the published figures at their borders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from clocks import Clock

from shuangkong.monitoring.law import MonitoringLaw
from shuangkong.monitoring.mark import Mark
from shuangkong.monitoring.reading import Media, Reading
from shuangkong.monitoring.validity.automatic import Work, automatic
from shuangkong.monitoring.validity.marking import Marking, Origin, decided, is_judged, rules_for
from shuangkong.monitoring.validity.spans import hour_mark, verdicts
from shuangkong.monitoring.validity.stations import AIR, is_by_eight_hours, ozone_day
from shuangkong.monitoring.validity.verdict import Why, tally
from shuangkong.rulebook import open_rulebook

DAY = date(2024, 5, 1)


@pytest.mark.parametrize(
    ("minutes", "mark", "is_valid"),
    [
        ({Mark.NORMAL: 45, Mark.CALIBRATION: 15}, Mark.NORMAL, True),
        ({Mark.NORMAL: 44, Mark.CALIBRATION: 16}, Mark.CALIBRATION, False),
        ({Mark.STOPPED: 45, Mark.NORMAL: 15}, Mark.STOPPED, None),
        ({Mark.STARTING: 50, Mark.NORMAL: 10}, Mark.STARTING, True),
        ({Mark.MAINTENANCE: 10, Mark.FAULT: 9, Mark.NORMAL: 41}, Mark.MAINTENANCE, False),
        ({Mark.NORMAL: 44}, Mark.MISSING, False),
        ({}, Mark.MISSING, False),
    ],
)
def test_an_hour_bears_the_mark_of_its_minutes(
    law: MonitoringLaw, minutes: dict[Mark, int], mark: Mark, is_valid: bool | None
) -> None:
    found = hour_mark(minutes, law.marks, law.validity[Media.GAS], DAY)
    assert found.mark is mark
    if is_valid is not None:
        assert found.is_valid is is_valid


def test_an_hour_has_sixty_minutes(law: MonitoringLaw) -> None:
    with pytest.raises(ValueError, match="at most 60"):
        hour_mark({Mark.NORMAL: 61}, law.marks, law.validity[Media.GAS], DAY)


def test_a_day_says_what_was_lost_to_what(law: MonitoringLaw, clock) -> None:
    marks = [Mark.NORMAL] * 17 + [Mark.MAINTENANCE] * 3 + [Mark.FAULT] * 2
    hours = [Reading(at=clock.at(DAY, at), value=Decimal(9), mark=mark) for at, mark in enumerate(marks)]
    found = verdicts(hours, law.marks, law.validity[Media.GAS], DAY, DAY).days[0]
    assert (found.is_valid, found.why) == (False, Why.TOO_FEW)
    words = found.words({mark: meaning.name for mark, meaning in law.marks.meanings.items()})
    assert words is not None
    assert words.zh == "有效数据不足：有效 17/24（维护 3、缺失 2、故障 2）"
    assert words.en == "Too little valid data: valid 17/24 (maintenance 3, missing 2, fault 2)"


def test_a_quarter_of_stops_and_faults(law: MonitoringLaw) -> None:
    """(2184 − 184 − 500) / (2184 − 184) = 75 %."""
    found = tally({Mark.NORMAL: 1500, Mark.STOPPED: 184, Mark.FAULT: 500}, 2184, law.marks)
    assert found.capture_pct == 75


def test_the_authority_outweighs_the_unit_and_the_newest_the_old(clock) -> None:
    sent = Marking(Mark.NORMAL, Origin.SENT, clock.at(DAY, 9))
    rule = Marking(Mark.FAULT, Origin.AUTOMATIC, clock.at(DAY, 8))
    unit = Marking(Mark.MAINTENANCE, Origin.UNIT, clock.at(DAY, 1), "maintenance", "u")
    corrected = Marking(Mark.CALIBRATION, Origin.UNIT, clock.at(DAY, 2), "calibration", "u")
    office = Marking(Mark.NORMAL, Origin.AUTHORITY, clock.at(DAY, 0), "", "o")
    assert decided([sent, rule]) == rule
    assert decided([sent, unit, corrected, rule]) == corrected
    assert decided([office, unit, corrected]) == office
    assert decided([]) is None


def test_starting_up_is_excused_only_where_the_rules_hold(law: MonitoringLaw) -> None:
    before, since = date(2022, 12, 31), date(2023, 1, 1)
    for day, industry, is_ruled, expected in (
        (since, "D4411", True, False),
        (since, "D4411", False, True),
        (before, "D4411", True, True),
        (since, "C2511", True, True),
    ):
        rules = rules_for(law.marking, industry, day)
        assert is_judged(Mark.STARTING, law.marks.judged, rules, is_ruled=is_ruled) is expected


def test_unknown_flags_count_for_nothing(law: MonitoringLaw) -> None:
    assert law.marks.of_flag("Z") is Mark.FAULT
    assert law.marks.of_flag("B") is Mark.FAULT, "the sent B is a broken line, not a banked fire"
    assert law.marks.of_flag("") is Mark.NORMAL


def test_devices_roll_flags_up_by_medium(law: MonitoringLaw) -> None:
    """Gas: three quarters normal is normal, else a fault; water: one that is not normal spoils the whole."""
    normal, other = Mark.NORMAL, Mark.MAINTENANCE
    assert law.marks.rolled("gas", [normal] * 9 + [other] * 3) is normal
    assert law.marks.rolled("gas", [normal] * 8 + [other] * 4) is Mark.FAULT
    assert law.marks.rolled("water", [normal] * 11 + [other]) is other
    assert law.marks.rolled("water", [normal] * 12) is normal
    assert law.marks.rolled("water", []) is Mark.MISSING


AT = datetime(2025, 3, 1, 10, tzinfo=UTC)


def work(first: tuple[int, int], last: tuple[int, int], sort: str = "calibration", number: int = 7) -> Work:
    return Work(number, sort, AT.replace(hour=first[0], minute=first[1]), AT.replace(hour=last[0], minute=last[1]))


@pytest.mark.parametrize(
    ("sent", "minutes", "works", "expected"),
    [
        (Mark.NORMAL, {Mark.NORMAL: 45, Mark.CALIBRATION: 15}, (), None),
        (Mark.NORMAL, {Mark.NORMAL: 44, Mark.CALIBRATION: 16}, (), (Mark.CALIBRATION, "calibration", None)),
        (Mark.NORMAL, {Mark.NORMAL: 30, Mark.FAULT: 20, Mark.MAINTENANCE: 10}, (), (Mark.FAULT, "fault", None)),
        (Mark.NORMAL, {Mark.STOPPED: 50, Mark.NORMAL: 10}, (), (Mark.STOPPED, "stopped", None)),
        (Mark.CALIBRATION, {Mark.NORMAL: 30, Mark.CALIBRATION: 30}, (), None),
        (Mark.MISSING, {Mark.NORMAL: 30, Mark.CALIBRATION: 30}, (), (Mark.CALIBRATION, "calibration", None)),
        # 16 minutes did not come: had they been normal, the hour would be valid.
        (Mark.NORMAL, {Mark.NORMAL: 30, Mark.CALIBRATION: 14}, (), None),
        (Mark.NORMAL, {}, (work((10, 5), (10, 20)),), None),
        (Mark.NORMAL, {}, (work((10, 5), (10, 21)),), (Mark.CALIBRATION, "calibration", 7)),
        (Mark.NORMAL, {}, (work((9, 0), (11, 0), "standard"),), (Mark.CALIBRATION, "standard", 7)),
        (Mark.NORMAL, {}, (work((10, 0), (11, 0), "comparison"),), None),
        (Mark.NORMAL, {}, (work((10, 0), (10, 10)), work((10, 30), (10, 45), "repair", 8)), (Mark.FAULT, "fault", 8)),
        (Mark.MISSING, {}, (work((10, 0), (11, 0), "maintenance"),), (Mark.MAINTENANCE, "maintenance", 7)),
    ],
)
def test_rules_mark_an_hour_that_has_too_few_valid_minutes(
    law: MonitoringLaw, sent: Mark, minutes: dict[Mark, int], works: tuple[Work, ...], expected: object
) -> None:
    """More than 15 minutes of C, M or D, or 45 of a stop: HJ 75. What the device said itself needs no mark."""
    found = automatic(AT, sent, minutes, works, law.marks, law.validity[Media.GAS])
    assert (None if found is None else (found.mark, found.reason, found.work)) == expected


@pytest.mark.parametrize(
    ("lost", "is_valid", "why"),
    [
        ((), True, None),
        # 19 hours are too few for a day of any other pollutant; 14 windows of six hours or more are enough for ozone.
        ((0, 1, 2, 3, 4), True, None),
        # 20 hours are enough for any other: lost three in each eight, ten of seventeen windows hold at most five hours.
        ((6, 7, 8, 14), False, Why.WINDOWS),
        (range(24), False, Why.NOTHING),
    ],
)
def test_a_day_of_ozone_holds_by_its_means_of_eight_hours(lost: Iterable[int], is_valid: bool, why: Why | None) -> None:
    law, day = open_rulebook().monitoring(), date(2024, 7, 1)
    gone = set(lost)
    hours = [
        Reading(at=Clock.at(day, hour), value=None if hour in gone else Decimal(80 + hour),
                mark=Mark.MISSING if hour in gone else Mark.NORMAL)
        for hour in range(24)
    ]  # fmt: skip
    found = verdicts(
        hours, law.marks, law.validity_of(AIR), day, day, day_verdict=ozone_day(hours, law.marks, law.air)
    ).days
    assert [(each.is_valid, each.why) for each in found] == [(is_valid, why)]
    assert is_by_eight_hours(AIR, "a05024", law.air)
    assert not is_by_eight_hours(AIR, "a34004", law.air)
    assert not is_by_eight_hours("gas", "a05024", law.air)
