"""What was decided on the demo's readings: a file of entry, verdict and reason.

Columns: ``plan`` (stem of its file), ``entry`` (kind), ``item`` (number of its measure, empty outside measures),
``name`` (part of what the reader calls it, of its scope or its region), ``verdict``, ``field`` and ``value`` (what a
correction writes; a list is parted by 、), ``reason``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shuangkong.records.people.acting import Acting
from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import EntryKind, EntryRow, Verdict

#: Under which an entry bears its name, by kind; of a kind that is not here nothing is decided by name.
_NAMED_BY = {
    EntryKind.HEAD_FIELD: ("field",),
    EntryKind.ITEM: ("title",),
    EntryKind.BODY: ("name",),
    EntryKind.TARGET: ("indicator", "scope"),
    EntryKind.ANNEX_TARGET: ("indicator", "region"),
    EntryKind.THRESHOLD: ("subject",),
}
#: Nothing doubtful enters the demo's targets unless somebody looked at it.
_UNCONFIRMED = "演示：有疑问，没有人确认，不予采用"


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the file."""

    plan: str
    entry: EntryKind
    item: str
    name: str
    verdict: Verdict
    field: str
    value: str
    reason: str

    def is_on(self, row: EntryRow) -> bool:
        """Whether it speaks of that entry as it was read."""
        return (
            row.kind is self.entry
            and row.read.get("item_no", "") == self.item
            and any(self.name in (row.read[key] or "") for key in _NAMED_BY[self.entry])
        )

    def payload(self, row: EntryRow) -> dict[str, Any]:
        """The entry's payload with the correction written over it."""
        is_list = isinstance(row.payload.get(self.field), list)
        return row.payload | {self.field: self.value.split("、") if is_list else self.value}


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The lines of the file.

    Raises:
        KeyError, ValueError: a column is absent, or an entry or verdict that there is not.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(map(_decision, csv.DictReader(file)))


def _decision(line: dict[str, str]) -> Decision:
    return Decision(
        plan=line["plan"],
        entry=EntryKind(line["entry"]),
        item=line["item"],
        name=line["name"],
        verdict=Verdict(line["verdict"]),
        field=line["field"],
        value=line["value"],
        reason=line["reason"],
    )


def record(plan_id: int, made: Iterable[Decision], by: Acting) -> None:
    """Records the decisions on a plan's entries, then rejects whatever doubtful entry is left."""
    standing = plans.entries(plan_id)
    for decision, row in fitting(made, standing):
        after = decision.payload(row) if decision.verdict is Verdict.CORRECTED else None
        plans.decide(row.id, decision.verdict, by, after, decision.reason)
    for row in plans.undecided(plan_id):
        plans.decide(row.id, Verdict.REJECTED, by, reason=_UNCONFIRMED)


def fitting(made: Iterable[Decision], standing: Iterable[EntryRow]) -> Iterator[tuple[Decision, EntryRow]]:
    """Each decision with the entries that it speaks of."""
    rows = tuple(standing)
    return ((decision, row) for decision in made for row in rows if decision.is_on(row))
