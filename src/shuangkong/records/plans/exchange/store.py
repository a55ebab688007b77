"""Taking a table in: a verdict on every row, whole or in part, each row once, one row of the journal a load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.columns import header, heading_of
from shuangkong.records.plans.exchange.enterprises import EnterpriseTable
from shuangkong.records.plans.exchange.keys import content_of, key_of
from shuangkong.records.plans.exchange.models import Load, LoadRow
from shuangkong.records.plans.exchange.people import AppointmentTable, BodyTable
from shuangkong.records.plans.exchange.rows import LoadReport, Mode, RowRefused, RowVerdict, Sort, Verdict
from shuangkong.records.plans.exchange.tasks import OwnerTable, ProgressTable, TaskTable
from shuangkong.records.refusal import Refused

type Cells = Mapping[str, str]
_BATCH = 500
#: By which cells a row is called in a verdict.
_CALLED = ("ref", "task", "title", "name", "person", "body")
_LONGEST_CALL = 60


class Table(Protocol):
    """The rows of one sort."""

    def parse(self, cells: Cells) -> Any: ...
    def write(self, wanted: Sequence[Any], number: int) -> list[int]: ...


TABLES: Mapping[Sort, Callable[[Acting, Sequence[Cells]], Table]] = {
    Sort.TASKS: TaskTable,
    Sort.OWNERS: OwnerTable,
    Sort.PROGRESS: ProgressTable,
    Sort.BODIES: BodyTable,
    Sort.ENTERPRISES: EnterpriseTable,
    Sort.APPOINTMENTS: AppointmentTable,
}


@dataclass(slots=True)
class _Row:
    """A row of the file: its number there, what it says, and what tells it from others."""

    number: int
    cells: Cells
    key: str
    content: str
    wanted: Any = None
    verdict: RowVerdict | None = None

    @property
    def what(self) -> str:
        return " · ".join(filter(None, map(self.cells.get, _CALLED)))[:_LONGEST_CALL]


def load_rows(
    sort: Sort,
    rows: Sequence[Sequence[str]],
    by: Acting,
    *,
    name: str,
    digest: str,
    mode: Mode = Mode.WHOLE,
    is_dry_run: bool = False,
) -> LoadReport:
    """Takes in a table, its first row the headings (see columns.COLUMNS).

    A row that was taken in before is left as it is: the same file again changes nothing, and what was refused can be
    corrected and sent again in the same file. A row with the number of one before, but saying something else, is
    refused: what was loaded is changed by acts, not by tables.

    Raises:
        Refused: somebody takes in the same rows at this very moment.
        Forbidden: the person may load nothing.
    """
    require(by, Action.EXCHANGE_IMPORT)
    try:
        with transaction.atomic():
            return _load(sort, rows, by, name, digest, mode, is_dry_run)
    except IntegrityError as taken:
        zh, en = "这些行正由他人录入，请稍后重试。", "Somebody takes in the same rows now: try again later."
        raise Refused("EXC-120", zh, en) from taken


def _load(
    sort: Sort, rows: Sequence[Sequence[str]], by: Acting, name: str, digest: str, mode: Mode, is_dry_run: bool
) -> LoadReport:
    try:
        found = _read(sort, rows, by)
    except RowRefused as fault:
        return LoadReport((fault.verdict(1, "", heading_of(sort, fault.column)),), None)
    _mark_known(sort, found)
    table = TABLES[sort](by, [row.cells for row in found])
    for row in found:
        if row.verdict is None:
            _parse(sort, table, row)
    new = [row for row in found if row.verdict is not None and row.verdict.verdict is Verdict.NEW]
    report = LoadReport(tuple(row.verdict for row in found if row.verdict is not None), None)
    if is_dry_run or not new or (mode is Mode.WHOLE and report.count(Verdict.REFUSED)):
        return report
    return replace(report, load=_write(sort, table, new, report, by, name, digest))


def _read(sort: Sort, rows: Sequence[Sequence[str]], by: Acting) -> list[_Row]:
    """Rows that say something. Raises RowRefused where the headings are wrong."""
    if not rows:
        raise RowRefused("EXC-100", "", Message("表头和至少一行", "headings and at least one row"), "")
    places, found = header(sort, rows[0]), list[_Row]()
    for number, row in enumerate(rows[1:], start=2):
        cells = {places[at]: text.strip() for at, text in enumerate(row) if at in places}
        if any(cells.values()):
            content = content_of(sort, by, cells)
            ref = cells.get("ref", "")
            found.append(_Row(number, cells, key_of(sort, by, ref) if ref else content, content))
    return found


def _mark_known(sort: Sort, rows: Sequence[_Row]) -> None:
    """Gives their verdict to rows that were loaded before, or that stand twice in the file."""
    known: dict[str, str] = {}
    for part in batched({row.key for row in rows}, _BATCH):
        known |= dict(LoadRow.objects.filter(key__in=part).values_list("key", "content"))
    for row in rows:
        before = known.get(row.key)
        if before is None:
            known[row.key] = row.content
        elif before == row.content:
            row.verdict = RowVerdict(row.number, Verdict.SAME, row.what)
        else:
            expected = Message("没有用过的编号", "a number that was not used before")
            then = Message("内容要改的，请在任务页办理。", "Change what was loaded on the task's page.")
            fault = RowRefused("EXC-119", "ref", expected, row.cells.get("ref", ""), then)
            row.verdict = fault.verdict(row.number, row.what, heading_of(sort, "ref"))


def _parse(sort: Sort, table: Table, row: _Row) -> None:
    try:
        _require_telling(row.cells.get("ref", ""))
        row.wanted = table.parse(row.cells)
    except RowRefused as fault:
        row.verdict = fault.verdict(row.number, row.what, heading_of(sort, fault.column))
    else:
        row.verdict = RowVerdict(row.number, Verdict.NEW, row.what)


def _require_telling(ref: str) -> None:
    """Digits alone would be taken for the number of a task."""
    if ref.isdecimal():
        expected = Message("含字母或符号的编号，如 K-1", "a number with a letter or sign, as K-1")
        raise RowRefused("EXC-121", "ref", expected, ref)


def _write(
    sort: Sort, table: Table, new: Sequence[_Row], report: LoadReport, by: Acting, name: str, digest: str
) -> int:
    counts = {verdict.value: report.count(verdict) for verdict in Verdict}
    act = by.act("exchange.import", f"load/{sort.value}", document=digest, after={"file": name, **counts})
    number = journal.append(act)
    load = Load.objects.create(
        sort=sort, name=name, sha256=digest, rows_new=counts["new"], rows_same=counts["same"],
        rows_refused=counts["refused"], loaded_by=by.author, loaded_at=timezone.now(), journal=number,
    )  # fmt: skip
    made = table.write([row.wanted for row in new], number)
    LoadRow.objects.bulk_create(
        [LoadRow(load=load, key=row.key, content=row.content, made=pk) for row, pk in zip(new, made, strict=True)],
        batch_size=_BATCH,
    )
    return load.pk
