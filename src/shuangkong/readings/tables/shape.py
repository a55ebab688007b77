"""表的样子: tables, their columns and types; what asks and what writes goes by these alone.

============  ========================================================================================================
readings_…    one table a kind; every version is kept, of equal (point, at, stat) the highest counts
marks         rules' and persons' marks of periods; of equal (point, kind, at, by) the highest version counts
touched       hours whose roll-ups are not yet made from all that there is: those whose tokens do not add up to zero
rollups       of equal (base, span, point, at, stat) the highest version counts
work          hours that a roll is about; places: regions of points, as handed in; both are a node's own
archives      months that are no longer in the store but in a file
============  ========================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shuangkong.readings.columns import BASES, BYS, FLAGS, KINDS, MARKS, PLACES, SPANS, STATS, Base, Kind

DATABASE: Final = "shuangkong"


def words(table: Mapping[str, int]) -> str:
    """The type of a column of words."""
    return f"Enum8({', '.join(f"'{word}' = {number}" for word, number in table.items())})"


INSTANT: Final = "DateTime('UTC')"
VALUE: Final = f"Decimal(18, {PLACES})"
SUM: Final = f"Decimal(38, {PLACES})"

READINGS: Final[Mapping[str, str]] = {
    "point": "UInt32",
    "at": INSTANT,
    "stat": words(STATS),
    "value": VALUE,
    "flag": words(FLAGS),
    "version": "UInt64",
}
MARKED: Final[Mapping[str, str]] = {
    "point": "UInt32",
    "kind": words(KINDS),
    "at": INSTANT,
    "by": words(BYS),
    "mark": words(MARKS),
    "version": "UInt64",
}
TOUCHED: Final[Mapping[str, str]] = {
    "base": words(BASES),
    "point": "UInt32",
    "hour": INSTANT,
    "token": "UInt64",
}
ROLLUPS: Final[Mapping[str, str]] = {
    "base": words(BASES),
    "span": words(SPANS),
    "point": "UInt32",
    "at": INSTANT,
    "stat": words(STATS),
    "told": "UInt32",
    "valid": "UInt32",
    "stopped": "UInt32",
    "sum": SUM,
    "low": VALUE,
    "high": VALUE,
    "version": "UInt64",
}
WORK: Final[Mapping[str, str]] = {
    "roll": "UInt64",
    "point": "UInt32",
    "hour": INSTANT,
}
PLACED: Final[Mapping[str, str]] = {
    "mapping": "UInt64",
    "point": "UInt32",
    "place": "UInt32",
}
ARCHIVES: Final[Mapping[str, str]] = {
    "kind": words(KINDS),
    "month": "UInt32",
    "readings": "UInt64",
    "is_away": "UInt8",
    "version": "UInt64",
}


def table_of(kind: Kind) -> str:
    """Where readings of a kind are."""
    return f"readings_{kind}"


#: table → its key, in the order that rows lie in.
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    **{table_of(kind): ("point", "at", "stat", "version") for kind in Kind},
    "marks": ("point", "kind", "at", "by"),
    "touched": ("base", "point", "hour"),
    "rollups": ("base", "span", "point", "at", "stat"),
    "work": ("point", "hour"),
    "places": ("point",),
    "archives": ("kind", "month"),
}
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    **{table_of(kind): READINGS for kind in Kind},
    "marks": MARKED,
    "touched": TOUCHED,
    "rollups": ROLLUPS,
    "work": WORK,
    "places": PLACED,
    "archives": ARCHIVES,
}
#: Where the parts of a table begin anew; a part is what retention takes away at once.
PARTS: Final[Mapping[str, str]] = {
    **{table_of(kind): "toYYYYMM(at)" for kind in Kind},
    "rollups": "toYear(at)",
    "work": "roll",
    "places": "mapping",
}
#: Of rows of equal keys only the one of the highest version is kept.
VERSIONED: Final = frozenset({"marks", "rollups", "archives"})
#: Rows that come again are kept once: their versions are part of the key.
ONCE: Final = frozenset(map(table_of, Kind))
#: Of one node, for as long as a question takes.
PASSING: Final = frozenset({"work", "places"})


def word(told: str, table: Mapping[str, int]) -> str:
    """A word as a value of its column."""
    return f"CAST('{told}' AS {words(table)})"


def _touch(base: Base, condition: str = "") -> str:
    return (
        f"SELECT {word(base, BASES)} AS base, point, toStartOfHour(at) AS hour, sum(rand64()) AS token FROM {{}}"
        f"{condition} GROUP BY point, hour"
    )


#: view → (from, statement): who writes a reading or a mark touches its hour. A token is drawn anew each time, so that
#: no two writings can cancel each other, and a batch that comes twice leaves its hour touched.
TOUCHING: Final[Mapping[str, tuple[str, str]]] = {
    "minutes_touch": ("readings_minute", _touch(Base.MINUTE)),
    "hours_touch": ("readings_hour", _touch(Base.HOUR)),
    "marks_touch_minutes": ("marks", _touch(Base.MINUTE, " WHERE kind IN ('minute', 'hour')")),
    "marks_touch_hours": ("marks", _touch(Base.HOUR, " WHERE kind = 'hour'")),
}
