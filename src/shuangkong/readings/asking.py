"""条件: parts of statements, made of numbers and of words of the tables only; nothing that a person typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

#: Points that a statement names one by one.
MOST_POINTS = 20_000


def instant(at: datetime) -> str:
    """An instant; ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError(f"{at}: expected an instant with its zone")
    return f"toDateTime({int(at.astimezone(UTC).timestamp())}, 'UTC')"


def during(column: str, start: datetime, end: datetime) -> str:
    """From ``start`` on, before ``end``."""
    return f"{column} >= {instant(start)} AND {column} < {instant(end)}"


def among(points: int | Collection[int] | None) -> str:
    """Of these points; None: of all.

    Raises:
        ValueError: more than a statement takes; ask in parts, or by regions.
    """
    if points is None:
        return "1"
    asked = {points} if isinstance(points, int) else set(points)
    if len(asked) > MOST_POINTS:
        raise ValueError(f"{len(asked)} points: a statement names at most {MOST_POINTS}")
    return f"point IN ({', '.join(map(str, map(int, sorted(asked))))})" if asked else "0"


def named(column: str, chosen: str | Iterable[str] | None, words: Mapping[str, int]) -> str:
    """One of these words; None: any.

    Raises:
        ValueError: a word that is not of the table.
    """
    if chosen is None:
        return "1"
    asked = sorted({chosen} if isinstance(chosen, str) else set(chosen))
    for word in asked:
        if word not in words:
            raise ValueError(f"{column} {word}: expected one of {', '.join(words)}")
    return f"{column} IN ({', '.join(f"'{word}'" for word in asked)})" if asked else "0"


def zone_of(name: str) -> str:
    """A zone's name as a literal; raises what ZoneInfo raises where there is none of that name."""
    return f"'{ZoneInfo(name).key}'"
