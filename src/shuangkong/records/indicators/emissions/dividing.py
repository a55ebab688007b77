"""分流域、分行业核算: into which basins and classes of sources the accounts of a place fall, source by source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from operator import or_

from django.db.models import Q

from shuangkong.indicators.emissions.book import Accounting
from shuangkong.indicators.emissions.codes import bare
from shuangkong.indicators.emissions.credit import by_year
from shuangkong.indicators.emissions.division import UNTOLD, Part, SourceAmount, parts
from shuangkong.policyfile.expression.given import exact, plain
from shuangkong.records.indicators.emissions.accounts import PollutantAccount
from shuangkong.records.indicators.emissions.chosen import counting
from shuangkong.records.indicators.emissions.models import InventorySource
from shuangkong.records.indicators.emissions.register import entries
from shuangkong.records.indicators.emissions.rows import EntryRow, ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.emissions.store import reductions
from shuangkong.records.paths import below, is_below
from shuangkong.records.registry import store as registry

#: The water of a basin is what is accounted for by basin, other pollutants only where somebody tells theirs.
_WATER = "water"


@dataclass(frozen=True, slots=True)
class Divided:
    """An account at the end of ``year``, source by source.

    ``amounts``: the base that counts, and what was recognised from the year after it until ``year``; what of the base
    no source tells has no source.
    """

    account: PollutantAccount
    year: int
    amounts: tuple[SourceAmount, ...]

    @property
    def is_of_basins(self) -> bool:
        """Whether it is to be told by basin."""
        return self.account.pollutant.media == _WATER or any(each.basin for each in self.amounts)

    @property
    def basins(self) -> tuple[Part, ...]:
        """By basin, where it is to be told so; the last is of what no basin is told of, where there is such."""
        return parts(self.amounts, lambda each: each.basin) if self.is_of_basins else ()

    @property
    def classes(self) -> tuple[Part, ...]:
        """By class of sources."""
        return parts(self.amounts, lambda each: each.scope)


def divided(found: Sequence[PollutantAccount], asked: int | None, until: date | None = None) -> tuple[Divided, ...]:
    """Accounts as they fall apart at the end of the year asked for, else of their newest, as known on a day.

    ~6 queries; none without accounts.
    """
    if not found:
        return ()
    paths = registry.paths({each.region for each in found})
    chosen = counting(paths, until)
    held = _Held.of({chosen[key] for each in found if (key := (each.region, each.base_year)) in chosen})
    of_places = reduce(or_, (below(path) for path in paths.values()))
    rows = [row for row in reductions(of_places, until) if row.standing.counts_t is not None]
    codes = {row.source_code for row in rows} | {code for _, code in held.outlets}
    registered: dict[str, list[EntryRow]] = defaultdict(list)
    for entry in entries(Q(code__in=codes) & ~Q(basin=UNTOLD), until):
        registered[entry.code].append(entry)
    made = []
    for each in found:
        year = at.year if (at := each.of_year(asked)) is not None else each.base_year
        place = _Place(each, paths[each.region], chosen.get((each.region, each.base_year)), held, registered)
        made.append(Divided(each, year, (*place.base(), *place.recognised(rows, year))))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Held:
    """What inventories hold: ``amounts`` by inventory and pollutant, each outlet as it is known most surely;
    ``outlets`` by inventory and source, outlet → class and basin.
    """

    amounts: Mapping[tuple[int, str], list[SourceAmount]]
    outlets: Mapping[tuple[int, str], dict[str, tuple[str, str]]]

    @classmethod
    def of(cls, inventories: Iterable[int]) -> _Held:
        """1 query."""
        rows = InventorySource.objects.filter(inventory__in=list(inventories)).select_related("inventory")
        ways: dict[tuple[int, str, str, str], dict[str, InventorySource]] = defaultdict(dict)
        outlets: dict[tuple[int, str], dict[str, tuple[str, str]]] = defaultdict(dict)
        for row in rows.order_by("pk"):
            ways[row.inventory_id, row.pollutant, row.code, row.outlet][row.evidence] = row
            of_source = outlets[row.inventory_id, row.code]
            _, told = of_source.get(row.outlet, ("", UNTOLD))
            of_source[row.outlet] = (row.scope, told or row.basin)
        amounts: dict[tuple[int, str], list[SourceAmount]] = defaultdict(list)
        laws: dict[str, Accounting] = {}
        for (inventory, pollutant, _code, _outlet), known in ways.items():
            place = next(iter(known.values())).inventory.region_id
            law = laws[place] if place in laws else laws.setdefault(place, rules_at(place).accounting)
            row = known[law.classes.surest(tuple(known))]
            amounts[inventory, pollutant].append(
                SourceAmount(row.code, row.name, row.outlet, row.scope, UNTOLD, base_t=row.amount_t)
            )
        return cls(amounts, outlets)


@dataclass(frozen=True, slots=True)
class _Place:
    """What one account rests on."""

    account: PollutantAccount
    path: str
    inventory: int | None
    held: _Held
    registered: Mapping[str, Sequence[EntryRow]]

    def base(self) -> Iterator[SourceAmount]:
        """The sources of the base, and what it holds beyond them."""
        rest = exact(self.account.base_t)
        key = (self.inventory or 0, self.account.pollutant.id)
        for each in self.held.amounts.get(key, ()):
            rest -= exact(each.base_t)
            yield replace(each, basin=self._basin(each.source, each.outlet))
        if rest:
            yield SourceAmount("", "", "", "", UNTOLD, base_t=plain(rest))

    def recognised(self, rows: Iterable[ReductionRow], year: int) -> Iterator[SourceAmount]:
        """What counts of each reduction from the year after the base to a year."""
        for row in rows:
            counts_t = row.standing.counts_t
            if counts_t is None or row.pollutant != self.account.pollutant.id or not is_below(row.path, self.path):
                continue
            of_years = by_year(row.credit(counts_t)).items()
            counted = sum((exact(part) for at, part in of_years if self.account.base_year < at <= year), Fraction(0))
            if counted:
                yield SourceAmount(
                    row.source_code, row.source_name, row.outlet, self._scope(row),
                    self._basin(row.source_code, row.outlet), Decimal(0), plain(counted), row.id,
                )  # fmt: skip

    def _outlets(self, source: str) -> Mapping[str, tuple[str, str]]:
        return self.held.outlets.get((self.inventory or 0, source), {})

    def _scope(self, row: ReductionRow) -> str:
        """The class in which the source has its base, else as reported."""
        held = self._outlets(row.source_code)
        classes = {held[row.outlet][0]} if row.outlet in held else {scope for scope, _ in held.values()}
        return classes.pop() if len(classes) == 1 else row.scope

    def _basin(self, source: str, outlet: str) -> str:
        """As the base tells it of the outlet, else the register; a reduction falls where its source has its base."""
        held = self._outlets(source)
        if outlet in held:
            return held[outlet][1] or self._of_register(source, outlet)
        if held:
            return _only(self._basin(source, each) for each in held)
        return self._of_register(source, outlet)

    def _of_register(self, source: str, outlet: str) -> str:
        near = [
            each
            for each in self.registered.get(source, ())
            if is_below(each.path, self.path) or is_below(self.path, each.path)
        ]
        return _only(each.basin for each in [each for each in near if each.outlet == outlet] or near)


def _only(names: Iterable[str]) -> str:
    """The one name that all of them spell; UNTOLD where they are several."""
    found = {bare(name): name for name in names}
    return next(iter(found.values())) if len(found) == 1 else UNTOLD
