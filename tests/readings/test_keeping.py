"""Months that go into files and come back, exports, uploads of others, bulk from files."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housed import DAY, HOUR, MINUTE, START, ZONE, housed, readings
from shuangkong.readings import archive as away
from shuangkong.readings.archive import Month, NotArchived, archive, expired, months_here, restore
from shuangkong.readings.backfill import backfill, tables_in, touch
from shuangkong.readings.columns import Base, ColumnsRefused, Kind, Span
from shuangkong.readings.export import Form, series_in_parts, write
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.tables.embedded import drop_part
from shuangkong.readings.uploads import Form as UploadForm
from shuangkong.readings.uploads import UploadRefused, take_upload
from shuangkong.readings.validity import PLAIN, Validity
from shuangkong.readings.wire.client import Client

_POINTS = count(1)
JANUARY = datetime(2026, 1, 10, tzinfo=START.tzinfo)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with housed(tmp_path_factory.mktemp("store")) as opened:
        yield opened


@pytest.fixture
def store(client: Client) -> Store:
    return Store(client)


@pytest.fixture
def roller(client: Client) -> Roller:
    return Roller(client, ZONE, PLAIN)


@pytest.fixture
def point() -> int:
    return next(_POINTS) * 1000


def told(point: int, start: datetime, values: list[float | None]) -> list:
    return [(point, start + at * HOUR, "cou", value, "N") for at, value in enumerate(values)]


def years(store: Store, point: int, base: Base = Base.MINUTE) -> list[Decimal]:
    return store.rollup(point, Span.YEAR, None, START - 800 * DAY, START + 800 * DAY, base=base)["sum"].to_pylist()


def test_month_goes_into_a_file_and_comes_back(store: Store, roller: Roller, point: int, tmp_path: Path) -> None:
    month = Month(2026, 1)
    store.append(readings(told(point, JANUARY, [1.25, None, 3.0])))
    store.append(readings([(point, JANUARY, "cou", 7.25, "D")], first=90))
    store.append(readings(told(point, JANUARY + 40 * DAY, [5.0]), first=95))
    with pytest.raises(NotArchived, match="roll-ups"):
        archive(store, Kind.MINUTE, month, tmp_path, drop_part)
    roller.roll()
    assert expired(store, {Kind.MINUTE: 1}, date(2026, 2, 27)) == []
    assert expired(store, {Kind.MINUTE: 1}, date(2026, 3, 1)) == [(Kind.MINUTE, month)]
    path = archive(store, Kind.MINUTE, month, tmp_path, drop_part)
    assert months_here(store, Kind.MINUTE) == [Month(2026, 2)]
    assert sorted(pq.read_table(path)["value"].to_pylist(), key=str) == [1.25, 3.0, 7.25, None]
    assert years(store, point) == [Decimal(8)], "roll-ups stay when their readings go"
    # Late data of a month that is away wait for it: alone they would make a wrong hour.
    store.append(readings([(point, JANUARY + HOUR, "cou", 10.0, "N")], first=99))
    assert roller.roll().waiting == 1
    assert years(store, point) == [Decimal(8)]
    assert restore(store, Kind.MINUTE, month, tmp_path) == 4
    assert roller.roll().waiting == 0
    assert years(store, point) == [Decimal(18)]
    assert store.versions(point, Kind.MINUTE, "cou", JANUARY, JANUARY + DAY)["value"].to_pylist() == [
        1.25,
        7.25,
        None,
        10.0,
        3.0,
    ]


def test_what_comes_late_of_a_month_that_is_away_joins_its_file(store: Store, point: int, tmp_path: Path) -> None:
    month, whole = Month(2024, 3), []
    day = datetime(2024, 3, 4, tzinfo=UTC)
    for first, at, value in ((1, day, 1.25), (2, day + DAY, None), (3, day + DAY, 7.5), (4, day + 9 * DAY, 2.0)):
        store.append(readings([(point, at, "rtd", value, "N")], kind="rtd", first=first))
        whole.append((at, value))
        path = archive(store, Kind.RTD, month, tmp_path, drop_part)
        kept = pq.read_table(path)
        assert list(zip(kept["at"].to_pylist(), kept["value"].to_pylist(), strict=True)) == whole
        assert month not in months_here(store, Kind.RTD)
    assert restore(store, Kind.RTD, month, tmp_path) == 4
    archive(store, Kind.RTD, month, tmp_path, drop_part)
    assert pq.read_table(path).equals(kept), "what came back is in it once"


def test_file_that_lacks_a_reading_takes_nothing_away(
    store: Store, roller: Roller, point: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(readings(told(point, JANUARY - 35 * DAY, [1.0, 2.0])))
    roller.roll()
    whole = away._days
    monkeypatch.setattr(away, "_days", lambda *asked: (part.slice(1) for part in whole(*asked)))
    with pytest.raises(NotArchived, match="holds 1 readings, the store 2"):
        archive(store, Kind.MINUTE, Month(2025, 12), tmp_path, drop_part)
    assert store.series(point, Kind.MINUTE, None, JANUARY - 36 * DAY, JANUARY).num_rows == 2


@pytest.mark.parametrize("form", list(Form))
def test_export_holds_every_week(store: Store, point: int, form: Form) -> None:
    store.append(readings([(point, START + at * DAY, "avg", at / 4, "ND"[at % 2]) for at in range(20)], kind="day"))
    sink = io.BytesIO()
    assert write(series_in_parts(store, point, Kind.DAY, None, START, START + 20 * DAY), form, sink) == 20
    sink.seek(0)
    match form:
        case Form.CSV:
            table = pv.read_csv(sink)
        case Form.PARQUET:
            table = pq.read_table(sink)
        case Form.ARROW:
            table = pa.ipc.open_stream(sink).read_all()
    assert table["value"].to_pylist() == [at / 4 for at in range(20)]
    assert table["flag"].to_pylist() == ["ND"[at % 2] for at in range(20)]


POINTS = {("outlet-1", "a21026"): (11, 1.0), ("outlet-1", "a21002"): (12, 1000.0)}


def taken(data: bytes, form: UploadForm = UploadForm.CSV) -> list:
    known = lambda named: {each: POINTS[each] for each in named if each in POINTS}  # noqa: E731
    return list(take_upload(io.BytesIO(data), form, known, zone=ZONE, segment=4, offset=500))


def test_upload_as_csv_finds_its_points_and_times_of_the_offices() -> None:
    lines = (
        "outlet,factor,kind,at,stat,value,flag\n"
        "outlet-1,a21026,hour,2026-03-04 08:00:00,avg,12.5,N\n"
        "outlet-1,a21002,hour,2026-03-04 08:00:00,avg,0.25,\n"
        "outlet-9,a21026,hour,2026-03-04 08:00:00,avg,1,N\n"
    )
    (part,) = taken(lines.encode())
    assert part.unknown == {("outlet-9", "a21026"): 1}
    assert part.table.to_pylist() == [
        {
            "point": at,
            "kind": "hour",
            "at": START,
            "stat": "avg",
            "value": value,
            "flag": flag,
            "segment": 4,
            "offset": 500,
        }
        for at, value, flag in ((11, 12.5, "N"), (12, 250.0, ""))
    ]
    (offset,) = taken(lines.replace("04 08:00:00", "04T01:00:00+01:00").encode())
    assert offset.table["at"].to_pylist() == [START, START]


def test_upload_as_arrow_is_taken_batch_by_batch(store: Store) -> None:
    rows = {
        "outlet": ["outlet-1"] * 4, "factor": ["a21026"] * 4, "kind": ["minute"] * 4, "stat": ["avg"] * 4,
        "at": pa.array([START + at * MINUTE for at in range(4)], pa.timestamp("ms", "UTC")),
        "value": [1.0, 2.0, None, 4.0],
    }  # fmt: skip
    sink, table = io.BytesIO(), pa.table(rows)
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=3)
    parts = taken(sink.getvalue(), UploadForm.ARROW)
    assert [part.table.num_rows for part in parts] == [3, 1]
    assert [store.append(part.table) for part in parts] == [3, 1]
    assert store.series(11, Kind.MINUTE, "avg", START, START + HOUR)["value"].to_pylist() == [1.0, 2.0, None, 4.0]


def arrow(table: pa.Table, compression: str | None = None) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def test_an_arrow_stream_that_would_swell_is_refused_unread() -> None:
    words = {name: pa.array(["outlet-1"] * 1000) for name in ("outlet", "factor", "kind", "stat")}
    with pytest.raises(UploadRefused, match="compressed"):
        taken(arrow(pa.table(words | {"value": [0.0] * 1000}), "zstd"), UploadForm.ARROW)
    with pytest.raises(UploadRefused, match="3000000 rows"):
        taken(arrow(pa.table({"outlet": pa.nulls(3_000_000)})), UploadForm.ARROW)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_arrow_stream_is_taken_or_refused(data: st.DataObject) -> None:
    whole = bytearray(arrow(pa.table({
        "outlet": pa.array(["outlet-1"] * 3).dictionary_encode(), "factor": ["a21026"] * 3, "kind": ["minute"] * 3,
        "stat": ["avg"] * 3, "at": pa.array([START + at * MINUTE for at in range(3)], pa.timestamp("s", "UTC")),
        "value": [1.0, 2.0, 3.0],
    })))  # fmt: skip
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=4)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with suppress(UploadRefused):
        taken(bytes(whole[:cut] if cut % 4 == 0 else whole), UploadForm.ARROW)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("RDG-001", b"\x00\x01"),
        ("RDG-001", b"outlet,factor,kind,at,stat,value\na,b,hour,2026-03-04 08:00:00,avg,many\n"),
        ("RDG-002", b"outlet,factor,kind,at,stat\na,b,hour,2026-03-04 08:00:00,avg\n"),
        ("RDG-002", b"outlet,factor,kind,at,stat,value\noutlet-1,a21026,week,2026-03-04 08:00:00,avg,1\n"),
        ("RDG-002", b"outlet,factor,kind,at,stat,value\noutlet-1,a21026,hour,yesterday,avg,1\n"),
        ("RDG-003", b"outlet,factor,kind,at,stat,value\n" + 2 * b"outlet-1,a21026,hour,2026-03-04 08:00:00,avg,1\n"),
    ],
)
def test_upload_that_cannot_be_taken_says_why(code: str, data: bytes) -> None:
    with pytest.raises(UploadRefused) as refused:
        taken(data)
    assert refused.value.code == code
    assert refused.value.message.zh != refused.value.message.en


def test_bulk_from_files_and_stretch_made_anew(store: Store, client: Client, point: int, tmp_path: Path) -> None:
    table = readings(told(point, START, [1.0, 2.0]), kind="hour")
    pq.write_table(table, tmp_path / "a.parquet")
    pv.write_csv(readings(told(point, START + DAY, [4.0]), kind="hour", first=5), tmp_path / "b.csv")
    for name, rows in (("a.parquet", 2), ("b.csv", 1)):
        assert backfill(store, tables_in(tmp_path / name)) == rows
    Roller(client, ZONE, PLAIN).roll()
    assert years(store, point, Base.HOUR) == [Decimal(7)]
    strict = Roller(client, ZONE, Validity(frozenset({"D"}), frozenset(), frozenset(), frozenset()))
    assert strict.roll().hours == 0
    touch(store, Base.HOUR, START, START + timedelta(days=1))
    assert strict.roll().hours == 2
    assert years(store, point, Base.HOUR) == [Decimal(4)]
    with pytest.raises(ColumnsRefused, match="parquet"):
        list(tables_in(tmp_path / "c.xlsx"))


def test_commands_export_archive_bring_back_and_backfill(
    client: Client, store: Store, roller: Roller, point: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shuangkong.cli import main
    from shuangkong.cli import readings as command

    monkeypatch.setattr(command, "_opened", lambda: (store, tmp_path, ZoneInfo(ZONE)))
    april = datetime(2025, 4, 30, 17, tzinfo=START.tzinfo)
    pq.write_table(readings(told(point, april, [1.0, 2.0])), tmp_path / "in.parquet")
    assert main(["readings", "backfill", str(tmp_path / "in.parquet")]) == 0
    roller.roll()
    days = ["--from", "2025-05-01", "--until", "2025-05-01"]
    out = tmp_path / "out.csv"
    for act, lines in (("archive", 1), ("restore", 3)):
        assert main(["readings", act, "--kind", "minute", "--month", "2025-04"]) == 0
        assert main(["readings", "export", str(out), "--kind", "minute", "--point", str(point), *days]) == 0
        assert len(out.read_text().splitlines()) == lines
    assert main(["readings", "touch", *days]) == 0
    assert roller.roll().hours >= 2
    assert main(["readings", "restore", "--kind", "day", "--month", "2025-04"]) == 2
    assert main(["readings", "archive", "--kind", "day", "--month", "April"]) == 2
    assert main(["readings", "export", str(tmp_path / "out.xls"), *days]) == 2
