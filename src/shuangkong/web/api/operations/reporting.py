"""联网直报: windows, what a unit owes, drafts, checks, signing, receipts, review and approval, progress."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.people.access import may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import acts, store
from shuangkong.records.reporting.boards import tallies
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import ToSave, draft_content, merged, require_bounded, require_rows, save
from shuangkong.records.reporting.filing import NoSuchReturn, ToSubmit, submit
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.locking import lock_window
from shuangkong.records.reporting.models import Draft
from shuangkong.records.reporting.rows import FindingRow, ReturnRow, VersionRow, finding_key
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import Content, Origin
from shuangkong.reporting.life import EventKind, State
from shuangkong.reporting.taking import told_addresses
from shuangkong.reporting.typed import Typed, text_of, typed
from shuangkong.rulebook import open_rulebook
from shuangkong.web.api.identity import caller, reached
from shuangkong.web.api.operations.bodies import reached_place
from shuangkong.web.api.operations.reporting_shapes import (
    Checked,
    DraftTold,
    DraftToSave,
    ProgressOfAll,
    ReceiptTold,
    ReturnActTold,
    ReturnsStanding,
    ReturnToSubmit,
    ReturnWhole,
    Stamped,
    WindowLocked,
    WindowsOpen,
    WindowToLock,
    WindowToOpen,
)
from shuangkong.web.api.room import Done, Made, Room
from shuangkong.web.api.values import Line, Number
from shuangkong.web.people.whence import whence_of
from shuangkong.web.reporting.found import is_own, window_or_404
from shuangkong.web.reporting.words import clock_of, state_for

room = Room(tags=["reporting"])
_MOST = 5_000


@room.reads("/reporting/windows", Action.RETURN_READ, WindowsOpen)
def list_windows(request: HttpRequest) -> Any:
    """报送窗口：调用人有应报或应审报表的。"""
    seen = tallies(store.countable(caller(request)), ("window",), timezone.localdate())
    return {"items": list(store.windows(Q(pk__in=[number for (number,) in seen])))}


@room.does("/reporting/windows", Action.WINDOW_OPEN, Made)
def open_reporting_window(request: HttpRequest, told: WindowToOpen) -> Any:
    """开一个报送窗口，列出应报单位。"""
    reached_place(request, told.region, Action.RETURN_READ)
    return {"id": open_window(told.form, told.period, told.region, caller(request), told.due)}


@room.does("/reporting/windows/{window_id}/lock", Action.WINDOW_OPEN, WindowLocked)
def lock_reporting_window(request: HttpRequest, window_id: Number, told: WindowToLock) -> Any:
    """锁定窗口里各级都已审批通过的报表：整个窗口，或其中一个地区。"""
    window_or_404(caller(request), window_id)
    locked, left = lock_window(window_id, caller(request), told.region, told.ground)
    return {"locked": locked, "left": left}


@room.reads("/reporting/progress", Action.RETURN_READ, ProgressOfAll)
def reporting_progress(request: HttpRequest) -> Any:
    """各窗口报送进度：应报、已报、按时、迟报、逾期、接收、审批。"""
    counted = tallies(store.countable(caller(request)), ("window",), timezone.localdate())
    names = ("expected", "received", "in_time", "late", "overdue", "returned", "accepted", "approved", "not_due")
    return {
        "items": [
            {
                "window": each.id, "form": each.form, "period": each.period, "region": each.region, "due": each.due,
                **{name: getattr(counted[(each.id,)], name) for name in names},
            }
            for each in store.windows(Q(pk__in=[number for (number,) in counted]))
        ]
    }  # fmt: skip


@room.reads("/reporting/returns", Action.RETURN_READ, ReturnsStanding)
def list_returns(
    request: HttpRequest,
    form: Line | None = None,
    period: Line | None = None,
    state: Line | None = None,
    after: Number | None = None,
) -> Any:
    """报表：本单位应报的，或本地应审的，新的报告期在前；下一页把 next 作为 after 传回。"""
    by = caller(request)
    condition = store.readable(by)
    for name, told in (("form", form), ("period", period)):
        condition &= Q(**{name: told}) if told else Q()
    if state is not None:
        condition &= _in_state(state, by)
    rows = store.returns(condition & _behind(after, store.readable(by)), count=_MOST + 1)
    shown = rows[:_MOST]
    return {
        "items": [_standing(row, request) for row in shown],
        "next": shown[-1].id if len(rows) > len(shown) else None,
    }  # fmt: skip


def _in_state(state: str, by: Acting) -> Q:
    """The condition that a return is in a state as the caller sees it: of others' drafts nobody knows."""
    own = store.readable(by, Action.RETURN_FILE)
    match state:
        case State.DRAFT:
            return Q(state=State.DRAFT) & own
        case State.OPEN:
            return Q(state=State.OPEN) | (Q(state=State.DRAFT) & ~own)
        case _:
            return Q(state=state)


def _behind(after: int | None, readable: Q) -> Q:
    """The condition that returns come after one in the order of the list. Raises Http404."""
    if after is None:
        return Q()
    row = next(iter(store.returns(readable & Q(pk=after))), None)
    if row is None:
        raise Http404
    same = Q(first_month=row.first_month)
    return Q(first_month__lt=row.first_month) | same & (Q(form__gt=row.form) | Q(form=row.form, pk__gt=row.id))


@room.reads("/reporting/returns/{return_id}", Action.RETURN_READ, ReturnWhole)
def get_return(request: HttpRequest, return_id: Number) -> Any:
    """一份报表：办理情况、各版、经过。"""
    row = _found(request, return_id)
    own = is_own(row, caller(request))
    versions = [store.version(row.id, each.number) for each in store.versions(row.id)]
    return {
        "standing": _standing(row, request),
        "versions": [_version(each) for each in versions if each is not None],
        "later": [_finding(each) for rows in later_findings(Q(owned=row.id)).values() for each in rows],
        "events": [each for each in store.happened(row.id) if own or each.kind is not EventKind.DRAFT],
    }


@room.reads("/reporting/returns/{return_id}/draft", Action.RETURN_FILE, DraftTold)
def get_return_draft(request: HttpRequest, return_id: Number) -> Any:
    """草稿；没有存过时是带入的数。只有填报单位能看。"""
    row = _own(request, return_id)
    content, kept = _content(row), store.draft(row.id)
    cells = [
        {"address": address, "state": entry.state.value, "value": text_of(entry) if entry.value is not None else "",
         "origin": entry.origin.value, "source": entry.source}
        for address, entry in content.entries.items()
    ]  # fmt: skip
    return {
        "edition": content.edition, "stamp": kept.stamp if kept else 0, "cells": cells,
        "keys": {table: list(rows) for table, rows in content.keys.items()},
        "explained": kept.explained if kept else {},
    }  # fmt: skip


@room.does("/reporting/returns/{return_id}/draft", Action.RETURN_FILE, Stamped)
def save_return_draft(request: HttpRequest, return_id: Number, told: DraftToSave) -> Any:
    """存草稿，一格一格或整表；不判对错，不进日志。"""
    row = _own(request, return_id)
    read = _read(row, told.cells)
    keys = {table: tuple(rows) for table, rows in told.keys.items()}
    kept = ToSave(entries=read.entries, keys=keys, explained=told.explained, is_whole=told.whole)
    stamp = save(row.id, caller(request), kept)
    return {
        "stamp": stamp,
        "findings": [
            {"key": finding_key(each.code, each.place), "code": each.code, "severity": each.severity.value,
             "address": each.place, "zh": each.message.zh, "en": each.message.en}
            for each in read.findings
        ],
    }  # fmt: skip


@room.reads("/reporting/returns/{return_id}/check", Action.RETURN_FILE, Checked)
def check_return_draft(request: HttpRequest, return_id: Number) -> Any:
    """审核草稿，不提交。"""
    row = _own(request, return_id)
    content, kept = _content(row), store.draft(row.id)
    form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
    judged = checked(form, content, row)
    explained = kept.explained if kept else {}
    return {
        "findings": [
            {
                "key": (key := finding_key(each.code, each.place)), "code": each.code,
                "severity": each.severity.value, "address": each.place, "zh": each.message.zh, "en": each.message.en,
                "explanation": explained.get(key, ""),
            }
            for each in judged.findings
        ],
        "unjudged": [each.code for each in judged.unjudged], "may_be_submitted": judged.may_be_submitted,
    }  # fmt: skip


@room.does("/reporting/returns/{return_id}/submit", Action.RETURN_SIGN, ReceiptTold)
def submit_return(request: HttpRequest, return_id: Number, told: ReturnToSubmit) -> Any:
    """签报一版：首次提交，或带理由更正。同样内容再报一次，得到同一张回执。"""
    wanted = ToSubmit(
        explained=told.explained, ground=told.ground, base=told.base, channel="api", terminal=whence_of(request).address
    )

    def filled(row: ReturnRow) -> Content | None:
        _require_own(request, row)
        return None if told.cells is None else _filled(row, told.cells, told.keys)

    try:
        receipt = submit(return_id, caller(request), wanted, filled)
    except NoSuchReturn as unknown:  # as one that the caller may not see
        raise Http404 from unknown
    return {
        "id": return_id, "version": receipt.version, "digest": receipt.digest, "at": receipt.at,
        "is_new": receipt.is_new, "journal": receipt.journal,
    }  # fmt: skip


@room.does("/reporting/returns/{return_id}/act", Action.RETURN_READ, Done)
def act_on_return(request: HttpRequest, return_id: Number, told: ReturnActTold) -> Any:
    """审核机关和上级办理：开始审核、接收、退回、逐级审批、锁定、延期、免报等；签发人撤回。"""
    row = _found(request, return_id)
    kind = next((each for each in acts.NEEDS if each == told.kind), None)
    if kind is None:
        zh = f"没有这种办法“{told.kind[:20]}”。应为 {'、'.join(acts.NEEDS)}。"
        raise Refused("RPT-932", zh, f"No such act: expected one of {', '.join(acts.NEEDS)}.", "kind")
    said = acts.Said(told.ground, told.document, told.due, told.verdicts, told.version)
    acts.act(row.id, caller(request), kind, said)
    return {"done": True}


def _found(request: HttpRequest, number: int) -> ReturnRow:
    """Raises Http404, also where the caller may not see it."""
    row = store.one(number)
    reached(request, row.where if row else None, Action.RETURN_READ)
    assert row is not None
    return row


def _own(request: HttpRequest, number: int) -> ReturnRow:
    """A return that the caller fills in; to others there is no draft."""
    row = _found(request, number)
    _require_own(request, row)
    return row


def _require_own(request: HttpRequest, row: ReturnRow) -> None:
    """Raises Http404."""
    reached(request, row.where, Action.RETURN_READ)
    if not any(may(caller(request), action, row.where) for action in (Action.RETURN_FILE, Action.RETURN_SIGN)):
        raise Http404


def _filled(row: ReturnRow, cells: dict[str, str], keys: dict[str, list[str]]) -> Content:
    """What is sent as the whole return. Raises Refused as ``_read``."""
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    told = {table: tuple(rows) for table, rows in keys.items()}
    whole = ToSave(entries=_read(row, cells).entries, keys=told, is_whole=True)
    content = merged(Content(form.id, form.edition), whole)
    require_bounded(content, {})
    require_rows(form, whole, content)
    return content


def _content(row: ReturnRow) -> Content:
    return draft_content(row, Draft.objects.filter(owned=row.id).first())


def _read(row: ReturnRow, cells: dict[str, str]) -> Typed:
    """Raises Refused for an address that the form does not have, or that is computed."""
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    for address in sorted(cells.keys() - told_addresses(form)):
        field = form.field(address)
        if field is None or not field.is_told:
            zh = f"报表没有可填的栏目“{address[:80]}”。请按报表的栏目地址送数，自动计算的不送。"
            raise Refused("RPT-941", zh, f"The form takes nothing at {address[:80]}.", "cells")
    return typed(form, cells.items(), open_rulebook().units(), Origin.IMPORTED)


def _standing(row: ReturnRow, request: HttpRequest) -> dict[str, Any]:
    state: State = state_for(row, is_own=is_own(row, caller(request)))
    now = row.standing
    return {
        "id": row.id, "window": row.window, "form": row.form, "period": row.period, "reporter": row.reporter.id,
        "unit": row.reporter.code, "name": row.reporter.name, "region": row.reporter.region, "state": state.value,
        "clock": clock_of(row).value, "due": now.due, "owed_by": now.owed_by, "received_on": now.received_on,
        "version": now.version, "in_force": now.in_force, "level": now.level, "levels": now.levels,
        "chain": list(row.chain), "is_demo": row.is_demo,
    }  # fmt: skip


def _version(row: VersionRow) -> dict[str, Any]:
    names = ("number", "edition", "content", "digest", "base", "ground", "channel", "signed_by", "signed_at")
    return {name: getattr(row, name) for name in names} | {"findings": [_finding(each) for each in row.findings]}


def _finding(each: FindingRow) -> dict[str, Any]:
    said = each.explanation
    return {
        "key": finding_key(each.code, each.address), "code": each.code, "severity": each.severity.value,
        "address": each.address, "zh": each.message.zh, "en": each.message.en, "id": each.id,
        "explanation": said.text if said else "", "verdict": said.verdict if said else "",
    }  # fmt: skip
