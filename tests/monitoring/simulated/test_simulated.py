"""Simulated sites: the same each time, each mean from the figures below it, troubles that show, orders obeyed."""

from __future__ import annotations

import operator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.cast import cast
from shuangkong.monitoring.simulated.counter import energy_kwh, shown_kwh, swaps_of
from shuangkong.monitoring.simulated.means import told_day
from shuangkong.monitoring.simulated.playing import Said, said_between, said_on
from shuangkong.monitoring.simulated.process import epoch_s
from shuangkong.monitoring.simulated.site import Kind, Manner, Site
from shuangkong.monitoring.simulated.troubles import Spell, Trouble, is_silent, outage_until, spells_of
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.codes import Edition, Link
from shuangkong.protocols.hj212.encode import Head, encode
from shuangkong.protocols.hj212.exchanges import Event, Exchange, State, event_of, step
from shuangkong.protocols.hj212.frame import Finder, Found
from shuangkong.protocols.hj212.message import Message, read
from shuangkong.protocols.hj212.orders import area_of, orders
from shuangkong.protocols.hj212.packets import Assembler
from shuangkong.protocols.hj212.sm4 import Key, open_found
from shuangkong.rulebook import open_rulebook
from trials import tries

CODES = hj212_codes(open_rulebook().folder)
DAY = date(2026, 3, 5)
PLAIN = cast(7, gas=2, water=2, meters=1, is_plain=True, troubled_share=0)
MIXED = cast(11, gas=60, water=60, meters=20)
LEVELS = ("Avg", "Min", "Max")


def received(site: Site, frames: list[bytes]) -> list[Message]:
    """What a gateway makes of the frames of a site: found, opened, put together."""
    finder, assembler = Finder(), Assembler[int](CODES)
    keys = [Key(site.key, datetime.fromisoformat("2026-01-01"))] if site.key else []
    whole = []
    for found in finder.feed(b"".join(frames)):
        assert isinstance(found, Found)
        assert found.variant == site.variant or site.key
        opened = open_found(found, keys) if site.key else found
        assert opened is not None
        message = read(opened.body, CODES)
        whole += [each.message for each in assembler.add(message, 0, 0.0)]
    assert finder.waiting == 0
    assert not assembler.waiting()
    return whole


def day_of(site: Site, word: str, day: date = DAY) -> list[Message]:
    station = Station(site, CODES)
    return received(site, [frame for said in said_on(site, day, (word,)) for frame in station.frames(said)])


def figures(messages: list[Message], code: str, field: str) -> list[Decimal]:
    found = [each.value for one in messages for each in one.readings if (each.code, each.field) == (code, field)]
    return [value for value in found if value is not None]


def flags(messages: list[Message], code: str, field: str = "Avg") -> list[str]:
    return [each.flag for one in messages for each in one.readings if (each.code, each.field) == (code, field)]


def parts(values: list[Decimal], count: int) -> list[list[Decimal]]:
    size = len(values) // count
    return [values[at * size : (at + 1) * size] for at in range(count)]


def rounded(value: Decimal, like: Decimal) -> Decimal:
    return value.quantize(like)


def normal(values: list[Decimal], marks: list[str]) -> list[Decimal]:
    good = [value for value, mark in zip(values, marks, strict=True) if mark == "N"]
    return good or values


@pytest.mark.parametrize("site", PLAIN[:4], ids=lambda site: site.name)
def test_minutes_follow_from_instants_hours_from_minutes_and_the_day_from_hours(site: Site) -> None:
    """Of what was sent alone, by exact arithmetic; the last digit may differ by how ties are rounded."""
    instants, minutes = day_of(site, "realtime_data"), day_of(site, "minute_data")
    hours, whole = day_of(site, "hour_data"), day_of(site, "day_data")
    assert (len(hours), len(whole)) == (24, 1)
    for factor in site.factors:
        code = factor.code
        digit = Decimal(1).scaleb(-factor.digits)
        shown, marks = figures(instants, code, "Rtd"), flags(instants, code, "Rtd")
        for upper, values, letters in (
            (minutes, shown, marks),
            (hours, figures(minutes, code, "Avg"), flags(minutes, code)),
            (whole, figures(hours, code, "Avg"), flags(hours, code)),
        ):
            means = figures(upper, code, "Avg")
            is_weighted = site.kind is Kind.WATER and factor.is_pollutant and upper is not minutes
            lower = minutes if upper is hours else hours
            volumes = parts(figures(lower, "w00000", "Cou"), len(upper)) if is_weighted else None
            own_letters = np.array_split(letters, len(upper))
            for at, own in enumerate(parts(values, len(upper))):
                kept = [mark == "N" for mark in own_letters[at]] if "N" in own_letters[at] else [True] * len(own)
                volume = volumes[at] if volumes else [Decimal(1)] * len(own)
                weights = [each if is_kept else Decimal() for each, is_kept in zip(volume, kept, strict=True)]
                expected = sum(map(operator.mul, own, weights)) / sum(weights)
                assert abs(means[at] - expected) <= digit * Decimal("0.5001"), (code, at)
        for field, of in (("Min", min), ("Max", max)):
            assert figures(minutes, code, field) == [of(each) for each in parts(shown, len(minutes))]
            assert figures(hours, code, field) == [of(each) for each in parts(figures(minutes, code, field), 24)]
            assert figures(whole, code, field) == [of(figures(hours, code, field))]
        if amounts := figures(minutes, code, "Cou"):
            assert figures(hours, code, "Cou") == [sum(each) for each in parts(amounts, 24)]
            assert figures(whole, code, "Cou") == [sum(figures(hours, code, "Cou"))]


def test_gas_is_converted_and_its_flow_found_again_from_the_velocity() -> None:
    site = PLAIN[0]
    hours = day_of(site, "hour_data")
    oxygen, so2 = figures(hours, "a19001", "Avg"), figures(hours, "a21026", "Avg")
    reference = Decimal(str(site.reference_o2_pct))
    for at, converted in enumerate(figures(hours, "a21026", "ZsAvg")):
        assert abs(converted - so2[at] * (21 - reference) / (21 - oxygen[at])) < Decimal("0.0051")
    stack = [map(float, figures(hours, code, "Avg")) for code in ("a00000", "a01011", "a01012", "a01013", "a01014")]
    for flow, velocity, heat, static, moisture in zip(*stack, strict=True):
        again = velocity * site.area_m2 * 273 / (273 + heat) * (101.325 + static) / 101.325 * (1 - moisture / 100)
        assert again == pytest.approx(flow, rel=0.005)
    amounts = figures(hours, "a21026", "Cou")
    volumes = figures(hours, "a00000", "Cou")
    for kilograms, value, volume in zip(amounts, so2, volumes, strict=True):
        assert float(kilograms) == pytest.approx(float(value * volume) / 1e6, rel=0.05)


def test_a_cast_is_the_same_each_time_and_grows_without_changing() -> None:
    again = cast(11, gas=60, water=60, meters=20)
    assert again == MIXED
    assert [each.mn for each in cast(11, gas=90, water=70, meters=20) if each.kind is Kind.GAS][:60] == [
        each.mn for each in MIXED[:60]
    ]
    assert len({each.mn for each in cast(1, gas=1500, water=1400, meters=300)}) == 3200
    assert cast(12, gas=60, water=60, meters=20) != MIXED
    station, other = Station(MIXED[0], CODES), Station(MIXED[0], CODES)
    said = said_on(MIXED[0], DAY, ("hour_data",))
    assert [station.frames(each) for each in said] == [other.frames(each) for each in said]


def test_every_manner_of_the_cast_is_read_and_told() -> None:
    """Whatever its manners, each site gives 24 hours in units that the code table knows; the habits tell the manner."""
    manners = {Manner.OLD_CODES: habits.CODE_OLD, Manner.NO_QN: habits.NO_QN, Manner.LONG_TIME: habits.TIME_LONG}
    seen = set()
    for site in MIXED:
        if site.kind is Kind.METER or spells_of(site, DAY) or Manner.RESENDS in site.manners:
            continue
        hours = day_of(site, "hour_data")
        assert len(hours) == 24, site
        for message in hours:
            assert {each.code for each in message.readings} == {factor.code for factor in site.factors}
            assert habits.CODE_UNKNOWN not in message.habits
            assert habits.PACKET_LOST not in message.habits
        seen |= site.manners
        for manner, habit in manners.items():
            assert (habit in hours[0].habits) is (manner in site.manners)
        assert hours[0].edition is site.edition
    assert seen >= {Manner.OLD_CODES, Manner.NO_QN, Manner.LONG_TIME, Manner.CIPHER, Manner.SPLIT, Manner.LOWER_CHECK}


def test_units_told_by_the_codes_give_the_figure_of_the_plant() -> None:
    site = next(each for each in MIXED if Manner.OLD_CODES in each.manners and each.kind is Kind.GAS)
    told = told_day(site, DAY)
    hours = day_of(site, "hour_data")
    pressure = next(each for each in hours[0].readings if (each.code, each.field) == ("a01013", "Avg"))
    assert pressure.unit == "MPa"
    assert pressure.value is not None
    assert float(pressure.value) * 1000 == pytest.approx(told.hours.figures["a01013", "Avg"][0], abs=0.001)


def troubled(trouble: Trouble) -> tuple[Site, date, Spell]:
    """A site and a day with one trouble and hardly another."""
    sites = cast(5, gas=40, water=20, meters=0, is_plain=True, troubled_share=1)
    found = [
        (len(spells_of(site, day)), site, day, spell)
        for site in sites
        for day in (DAY + timedelta(days=number) for number in range(30))
        for spell in spells_of(site, day)
        if spell.trouble is trouble
    ]
    _, site, day, spell = min(found, key=lambda each: (each[0], each[1].number, each[2]))
    return site, day, spell


@pytest.mark.parametrize("trouble", Trouble)
def test_trouble_shows(trouble: Trouble) -> None:
    site, day, spell = troubled(trouble)
    told = told_day(site, day)
    within = (told.instants.seconds >= spell.starts) & (told.instants.seconds < spell.ends)
    values, letters = told.instants.values, told.instants.flags
    match trouble:
        case Trouble.EXCEEDANCE:
            factor = site.factor(spell.factor)
            assert factor is not None
            assert factor.limit is not None
            shown = told.converted.get(factor.code, values[factor.code])
            assert shown[within].mean() > factor.limit
        case Trouble.STUCK:
            assert len(np.unique(values[spell.factor][within])) == 1
        case Trouble.JUMP:
            assert values[spell.factor][within].min() > 3 * np.median(values[spell.factor])
        case Trouble.AIR_OXYGEN:
            assert (values["a19001"][within] == 20.9).all()
            assert told.instants.load[within].min() > 0
            so2 = told.converted["a21026"]
            assert np.isnan(so2[within]).all(), "nothing is converted from air"
            assert not np.isnan(so2[values["a19001"] < 20.9]).any()
            rows = (told.hours.seconds >= spell.starts) & (told.hours.seconds + 3600 <= spell.ends)
            assert rows.any()
            assert np.isnan(told.hours.figures["a21026", "ZsAvg"][rows]).all()
            sent = [each for message in day_of(site, "hour_data", day) for each in message.readings]
            assert sum((each.code, each.field) == ("a21026", "ZsAvg") for each in sent) <= 24 - rows.sum()
        case Trouble.NO_FLOW:
            assert values["a00000" if site.kind is Kind.GAS else "w00000"][within].max() == 0
            assert told.instants.load[within].min() > 0
        case Trouble.STOP | Trouble.MAINTENANCE | Trouble.FAULT:
            letter = {Trouble.STOP: "F", Trouble.MAINTENANCE: "M", Trouble.FAULT: "D"}[trouble]
            code = spell.factor or site.factors[0].code
            assert (letters[code][within] == letter).mean() > 0.7
        case Trouble.SILENCE:
            sent = said_on(site, day, ("realtime_data",))
            assert len(sent) <= 1440 - within.sum() + 1
            assert is_silent(site, day, spell.starts)
        case Trouble.OUTAGE:
            sent = said_on(site, day, ("realtime_data",))
            late = [each for each in sent if each.is_resent]
            back = datetime.combine(day, time()) + timedelta(seconds=spell.ends + 5)
            assert {each.at for each in late} == {back}
            assert len(late) == within.sum()
            assert outage_until(site, day, spell.starts) == spell.ends
        case Trouble.CLOCK:
            station = Station(site, CODES)
            (said, *_) = said_on(site, day, ("hour_data",))
            (before,) = received(site, station.frames(said))
            assert said.time is not None
            assert before.data_time == said.time + timedelta(seconds=said.clock_error_s)
            station.obey(order(site, "set_field_time", {"SystemTime": f"{said.at:%Y%m%d%H%M%S}"}), said.at)
            (after,) = received(site, station.frames(said))
            assert after.data_time == said.time


def test_a_sound_site_keeps_its_limits() -> None:
    """Alarms come of troubles, not of the play itself."""
    for site in cast(3, gas=30, water=20, meters=0, troubled_share=0):
        told = told_day(site, DAY)
        for factor in site.factors:
            if factor.limit is not None and factor.is_pollutant:
                field = "ZsAvg" if site.kind is Kind.GAS else "Avg"
                assert told.hours.figures[factor.code, field].max() <= factor.limit, (site.name, factor)


def in_turn(said: Said) -> tuple[datetime, str, datetime | None]:
    return said.at, said.word, said.time


def test_what_is_asked_by_the_hour_is_what_the_day_has() -> None:
    for site in (PLAIN[0], MIXED[3], MIXED[70], MIXED[-1]):
        first = datetime.combine(DAY, time()) + timedelta(minutes=7)
        whole = said_between(site, first, first + timedelta(days=1))
        pieces = [
            each
            for hour in range(24)
            for each in said_between(site, first + timedelta(hours=hour), first + timedelta(hours=hour + 1))
        ]
        assert sorted(pieces, key=in_turn) == sorted(whole, key=in_turn)
        assert any(each.word in ("hour_data", "field_information") for each in whole)


@tries(30, 2_000)
@given(st.integers(0, 19), st.integers(0, 3_000), st.integers(1, 86_400))
def test_a_counter_never_runs_back_but_turns_over(number: int, days: int, step: int) -> None:
    site = [each for each in MIXED if each.kind is Kind.METER][number]
    at = np.arange(epoch_s(DAY) + days * 86_400, epoch_s(DAY) + days * 86_400 + 40 * step, step, dtype=np.int64)
    energy = energy_kwh(site, at)
    assert (np.diff(energy) > 0).all()
    shown = shown_kwh(site, at)
    assert ((shown >= 0) & (shown < site.scale_kwh + 0.01)).all()
    back = np.diff(shown) < 0
    assert np.allclose(np.diff(shown) + back * site.scale_kwh, np.diff(energy), atol=0.02)


def test_a_swapped_meter_begins_anew() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    site = next(each for each in MIXED if each.kind is Kind.METER and swaps_of(each, *year))
    swap = swaps_of(site, *year)[0]
    at = np.array([swap.at - 1, swap.at, swap.at + 3600], np.int64)
    before, then, later = shown_kwh(site, at, (swap,)).tolist()
    assert before == pytest.approx(swap.last_kwh, abs=site.power_kw / 1000)
    assert then == swap.first_kwh
    assert later > then


def order(site: Site, word: str, told: dict[str, str], pw: str = "") -> Message:
    command = CODES.command(word)
    qn, password = "20260305120000000", pw or site.password
    head = Head(qn, site.st, command.code, password, site.mn, site.edition, wants_answer=True)
    return read(encode(head, area_of(command, told)), CODES)


NOON = datetime.fromisoformat("2026-03-05T12:30")
ENCIPHERED = next(each for each in MIXED if Manner.CIPHER in each.manners)
TOLD = {
    "SystemTime": "20260305123000",
    "RtdInterval": "30",
    "MinInterval": "5",
    "NewPW": "654321",
    "BeginTime": "20260304000000",
    "EndTime": "20260304235959",
    "PolId": "w01018",
    "OverTime": "5",
    "ReCount": "3",
    "CstartTime": "010000",
    "Ctime": "4",
    "InfoId": "i13004",
    "i13004-Info": "168.0",
}


@pytest.mark.parametrize("site", [PLAIN[0], PLAIN[2], ENCIPHERED], ids=lambda site: site.name)
def test_every_order_of_its_edition_comes_to_an_end(site: Site) -> None:
    for command in orders(CODES, site.edition):
        names = [name.rstrip("?") for name in command.asks]
        told = {name: value for name, value in TOLD.items() if name in names or ("*-Info" in names and "-" in name)}
        station = Station(site, CODES)
        asked = order(site, command.word, told)
        exchange, _ = step(Exchange(command.word, asked.qn, Link(10, 3)), Event.SEND, 0.0)
        for answer in received(site, station.obey(asked, NOON)):
            found = event_of(answer, exchange, CODES)
            assert found is not None, (command.word, answer)
            exchange, _ = step(exchange, found[0], 1.0, found[1])
        has_nothing = command.word in ("logger_identity", "raw_period_data", "standard_check", "furnace_temperature")
        assert exchange.is_over, command
        assert exchange.state is State.DONE or has_nothing, (command.word, exchange)
        assert bool(exchange.packets) is (command.from_field == "upload") or has_nothing


def test_a_supplement_gives_what_was_sent() -> None:
    site = PLAIN[2]
    station = Station(site, CODES)
    for word, count in (("minute_data", 24 * 60 // site.minute_min), ("hour_data", 24), ("day_data", 1)):
        sent = day_of(site, word, date(2026, 3, 4))
        answers = received(site, station.obey(order(site, word, TOLD), NOON))
        brought = [each for each in answers if each.cn == CODES.cn(word)]
        assert len(brought) == count
        assert [each.readings for each in brought] == [each.readings for each in sent]
        assert [each.data_time for each in brought] == [each.data_time for each in sent]


def test_settings_take_hold() -> None:
    site = PLAIN[0]
    station = Station(site, CODES)
    for word, told in (("set_realtime_interval", {"RtdInterval": "30"}), ("set_minute_interval", {"MinInterval": "5"})):
        station.obey(order(site, word, told), NOON)
    assert len(said_on(station.now_is(), DAY, ("realtime_data",))) == 2880
    assert len(said_on(station.now_is(), DAY, ("minute_data",))) == 288
    (said, *_) = said_on(site, DAY, ("realtime_data",))
    station.obey(order(site, "stop_realtime_data", {}), NOON)
    assert station.frames(said) == []
    station.obey(order(site, "set_password", {"NewPW": "654321"}), NOON)
    (refused,) = received(site, station.obey(order(site, "sample_now", {"PolId": "a21026"}), NOON))
    assert refused.value("QnRtn") == "3"
    answers = received(site, station.obey(order(site, "sample_now", {"PolId": "a21026"}, "654321"), NOON))
    assert [each.value("QnRtn") or each.value("ExeRtn") for each in answers] == ["1", "1"]
    asked = {"PolId": "w01018", "InfoId": "i13004"}
    station.obey(order(site, "set_field_parameter", asked | {"i13004-Info": "168.0"}, "654321"), NOON)
    told = received(site, station.obey(order(site, "field_information", asked, "654321"), NOON))
    assert told[1].value("i13004-Info") == "168.0"


def test_orders_of_another_edition_and_of_none_are_refused() -> None:
    old = next(each for each in MIXED if each.edition is Edition.V2005 and each.kind is not Kind.METER)
    answers = received(old, Station(old, CODES).obey(order(old, "clean", {"PolId": "011"}), NOON))
    assert [each.value("QnRtn") for each in answers] == ["8"]
    plain = PLAIN[0]
    answer = read(b"QN=1;ST=91;CN=9014;PW=123456;MN=1;Flag=4;CP=&&&&", CODES)
    assert Station(plain, CODES).obey(answer, NOON) == []
