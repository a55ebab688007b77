"""The parts of the pages that compute: tables, highlights, bullet charts, units."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.span import Span
from shuangkong.records.plans.rows import EntryKind, EntryRow
from shuangkong.records.targets.goals import converted
from shuangkong.rulebook import open_rulebook
from shuangkong.web.plans.marked import Mark, paragraphs
from shuangkong.web.site.tables import Cell, Column, Row, Table, exported, shown
from shuangkong.web.site.words import figure, rounded_figure

TABLE = Table(
    "t",
    "表",
    (Column("name", "名"), Column("value", "值", "%", is_figure=True)),
    (
        Row((Cell("甲", "甲"), Cell("10", Decimal(10)))),
        Row((Cell("乙", "乙"), Cell("—", hint="缺报"))),
        Row((Cell("丙", "丙"), Cell("9", Decimal(9)))),
        Row((Cell("合计", "合计"), Cell("19", Decimal(19))), is_total=True),
    ),
)


def _names(query: str) -> list[str]:
    return [row.cells[0].text for row in shown(RequestFactory().get(f"/{query}"), TABLE).rows]


def test_numbers_sort_as_numbers_absence_last_and_totals_below() -> None:
    assert _names("?t-sort=value") == ["丙", "甲", "乙", "合计"]
    assert _names("?t-sort=-value") == ["甲", "丙", "乙", "合计"]


def test_filter_keeps_the_total_and_counts_rows() -> None:
    assert _names("?t-words=乙") == ["乙", "合计"]
    assert shown(RequestFactory().get("/?t-words=乙"), TABLE).count == 1


def test_a_column_may_be_hidden_but_never_all() -> None:
    assert [each.column.key for each in shown(RequestFactory().get("/?t-hide=value"), TABLE).headings] == ["name"]
    assert len(shown(RequestFactory().get("/?t-hide=value&t-hide=name"), TABLE).headings) == 2


def test_a_workbook_follows_the_page() -> None:
    asked = exported(RequestFactory().get("/?t-words=甲&xlsx=t"), [TABLE])
    assert asked is not None
    assert [[cell.out for cell in row.cells] for row in asked.rows] == [["甲", Decimal(10)], ["合计", Decimal(19)]]
    assert exported(RequestFactory().get("/?xlsx=other"), [TABLE]) is None


def test_an_address_of_nonsense_changes_nothing() -> None:
    assert _names("?t-sort=nothing&t-page=0&t-hide=nothing") == ["甲", "乙", "丙", "合计"]


def test_missing_zero_and_minus_are_three_things() -> None:
    assert [figure(value) for value in (None, Decimal(0), Decimal("-1.50"))] == ["—", "0", "−1.50"]
    assert rounded_figure(Decimal("-0.001")) == "0.00"
    assert rounded_figure(Decimal("2.5"), 0) == "2"  # half to even


def _entry(number: int, start: int, end: int) -> EntryRow:
    payload: dict[str, Any] = {}
    return EntryRow(number, 1, None, EntryKind.TARGET, number, payload, payload, Span(start, end), 1.0, (), None)


@given(
    st.text(alphabet="甲乙 \n。", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=12),
)
def test_marking_loses_no_character_and_marks_the_innermost(text: str, ends: list[tuple[int, int]]) -> None:
    entries = [_entry(number, *sorted(pair)) for number, pair in enumerate(ends)]
    found = [Mark(entry.span, entry) for entry in entries if entry.span and entry.span.start < entry.span.end]
    lines = paragraphs(text, found)
    told = ["".join(piece.text for piece in line.pieces) for line in lines]
    assert told == [line for line in text.split("\n") if line.strip()]
    for piece in (piece for line in lines for piece in line.pieces):
        for place in range(piece.start, piece.start + len(piece.text)):
            over = [mark for mark in found if mark.span.start <= place < mark.span.end]
            least = min((mark.span.end - mark.span.start for mark in over), default=None)
            own = next((mark for mark in over if mark.entry.id == piece.entry), None)
            assert (own.span.end - own.span.start if own else None) == least


def test_units_are_converted_or_refused() -> None:
    book = open_rulebook()
    assert converted(Decimal(5), "万吨标准煤", "吨标准煤", book) == 50000
    assert converted(Decimal(5), "万吨", "万吨标准煤", book) is None
    assert converted(Decimal(5), "家", "家", book) == 5
