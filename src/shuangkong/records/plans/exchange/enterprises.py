"""Rows that register enterprises, and tell by which numbers other systems know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangkong.core.finding import Message
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.cells import day, required
from shuangkong.records.plans.exchange.known import Known
from shuangkong.records.plans.exchange.rows import RowRefused
from shuangkong.records.plans.exchange.trial import attempt
from shuangkong.records.registry.enterprises import store
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.identifiers import identify
from shuangkong.records.registry.enterprises.rows import EnterpriseRow, ParticularsRow, System

type Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Enterprise:
    """What a row says of an enterprise."""

    particulars: ParticularsRow
    on: date | None
    numbers: tuple[tuple[System, str], ...]
    ground: str


class EnterpriseTable:
    """Enterprises with their numbers. One that is there by its credit code, or by its exact name at the place, gets the
    numbers of the row; what only looks like one is made, and stands among the likely ones for a person to decide."""

    def __init__(self, by: Acting, rows: Sequence[Cells]) -> None:
        self.by, self.known = by, Known(by)

    def parse(self, cells: Cells) -> _Enterprise:
        """Raises RowRefused."""
        region, path = self.known.place("region", cells.get("region", ""))
        self.known.require("region", path, cells.get("region", ""), Action.ENTERPRISE_REGISTER)
        name = required("name", cells.get("name", ""))
        code, industry = cells.get("credit_code", ""), cells.get("industry", "")
        numbers = tuple((system, cells[system.value]) for system in System if cells.get(system.value, ""))
        wanted = _Enterprise(
            ParticularsRow(name, region, code, industry), day("on", cells.get("on", "")), numbers,
            required("ground", cells.get("ground", "")),
        )  # fmt: skip
        self._require_its_name(wanted.particulars)
        attempt(lambda: self.write([wanted], 0), name)
        return wanted

    def write(self, wanted: Sequence[_Enterprise], number: int) -> list[int]:
        """Registers those that are not there, then records the numbers."""
        made = []
        for each in wanted:
            found = _found(each.particulars)
            pk = found.id if found else register_enterprise(each.particulars, self.by, each.ground, each.on)
            for system, value in each.numbers:
                identify(pk, system, value, self.by, each.ground)
            made.append(pk)
        return made

    def _require_its_name(self, wanted: ParticularsRow) -> None:
        """A code under another name is a slip, or a change that a person records first. Raises RowRefused."""
        found = _found(wanted)
        if found is None or wanted.name == found.name or wanted.name in store.former_names(found.id):
            return
        expected = Message(f"这个代码的企业“{found.name}”", f"“{found.name}”, which bears this code")
        then = Message("名称变了的，请先在企业页记录变更。", "Record a change of name on its page first.")
        raise RowRefused("EXC-122", "name", expected, wanted.name, then)


def _found(particulars: ParticularsRow) -> EnterpriseRow | None:
    by_code = store.called(particulars.credit_code, particulars.region) if particulars.credit_code else None
    return by_code or store.called(particulars.name, particulars.region)
