"""批量交换: tables in, with a verdict on every row, and tables out."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Schema, UploadedFile
from pydantic import Field

from shuangkong.core.finding import Message
from shuangkong.papers.streams import Form as FileForm
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import RowVerdict as ActualVerdict
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.exchange.columns import COLUMNS
from shuangkong.records.plans.exchange.out import Export
from shuangkong.records.plans.exchange.rows import LoadReport, Mode, RowVerdict, Sort, Verdict
from shuangkong.records.plans.exchange.store import load_rows
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Line, listed
from shuangkong.web.plans.exchange.views.taken_out import streamed
from shuangkong.web.plans.tasks.derived import derive_loaded

room = Room(tags=["exchange"])

MOST_ROWS = 20_000


class TableTold(Schema):
    """A table: each row the words of its columns (their English headings) and what they say.

    ``mode`` whole: one refused row, and nothing is written. Rows that were taken in before are left as they are.
    """

    rows: list[dict[str, Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]]] = Field(max_length=MOST_ROWS)
    mode: Mode = Mode.WHOLE
    dry_run: bool = False
    name: Line = "api"


class LoadedRow(Schema):
    """What becomes of a row: where it is wrong, what was expected and found, what to do next."""

    row: int
    verdict: Annotated[Verdict, listed(Verdict)]
    what: str
    code: str
    column: str
    expected_zh: str
    expected_en: str
    found: str
    next_zh: str
    next_en: str


class Loaded(Schema):
    """What a load did, or would do; ``load`` is null where nothing was written."""

    load: int | None
    new: int
    same: int
    refused: int
    rows: list[LoadedRow]


class ActualRow(Schema):
    """What becomes of a row of figures: ``told`` is its figure, ``before`` that which stood in its place."""

    row: int
    verdict: str
    code: str
    indicator: str
    what: str
    told: str
    before: str
    column: str
    expected_zh: str
    expected_en: str
    found: str
    message_zh: str
    message_en: str


class ActualsLoaded(Schema):
    """What a load of figures did, or would do; one refused row, and nothing is written."""

    load: int | None
    new: int
    changed: int
    same: int
    refused: int
    rows: list[ActualRow]


@room.does("/exchange/{sort}", Action.EXCHANGE_IMPORT, Loaded)
def load_table(request: HttpRequest, sort: Sort, told: TableTold) -> Any:
    """整批录入：任务、归口单位、进展、责任单位、企业、授权；可先试算。同样的行再送一次，什么都不变。"""
    names = [column.name for column in COLUMNS[sort]]
    listed = [[each.get(name, "") for name in names] for each in told.rows]
    digest = sha256(json.dumps(told.rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    report = load_rows(
        sort, [names, *listed], caller(request), name=told.name, digest=digest, mode=told.mode, is_dry_run=told.dry_run
    )
    return _told(report)


@room.does("/exchange/{sort}/file", Action.EXCHANGE_IMPORT, Loaded)
def load_file(
    request: HttpRequest, sort: Sort, file: File[UploadedFile], mode: Form[Mode] = Mode.WHOLE,
    dry_run: Form[bool] = False,
) -> Any:  # fmt: skip
    """整批录入一个 .csv 或 .xlsx 文件。"""
    name = file.name or ""
    sheet = read_sheet(file.read(), name)
    report = load_rows(sort, sheet.rows, caller(request), name=name, digest=sheet.digest, mode=mode, is_dry_run=dry_run)
    return _told(report)


@room.does("/actuals/file", Action.ACTUAL_LOAD, ActualsLoaded)
def load_actuals(
    request: HttpRequest, file: File[UploadedFile], source: Form[Line] = "", dry_run: Form[bool] = False
) -> Any:
    """录入一个 .csv 或 .xlsx 文件里的实际值；source 是没有写来源的行的来源。"""
    name = file.name or ""
    sheet = read_sheet(file.read(), name)
    report = facts.load_rows(
        sheet.rows, name=name, digest=sheet.digest, source=source, by=caller(request), is_dry_run=dry_run
    )
    if report.load is not None:
        derive_loaded(report.load)
    counts = {word: report.count(word) for word in ("new", "changed", "same", "refused")}
    return {"load": report.load, **counts, "rows": [_actual(each) for each in report.verdicts]}


@room.hands_out("/exports/{export}.{form}", Action.EXCHANGE_EXPORT, "application/octet-stream")
def take_out(request: HttpRequest, export: Export, form: FileForm) -> Any:
    """导出任务、办理过程、责任单位或企业：csv、jsonl 或 xlsx，边查边送。"""
    answer = streamed(request, export, form)
    answer["Content-Type"] = "application/octet-stream"
    return answer


def _told(report: LoadReport) -> dict[str, Any]:
    counts = {verdict.value: report.count(verdict) for verdict in Verdict}
    return {"load": report.load, **counts, "rows": [_row(each) for each in report.verdicts]}


def _row(each: RowVerdict) -> dict[str, Any]:
    nothing = Message("", "")
    expected, then = each.expected or nothing, each.next or nothing
    return {
        "row": each.row, "verdict": each.verdict, "what": each.what, "code": each.code, "column": each.column,
        "expected_zh": expected.zh, "expected_en": expected.en, "found": each.found, "next_zh": then.zh,
        "next_en": then.en,
    }  # fmt: skip


def _actual(each: ActualVerdict) -> dict[str, Any]:
    expected = each.expected or Message("", "")
    named = ("row", "verdict", "code", "indicator", "what", "told", "before", "column", "found")
    return {name: getattr(each, name) for name in named} | {
        "expected_zh": expected.zh, "expected_en": expected.en, "message_zh": each.message.zh,
        "message_en": each.message.en,
    }  # fmt: skip
