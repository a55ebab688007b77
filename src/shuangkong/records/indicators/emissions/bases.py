"""底数: files of a census or an inventory taken in row by row, and the decision which of them counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.indicators.emissions.book import Accounting
from shuangkong.indicators.emissions.claim import Base
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR
from shuangkong.policyfile.expression.given import exact, plain
from shuangkong.records.indicators.emissions.chosen import counting
from shuangkong.records.indicators.emissions.models import Inventory, InventoryChoice, InventorySource
from shuangkong.records.indicators.emissions.publishing import publish_base
from shuangkong.records.indicators.emissions.rows import InventoryReport, InventoryRow, InventoryTold
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.indicators.emissions.sheet import SourceTold, read_sources
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

_BATCH = 400
_FIRST_YEAR, _LAST_YEAR = 1_990, 2_099


def load_inventory(
    rows: Sequence[Sequence[str]],
    told: InventoryTold,
    by: Acting,
    *,
    name: str,
    digest: str,
    is_dry_run: bool,
    is_demo: bool = False,
) -> InventoryReport:
    """Takes in a base (first row the headings; see sheet), whole or not at all. It does not count until it is chosen.

    Returns a verdict a row; one refused row, and nothing is written.

    Raises:
        Refused: no such place, sort or year; no title or document.
        Forbidden: the person takes in no bases there.
    """
    place = Region.objects.filter(pk=told.region).first()
    if place is None:
        raise Refused("IND-361", "请指明是哪个地区的底数。", "Say which place the base is of.", "region")
    require(by, Action.EMISSION_LOAD, Where(place.path))
    law = rules_at(place.pk).accounting
    _require_sound(told, law)
    sources, verdicts = read_sources(rows, told.region, law)
    totals = totals_of(
        law, [(each.code, each.outlet, each.pollutant, each.evidence, each.amount_t) for each in sources]
    )
    report = InventoryReport(verdicts, None, totals)
    if is_dry_run or report.refused or not sources:
        return report
    with transaction.atomic():
        after = {"sources": len(sources), "year": told.year, "title": told.title, "sha256": digest}
        act = by.act("emission.load", f"region/{place.pk}", ground=told.document, document=told.document, after=after)
        made = Inventory.objects.create(
            region=place, path=place.path, sort=told.sort, year=told.year, title=told.title.strip(),
            excluded=told.excluded.strip(), document=told.document.strip(), name=name, sha256=digest,
            is_demo=is_demo or place.is_fictional, loaded_by=by.author, loaded_at=timezone.now(),
            journal=journal.append(replace(act, place=place.path)),
        )  # fmt: skip
        InventorySource.objects.bulk_create((_row(made, each) for each in sources), batch_size=_BATCH)
    return replace(report, inventory=made.pk)


def choose(inventory_id: int, ground: str, by: Acting) -> None:
    """Decides that a base counts for its place and year; the totals of its pollutants become figures of that year.

    Raises:
        Refused: there is none of that number, or no ground is given.
        Forbidden: the person decides on no bases there.
    """
    with transaction.atomic():
        made = Inventory.objects.select_related("region").filter(pk=inventory_id).first()
        if made is None:
            raise Refused("IND-362", f"没有编号为 {inventory_id} 的底数。", f"There is no base {inventory_id}.")
        require(by, Action.EMISSION_LOAD, Where(made.path))
        if not ground.strip():
            raise Refused("IND-363", "请写明以它为准的依据。", "Say why this base counts.", "ground")
        before = counting([made.region_id]).get((made.region_id, made.year))
        act = by.act(
            "emission.choose", f"inventory/{made.pk}", ground=ground.strip(), document=made.document,
            before={"inventory": before}, after={"inventory": made.pk, "year": made.year},
        )  # fmt: skip
        InventoryChoice.objects.create(
            inventory=made, ground=ground.strip(), decided_by=by.author, decided_at=timezone.now(),
            journal=journal.append(replace(act, place=made.path)),
        )  # fmt: skip
        law = rules_at(made.region_id).accounting
        totals = totals_of(law, _amounts(Q(inventory=made)))
        publish_base(made, {law.pollutants[key].total: amount for key, amount in totals.items()}, by)


@dataclass(frozen=True, slots=True)
class SourceBase:
    """What counts as the base of a source: ``path`` of the place whose base it is ("" for none), and what it holds."""

    path: str
    base: Base | None

    @property
    def amount_t(self) -> Decimal | None:
        """Of the source in all."""
        return self.base.source_t if self.base is not None else None


def base_of(path: str, source: str, outlet: str, pollutant: str, year: int) -> SourceBase:
    """What a source emitted by the newest base not after a year, of its place or else the nearest above.

    2 queries.
    """
    codes = path.strip(SEPARATOR).split(SEPARATOR)
    known = {key: inventory for key, inventory in counting(codes).items() if key[1] <= year}
    place = next((code for code in reversed(codes) if any(region == code for region, _ in known)), None)
    if place is None:
        return SourceBase("", None)
    newest = max(told for region, told in known if region == place)
    above = f"{SEPARATOR}{SEPARATOR.join(codes[: codes.index(place) + 1])}{SEPARATOR}"
    law = rules_at(place).accounting
    found = list(_amounts(Q(inventory=known[place, newest], code=source, pollutant=pollutant)))
    whole = totals_of(law, found).get(pollutant)
    if whole is None:
        return SourceBase(above, None)
    part = totals_of(law, [each for each in found if outlet and each[1] == outlet]).get(pollutant)
    return SourceBase(above, Base(newest * MONTHS_A_YEAR, whole, part))


def inventories(condition: Q, until: date | None = None) -> tuple[InventoryRow, ...]:
    """Bases that meet a condition, the newest first, as known at the end of a day. 3 queries."""
    found = list(
        Inventory.objects.select_related("region").filter(condition, known_by(until, "loaded_at")).order_by("-pk")
    )
    chosen = set(counting({row.region_id for row in found}, until).values())
    amounts: dict[int, list[Amount]] = defaultdict(list)
    columns = ("inventory", "code", "outlet", "pollutant", "evidence", "amount_t")
    for inventory, *amount in InventorySource.objects.filter(inventory__in=[row.pk for row in found]).values_list(
        *columns
    ):
        amounts[inventory].append(tuple(amount))
    return tuple(
        InventoryRow(
            id=row.pk,
            region=row.region_id,
            region_name=row.region.name,
            path=row.path,
            sort=row.sort,
            year=row.year,
            title=row.title,
            excluded=row.excluded,
            document=row.document,
            sources=len({each[0] for each in amounts[row.pk]}),
            totals=totals_of(rules_at(row.region_id).accounting, amounts[row.pk]),
            counts=row.pk in chosen,
            is_demo=row.is_demo,
            is_fictional=row.region.is_fictional,
            loaded_by=row.loaded_by,
            loaded_at=row.loaded_at,
        )
        for row in found
    )


#: Source, outlet, pollutant, way of knowing, tonnes.
type Amount = tuple[str, str, str, str, Decimal]


def totals_of(law: Accounting, amounts: Iterable[Amount]) -> dict[str, Decimal]:
    """Pollutant → tonnes; of several ways of knowing what an outlet emitted, the surest counts alone."""
    known: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for source, outlet, pollutant, evidence, amount in amounts:
        known[source, outlet, pollutant][evidence] = amount
    totals: dict[str, Fraction] = defaultdict(Fraction)
    for (_source, _outlet, pollutant), ways in known.items():
        totals[pollutant] += exact(ways[law.classes.surest(tuple(ways))])
    return {pollutant: plain(totals[pollutant]) for pollutant in sorted(totals)}


def _amounts(condition: Q) -> Iterable[Amount]:
    return InventorySource.objects.filter(condition).values_list("code", "outlet", "pollutant", "evidence", "amount_t")


def _require_sound(told: InventoryTold, law: Accounting) -> None:
    for holds, number, zh, en, at in (
        (told.sort in law.classes.inventories, 364, "请选择底数的种类。", "Choose what sort of base it is.", "sort"),
        (_FIRST_YEAR <= told.year <= _LAST_YEAR, 365, "请填写底数的年份（四位数字）。",
         "Give the year of the base in four digits.", "year"),
        (told.title.strip(), 366, "请填写底数的名称。", "Give the base a name.", "title"),
        (told.document.strip(), 367, "请写明底数的出处。", "Say where the base comes from.", "document"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"IND-{number}", zh, en, at)


def _row(inventory: Inventory, told: SourceTold) -> InventorySource:
    return InventorySource(
        inventory=inventory, enterprise_id=told.enterprise, code=told.code, name=told.name, outlet=told.outlet,
        scope=told.scope, pollutant=told.pollutant, amount_t=told.amount_t, permitted_t=told.permitted_t,
        evidence=told.evidence, basin=told.basin,
    )  # fmt: skip
