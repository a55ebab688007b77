"""Duties on their measure's page: in the document's words where it is here, by measure and place where it is not."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from shuangkong.records.plans import store as plans
from shuangkong.records.plans.rows import DutyRow, EntryKind, MeasureRow
from shuangkong.web.plans.entries import summary
from shuangkong.web.site.words import deadline_word


def _first(plan_id: int) -> tuple[MeasureRow, DutyRow]:
    duty = next(each for each in plans.duties(plan_id) if each.deadline and each.extent)
    measure = next(each for each in plans.measures(plan_id) if each.id == duty.measure)
    return measure, duty


def _page(clerk: Client, measure: MeasureRow, query: str = "") -> bytes:
    return clerk.get(f"/plans/measures/{measure.id}/{query}").content


def test_a_duty_says_its_words_kind_deadline_and_place(clerk: Client, adopted: int) -> None:
    measure, duty = _first(adopted)
    text = _page(clerk, measure).decode()
    assert duty.what in text
    assert duty.extent in text
    assert duty.span is not None
    assert f"{duty.span.start + 1}—{duty.span.end}" in text
    assert f"at={duty.span.start}" in text


def test_without_its_words_a_duty_is_told_by_its_measure(
    clerk: Client, adopted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure, duty = _first(adopted)
    bare = tuple(replace(each, what="") for each in plans.duties(adopted, measure.id))
    monkeypatch.setattr(plans, "duties", lambda *_: bare)
    with_text = _page(clerk, measure).decode()
    assert duty.span is not None
    assert duty.span.of(plans.plan_text(adopted)) in with_text
    monkeypatch.setattr(plans, "plan_text", lambda _: "")
    assert f"{measure.title}（第1项）" in _page(clerk, measure).decode()
    sheet = CalamineWorkbook.from_filelike(BytesIO(_page(clerk, measure, "?xlsx=duties"))).get_sheet_by_index(0)
    told = [cell for row in sheet.to_python() for cell in row]
    assert f"{measure.title}（第1项）" in told
    assert duty.span.start + 1 in told


def test_the_review_tells_a_duty_without_words(adopted: int) -> None:
    read = next(each for each in plans.entries(adopted, EntryKind.DUTY) if each.payload["deadline"])
    assert summary(read) == read.payload["what"]
    bare = replace(read, payload=read.payload | {"what": ""})
    assert summary(bare).startswith(f"{read.payload['item_no']} 限期事项")
    assert deadline_word(read.payload["deadline"]) in summary(bare)
