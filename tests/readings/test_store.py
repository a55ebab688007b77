"""The store by its promises: what goes in comes out, versions and marks decide, roll-ups are those of what there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from itertools import count
from operator import add
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from housed import DAY, HOUR, MINUTE, START, ZONE, housed, readings
from shuangkong.readings.columns import Base, ColumnsRefused, Kind, Span
from shuangkong.readings.rolling import Roller
from shuangkong.readings.store import Store
from shuangkong.readings.validity import PLAIN
from shuangkong.readings.wire.client import Client, StoreRefused

_POINTS = count(1)


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
    """A point that no other test has."""
    return next(_POINTS) * 1000


def minutes(
    point: int, values: list[float | None], start: datetime = START, flag: str = "N", stat: str = "avg"
) -> list:
    return [(point, start + at * MINUTE, stat, value, flag) for at, value in enumerate(values)]


def rolled(store: Store, point: int, span: Span, **asked: Base) -> list[dict]:
    return store.rollup(point, span, None, START - 800 * DAY, START + 400 * DAY, **asked).to_pylist()


def marks(point: int, kind: str, at: datetime, by: str, mark: str, version: int) -> pa.Table:
    return pa.table(
        {"point": [point], "kind": [kind], "at": [at], "by": [by], "mark": [mark], "version": [version]},
    )


def test_what_goes_in_comes_out(store: Store, point: int) -> None:
    told = [
        (point, START, "avg", 12.345678, "N"),
        (point, START, "cou", 0.0, ""),
        (point, START + MINUTE, "avg", None, "D"),
        (point + 1, START, "avg", -7.5, "never heard of"),
    ]
    assert store.append(readings(told, first=70)) == 4
    out = store.series([point, point + 1], Kind.MINUTE, None, START, START + HOUR).to_pylist()
    assert [(row["point"], row["at"], row["stat"], row["value"], row["flag"]) for row in out] == [
        *told[:3],
        (point + 1, START, "avg", -7.5, "?"),
    ]
    assert [(row["segment"], row["offset"], row["mark"]) for row in out] == [
        (1, 70, ""),
        (1, 71, ""),
        (1, 72, ""),
        (1, 73, ""),
    ]
    assert store.series(point, Kind.HOUR, None, START, START + HOUR).num_rows == 0
    assert store.series(point, Kind.MINUTE, "cou", START, START + HOUR).num_rows == 1
    assert store.newest() >= (1, 73)


def test_later_version_counts_and_the_earlier_is_kept(store: Store, point: int) -> None:
    store.append(readings([(point, START, "avg", 5.0, "N")], first=10))
    store.append(readings([(point, START, "avg", 6.0, "D")], segment=2, first=3))
    store.append(readings([(point, START, "avg", 5.5, "N")], first=11))
    (row,) = store.series(point, Kind.MINUTE, "avg", START, START + HOUR).to_pylist()
    assert (row["value"], row["flag"], row["segment"], row["offset"]) == (6.0, "D", 2, 3)
    before = store.series(point, Kind.MINUTE, "avg", START, START + HOUR, upto=(1, 10)).to_pylist()
    assert [row["value"] for row in before] == [5.0]
    versions = store.versions(point, Kind.MINUTE, "avg", START, START + HOUR)
    assert versions["value"].to_pylist() == [5.0, 5.5, 6.0]
    store.append(readings([(point, START + HOUR, "avg", 5.0, "N")], first=12))
    again = store.told_again([point], Kind.MINUTE, "avg", START, START + DAY)
    assert again == {(point, START): ((1, 10), (1, 11), (2, 3))}, "the hour after was told once"


def test_the_newest_of_each_is_that_of_the_series(store: Store, point: int) -> None:
    """Those of its newest time, with the version that counts and the mark that was laid on it; without a value too."""
    told = [(point, START + number * MINUTE, "avg", float(number), "N") for number in range(5)]
    told += [(point, START + 5 * MINUTE, "avg", None, "D"), (point, START, "cou", 3.0, "N")]
    told += [(point, START + 5 * MINUTE, "max", 6.0, "N")]
    told += [(point + 1, START + 2 * MINUTE, "avg", 8.0, "N")]
    store.append(readings(told, first=70))
    store.append(readings([(point + 1, START + 2 * MINUTE, "avg", 9.0, "N")], segment=2, first=3))
    store.mark(marks(point + 1, "minute", START + 2 * MINUTE, "person", "F", 1))
    asked = ([point, point + 1], Kind.MINUTE, None, START, START + HOUR)
    ends = {point: START + 5 * MINUTE, point + 1: START + 2 * MINUTE}
    newest = store.latest(*asked).to_pylist()
    assert newest == [row for row in store.series(*asked).to_pylist() if row["at"] == ends[row["point"]]]
    assert [(row["stat"], row["value"], row["mark"]) for row in newest] == [
        ("avg", None, ""), ("max", 6.0, ""), ("avg", 9.0, "F")
    ]  # fmt: skip
    every = store.latest(None, *asked[1:]).to_pylist()
    assert [row for row in every if row["point"] in ends] == newest, "asked of all points at once"
    assert store.latest([point], Kind.HOUR, None, START, START + HOUR).num_rows == 0


def test_batch_that_comes_again_is_stored_once(store: Store, roller: Roller, point: int) -> None:
    batch = readings(minutes(point, [1.0] * 60, stat="cou"))
    for _ in range(3):
        store.append(batch)
        roller.roll()
    assert store.versions(point, Kind.MINUTE, "cou", START, START + DAY).num_rows == 60
    assert [(row["told"], row["sum"]) for row in rolled(store, point, Span.YEAR)] == [(60, Decimal(60))]


def test_rolls_up_to_years_in_the_zone_of_the_offices(store: Store, roller: Roller, point: int) -> None:
    # 16:00 UTC begins the next day there: two minutes of one UTC hour's either side lie in two days.
    edge = START + 16 * HOUR
    store.append(readings([(point, edge - MINUTE, "cou", 2.25, "N"), (point, edge, "cou", 3.5, "N")]))
    assert roller.roll().is_settled
    zone = ZoneInfo(ZONE)
    days = [(row["at"].astimezone(zone).isoformat()[:16], row["sum"]) for row in rolled(store, point, Span.DAY)]
    assert days == [("2026-03-04T00:00", Decimal("2.25")), ("2026-03-05T00:00", Decimal("3.5"))]
    for span, starts in ((Span.MONTH, "2026-03-01"), (Span.QUARTER, "2026-01-01"), (Span.YEAR, "2026-01-01")):
        (row,) = rolled(store, point, span)
        assert (row["at"].astimezone(zone).isoformat()[:10], row["sum"]) == (starts, Decimal("5.75"))
        assert (row["told"], row["valid"], row["mean"], row["low"], row["high"]) == (2, 2, 2.875, 2.25, 3.5)


def test_late_data_and_new_versions_correct_every_span(store: Store, roller: Roller, point: int) -> None:
    store.append(readings(minutes(point, [10.0, 20.0])))
    roller.roll()
    store.append(readings([(point, START + 5 * MINUTE, "avg", 60.0, "N"), (point, START, "avg", 40.0, "N")], first=50))
    roller.roll()
    for span in Span:
        (row,) = rolled(store, point, span)
        assert (row["told"], row["sum"], row["low"], row["high"]) == (3, Decimal(120), 20.0, 60.0), span


def test_hours_years_apart_are_each_made_anew(store: Store, roller: Roller, point: int) -> None:
    told = [(point, START - at * DAY, "cou", 1.0 + at, "N") for at in (0, 1, 40, 380)]
    store.append(readings(told))
    roller.roll()
    store.append(readings([(point, START - 380 * DAY + MINUTE, "cou", 9.0, "N")], first=30))
    store.append(readings([(point, START, "cou", 3.0, "N")], first=31))
    roller.roll()
    assert [row["sum"] for row in rolled(store, point, Span.DAY)] == [Decimal(each) for each in (390, 41, 2, 3)]
    assert [row["sum"] for row in rolled(store, point, Span.YEAR)] == [Decimal(390), Decimal(46)]


def test_flags_and_missing_values_do_not_count(store: Store, roller: Roller, point: int) -> None:
    told = [*minutes(point, [1.0, 2.0]), *minutes(point, [50.0], START + 2 * MINUTE, "D")]
    told += [*minutes(point, [None], START + 3 * MINUTE), *minutes(point, [0.0], START + 4 * MINUTE, "F")]
    store.append(readings(told))
    roller.roll()
    (row,) = rolled(store, point, Span.HOUR)
    assert [row[name] for name in ("told", "valid", "stopped", "sum")] == [5, 2, 1, Decimal(3)]


def test_none_valid_has_no_mean(store: Store, roller: Roller, point: int) -> None:
    store.append(readings(minutes(point, [50.0], flag="D")))
    roller.roll()
    (row,) = rolled(store, point, Span.DAY)
    assert [row[name] for name in ("valid", "mean", "low", "high")] == [0, None, None, None]


def test_persons_mark_wins_and_can_be_taken_back(store: Store, roller: Roller, point: int) -> None:
    store.append(readings(minutes(point, [1.0, 2.0, 4.0])))
    steps = [
        (marks(point, "hour", START, "rule", "D", 1), Decimal(0), ["D", "D", "D"]),
        (marks(point, "minute", START + MINUTE, "person", "N", 2), Decimal(2), ["D", "N", "D"]),
        (marks(point, "minute", START + MINUTE, "rule", "C", 3), Decimal(2), ["D", "N", "D"]),
        (marks(point, "hour", START, "rule", "", 4), Decimal(7), ["", "N", ""]),
        (marks(point, "hour", START, "person", "M", 5), Decimal(2), ["M", "N", "M"]),
        (marks(point, "minute", START + MINUTE, "person", "", 6), Decimal(0), ["M", "M", "M"]),
    ]
    for mark, total, shown in steps:
        store.mark(mark)
        roller.roll()
        assert [row["sum"] for row in rolled(store, point, Span.YEAR)] == [total]
        series = store.series(point, Kind.MINUTE, None, START, START + HOUR)
        assert series["mark"].to_pylist() == shown


def test_hours_are_a_base_of_their_own(store: Store, roller: Roller, point: int) -> None:
    store.append(readings([(point, START + at * HOUR, "cou", 1.5, "N") for at in range(24)], kind="hour"))
    store.mark(marks(point, "hour", START, "person", "D", 1))
    roller.roll()
    assert rolled(store, point, Span.DAY) == []
    assert [row["sum"] for row in rolled(store, point, Span.MONTH, base=Base.HOUR)] == [Decimal("34.5")]


def test_regions_add_up_their_points(store: Store, roller: Roller, point: int) -> None:
    store.append(readings([(point + at, START, "cou", 1.0 + at, "N") for at in range(4)]))
    roller.roll()
    places = {point: 5, point + 1: 5, point + 2: 6}
    found = store.regions(places, Span.DAY, "cou", START - DAY, START + DAY).to_pylist()
    assert [(row["place"], row["points"], row["sum"], row["low"], row["high"]) for row in found] == [
        (5, 2, Decimal(3), 1.0, 2.0),
        (6, 1, Decimal(3), 3.0, 3.0),
    ]
    again = store.regions(places | {point + 3: 6}, Span.DAY, "cou", START - DAY, START + DAY)
    assert again["sum"].to_pylist() == [Decimal(3), Decimal(7)]
    assert store.regions({}, Span.DAY, "cou", START - DAY, START + DAY).num_rows == 0


def test_sums_are_exact_where_floats_are_not(store: Store, roller: Roller, point: int) -> None:
    store.append(readings(minutes(point, [0.1] * 60, stat="cou")))
    roller.roll()
    (row,) = rolled(store, point, Span.HOUR)
    assert row["sum"] == Decimal(6)
    assert reduce(add, [0.1] * 60) != 6.0


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("point", pa.array([-1])),
        ("kind", pa.array(["week"])),
        ("at", pa.array([START.replace(tzinfo=None)])),
        ("stat", pa.array(["average"])),
        ("value", pa.array([float("nan")])),
        ("value", pa.array([1e12])),
        ("point", pa.array([None], pa.uint32())),
        ("segment", pa.array([1 << 24], pa.uint32())),
    ],
)
def test_what_is_no_reading_is_refused_whole(store: Store, point: int, column: str, wrong: pa.Array) -> None:
    table = readings([(point, START, "avg", 1.0, "N")])
    broken = table.set_column(table.column_names.index(column), column, wrong)
    with pytest.raises(ColumnsRefused, match=column):
        store.append(broken)
    with pytest.raises(ColumnsRefused, match="flag"):
        store.append(table.drop_columns(["flag"]))
    assert store.series(point, Kind.MINUTE, None, START, START + HOUR).num_rows == 0


def test_store_says_what_it_refuses(client: Client) -> None:
    with pytest.raises(StoreRefused, match=r"Code: 6[02]"):
        client.rows("SELECT * FROM nowhere")
    with pytest.raises(StoreRefused, match="key"):
        Client(client.addresses, key="guessed").rows("SELECT 1")


def expected(told: dict[tuple[datetime, str], tuple[float, str]], zone: ZoneInfo) -> dict[tuple[datetime, str], list]:
    """Days as somebody would add them up by hand."""
    days: dict[tuple[datetime, str], list] = defaultdict(lambda: [0, 0, Decimal(0)])
    for (at, stat), (value, flag) in told.items():
        day = days[at.astimezone(zone).replace(hour=0, minute=0), stat]
        day[0] += 1
        if flag == "N":
            day[1] += 1
            day[2] += Decimal(str(value))
    return days


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(
                st.integers(0, 3 * 1440),
                st.sampled_from(["avg", "cou"]),
                st.integers(-9999, 9999),
                st.sampled_from("ND"),
            ),
            max_size=25,
        ),
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_whatever_comes_in_whatever_order_the_days_are_right(client: Client, batches: list, chance: object) -> None:
    """Batches come in any order, some twice, with rolls in between: the versions decide."""
    store, roller, point = Store(client), Roller(client, ZONE, PLAIN), next(_POINTS) * 1000
    tables, latest, number = [], {}, 0
    for batch in batches:
        rows = [(point, START + at * MINUTE, stat, value / 100, flag) for at, stat, value, flag in batch]
        tables.append(readings(rows, first=number))
        number += len(rows)
        latest |= {(at, stat): (value, flag) for _, at, stat, value, flag in rows}
    order = tables + tables[:2]
    chance.shuffle(order)  # type: ignore[attr-defined]
    for table in order:
        store.append(table)
        if chance.random() < 0.4:  # type: ignore[attr-defined]
            roller.roll()
    roller.roll()
    days = store.rollup(point, Span.DAY, None, START - DAY, START + 9 * DAY).to_pylist()
    found = {
        (row["at"].astimezone(ZoneInfo(ZONE)), row["stat"]): [row["told"], row["valid"], row["sum"]] for row in days
    }
    assert found == expected(latest, ZoneInfo(ZONE))


def test_quick_and_exact_hours_agree(client: Client, point: int) -> None:
    """The pass over plain hours gives what the statement gives that says what a roll-up is."""
    from shuangkong.readings.hours import Hours, _exact_hours, rolled_hours

    store, chance = Store(client), np.random.default_rng(4)
    rows = [
        (point + p, START + at * MINUTE, stat, int(chance.integers(10**6)) / 1000, chance.choice(["N", "D", "F", ""]))
        for p in range(3) for at in range(180) for stat in ("avg", "cou")
    ]  # fmt: skip
    store.append(readings(rows))
    first = int(START.timestamp())
    grid = [(point + p, first + 3600 * at) for p in range(3) for at in range(3)]
    hours = Hours(*(np.array(column, dtype=np.uint32) for column in zip(*grid, strict=True)))
    quick = rolled_hours(client, Base.MINUTE, hours, 1, PLAIN)
    keys = np.sort(hours.point.astype(np.uint64) << np.uint64(32) | hours.hour.astype(np.uint64))
    exact = _exact_hours(client, Base.MINUTE, keys, 1, PLAIN)
    names = {"point": "point", "hour": "at", "stat": "stat", "total": "sum", "lowest": "low", "highest": "high"}
    names |= {name: name for name in ("told", "valid", "stopped")}
    one = sorted(zip(*(exact[name].tolist() for name in names), strict=True))
    other = sorted(zip(*(quick[name].tolist() for name in names.values()), strict=True))
    assert one == other
    assert len(one) == 18


def test_periods_begin_and_end_where_they_are_asked(store: Store, point: int) -> None:
    store.append(readings(minutes(point, [1.0, 2.0, 3.0])))
    found = store.series(point, Kind.MINUTE, "avg", START + MINUTE, START + 2 * MINUTE)
    assert found["value"].to_pylist() == [2.0]
    with pytest.raises(ValueError, match="zone"):
        store.series(point, Kind.MINUTE, "avg", START.replace(tzinfo=None), START + timedelta(days=1))
