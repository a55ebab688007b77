"""绿证台账: accounts and what is on them, entries, what came from other provinces; entries in, all or none."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema

from shuangkong.records.people.access import visible
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas import store, taking, telling
from shuangkong.records.quotas.rows import LedgerReport, Told
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.room import Made, Room
from shuangkong.web.api.values import Code, Day, Figure, Line
from shuangkong.web.plans.tasks.derived import derive_loaded

room = Room(tags=["certificates"])

_MOST_ROWS = 20_000
_FIRST_YEAR, _LAST_YEAR = 1_900, 2_999
Year = Annotated[int, Field(ge=_FIRST_YEAR, le=_LAST_YEAR)]


class CertificateAccount(Schema):
    """``held`` and ``retired`` count certificates."""

    id: int
    name: str
    region: str
    region_name: str
    held: int
    retired: int
    is_demo: bool


class CertificateAccounts(Schema):
    """By place and name."""

    items: list[CertificateAccount]


class CertificateEntryTold(Schema):
    """One entry of the ledger; the words of a file. Holders by name or as ``#`` and the number of the account."""

    act: Line
    batch: Line
    first: Line
    last: Line
    giver: Line = ""
    taker: Line = ""
    on: Line
    has_power: Line = ""
    ground: Line = ""
    document: Line = ""


class CertificateEntryShown(Schema):
    """One entry as it stands in the ledger."""

    id: int
    act: str
    batch: str
    first: int
    last: int
    count: int
    giver: str
    taker: str
    on: Day
    has_power: bool
    ground: str
    document: str
    author: str
    journal: int
    is_demo: bool


class CertificateEntries(Schema):
    """The newest first."""

    items: list[CertificateEntryShown]


class NetOfYear(Schema):
    """省间净受让: certificates that came from other provinces in a year, less those that went; negative: more went.

    The kWh are null for a year of which no rule says what a certificate stands for.
    """

    without_power: int
    with_power: int
    without_power_kwh: Figure | None
    with_power_kwh: Figure | None
    is_demo: bool


class AccountTold(Schema):
    """``region`` is where the holder is, ``keeper`` the place that keeps the account."""

    name: Line
    region: Code
    keeper: Code


class EntriesTold(Schema):
    """Entries in their order; ``source`` is the ground of those that give none."""

    rows: list[CertificateEntryTold] = Field(max_length=_MOST_ROWS)
    source: Line = ""
    dry_run: bool = False


class EntryVerdict(Schema):
    """``row`` counts from 2, as in a file with headings. QTA-200: it can be entered."""

    row: int
    code: str
    field: str
    zh: str
    en: str


class EntriesTaken(Schema):
    """``journal`` is null where nothing was written, as when one row is refused."""

    journal: int | None
    verdicts: list[EntryVerdict]


class YearTold(Schema):
    """Which year of which place."""

    region: Code
    year: Year


class NetTold(Schema):
    """``load`` is null where a row was refused."""

    load: int | None
    new: int
    changed: int
    same: int


@room.reads("/certificates/accounts", Action.CERTIFICATE_READ, CertificateAccounts)
def certificate_accounts(request: HttpRequest, as_of: Day | None = None) -> Any:
    """各持有人的余额。"""
    return {"items": store.holders(visible(caller(request), Action.CERTIFICATE_READ), as_of)}


@room.reads("/certificates/entries", Action.CERTIFICATE_READ, CertificateEntries)
def certificate_entries(request: HttpRequest, as_of: Day | None = None) -> Any:
    """账目，新的在前。"""
    return {"items": store.entries(store.readable_entries(caller(request)), as_of)}


@room.reads("/certificates/net", Action.CERTIFICATE_READ, NetOfYear)
def certificate_net(request: HttpRequest, region: Code, year: Year, as_of: Day | None = None) -> Any:
    """一个地区一年的省间净受让。"""
    where = reached_place(request, region, Action.CERTIFICATE_READ, Action.CERTIFICATE_READ)
    return store.net_power(where.path, year, as_of)


@room.does("/certificates/accounts", Action.CERTIFICATE_RECORD, Made)
def open_certificate_account(request: HttpRequest, told: AccountTold) -> Any:
    """开户。"""
    reached_place(request, told.keeper, Action.CERTIFICATE_READ, Action.CERTIFICATE_RECORD)
    return {"id": taking.open_holder(told.name, told.region, told.keeper, caller(request))}


@room.does("/certificates/entries", Action.CERTIFICATE_RECORD, EntriesTaken)
def record_certificates(request: HttpRequest, told: EntriesTold) -> Any:
    """入账，可先试算；有一行不能入，就都不入。"""
    rows = [Told(**row.model_dump()) for row in told.rows]
    digest = sha256(json.dumps(told.model_dump(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    report = taking.take_entries(rows, caller(request), source=told.source, digest=digest, is_dry_run=told.dry_run)
    return _taken(report)


@room.does("/certificates/net", Action.CERTIFICATE_RECORD, NetTold)
def tell_certificates(request: HttpRequest, told: YearTold) -> Any:
    """把一年的省间净受让写成数据，公式由此取数。"""
    reached_place(request, told.region, Action.CERTIFICATE_READ, Action.CERTIFICATE_RECORD)
    report = telling.tell_net_power(told.region, told.year, caller(request))
    if report.load is not None:
        derive_loaded(report.load)
    return {"load": report.load} | {word: report.count(word) for word in ("new", "changed", "same")}


def _taken(report: LedgerReport) -> dict[str, Any]:
    verdicts = [
        {"row": each.row, "code": each.code, "field": each.field, "zh": each.message.zh, "en": each.message.en}
        for each in report.verdicts
    ]
    return {"journal": report.journal, "verdicts": verdicts}
