"""Tables in and out: what is written can be read, nothing becomes a formula, hostile files are refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from shuangkong.papers import tables
from shuangkong.papers.tables import FormField, SheetColumn, SheetRefused, read_sheet, write_form, write_xlsx

COLUMNS = (SheetColumn("地区"), SheetColumn("下降率", "%", is_figure=True), SheetColumn("日期"))


@pytest.mark.parametrize(
    ("title", "tab"),
    [("各市目标", "各市目标"), ("a/b [c]:*?", "a b  c"), ("长" * 40, "长" * 31), ("'", "1")],
)
def test_a_tab_is_named_by_the_title_as_far_as_a_spreadsheet_allows(title: str, tab: str) -> None:
    content = write_xlsx(title, COLUMNS, [], [], is_demo=False, about=["某方案", "截至今日"], made_on=date(2024, 5, 6))
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert book.sheet_names == [tab]
    assert book.get_sheet_by_index(0).to_python()[1][0] == "某方案 · 截至今日"


def written(rows: list[tuple[str | Decimal | date | None, ...]], *, is_demo: bool = False) -> bytes:
    return write_xlsx("各市目标", COLUMNS, rows, ["来源：公报"], is_demo=is_demo, made_on=date(2024, 5, 6))


def test_a_table_comes_back_with_title_units_and_notes() -> None:
    rows = read_sheet(written([("甲市", Decimal("13.40"), date(2020, 1, 2)), ("乙市", None, None)]), "t.xlsx").rows
    assert rows[0][0] == "各市目标"
    assert rows[2:4] == (("地区", "下降率", "日期"), ("", "%", ""))
    assert rows[4] == ("甲市", "13.4", "2020-01-02")
    assert rows[5] == ("乙市", "", "")
    assert rows[-1][0] == "来源：公报"


def test_demo_data_say_so() -> None:
    assert tables.DEMO_LABEL not in str(read_sheet(written([]), "t").rows)
    assert read_sheet(written([], is_demo=True), "t").rows[1][0] == tables.DEMO_LABEL


def test_figures_are_figures_and_text_is_never_a_formula() -> None:
    content = written([("=1+1", Decimal("13.40"), None)])
    with ZipFile(BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        styles = book.read("xl/styles.xml").decode()
    assert "<f>" not in sheet
    assert "<v>13.4</v>" in sheet
    assert 'formatCode="#,##0.00"' in styles or 'numFmtId="4"' in styles
    assert "topLeftCell" in sheet


def test_a_figure_too_long_for_a_spreadsheet_is_kept_as_text() -> None:
    assert read_sheet(written([("甲", Decimal("1234567890123456.78"), None)]), "t").rows[4][1] == "1234567890123456.78"


def test_the_same_table_of_the_same_day_is_the_same_file() -> None:
    assert written([("甲", Decimal(1), None)]) == written([("甲", Decimal(1), None)])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_of_either_encoding(encoding: str) -> None:
    assert read_sheet("指标,数值\n能耗,1.50\n".encode(encoding), "t.csv").rows == (("指标", "数值"), ("能耗", "1.50"))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=5))
def test_numbers_survive_a_workbook(values: list[Decimal]) -> None:
    rows = read_sheet(written([("甲", value, None) for value in values]), "t").rows[4 : 4 + len(values)]
    assert [Decimal(cells[1]) for cells in rows] == values


def bomb() -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"0" * 80_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 broken", "TGT-121"),
        (b"\0\1\2", "TGT-122"),
        (b"\xff\xfe\xff\xff\xff", "TGT-123"),
        (b"a," + b"9" * 200_000, "TGT-124"),
    ],
)
def test_a_file_of_another_kind_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(content, "t")
    assert refused.value.code == code
    assert refused.value.zh
    assert refused.value.en
    assert not any(word in refused.value.zh + refused.value.en for word in ("zip file", "larger than", "（F", "codec"))


def test_a_directory_with_names_that_are_no_text_is_refused() -> None:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("名.xml", b"")
    with pytest.raises(SheetRefused, match="TGT-121"):
        read_sheet(target.getvalue().replace("名".encode(), b"\xff\xff\xff"), "t.xlsx")


def test_lines_that_end_as_on_old_machines_are_lines() -> None:
    assert read_sheet("指标,数值\r能耗,1\r".encode(), "t.csv").rows == (("指标", "数值"), ("能耗", "1"))


def test_a_bomb_is_refused_unopened() -> None:
    with pytest.raises(SheetRefused, match="TGT-120"):
        read_sheet(bomb(), "t.xlsx")


def test_a_form_has_its_headings_and_choices() -> None:
    content = write_form("填报", [FormField("指标", "名称", True), FormField("状态", "一词", True, ("快报", "最终"))])
    assert read_sheet(content, "t").rows[0] == ("指标", "状态")
    with ZipFile(BytesIO(content)) as book:
        assert "快报,最终" in book.read("xl/worksheets/sheet1.xml").decode()
