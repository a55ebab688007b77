"""逐行办: a work of the clock over many rows, so that one that cannot be done never keeps the others waiting.

Rows are done together, as that is cheap. Where one of them brings about a fault, it is found by halving, kept
(``records/monitoring/row_faults``), shown to those on duty, and tried again by itself at every run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError

from shuangkong.readings.wire.client import StoreDown, StoreRefused
from shuangkong.records.monitoring.models import Outlet
from shuangkong.records.monitoring.row_faults import Row, Work, are_done, faulty, keep_fault

_log = logging.getLogger(__name__)
#: Faults of nobody's row: a store or a database that is not there.
DOORS = (StoreDown, StoreRefused, OperationalError, InterfaceError)


@dataclass(slots=True)
class Fence[Thing]:
    """Around one work; ``row_of`` names a thing as its fault does. ``known``: numbers that could not be done."""

    work: Work
    number_of: Callable[[Thing], int]
    row_of: Callable[[Thing], Row]
    known: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.known = faulty(self.work)

    def done[Done](self, things: Sequence[Thing], do: Callable[[Sequence[Thing]], Done]) -> list[Done]:
        """What the work says of the parts in which it was done; those known to be faulty are done one by one.

        A fault costs about two runs of the work for each halving, at its first time only. ``DOORS`` get through.
        """
        before = frozenset(self.known)
        sound = [each for each in things if self.number_of(each) not in before]
        found = self._halved(sound, do) if sound else []
        for each in things:
            if self.number_of(each) in before:
                found += self._halved([each], do)
        return found

    def one_by_one[Done](self, things: Sequence[Thing], do: Callable[[Thing], Done]) -> list[Done]:
        """As ``done``, where doing them together saves nothing."""
        return [one for each in things for one in self._halved([each], lambda some: do(some[0]))]

    def _halved[Done](self, things: Sequence[Thing], do: Callable[[Sequence[Thing]], Done]) -> list[Done]:
        try:
            found = [do(things)]
        except DOORS:
            raise
        except Exception as fault:  # noqa: BLE001 - whatever it is, it stays with its row
            if len(things) > 1:
                middle = len(things) // 2
                return [*self._halved(things[:middle], do), *self._halved(things[middle:], do)]
            self._keep(self.row_of(things[0]), fault)
            return []
        self._are_sound({self.number_of(each) for each in things})
        return found

    def _keep(self, row: Row, fault: Exception) -> None:
        self.known.add(row.number)
        if keep_fault(self.work, row, fault):
            _log.warning("%s of %s %s could not be done; the others were", self.work, row.number, row.name,
                         exc_info=fault)  # fmt: skip

    def _are_sound(self, numbers: set[int]) -> None:
        mended = numbers & self.known
        if mended:
            self.known -= mended
            are_done(self.work, mended)


def outlet_row(outlet: Outlet) -> Row:
    unit = outlet.enterprise.name if outlet.enterprise else ""
    return Row(outlet.pk, f"{unit} {outlet.name}".strip(), outlet.region_id)


def by_outlet(work: Work) -> Fence[Outlet]:
    """A fence around what is done outlet by outlet. 1 query."""
    return Fence(work, lambda each: each.pk, outlet_row)
