"""Whom a row of a file speaks of: the names of adopted plans first, then those of the registry; never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shuangkong.core.industry import Industry, full_code
from shuangkong.records.registry.lookup import RegionLookup
from shuangkong.records.registry.store import is_called
from shuangkong.records.targets.territory import BELOW

#: Kinds of subjects that are known by being registered.
REGISTERED = ("unit", "institution", "department")


@dataclass(frozen=True, slots=True)
class Meant:
    """A subject that a row may speak of.

    ``within`` is the name of the region it lies in, for people to see; ``region`` its code where known.
    """

    kind: str
    code: str
    name: str
    within: str = ""
    region: str = ""


@dataclass(frozen=True)
class Subjects:
    """``bound`` are those whom targets of adopted plans bind, each ``within`` the region of its plan.

    ``registered`` are units, institutions and departments by kind and code, and those of a name by kind and name.
    """

    bound: frozenset[Meant]
    regions: RegionLookup
    industries: Mapping[str, Industry]
    registered: Mapping[tuple[str, str], tuple[Meant, ...]] = field(default_factory=dict)

    def find(self, kind: str, printed: str) -> tuple[Meant, ...]:
        """Every subject that may be meant, one a code; ``kind`` is empty where the row names none.

        A name that a plan prints means its own subject, though another region bears it too. A name that differs from
        it by its last word only, or stands with names above it, is held against the registry as well.
        """
        wanted = "".join(printed.split())
        if kind in ("", "region") and wanted in self.regions.by_code:
            return self._apart((Meant("region", wanted, ""),))
        own = [each for each in self.bound if kind in ("", each.kind)]
        exact = [each for each in own if wanted in (each.code, each.name, each.within + each.name)]
        if exact:
            return self._apart(exact)
        if BELOW in wanted and (part := self._part(kind, wanted)):
            return (part,)
        if known := self._registered(kind, wanted):
            return known
        if kind in ("", "region"):
            alike = [each for each in own if each.kind == "region" and _is_alike(each.name, wanted)]
            return self._apart([*alike, *(Meant("region", row.code, row.name) for row in self.regions.find(wanted))])
        industry = self.industries.get(wanted)
        name = industry.name if industry else wanted
        is_known = kind == "sector" and any(each.name == name for each in self.industries.values())
        return (Meant(kind, name, name),) if is_known else ()

    def _part(self, kind: str, wanted: str) -> Meant | None:
        """A sector of a region: both by their codes, that of the sector with or without the letter of its section."""
        whole, _below, own = wanted.partition(BELOW)
        row, own = self.regions.by_code.get(whole), own.upper()
        industry = self.industries.get(own) or self.industries.get(own[1:])
        if row is None or industry is None or kind not in ("", "sector"):
            return None
        code = f"{whole}{BELOW}{full_code(industry, self.industries)}"
        return Meant("sector", code, industry.name, row.name, row.code)

    def _registered(self, kind: str, wanted: str) -> tuple[Meant, ...]:
        kinds = (kind,) if kind else REGISTERED
        return self._apart(each for one in kinds for each in self.registered.get((one, wanted), ()))

    def _apart(self, found: Iterable[Meant]) -> tuple[Meant, ...]:
        """One a kind and code, regions of the registry under their full names."""
        return tuple({(each.kind, each.code): self._named(each) for each in found}.values())

    def _named(self, meant: Meant) -> Meant:
        row = self.regions.by_code.get(meant.code) if meant.kind == "region" else None
        if row is None:
            return meant
        above = self.regions.by_code.get(row.parent or "")
        return Meant("region", row.code, row.name, above.name if above else "", row.code)


def _is_alike(name: str, printed: str) -> bool:
    return is_called(name, printed) or is_called(printed, name)
