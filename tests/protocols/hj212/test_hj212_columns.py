"""Reading in bulk gives what reading one by one gives."""

from __future__ import annotations

from datetime import datetime
from math import isnan

import numpy as np
import pytest
from hj212_frames import CODES, GOOD, HEAD, STEPS, body, only
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.protocols.hj212 import habits
from shuangkong.protocols.hj212.columns import Bulk, BulkReader
from shuangkong.protocols.hj212.message import read
from trials import tries

type Row = tuple[str, str, str, str, str, float | None]
type Told = tuple[str, str, str, datetime | None, list[Row], set[str]]


def in_bulk(bulk: Bulk, count: int) -> list[Told]:
    """What a bulk says of each body, in the order of the bodies."""
    told: dict[int, Told] = {}
    for block in bulk.blocks:
        assert block.values.shape == (len(block.frames), len(block.shape.columns))
        for row, frame in enumerate(block.frames.tolist()):
            sender = block.senders[row]
            rows = [
                (each.code, each.sent_code, each.field, each.unit, each.flag, None if isnan(value) else value)
                for each, value in zip(block.shape.columns, block.values[row].tolist(), strict=True)
            ]
            at = block.at[row].astype("datetime64[us]").item()
            said = {*sender.habits, *block.shape.habits}
            assert frame not in told
            told[frame] = (sender.mn, sender.cn, sender.period, at, rows, said)
    for frame, message in bulk.rest:
        assert frame not in told
        told[frame] = _singly(message)
    assert sorted(told) == list(range(count))
    return [told[frame] for frame in range(count)]


def _singly(message) -> Told:  # type: ignore[no-untyped-def]
    rows = [
        (
            each.code,
            each.sent_code,
            each.field,
            each.unit,
            each.flag,
            float(each.value) if each.value is not None else None,
        )
        for each in message.readings
    ]
    said = set(message.habits) - {habits.QN_ODD, habits.SENTINEL}
    return message.mn, message.cn, message.period, message.data_time, rows, said


def one_by_one(bodies: list[bytes]) -> list[Told]:
    return [_singly(read(each, CODES)) for each in bodies]


def without_sentinel(told: list[Told]) -> list[Told]:
    return [(*each[:5], each[5] - {habits.QN_ODD, habits.SENTINEL}) for each in told]


codes_sent = st.sampled_from(["w01018", "w21003", "011", "060", "020", "a21026", "ua19004", "LA", "SB1"])
fields = st.sampled_from(["Rtd", "Avg", "Min", "Max", "Cou", "ZsAvg", "RS", "avg", "Odd", "SampleTime"])
numbers = st.one_of(
    st.decimals(-99999, 99999, allow_nan=False, places=3).map(lambda value: f"{value:f}"),
    st.sampled_from(["0", "99999.99", "99999.990", "", " 1", "+3", ".5", "5.", "1E3", "NaN", "9" * 20, "1_0", "N"]),
)
flags = st.sampled_from(["N", "N", "D", "n", "X", ""])
times = st.sampled_from(
    ["20160801084000", "20240229235959", "20230229000000", "20160801246000", "00000101000000", "2016080108", ""]
)
heads = st.sampled_from(
    [
        HEAD,
        HEAD.replace("Flag=5", "Flag=9"),
        HEAD.replace("ST=32", "ST=31"),
        HEAD.replace("2051", "2061"),
        HEAD.replace("2051", "3020"),
        HEAD.replace("Flag=5;", "Flag=7;PNUM=2;PNO=1;"),
        HEAD.replace("123456;", "1;"),
        "ST=32;CN=2011;PW=123456;MN=88888880000001;",
        HEAD.replace("20160801085857223", "1617936069734"),
    ]
)


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, str, list[tuple[str, str, bool]]]:
    """A head, and the items of a shape: code, field, whether a flag follows."""
    items = draw(st.lists(st.tuples(codes_sent, fields, st.booleans()), min_size=1, max_size=5))
    return draw(heads), draw(st.sampled_from([";", ",", ";;"])), items


@st.composite
def batches(draw: st.DrawFn) -> list[bytes]:
    """Bodies of a few shapes, each several times with other figures."""
    bodies = []
    for head, mark, items in draw(st.lists(templates(), min_size=1, max_size=3)):
        for _ in range(draw(st.integers(2, 5))):
            pairs = [f"DataTime={draw(times)}"]
            for code, name, is_flagged in items:
                flag = f",{code}-Flag={draw(flags)}" if is_flagged else ""
                pairs.append(f"{code}-{name}={draw(numbers)}{flag}")
            bodies.append(body(mark.join(pairs), head))
    return bodies


@tries(150, 20_000)
@given(st.lists(batches(), min_size=1, max_size=3))
def test_bulk_is_what_single_reading_gives(calls: list[list[bytes]]) -> None:
    reader = BulkReader(CODES)
    for bodies in calls:
        assert without_sentinel(in_bulk(reader.read(bodies), len(bodies))) == one_by_one(bodies)


@pytest.mark.parametrize("wires", [GOOD, STEPS], ids=["published", "annex"])
def test_published_frames_in_bulk(wires: list[str]) -> None:
    reader = BulkReader(CODES)
    bodies = [only(wire.encode()).body for wire in wires]
    for _ in range(3):
        assert without_sentinel(in_bulk(reader.read(bodies), len(bodies))) == one_by_one(bodies)
    kept = reader.read(bodies)
    assert (
        sum(len(block.frames) for block in kept.blocks)
        >= sum("-Avg=" in wire or "-Rtd=" in wire for wire in wires) // 2
    )


def test_a_shape_is_kept_across_devices_and_calls() -> None:
    reader = BulkReader(CODES)
    bodies = [
        body(f"DataTime=201608010{hour}0000;w01018-Avg={hour}.5,w01018-Flag=N", HEAD.replace("69DC0", f"{device:05d}"))
        for hour in range(10)
        for device in range(50)
    ]
    first, then = reader.read(bodies), reader.read(bodies)
    assert len(first.rest) == 1, "a shape seen for the first time is read singly"
    assert then.rest == ()
    (block,) = then.blocks
    assert block.values[:, 0].tolist() == [hour + 0.5 for hour in range(10) for _ in range(50)]
    assert block.at[0] == np.datetime64("2016-08-01T00:00:00")
    assert {id(sender) for sender in block.senders} == {id(sender) for sender in first.blocks[0].senders}


def test_could_not_be_converted_is_missing_in_bulk_too() -> None:
    head = HEAD.replace("Flag=5", "Flag=9").replace("ST=32", "ST=31")
    area = "DataTime=2016080108{:02d}00;a21026-ZsAvg={},a21026-Avg=99999.99,a21026-Flag=N"
    bodies = [body(area.format(at, value), head) for at, value in enumerate(("1.5", "1.5", "99999.99", "99999.990"))]
    bulk = BulkReader(CODES).read(bodies)
    (block,) = bulk.blocks
    assert without_sentinel(in_bulk(bulk, 4)) == one_by_one(bodies)
    assert np.isnan(block.values[-2:, 0]).all()
    assert block.values[-1, 1] == 99999.99


def test_a_field_told_twice_is_judged_each_time() -> None:
    """The same figure twice is no habit, two figures are: such a shape is not kept."""
    bodies = [body(f"DataTime=20160801080000;w01018-Avg=1;w01018-Avg={value}") for value in (1, 1, 1, 2)]
    assert in_bulk(BulkReader(CODES).read(bodies), 4) == one_by_one(bodies)
    assert habits.FIELD_TWICE in one_by_one(bodies)[3][5]


def test_flags_without_figures_are_read_too() -> None:
    bodies = [body(f"DataTime=201608010{hour}0000;w01018-Flag=N") for hour in range(8)]
    reader = BulkReader(CODES)
    for _ in range(3):
        assert without_sentinel(in_bulk(reader.read(bodies), 8)) == one_by_one(bodies)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from shuangkong.protocols.hj212 import columns

    for name in ("_SENDERS", "_SHAPES", "_SEEN"):
        monkeypatch.setattr(columns, name, 10)
    reader = BulkReader(CODES)
    bodies = [body(f"DataTime=20160801084000;w{n:05d}-Avg=1", HEAD.replace("69DC0", f"{n:05d}")) for n in range(200)]
    for _ in range(2):
        assert without_sentinel(in_bulk(reader.read(bodies), 200)) == one_by_one(bodies)
    assert max(len(reader._senders), len(reader._shapes), len(reader._seen)) <= 10
