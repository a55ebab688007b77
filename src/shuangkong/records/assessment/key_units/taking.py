"""名单导入: a published list of key units, row by row: all of them, or none where one cannot be taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.core.credit_code import plain_credit_code
from shuangkong.core.finding import Message
from shuangkong.records.assessment.key_units.models import KeyUnitEntry
from shuangkong.records.assessment.key_units.store import KeyUnitRow, key_units
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.rows import EnterpriseRow
from shuangkong.records.registry.enterprises.store import enterprises

#: What the lists are called in files, and by the duties to assess.
LISTINGS: Mapping[str, str] = {
    "百家": "hundred", "千家": "thousand", "万家": "ten_thousand", "重点用能单位": "key_energy_unit",
}  # fmt: skip
#: Columns of the file: heading, and whether a row must fill it.
COLUMNS: tuple[tuple[str, bool], ...] = (
    ("企业", True), ("名单", True), ("起始日期", True), ("截止日期", False), ("公布文件", True),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What becomes of one row of the file; ``code`` "" where it can be taken, ``is_same`` where it stands already."""

    row: int
    code: str = ""
    message: Message | None = None
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class ListReport:
    """Every row, and the journal's row where the list was taken: None for a trial, or where all stands already."""

    rows: tuple[Taken, ...]
    journal: int | None = None

    @property
    def is_sound(self) -> bool:
        return bool(self.rows) and not any(each.code for each in self.rows)


@dataclass(frozen=True, slots=True)
class _Told:
    enterprise: int
    listing: str
    starts: date
    until: date | None
    document: str


def take_list(
    sheet: Sequence[Sequence[str]], region: str, by: Acting, *, digest: str = "", is_dry_run: bool
) -> ListReport:
    """Takes a list for the enterprises of a place and below it. ~6 queries, however long it is.

    Raises:
        Refused: ASM-601 no such place; ASM-602 the headings are not those of the form.
        Forbidden: the person conducts no assessments there.
    """
    if registry.region(region) is None:
        raise Refused("ASM-601", "没有这个地区。", "No such place.", "region")
    path = registry.paths([region])[region]
    require(by, Action.ASSESSMENT_CONDUCT, Where(path))
    headings = [heading for heading, _ in COLUMNS]
    head = [cell.strip() for cell in sheet[0]] if sheet else []
    if any(heading not in head for heading in headings):
        zh = f"表头应为：{'、'.join(headings)}。请用模板。"
        raise Refused("ASM-602", zh, f"Headings: {', '.join(headings)}. Use the form.", "file")
    known = _known(enterprises(below(path, "region__path")))
    there = {_key(row): row for row in key_units(below(path, "enterprise__region__path"))}
    told, report = [], []
    for number, cells in enumerate(sheet[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(dict(zip(head, (cell.strip() for cell in cells), strict=False)), known)
        if isinstance(row, _Told):
            before = there.get((row.enterprise, row.listing, row.starts))
            is_same = before is not None and (before.until, before.document) == (row.until, row.document)
            told += [] if is_same else [row]
            report.append(Taken(number, is_same=is_same))
        else:
            report.append(Taken(number, *row))
    found = ListReport(tuple(report))
    return found if is_dry_run or not told or not found.is_sound else _kept(found, told, region, path, by, digest)


def _kept(found: ListReport, told: list[_Told], region: str, path: str, by: Acting, digest: str) -> ListReport:
    with transaction.atomic():
        counts = {"rows": len(found.rows), "new": len(told), "file": digest}
        document = told[0].document if told else ""
        act = by.act("key_units.take", f"region/{region}", ground="名单导入", document=document, after=counts)
        number = journal.append(replace(act, place=path))
        KeyUnitEntry.objects.bulk_create(
            KeyUnitEntry(
                enterprise_id=each.enterprise, listing=each.listing, starts=each.starts, until=each.until,
                document=each.document, author=by.author, at=timezone.now(), journal=number,
            )
            for each in told
        )  # fmt: skip
    return replace(found, journal=number)


def _known(rows: Iterable[EnterpriseRow]) -> dict[str, list[int]]:
    """Source code, credit code or full name → the enterprises that it means."""
    found: dict[str, list[int]] = {}
    for row in rows:
        for word in filter(None, {row.source, row.particulars.credit_code, row.name}):
            found.setdefault(word, []).append(row.id)
    return found


def _key(row: KeyUnitRow) -> tuple[int, str, date]:
    return row.enterprise, row.listing, row.starts


def _row(cells: Mapping[str, str], known: Mapping[str, list[int]]) -> _Told | tuple[str, Message]:
    word, listing = cells.get("企业", ""), LISTINGS.get(cells.get("名单", ""))
    meant = known.get(word) or known.get(plain_credit_code(word), [])
    if len(meant) != 1:
        zh = f"“{word}”在本地企业名录里找到 {len(meant)} 家，应为 1 家。请写源代码或统一社会信用代码，或先登记企业。"
        return "ASM-603", Message(zh, f"{word}: {len(meant)} enterprises of the register, expected 1.")
    if listing is None:
        zh = f"名单应为{'、'.join(LISTINGS)}之一，实为“{cells.get('名单', '')}”。"
        return "ASM-604", Message(zh, f"The list is one of {', '.join(LISTINGS)}.")
    try:
        starts = date.fromisoformat(cells.get("起始日期", ""))
        until = date.fromisoformat(cells["截止日期"]) if cells.get("截止日期") else None
    except ValueError:
        zh = f"日期应写成 YYYY-MM-DD（年-月-日），实为“{cells.get('起始日期', '')}”“{cells.get('截止日期', '')}”。"
        return "ASM-605", Message(zh, "Days are written as YYYY-MM-DD.")
    document = cells.get("公布文件", "")
    if (until is not None and until < starts) or not document:
        en = "It ends before it starts, or names no document."
        return "ASM-606", Message("截止日期不能早于起始日期；公布文件必填。", en)
    return _Told(meant[0], listing, starts, until, document)
