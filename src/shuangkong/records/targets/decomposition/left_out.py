"""没有列入的: who lies in a place, or has duties under its plan, and stands in no line of a decomposition.

A label may hold more than one unit (雁江区（含高新区）): whoever is named in it is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import PartRow
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.collectives import is_collective

#: What a body that governs a part of the place is called by, behind the name of that part.
_GOVERNS = re.compile("(人民政府|政府|管理委员会|管委会|街道办事处|办事处)$")


@dataclass(frozen=True, slots=True)
class Awaited:
    """Whom a decomposition among regions should name: ``near`` lie directly below (code → name), ``governed`` have
    duties.
    """

    near: Mapping[str, str]
    governed: tuple[str, ...] = ()

    def left_out(self, labels: Iterable[str], codes: Iterable[str] = ()) -> tuple[str, ...]:
        """Those that no label names and no code means; nobody where none of the regions below is there at all: a
        decomposition among departments or units names no regions.
        """
        told, known = tuple(labels), set(codes)
        lacking = [name for code, name in self.near.items() if code not in known and not _is_in(name, told)]
        if len(lacking) == len(self.near):
            return ()
        governed = (name for name in self.governed if not _is_in(name, (*told, *self.near.values())))
        return tuple(dict.fromkeys((*lacking, *governed)))


def awaited(region: str, plan: int | None, until: date | None = None) -> Awaited:
    """The regions directly below a place and the parts of it that its plan binds as a whole. 3 queries."""
    near = {each.code: each.name for each in registry.children(region) if each.ends_on is None}
    return Awaited(near, _governed(plans.parts(plan, until=until)) if plan is not None else ())


def _governed(parts: Iterable[PartRow]) -> tuple[str, ...]:
    """The parts of a place whose governing bodies a plan binds as a whole; collective names mean the regions below."""
    standing = (part.name for part in parts if part.measure is None and not is_collective(part.name))
    return tuple(_GOVERNS.sub("", name) for name in standing if _GOVERNS.search(name))


def _is_in(name: str, labels: Sequence[str]) -> bool:
    return any(registry.is_called(name, label) or name in label for label in labels)
