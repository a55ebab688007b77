"""联网直报·多家一起: which units a caller files a form for; their cells tried, kept and signed in one call."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from shuangkong.core.digest import sm3
from shuangkong.core.finding import Finding
from shuangkong.records.people.access import Forbidden, may
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import bulk
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.rows import finding_key
from shuangkong.reporting.content import Origin
from shuangkong.reporting.life import OWED
from shuangkong.reporting.taking import taken
from shuangkong.rulebook import open_rulebook
from shuangkong.web.api.identity import caller
from shuangkong.web.api.operations.reporting_shapes import ManyToFile, ManyVerdicts, UnitsOwing
from shuangkong.web.api.room import Room
from shuangkong.web.api.values import Line
from shuangkong.web.people.whence import whence_of

room = Room(tags=["reporting"])
#: Units that a refusal names.
_NAMED = 8


@room.reads("/reporting/many", Action.RETURN_FILE, UnitsOwing)
def list_units_to_file(request: HttpRequest, form: Line, period: Line, *, corrections: bool = False) -> Any:
    """调用人可以填报、还没有报的单位：本单位和受托代报的；corrections=true 时连同已接收、可以更正的。"""
    what = bulk.to_file(caller(request), form, period)
    return {
        "edition": what.form.edition,
        "items": [
            {"id": row.id, "unit": row.reporter.code, "name": row.reporter.name, "state": row.state.value,
             "has_draft": has_draft}
            for row, has_draft in bulk.waiting(what)
            if corrections or row.state in OWED
        ],
    }  # fmt: skip


@room.does("/reporting/many", Action.RETURN_FILE, ManyVerdicts)
def file_many_returns(request: HttpRequest, told: ManyToFile) -> Any:
    """多家单位的同一张报表：试算、存草稿（全部或都不存）、逐家签报。"""
    by = caller(request)
    _require_once(each.unit for each in told.returns)
    what = bulk.to_file(by, told.form, told.period)
    units, known = open_rulebook().units(), what.by_code
    cells = {each.unit: [(address, text, address) for address, text in each.cells.items()] for each in told.returns}
    read = {code: taken(what.form, given, units, Origin.IMPORTED) for code, given in cells.items() if code in known}
    strangers = [code for code in cells if code not in known]
    if told.act == "sign" and not any(may(by, Action.RETURN_SIGN, known[code].where_signed) for code in read):
        raise Forbidden("PPL-201", "您不能签报这些单位的报表，请签发人签。", "You may sign for none of these units.")
    explained = {each.unit: each.explained for each in told.returns}
    verdicts = bulk.tried(what, read, explained)
    items = {each.row.id: _verdict(each) for each in verdicts}
    count = 0
    if told.act != "try" and not strangers and not any(each.faults for each in verdicts):
        named = json.dumps([cells, explained], ensure_ascii=False, sort_keys=True)
        count = bulk.kept(what, read, by, sm3(named.encode()), explained)
        if told.act == "sign":
            _sign(request, verdicts, items, told)
    return {"items": list(items.values()), "strangers": strangers, "kept": count}


def _require_once(units: Iterable[str]) -> None:
    """Raises Refused where a unit stands in a call twice: which of both is meant, nobody could tell."""
    twice = sorted(unit for unit, count in Counter(units).items() if count > 1)
    if twice:
        named = "、".join(twice[:_NAMED])
        zh = f"同一单位在一次调用里出现多次：{named}。每家应只有一项，整个调用没有办。请合并后再送。"
        en = f"Units that stand in the call more than once: {named}. Expected one item each; nothing was done."
        raise Refused("RPT-949", zh, en, "returns")


def _sign(
    request: HttpRequest, verdicts: Iterable[bulk.Verdict], items: dict[int, dict[str, Any]], asked: ManyToFile
) -> None:
    """Signs each that is ready by itself: as it was tried, or by the digest that the caller names."""
    by, terminal = caller(request), whence_of(request).address
    read = {each.unit: each.digest for each in asked.returns}
    for each in verdicts:
        item = items[each.row.id]
        try:
            shown = read.get(each.row.reporter.code) or _as_tried(each)
            told = ToSubmit(shown=shown, ground=asked.ground, channel="api", terminal=terminal)
            receipt = submit(each.row.id, by, told)
        except Refused as refusal:
            item["refused"] = refusal.code
        else:
            item["receipt"] = {
                "id": each.row.id, "version": receipt.version, "digest": receipt.digest, "at": receipt.at,
                "is_new": receipt.is_new, "journal": receipt.journal,
            }  # fmt: skip


def _as_tried(each: bulk.Verdict) -> str:
    """What would be signed, with what stood in the draft before. Raises Refused for what was not held against the
    checks in this call."""
    if not each.is_checked:
        most = bulk.CHECKED_AT_ONCE
        zh = f"一次最多审核、签报 {most} 家，这一家存为草稿，没有签。请分批再送。"
        raise Refused("RPT-947", zh, f"{most} units are signed in one call at most: send the rest in others.")
    return each.digest


def _verdict(each: bulk.Verdict) -> dict[str, Any]:
    return {
        "id": each.row.id, "unit": each.row.reporter.code, "cells": each.cells, "is_ready": each.is_ready,
        "digest": each.digest,
        "faults": [_finding(fault) for fault in each.faults],
        "findings": [
            {"key": finding_key(found.code, found.place), "code": found.code, "severity": found.severity.value,
             "address": found.place, "zh": found.message.zh, "en": found.message.en}
            for found in each.found
        ],
    }  # fmt: skip


def _finding(each: Finding) -> dict[str, str]:
    return {
        "key": finding_key(each.code, each.place), "code": each.code, "severity": each.severity.value,
        "address": each.place, "zh": each.message.zh, "en": each.message.en,
    }  # fmt: skip
