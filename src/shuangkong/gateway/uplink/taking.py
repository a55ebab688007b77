"""From the site into the files: what units told and their meters counted, as it counts now, each unit into its own.

A file's bookmark goes on after the figures are kept; who is stopped between the two reads them again, to no effect.
"""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from shuangkong.gateway.collector.amounts import Amount
from shuangkong.gateway.collector.keeping import Kept, Owed
from shuangkong.gateway.collector.plan import Uplink
from shuangkong.records.monitoring.uploads.passing import (
    PassedFigure,
    PassedUnit,
    figures_after,
    has_figure,
    passed_units,
)
from shuangkong.records.monitoring.uploads.passing_metered import OVERLAP, metered_after, newest_closing

#: Figures of one step.
MOST = 5000
_CLOSINGS = "closings"


def take(settings: Uplink, folder: Path) -> int:
    """Brings what came since into the files; returns how many figures."""
    return sum(_take_unit(unit, folder) for unit in units(settings))


def units(settings: Uplink) -> tuple[PassedUnit, ...]:
    """Whose figures are passed on. 1 query."""
    return passed_units(settings.units, with_fictional=settings.with_fictional, place=settings.place)


def file_of(unit: PassedUnit, folder: Path) -> Path:
    """The unit's file. What a credit code holds beside letters and digits is written as its number."""
    name = "".join(each if each.isascii() and each.isalnum() else f"_{ord(each):x}_" for each in unit.credit_code)
    return folder / f"{name}.db"


def forget(settings: Uplink, folder: Path, now: datetime) -> None:
    """Drops from the files what every centre has accepted, of periods older than the settings keep."""
    for unit in units(settings):
        with closing(Kept(file_of(unit, folder))) as kept:
            kept.forget(now - timedelta(days=settings.keep_days), [each.name for each in settings.centres])


def _take_unit(unit: PassedUnit, folder: Path) -> int:
    with closing(Kept(file_of(unit, folder))) as kept:
        # What the unit told itself comes second: where both are of one period, it counts.
        return _take_metered(unit, kept) + _take_told(unit, kept)


def _take_metered(unit: PassedUnit, kept: Kept) -> int:
    newest = newest_closing(unit.enterprise)
    if kept.bookmark(_CLOSINGS) == newest:
        return 0
    at, count = max(min(kept.bookmark(_CLOSINGS), newest) - OVERLAP, 0), 0
    before = -1
    while before < at < newest:
        before = at
        at, figures = metered_after(unit.enterprise, at, OVERLAP)
        kept.set_told(map(_owed, figures))
        count += len(figures)
    kept.set_bookmark(_CLOSINGS, newest)
    return count


def _take_told(unit: PassedUnit, kept: Kept) -> int:
    count = 0
    for end, heard in unit.ends:
        name, seen = f"end/{end}", f"heard/{end}"
        if kept.bookmark(seen) == heard:
            continue
        at = kept.bookmark(name)
        # A site that was set back to a backup gives numbers again: then all is read anew.
        at = at if has_figure(end, at) else 0
        while rows := figures_after(end, at, MOST):
            kept.set_told(map(_owed, rows))
            at = rows[-1].id
            kept.set_bookmark(name, at)
            count += len(rows)
        # Heard before the figures were read: a message that came meanwhile makes it another.
        kept.set_bookmark(seen, heard)
    return count


def _owed(each: PassedFigure) -> Owed:
    return Owed(each.code, Amount(each.every, each.starts, each.value, each.is_valid), each.source)
