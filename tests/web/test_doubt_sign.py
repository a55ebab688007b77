"""The sign ※: a figure that rests on what nobody has verified bears it; the foot of the table explains it."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from python_calamine import CalamineWorkbook

from shuangkong.web.site.page import workbook_of
from shuangkong.web.site.tables import Cell, Column, Row, Table, shown

COLUMNS = (Column("place", "地区"), Column("told", "录入", is_figure=True), Column("made", "算得", is_figure=True))


def table(*, is_doubted: bool) -> Table:
    cells = (Cell("云桥县"), Cell("50", Decimal(50)), Cell("0.49", Decimal("0.49"), is_doubted=is_doubted))
    return Table("figures", "数", COLUMNS, (Row(cells),), note="注")


def page_of(table: Table) -> str:
    return render_to_string("site/table.html", {"shown": shown(RequestFactory().get("/"), table)})


def workbook(table: Table) -> str:
    rows = CalamineWorkbook.from_filelike(BytesIO(workbook_of(table))).get_sheet_by_index(0).to_python()
    return "\n".join(str(value) for row in rows for value in row)


def test_a_doubtful_figure_is_seen_and_heard_and_explained() -> None:
    text = page_of(table(is_doubted=True))
    told, made, foot = text.partition(">50")[0], text.partition(">50")[2].partition("0.49")[0], text.split("注")[1]
    assert "※" not in told
    assert '<span class="doubt" aria-hidden="true">※</span><span class="unseen">（待核对）</span>' in made
    assert "尚未与文件原文核对" in foot
    assert "算得：待核对" in workbook(table(is_doubted=True))


def test_without_doubts_there_is_no_sign() -> None:
    assert "※" not in page_of(table(is_doubted=False))
    assert "待核对" not in workbook(table(is_doubted=False))


@pytest.mark.parametrize("words", ["to be verified", "To be verified: a rule"])
def test_it_is_said_in_english_too(words: str) -> None:
    with translation.override("en"):
        assert words in page_of(table(is_doubted=True))
