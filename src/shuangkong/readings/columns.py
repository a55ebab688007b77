"""列: the columns of a reading, the words that stand in them, and their form on either side of the store.

Outside a table of readings is Arrow (``READINGS``): ``point`` (u32: an outlet and a factor), ``kind``, ``at`` (start of
the period, UTC; of an instant the instant), ``stat``, ``value`` (in the point's canonical unit), ``flag`` (as sent),
``segment`` and ``offset`` (where its frame lies in the evidence log). Times are kept to the second, as devices tell
them, values to a millionth.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import pyarrow as pa


class Kind(StrEnum):
    """What a reading is of: an instant, or the device's own mean of a minute's, hour's or day's length."""

    RTD = "rtd"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Base(StrEnum):
    """From which readings a roll-up is made; minute readings may be of 1 to 30 minutes."""

    MINUTE = "minute"
    HOUR = "hour"


class Span(StrEnum):
    """Lengths of roll-ups, each made of the one before, the first of the base."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class By(StrEnum):
    """Who marked; a person's mark wins over a rule's."""

    RULE = "rule"
    PERSON = "person"


#: Numbers never come again with another meaning: they are what the disk holds.
KINDS: Final[Mapping[str, int]] = MappingProxyType({Kind.RTD: 1, Kind.MINUTE: 2, Kind.HOUR: 3, Kind.DAY: 4})
BASES: Final[Mapping[str, int]] = MappingProxyType({Base.MINUTE: 2, Base.HOUR: 3})
SPANS: Final[Mapping[str, int]] = MappingProxyType(
    {Span.HOUR: 3, Span.DAY: 4, Span.MONTH: 5, Span.QUARTER: 6, Span.YEAR: 7}
)
BYS: Final[Mapping[str, int]] = MappingProxyType({By.RULE: 1, By.PERSON: 2})
#: Names of HJ 212 in lower case; ``raw_avg`` is the mean before correction, ``data`` and its kin are noise.
STATS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "avg": 1, "min": 2, "max": 3, "cou": 4, "zs_avg": 5, "zs_min": 6, "zs_max": 7, "rtd": 8, "zs_rtd": 9,
        "zs_cou": 10, "raw_avg": 11, "data": 12, "day_data": 13, "night_data": 14, "rs": 15, "rt": 16, "total": 17,
    }
)  # fmt: skip
#: Data flags as devices send them; none, and one that no table has.
FLAGS: Final[Mapping[str, int]] = MappingProxyType(
    {"": 0, "N": 1, "F": 2, "M": 3, "S": 4, "D": 5, "C": 6, "T": 7, "B": 8, "P": 9, "?": 100}
)
OTHER_FLAG: Final = "?"
#: Marks of periods; the empty one takes a mark back.
MARKS: Final[Mapping[str, int]] = MappingProxyType(
    {"": 0, "N": 1, "F": 2, "M": 3, "S": 4, "D": 5, "C": 6, "T": 7, "B": 8, "St": 9, "Sd": 10, "Md": 11}
)

#: Digits that values keep behind the point, and the least amount that is too large for its column.
PLACES: Final = 6
TOO_LARGE: Final = 999_999_999_999
#: What stands in the value's column, in millionths, where a reading came without one.
NO_VALUE: Final = -(10**18 - 1)

_WORD = pa.dictionary(pa.int8(), pa.string())
INSTANT: Final = pa.timestamp("s", "UTC")
#: What goes in and what comes out.
READINGS: Final = pa.schema(
    [
        ("point", pa.uint32()),
        ("kind", _WORD),
        ("at", INSTANT),
        ("stat", _WORD),
        ("value", pa.float64()),
        ("flag", _WORD),
        ("segment", pa.uint32()),
        ("offset", pa.uint64()),
    ]
)


class ColumnsRefused(ValueError):
    """A table is not one of readings: a column is missing, of another type, or holds what cannot be kept."""
