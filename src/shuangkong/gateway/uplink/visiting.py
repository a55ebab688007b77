"""From the files to a centre: each unit in turn, in its own name, as the unit's collector would send."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import Centre, Uplink
from shuangkong.gateway.uplink.taking import file_of, units
from shuangkong.protocols.nhjc.messages import Every, Meant
from shuangkong.records.monitoring.uploads.passing import PassedItem, PassedUnit, passed_items
from shuangkong.records.monitoring.uploads.passing_metered import metered_items


@dataclass(frozen=True, slots=True)
class Hindered:
    """A unit whose figures a centre does not take, and what it said."""

    centre: str
    unit: str
    credit_code: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Passing:
    """A unit as sender."""

    enterprise: str
    region: str
    told: tuple[Meant, ...]

    def meant(self) -> Sequence[Meant]:
        return self.told


def visit(
    settings: Uplink,
    centre: Centre,
    folder: Path,
    now: datetime,
    seen: Callable[[PassedUnit, Kept], bool] | None = None,
) -> tuple[Hindered, ...]:
    """Sends what is owed to a centre, unit by unit; ``now`` is local time.

    Where the line gives no answer, the units after that one wait for the next visit: a centre that stalls is not waited
    for once for each unit. Who is refused holds up no other.

    Args:
        seen: is told of each unit after it was sent for, and says whether to go on to the next.
    """
    hindered = []
    for unit in units(settings):
        with closing(Kept(file_of(unit, folder))) as kept:
            before = kept.session(centre.name)
            session = forward(_sender(unit, kept, centre), centre, kept, now)
            goes_on = seen is None or seen(unit, kept)
        if session.reason:
            hindered.append(Hindered(centre.name, unit.name, unit.credit_code, session.reason))
        if (session != before and session.is_silent) or not goes_on:
            break
    return tuple(hindered)


def _sender(unit: PassedUnit, kept: Kept, centre: Centre) -> _Passing:
    """Told are items that the unit names or measures now, and ended ones as long as something of them is owed."""
    owed = kept.owed_codes(centre.name)
    told = []
    for item in _items(unit.enterprise):
        code = item.code.plain
        if item.is_current or code in owed:
            for every in Every:
                source = kept.source(code, every)
                if source is not None:
                    told.append(Meant(item.code, item.name, every, source, item.low, item.high))
    return _Passing(unit.credit_code, unit.region, tuple(told))


def _items(enterprise: int) -> Sequence[PassedItem]:
    """By code; what the unit names itself goes before what a meter of it measures."""
    found = {each.code.plain: each for each in metered_items(enterprise)}
    for each in passed_items(enterprise):
        if each.is_current or each.code.plain not in found:
            found[each.code.plain] = each
    return [found[code] for code in sorted(found)]
