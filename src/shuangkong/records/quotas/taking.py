"""入账: entries of the ledger, one or a whole file of them: a verdict on each, and all are written or none.

Whoever keeps the giver's account moves what is on it; an issue is entered by who keeps the taker's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.quotas.certificates import Book, Entry, Hindrance, postings
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.quotas.models import CertificateBatch, CertificateEntry, CertificateHolder, CertificatePosting
from shuangkong.records.quotas.parsing import Holders, entry_told
from shuangkong.records.quotas.rows import TAKEN, LedgerReport, Told, Verdict
from shuangkong.records.quotas.store import entry_of
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region

_BATCH_SIZE = 400
_TAKEN_WORDS = Message("可以入账", "can be entered")
_WHY: Mapping[Hindrance, tuple[str, str, str, str]] = {
    Hindrance.SPAN: (
        "301",
        "起号、止号应为 1 以上的整数，止号不小于起号。",
        "Serials: whole numbers from 1, the last not below the first.",
        "first",
    ),
    Hindrance.PARTIES: (
        "302",
        "核发只填转入方；转让填两方且不相同；核销、撤销核发只填转出方。",
        "An issue names the taker, a transfer two parties, the others the giver.",
        "giver",
    ),
    Hindrance.ISSUED: (
        "303",
        "这段号码里有已核发过的。一张绿证只核发一次。",
        "Some of these serials were issued before.",
        "first",
    ),
    Hindrance.UNKNOWN: (
        "304",
        "这段号码里有没有核发过的。请先记核发。",
        "Some of these serials were never issued.",
        "first",
    ),
    Hindrance.RETIRED: (
        "305",
        "这段号码里有已核销的。核销后不能再动。",
        "Some of these were retired: they move no more.",
        "first",
    ),
    Hindrance.HELD: (
        "306",
        "这段号码里有不在转出方名下的。",
        "Some of these are not the giver's.",
        "giver",
    ),
    Hindrance.MOVED: (
        "307",
        "已转让过的不能撤销核发，请由现持有人转回。",
        "What has moved cannot be withdrawn: transfer it back.",
        "first",
    ),
    Hindrance.EARLIER: (
        "308",
        "日期早于这段号码上一次入账的日期。",
        "The day is before what happened to these last.",
        "on",
    ),
}


def open_holder(name: str, region: str, keeper: str, by: Acting, *, is_demo: bool = False) -> int:
    """Opens an account kept by the place ``keeper`` for somebody at ``region``; returns its number. ~7 queries.

    Raises:
        Refused: no name, no such place, or the place keeps an account of that name.
        Forbidden: the person keeps no ledger there.
    """
    told = " ".join(name.split())
    with transaction.atomic():
        places = {row.pk: row for row in Region.objects.filter(pk__in={region, keeper})}
        if region not in places or keeper not in places:
            raise Refused("QTA-101", "请从名录里选持有人所在地和记账地区。", "Choose places of the register.", "region")
        path = places[keeper].path
        require(by, Action.CERTIFICATE_RECORD, Where(path))
        if not told:
            raise Refused("QTA-102", "请写明持有人名称。", "Name the holder.", "name")
        if CertificateHolder.objects.filter(path=path, name=told).exists():
            raise Refused("QTA-103", f"“{told}”已有账户。", f"“{told}” has an account.", "name")
        act = by.act("certificate.open", f"certificate_holder/{told}", after={"name": told, "region": region})
        number = journal.append(replace(act, place=path))
        made = CertificateHolder.objects.create(
            name=told, region=places[region], path=path, is_demo=is_demo or places[region].is_fictional,
            opened_by=by.author, opened_at=timezone.now(), journal=number,
        )  # fmt: skip
    return made.pk


def take_entries(
    rows: Sequence[Told], by: Acting, *, source: str, digest: str = "", is_dry_run: bool = False, is_demo: bool = False
) -> LedgerReport:
    """Enters rows in their order, all or none. 12 queries, and one a 400 entries and batches.

    Args:
        source: the ground of every row that gives none.

    Raises:
        Forbidden: the person keeps no ledger anywhere.
    """
    require(by, Action.CERTIFICATE_RECORD)
    with transaction.atomic():
        batches = _held_batches({row.batch.strip() for row in rows if row.batch.strip()})
        held = CertificateEntry.objects.filter(batch__in=batches.values()).select_related("batch").order_by("pk")
        book = Book.replayed(map(entry_of, held))
        holders = Holders(CertificateHolder.objects.filter(visible(by, Action.CERTIFICATE_READ)))
        verdicts, sound = [], []
        for number, row in enumerate(rows, start=2):
            try:
                entry = entry_told(row, source, holders, by)
                _require_possible(entry, book)
            except Refused as refused:
                verdicts.append(Verdict(number, refused.code, refused.message, refused.field))
                continue
            book.take(entry)
            sound.append((row, entry))
            verdicts.append(Verdict(number, TAKEN, _TAKEN_WORDS))
        report = LedgerReport(tuple(verdicts), None)
        if is_dry_run or report.refused or not sound:
            transaction.set_rollback(True)
            return report
        counts = dict(Counter(entry.act.value for _, entry in sound))
        act = by.act("certificate.record", "certificates", ground=source, document=digest, after=counts)
        number = journal.append(act)
        _write(sound, batches, source, by, number, is_demo=is_demo)
    return LedgerReport(report.verdicts, number)


def _held_batches(names: set[str]) -> dict[str, CertificateBatch]:
    """The batches of these names, held until the transaction ends; those not yet known are made."""
    known = set(CertificateBatch.objects.filter(name__in=names).values_list("name", flat=True))
    fresh = [CertificateBatch(name=name) for name in sorted(names - known)]
    CertificateBatch.objects.bulk_create(fresh, batch_size=_BATCH_SIZE, ignore_conflicts=True)
    held = CertificateBatch.objects.select_for_update().filter(name__in=names).order_by("pk")
    return {each.name: each for each in held}


def _require_possible(entry: Entry, book: Book) -> None:
    why = book.hindrance(entry)
    if why is not None:
        number, zh, en, field = _WHY[why]
        where = f"{entry.span.batch} {entry.span.first}–{entry.span.last}"
        raise Refused(f"QTA-{number}", f"{where}：{zh}", f"{where}: {en}", field)


def _write(
    sound: Sequence[tuple[Told, Entry]],
    batches: Mapping[str, CertificateBatch],
    source: str,
    by: Acting,
    number: int,
    *,
    is_demo: bool,
) -> None:
    now = timezone.now()
    made = CertificateEntry.objects.bulk_create(
        [
            CertificateEntry(
                act=entry.act, batch=batches[entry.span.batch], first=entry.span.first, last=entry.span.last,
                giver_id=entry.giver, taker_id=entry.taker, on=entry.on, has_power=entry.has_power,
                ground=row.ground.strip() or source.strip(), document=row.document.strip(), is_demo=is_demo,
                author=by.author, at=now, journal=number,
            )
            for row, entry in sound
        ],
        batch_size=_BATCH_SIZE,
    )  # fmt: skip
    CertificatePosting.objects.bulk_create(
        [
            CertificatePosting(entry=kept, account=side.account, holder_id=side.holder, amount=side.amount)
            for kept, (_, entry) in zip(made, sound, strict=True)
            for side in postings(entry)
        ],
        batch_size=_BATCH_SIZE,
    )
