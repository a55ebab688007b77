"""Rows ⇄ values of the ledger, as known on any day. Access is the caller's condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from shuangkong.core.dated import value_on
from shuangkong.quotas.certificates import Account, Act, Entry, Span, net_between_provinces
from shuangkong.records.past import known_by
from shuangkong.records.paths import SEPARATOR, is_below
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.models import CertificateEntry, CertificateHolder
from shuangkong.records.quotas.rows import EntryRow, HolderRow
from shuangkong.rulebook import open_rulebook

_PER_CERTIFICATE = "quotas/certificate_power"


def entry_of(row: CertificateEntry) -> Entry:
    """The entry that a row holds; needs its batch."""
    return Entry(
        Act(row.act), Span(row.batch.name, row.first, row.last), row.on, row.giver_id, row.taker_id, row.has_power
    )


def holders(condition: Q, until: date | None = None) -> tuple[HolderRow, ...]:
    """Accounts that meet a condition with what is on them, by place and name. 1 query."""
    known = known_by(until, "postings__entry__at")
    found = CertificateHolder.objects.select_related("region").filter(condition, known_by(until, "opened_at"))
    found = found.annotate(
        held=Coalesce(Sum("postings__amount", filter=Q(postings__account=Account.HOLDING) & known), 0),
        retired=Coalesce(Sum("postings__amount", filter=Q(postings__account=Account.RETIRED) & known), 0),
    )
    return tuple(
        HolderRow(
            id=row.pk, name=row.name, region=row.region_id, region_name=row.region.name, path=row.path, held=row.held,
            retired=row.retired, is_demo=row.is_demo,
        )
        for row in found.order_by("region_id", "name")
    )  # fmt: skip


def entries(condition: Q, until: date | None = None) -> tuple[EntryRow, ...]:
    """Entries that meet a condition, the latest day first. 1 query."""
    found = CertificateEntry.objects.select_related("batch", "giver__region", "taker__region")
    return tuple(
        EntryRow(
            id=row.pk,
            act=Act(row.act),
            batch=row.batch.name,
            first=row.first,
            last=row.last,
            giver=row.giver.name if row.giver else "",
            taker=row.taker.name if row.taker else "",
            giver_region=row.giver.region.name if row.giver else "",
            taker_region=row.taker.region.name if row.taker else "",
            on=row.on,
            has_power=row.has_power,
            ground=row.ground,
            document=row.document,
            is_demo=row.is_demo,
            author=row.author,
            at=row.at,
            journal=row.journal,
        )
        for row in found.filter(condition, known_by(until, "at")).order_by("-on", "-pk")
    )


def readable_entries(by: Acting) -> Q:
    """The condition that a person may see an entry: one of its accounts is kept where she sees."""
    giver = visible(by, Action.CERTIFICATE_READ, "giver__path")
    return giver if not giver else giver | visible(by, Action.CERTIFICATE_READ, "taker__path")


@dataclass(frozen=True, slots=True)
class NetPower:
    """省间净受让: of a place and a year, in certificates and in kilowatt-hours. Negative: more went than came.

    ``kwh_each`` is None for a year at whose end no rule says what a certificate stands for: then so are its kWh.
    """

    without_power: int
    with_power: int
    kwh_each: Decimal | None
    is_demo: bool

    @property
    def without_power_kwh(self) -> Decimal | None:
        return None if self.kwh_each is None else self.without_power * self.kwh_each

    @property
    def with_power_kwh(self) -> Decimal | None:
        return None if self.kwh_each is None else self.with_power * self.kwh_each


def net_power(path: str, year: int, until: date | None = None) -> NetPower:
    """What came from other provinces to holders at the place of ``path`` or below it, in a year. 1 query."""
    rows = list(
        CertificateEntry.objects.select_related("batch", "giver__region", "taker__region").filter(
            known_by(until, "at"), act=Act.TRANSFER, on__year=year
        )
    )
    paths = {each.pk: each.region.path for row in rows for each in (row.giver, row.taker) if each is not None}
    known = tuple(map(entry_of, rows))
    without, having = (
        net_between_provinces(
            known,
            lambda holder: _province(paths[holder]),
            lambda holder: is_below(paths[holder], path),
            year=year,
            has_power=has_power,
        )
        for has_power in (False, True)
    )
    inside = [row for row in rows if _is_inside(row, paths, path)]
    each = value_on(open_rulebook().parameter_over_time(_PER_CERTIFICATE).values, date(year, 12, 31))
    return NetPower(without, having, each.number if each else None, any(row.is_demo for row in inside))


def _is_inside(row: CertificateEntry, paths: Mapping[int, str], path: str) -> bool:
    return any(is_below(paths[holder], path) for holder in (row.giver_id, row.taker_id) if holder is not None)


def _province(path: str) -> str:
    """The code of the province in the path of a region."""
    return path.strip(SEPARATOR).partition(SEPARATOR)[0]
