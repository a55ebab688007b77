"""Workbooks out and in: what was written reads back; what is foreign, outdated, shifted or hostile is told."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.papers.fence_wire import FileRefused
from shuangkong.papers.reporting import filled, workbook
from shuangkong.papers.reporting.layout import About
from shuangkong.papers.reporting.template import write_template
from shuangkong.reporting.content import Content, Entry, Origin, figure, words
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.refusals import FormFileRefused
from shuangkong.reporting.taking import Taken
from shuangkong.rulebook import open_rulebook

DAY = date(2025, 3, 31)
UNITS = open_rulebook().units()
ABOUT = About("91210000123456789X", "某厂", Period.parse("2025-Q1"), is_demo=True, is_fictional=True)


def form(key: str) -> Form:
    found = open_rulebook().forms().form(key, DAY)
    assert found is not None
    return found


@pytest.fixture
def unfenced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step behind the fence, taken here: a child takes a second to begin."""

    def here(name: str, data: bytes, function: str, *arguments: object, limits: object) -> object:
        assert function == "shuangkong.papers.reporting.workbook:open_workbook"
        return workbook.open_workbook(data, str(arguments[0]))

    monkeypatch.setattr(filled, "fenced_bytes", here)


def begun(some: Form) -> Content:
    return Content(some.id, some.edition).with_entries(
        {
            "water.amount.generated": figure("1234567.5"),
            "water.amount.discharged": figure("1200000"),
            "water.cod.generated": figure("12.3456"),
            "water.cod.discharged": Entry(State.VALUE, Decimal("2.5"), Origin.PREFILLED, "readings:outlet 1"),
            "water.cod.method": words("1"),
            "water.tp.generated": Entry(State.NOT_APPLICABLE),
            "facility[A-1].kind": words("W"),
            "facility[A-1].hours": figure("720"),
            "facility[3].kind": words("G"),
            "facility[3].process": words("布袋"),
        }
    )


def read(some: Form, data: bytes, content: Content, **more: str) -> Taken:
    whole = {"unit": ABOUT.unit, "period": str(ABOUT.period)} | more
    return filled.read_template(some, "填好.xlsx", data, UNITS, content, **whole)


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A workbook with its parts changed."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    change(parts)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def test_a_template_comes_back_as_it_went(unfenced: None) -> None:
    some = form("pollutant_discharge")
    content = begun(some)
    data = write_template(some, ABOUT, content, made_on=DAY)
    assert data == write_template(some, ABOUT, content, made_on=DAY)
    found = read(some, data, content)
    assert found.findings == ()
    again = found.on(content)
    assert again.says_the_same(content)
    assert again["water.cod.discharged"].origin is Origin.PREFILLED  # as it was offered
    fresh = found.on(Content(some.id, some.edition))
    assert fresh.says_the_same(content)
    assert fresh["water.cod.generated"].origin is Origin.IMPORTED
    assert fresh.rows("facility") == ("A-1", "3")


def test_totals_stand_in_the_file_and_are_locked() -> None:
    some = form("pollutant_discharge")
    data = write_template(some, ABOUT, begun(some), made_on=DAY)
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    assert book.sheet_names[0] == "填报说明"
    rows = book.get_sheet_by_name("废水").to_python(skip_empty_area=False)
    assert rows[2][3:6] == ["产生量*", "去除量", "排放量*"]
    assert rows[5][0] == "化学需氧量"
    assert rows[5][4] == pytest.approx(9.8456)  # 12.3456 − 2.5
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert all("sheetProtection" in sheet for sheet in sheets[:-1])
    assert any("ROUND(" in sheet for sheet in sheets)


@pytest.mark.parametrize(
    ("more", "code"), [({"unit": "91210000000000000X"}, "RPT-629"), ({"period": "2025-Q2"}, "RPT-628")]
)
def test_a_template_of_another_is_refused(unfenced: None, more: dict[str, str], code: str) -> None:
    some = form("pollutant_discharge")
    data = write_template(some, ABOUT, made_on=DAY)
    with pytest.raises(FormFileRefused) as refused:
        read(some, data, Content(some.id, some.edition), **more)
    assert refused.value.finding.code == code


def test_another_form_and_another_edition_are_refused(unfenced: None) -> None:
    some, other = form("pollutant_discharge"), form("fixed_source")
    data = write_template(other, ABOUT, made_on=DAY)
    with pytest.raises(FormFileRefused) as refused:
        read(some, data, Content(some.id, some.edition))
    assert refused.value.finding.code == "RPT-626"
    outdated = changed(
        write_template(some, ABOUT, made_on=DAY),
        lambda parts: parts.update(
            {"xl/sharedStrings.xml": parts["xl/sharedStrings.xml"].replace(some.edition.encode(), b"2019-01-01")}
        ),
    )
    with pytest.raises(FormFileRefused) as refused:
        read(some, outdated, Content(some.id, some.edition))
    assert refused.value.finding.code == "RPT-627"


def test_a_sheet_whose_headings_moved_is_left_out_and_the_others_are_taken(unfenced: None) -> None:
    some = form("pollutant_discharge")
    content = begun(some)
    data = changed(
        write_template(some, ABOUT, content, made_on=DAY),
        lambda parts: parts.update(
            {"xl/sharedStrings.xml": parts["xl/sharedStrings.xml"].replace("产生量*".encode(), "发生量*".encode())}
        ),
    )
    found = read(some, data, Content(some.id, some.edition))
    assert {finding.code for finding in found.findings} == {"RPT-631"}
    assert "产生量" in found.findings[0].message.zh
    assert not any(address.startswith("water") for address in found.changes)
    assert "facility[A-1].hours" in found.changes


@pytest.mark.parametrize("where", ["D6:D7", "E3:F3"])
def test_a_sheet_with_merged_cells_is_left_out(unfenced: None, where: str) -> None:
    some = form("pollutant_discharge")
    content = begun(some)
    merge = f'</sheetData><mergeCells count="1"><mergeCell ref="{where}"/></mergeCells>'.encode()
    data = changed(
        write_template(some, ABOUT, content, made_on=DAY),
        lambda parts: parts.update(
            {"xl/worksheets/sheet3.xml": parts["xl/worksheets/sheet3.xml"].replace(b"</sheetData>", merge)}
        ),
    )
    found = read(some, data, Content(some.id, some.edition))
    assert [(each.code, each.place) for each in found.findings] == [("RPT-636", f"废水!{where}")]
    assert not any(address.startswith("water") for address in found.changes)
    assert "facility[A-1].hours" in found.changes


def test_slips_are_told_by_their_cells(unfenced: None) -> None:
    some = form("pollutant_discharge")
    data = changed(
        write_template(some, ABOUT, begun(some), made_on=DAY),
        lambda parts: parts.update(
            {
                "xl/sharedStrings.xml": parts["xl/sharedStrings.xml"].replace("1 自动监测".encode(), b"=HYPERLINK(1)"),
                "xl/worksheets/sheet3.xml": parts["xl/worksheets/sheet3.xml"]
                .replace(b"<v>12.3456</v>", b"<v>12.34567</v>")
                .replace(b"<v>1200000</v>", b"<v>-5</v>")
                .replace(b"<v>9.8456</v>", b"<v>77</v>"),
            }
        ),
    )
    found = read(some, data, Content(some.id, some.edition))
    told = {(finding.code, finding.place) for finding in found.findings}
    assert {("RPT-607", "废水!D6"), ("RPT-609", "废水!F5"), ("RPT-610", "废水!I6")} <= told
    assert found.changes["facility[A-1].hours"] == figure("720", Origin.IMPORTED)


def test_a_figure_written_over_a_computed_one_is_told_and_not_taken(unfenced: None) -> None:
    some = form("pollutant_discharge")
    content = begun(some)
    data = changed(
        write_template(some, ABOUT, content, made_on=DAY),
        lambda parts: parts.update(
            {"xl/worksheets/sheet3.xml": parts["xl/worksheets/sheet3.xml"].replace(b"<v>9.8456</v>", b"<v>77</v>")}
        ),
    )
    found = read(some, data, content)
    assert [(each.code, each.place) for each in found.findings] == [("RPT-615", "废水!E6")]
    assert "9.8456" in found.findings[0].message.zh
    assert "water.cod.removed" not in found.changes


def other_workbook() -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("别的").write(0, 0, "别的")
    book.close()
    return target.getvalue()


def bomb() -> bytes:
    """Three hundred megabytes of zeros in some kilobytes."""
    target = BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(18):
            part.write(b"\0" * 2**24)
    return target.getvalue()


def far_corner() -> bytes:
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.write(0, 0, 1)
    page.write(1_048_575, 16_383, 1)
    book.close()
    return target.getvalue()


def with_macro() -> bytes:
    return changed(other_workbook(), lambda parts: parts.update({"xl/vbaProject.bin": b"\0"}))


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "RPT-619"),
    "picture": (lambda: b"\xff\xd8\xff\xe0", "RPT-621"),
    "text": (lambda: "不是表格".encode(), "RPT-621"),
    "cut off": (lambda: other_workbook()[:-200], "RPT-621"),
    "foreign": (other_workbook, "RPT-625"),
    "macro": (with_macro, "RPT-622"),
    "bomb": (bomb, "RPT-623"),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "RPT-621"),
    "locked": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "RPT-624"),
    "large": (lambda: b"PK" + b"\0" * 20_000_001, "RPT-620"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_template_is_refused_by_name(unfenced: None, kind: str) -> None:
    make, code = HOSTILE[kind]
    some = form("pollutant_discharge")
    with pytest.raises(FormFileRefused) as refused:
        read(some, make(), Content(some.id, some.edition))
    assert refused.value.finding.code == code
    assert "填好.xlsx" in refused.value.finding.message.zh


def test_the_fence_stands_between_a_hostile_file_and_the_server(tmp_path: Path) -> None:
    """In a child: a cell in the far corner would need a table of 17 billion cells."""
    some = form("pollutant_discharge")
    with pytest.raises(FormFileRefused) as refused:
        read(some, far_corner(), Content(some.id, some.edition))
    assert refused.value.finding.code == "RPT-623"
    content = begun(some)
    assert read(some, write_template(some, ABOUT, content, made_on=DAY), content).findings == ()


def test_every_form_has_a_template_that_comes_back(unfenced: None) -> None:
    for each in open_rulebook().forms_on(DAY):
        if len(each.fields) > 300:
            continue  # the large ones are of the same making
        data = write_template(each, ABOUT, made_on=DAY)
        assert read(each, data, Content(each.id, each.edition)).findings == ()


def test_what_a_step_refuses_passes_the_fence() -> None:
    with pytest.raises(FileRefused):
        workbook.open_workbook(b"", "空.xlsx")
