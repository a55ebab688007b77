"""数据: figures that count and all their versions, out in several forms; tables of figures in, with a verdict a row."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Schema, UploadedFile
from pydantic import Field

from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts import store
from shuangkong.records.facts.bulk import load_batches
from shuangkong.records.facts.columns import COLUMNS
from shuangkong.records.facts.doors import batches, digest_of
from shuangkong.records.facts.handing_out import Asked, FactsForm, file_of, readable, told_frame
from shuangkong.records.facts.models import Subject
from shuangkong.records.facts.rows import BulkReport, LoadReport, RowVerdict
from shuangkong.records.indicators.keeping_up import keep_up
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.web.api.identity import caller
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Day, Figure, Line
from shuangkong.web.plans.tasks.derived import derive_loaded
from shuangkong.web.site.page import download

room = Room(tags=["facts"])

MOST_ROWS = 20_000
_MOST_ITEMS = 1_000
_USUAL_ITEMS = 100


class Wanted(Schema):
    """Which figures: every word that is sent narrows the list. ``every``: all versions, not only those that count."""

    indicator: Line | None = None
    subject_kind: Line = ""
    subject: Line | None = None
    period: Line | None = None
    as_of: Day | None = None
    every: bool = False


class WantedPage(Wanted):
    """Which figures, and which of them: ``after`` is the number of those that came before."""

    after: int = Field(0, ge=0, lt=2**63)
    limit: int = Field(_USUAL_ITEMS, ge=1, le=_MOST_ITEMS)


class FactShown(Schema):
    """A figure as it was told, in the words of the file's columns; ``value`` a number or missing and the like."""

    indicator: str
    subject: str
    subject_kind: str
    period: str
    value: str
    unit: str
    measure: str
    maturity: str
    origin: str
    evidence: str
    source: str
    note: str


class FactsShown(Schema):
    """By indicator, subject and period; ``next`` goes back as ``after``, null at the end."""

    items: list[FactShown]
    next: int | None


class Version(Schema):
    """One version of a figure: when it was recorded, by whom, why, and which it replaced."""

    id: int
    period: str
    measure: str
    state: str
    value: Figure | None
    unit: str
    maturity: str
    origin: str
    evidence: str
    source: str
    note: str
    recorded_at: datetime
    recorded_by: str
    supersedes: int | None
    is_demo: bool


class Versions(Schema):
    """The oldest first."""

    items: list[Version]


class FactsTold(Schema):
    """A table of figures: each row the English headings of the file and what they say."""

    rows: list[dict[str, Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]]] = Field(max_length=MOST_ROWS)
    source: Line = ""
    dry_run: bool = False
    name: Line = "api"


class FileTold(Schema):
    """What is told beside a file of figures."""

    source: Line = ""
    dry_run: bool = False


class RefusedRow(Schema):
    """A row that cannot be taken: where it is wrong, what was expected and found."""

    row: int
    code: str
    column: str
    expected_zh: str
    expected_en: str
    found: str
    zh: str
    en: str


class LoadedFacts(Schema):
    """What a load did, or would do; ``load`` is null where nothing was written, as when one row is refused."""

    load: int | None
    new: int
    changed: int
    same: int
    refused: int
    rows: list[RefusedRow]


@room.reads("/facts", Action.ACTUAL_READ, FactsShown)
def facts(request: HttpRequest, wanted: Query[WantedPage]) -> Any:
    """每个数中起作用的那个版本：反馈核定先于上报，上报先于测算；核定先于快报；新的先于旧的。"""
    found = told_frame(_asked(wanted), caller(request)).slice(wanted.after, wanted.limit + 1)
    shown = found.head(wanted.limit)
    return {"items": shown.to_dicts(), "next": wanted.after + shown.height if found.height > shown.height else None}


@room.reads("/facts/versions", Action.ACTUAL_READ, Versions)
def fact_versions(
    request: HttpRequest, indicator: Line, subject_kind: Line, subject: Line, as_of: Day | None = None
) -> Any:
    """一个指标、一个对象的全部数和全部版本。"""
    known = Subject.objects.filter(readable(caller(request), "region"), kind=subject_kind, code=subject)
    if not known.exists():
        raise Http404
    return {"items": store.versions(indicator, subject_kind, subject, as_of)}


@room.hands_out("/facts/file", Action.ACTUAL_READ, "application/octet-stream")
def facts_file(request: HttpRequest, wanted: Query[Wanted], form: FactsForm = "csv") -> HttpResponse:
    """导出：csv、sdmx（SDMX-CSV）、parquet 或 xlsx；原样录入什么都不变。"""
    content = file_of(told_frame(_asked(wanted), caller(request)), form)
    return download(content, "facts." + ("csv" if form == "sdmx" else form), "application/octet-stream")


@room.does("/facts", Action.ACTUAL_LOAD, LoadedFacts)
def load_facts(request: HttpRequest, told: FactsTold) -> Any:
    """整批录入数据，可先试算；有一行不收就都不写。同样的数再送一次，什么都不变。"""
    names = [column.name for column in COLUMNS]
    digest = sha256(json.dumps(told.rows, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    report = store.load_rows(
        [names, *([each.get(name, "") for name in names] for each in told.rows)],
        name=told.name, digest=digest, source=told.source, by=caller(request), is_dry_run=told.dry_run,
    )  # fmt: skip
    return _loaded(report)


@room.does("/facts/file", Action.ACTUAL_LOAD, LoadedFacts)
def load_facts_file(request: HttpRequest, file: File[UploadedFile], told: Form[FileTold]) -> Any:
    """录入一个文件：.csv、SDMX-CSV、.parquet 或 .xlsx。"""
    name, by = Path(file.name or "").name, caller(request)
    if name.lower().endswith(".xlsx"):
        sheet = read_sheet(file.read(), name)
        return _loaded(
            store.load_rows(
                sheet.rows, name=name, digest=sheet.digest, source=told.source, by=by, is_dry_run=told.dry_run
            )
        )
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("file.parquet" if name.lower().endswith(".parquet") else "file.csv")
        with path.open("wb") as copy:
            copy.writelines(file.chunks())
        with batches(path) as rows:
            digest = digest_of(path)
            return _loaded(
                load_batches(rows, name=name, digest=digest, source=told.source, by=by, is_dry_run=told.dry_run)
            )


def _asked(wanted: Wanted) -> Asked:
    try:
        periods = None if wanted.period is None else frozenset({Period.parse(wanted.period)})
    except ValueError as fault:
        zh = f"时期“{wanted.period}”：应为 YYYY、YYYY-H1、YYYY-Q3、YYYY-07、YYYY-C10 或五年 YYYY-YYYY。"
        raise Refused("FCT-401", zh, str(fault), "period") from fault
    return Asked(
        indicators=None if wanted.indicator is None else frozenset({wanted.indicator}),
        kind=wanted.subject_kind,
        codes=None if wanted.subject is None else frozenset({wanted.subject}),
        periods=periods,
        as_of=wanted.as_of,
        every=wanted.every,
    )


def _loaded(report: LoadReport | BulkReport) -> dict[str, Any]:
    if report.load is not None:
        derive_loaded(report.load)
        keep_up()
    counts = {word: report.count(word) for word in ("new", "changed", "same", "refused")}
    refused = [_row(each) for each in report.verdicts if each.verdict == "refused"]
    return {"load": report.load, **counts, "rows": refused}


def _row(each: RowVerdict) -> dict[str, Any]:
    expected = each.expected or Message("", "")
    return {
        "row": each.row, "code": each.code, "column": each.column, "expected_zh": expected.zh,
        "expected_en": expected.en, "found": each.found, "zh": each.message.zh, "en": each.message.en,
    }  # fmt: skip
