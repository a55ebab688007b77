"""CSV, bulk workbooks, the interface's schema and the sealed copy: what goes out comes back, or is told where not."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO

import pytest
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.period import Period
from shuangkong.papers.reporting import filled, workbook
from shuangkong.papers.reporting.bulk import read_bulk, write_bulk
from shuangkong.papers.reporting.bulk_csv import read_bulk_csv
from shuangkong.papers.reporting.bulk_words import ToExplain
from shuangkong.papers.reporting.csv_file import read_csv, write_csv
from shuangkong.papers.reporting.kinds import kind_of
from shuangkong.papers.reporting.layout import About
from shuangkong.papers.reporting.sealed import Signed, read_sealed, write_sealed
from shuangkong.papers.reporting.template import write_template
from shuangkong.reporting.content import Content, ContentRefused, Entry, Origin, figure, words
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.refusals import REFUSALS, FormFileRefused
from shuangkong.reporting.schema import schema
from shuangkong.reporting.taking import Given, taken
from shuangkong.rulebook import open_rulebook
from shuangkong.web.api.operations.forms import FormsAsked, FormsTold, list_forms
from trials import IS_SOAK, tries

DAY = date(2025, 3, 31)
UNITS = open_rulebook().units()
ABOUT = About("91210000123456789X", "某厂", Period.parse("2025-Q1"), is_demo=True)
SIGNED = Signed(2, "某人", datetime(2025, 4, 8, 1, 2, 3, tzinfo=UTC), "0123456789ab")
WHOSE = {"unit": ABOUT.unit, "period": str(ABOUT.period)}


def form(key: str = "pollutant_discharge") -> Form:
    found = open_rulebook().forms().form(key, DAY)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def unfenced(monkeypatch: pytest.MonkeyPatch) -> None:
    """The step behind the fence, taken here: a child takes a second to begin."""

    def here(name: str, data: bytes, function: str, *arguments: object, limits: object) -> object:
        return workbook.open_workbook(data, str(arguments[0]))

    monkeypatch.setattr(filled, "fenced_bytes", here)


def begun(some: Form) -> Content:
    return Content(some.id, some.edition).with_entries(
        {
            "water.amount.generated": figure("1234567.5"),
            "water.cod.generated": figure("12.3456"),
            "water.cod.discharged": Entry(State.VALUE, Decimal("2.5"), Origin.PREFILLED, "readings:outlet 1"),
            "water.cod.method": words("1"),
            "water.tp.generated": Entry(State.NOT_APPLICABLE),
            "facility[A-1].kind": words("W"),
            "facility[A-1].process": words("布袋，“干法”\n二级 _x0041_"),
        }
    )


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {part: archive.read(part) for part in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return target.getvalue()


def test_a_csv_comes_back_as_it_went() -> None:
    some, content = form(), begun(form())
    data = write_csv(some, ABOUT, content)
    found = read_csv(some, "a.csv", data, UNITS, Content(some.id, some.edition), **WHOSE)
    assert found.findings == ()
    assert found.on(Content(some.id, some.edition)).says_the_same(content)
    lines = data.decode("utf-8-sig").splitlines()
    assert "water.cod.removed,废水 · 化学需氧量 去除量,吨,9.8456" in lines


def test_a_csv_of_another_system_needs_the_headings_alone() -> None:
    some = form()
    empty = Content(some.id, some.edition)
    data = "value,address\n12.5,water.cod.generated\n一百二十,water.tn.generated\n1,water.cod.generated\n".encode(
        "gb18030"
    )
    found = read_csv(some, "a.csv", data, UNITS, empty, **WHOSE)
    assert found.changes == {"water.cod.generated": figure("12.5", Origin.IMPORTED)}
    assert [(each.code, each.place) for each in found.findings] == [
        ("RPT-635", "water.cod.generated"),
        ("RPT-602", "第 3 行 water.tn.generated"),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "RPT-619"),
        (b"a,b\n1,2\n", "RPT-633"),
        (b"\xff\xd8\xff\xe0\0", "RPT-634"),
        (b"\0\0", "RPT-634"),
        (b"\xff\xff,\x81", "RPT-634"),
        (b"shuangkong-form,1,other,e,u,p\n", "RPT-626"),
        (b"," * 10_000_001, "RPT-620"),
    ],
)
def test_what_is_no_csv_of_the_return_is_refused(data: bytes, code: str) -> None:
    some = form()
    with pytest.raises(FormFileRefused) as refused:
        read_csv(some, "a.csv", data, UNITS, Content(some.id, some.edition), **WHOSE)
    assert refused.value.finding.code == code


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"MZebra,1\n", "纯文字"),
        (b"PKG,1\n", "纯文字"),
        ("7z厂,1\n".encode("gb18030"), "纯文字"),
        (b"MZ\x90\0\3\0", "程序"),
        (b"PK\3\4\x14\0", "损坏的工作簿，或别的压缩包"),
        (b"7z\xbc\xaf\x27\x1c\0", "压缩包（7z）"),
        (b" \n", "空的"),
        (b"\1\2", "认不出的内容"),
    ],
)
def test_what_a_file_is_is_told_by_marks_that_no_line_begins_with(data: bytes, found: str) -> None:
    assert kind_of(data)["found"] == found


KNOWN = {"911": "甲厂", "912": "乙厂", "913": "丙厂"}


def filled_bulk(some: Form, rows: dict[str, list[list[object]]]) -> bytes:
    """A bulk workbook with rows put under its headings; the first cell of each is a heading's address."""
    import xlsxwriter

    book_parts = workbook.open_workbook(write_bulk(some, ABOUT.period, KNOWN, made_on=DAY), "b.xlsx")
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for sheet in book_parts.sheets:
        page = book.add_worksheet(sheet.name)
        kept = sheet.rows if sheet.name not in rows else sheet.rows[:3]
        for at, row in enumerate(kept):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(at, column, value)
        for at, told in enumerate(rows.get(sheet.name, []), 3):
            where = {str(address): column for column, address in enumerate(sheet.rows[2]) if address}
            page.write_string(at, 0, str(told[0]))
            page.write_string(at, 1, str(told[1]))
            for address, value in told[2:]:  # type: ignore[misc]
                page.write(at, where[address], value)
    book.close()
    return target.getvalue()


def explained(data: bytes, told: dict[tuple[int, int], str]) -> bytes:
    """A bulk workbook with cells of its sheet of explanations filled in."""
    import xlsxwriter

    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    for sheet in workbook.open_workbook(data, "b.xlsx").sheets:
        page = book.add_worksheet(sheet.name)
        cells = {(row, at): value for row, line in enumerate(sheet.rows) for at, value in enumerate(line)}
        for (row, at), value in (cells | (told if sheet.name == "说明" else {})).items():
            if value is not None:
                page.write(row, at, value)
    book.close()
    return target.getvalue()


def test_explanations_come_with_the_returns_of_many() -> None:
    some, asked = form(), [ToExplain("911", "甲厂", "RPT-100", "water.cod.generated", "变动较大")]
    made = write_bulk(some, ABOUT.period, KNOWN, made_on=DAY, asked=asked)
    whose = {"period": "2025-Q1"}
    assert read_bulk(some, "b.xlsx", made, UNITS, KNOWN, **whose).returns == {}, "nothing was explained yet"
    strange = {(2, 0): "912", (2, 2): "一百", (2, 5): "说", (3, 0): "999", (3, 2): "RPT-100", (3, 5): "说"}
    found = read_bulk(some, "b.xlsx", explained(made, {(1, 5): "检修", **strange}), UNITS, KNOWN, **whose)
    assert found.words == {"911": {"RPT-100 water.cod.generated": "检修"}}
    assert set(found.returns) == {"911"}
    assert found.returns["911"].changes == {}
    assert [each.code for each in found.findings] == ["RPT-654", "RPT-650"]
    lines = "unit,address,value\n911,RPT-100 water.cod.generated,检修\n911,water.cod.generated,1.5\n"
    told = read_bulk_csv(some, "b.csv", lines.encode(), UNITS, KNOWN, **whose)
    assert told.words == found.words
    assert told.returns["911"].changes == {"water.cod.generated": figure("1.5", Origin.IMPORTED)}


def test_a_bulk_workbook_holds_the_returns_of_many() -> None:
    some = form()
    data = filled_bulk(
        some,
        {
            "填报": [
                ["911", "甲厂", ("water.cod.generated", 1.5), ("water.cod.method", "1 自动监测")],
                ["912", "乙厂", ("water.cod.generated", "十"), ("water.tn.generated", 2)],
                ["999", "别人", ("water.cod.generated", 9)],
                ["911", "甲厂", ("water.tn.generated", 3)],
                ["", "", ("water.tn.generated", 3)],
                ["913", "丙厂"],
            ],
            "治理设施": [["912", "A-1", ("facility[*].kind", "G"), ("facility[*].hours", 12)]],
        },
    )
    found = read_bulk(some, "b.xlsx", data, UNITS, KNOWN, period="2025-Q1")
    assert set(found.returns) == {"911", "912"}
    assert found.returns["911"].changes == {
        "water.cod.generated": figure("1.5", Origin.IMPORTED),
        "water.cod.method": words("1", Origin.IMPORTED),
    }
    assert found.returns["912"].changes["facility[A-1].hours"] == figure(12, Origin.IMPORTED)
    assert [each.code for each in found.returns["912"].findings] == ["RPT-602"]
    assert [each.code for each in found.findings] == ["RPT-650", "RPT-651", "RPT-652"]
    with pytest.raises(FormFileRefused):
        read_bulk(some, "b.xlsx", data, UNITS, KNOWN, period="2025-Q2")
    with pytest.raises(FormFileRefused):
        read_bulk(form("fixed_source"), "b.xlsx", data, UNITS, KNOWN, period="2025-Q1")


def test_the_interface_takes_what_the_page_takes() -> None:
    some = form()
    told = schema(some)
    values = told["properties"]["values"]
    assert set(values["properties"]) == {each.address for each in some.fixed.values() if each.is_told}
    assert values["properties"]["water.cod.generated"]["x-unit"] == "吨"
    assert values["properties"]["water.cod.method"]["enum"][0] == "1"
    assert told["properties"]["edition"]["const"] == some.edition
    assert any("facility" in pattern for pattern in values["patternProperties"])
    assert "water.cod.removed" in told["x-computed"]
    assert "water.cod.generated" in told["x-required"]


def test_programmes_ask_for_the_forms_and_what_one_takes() -> None:
    every = FormsTold.model_validate(list_forms(HttpRequest(), FormsAsked(day=DAY)))
    assert len(every.items) >= 40
    assert all(each.takes is None for each in every.items)
    one = FormsTold.model_validate(list_forms(HttpRequest(), FormsAsked(day=DAY, id="pollutant_discharge")))
    assert [each.takes for each in one.items] == [schema(form())]
    assert FormsTold.model_validate(list_forms(HttpRequest(), FormsAsked(day=DAY, id="unheard"))).items == []


def test_a_sealed_copy_shows_what_was_signed_and_holds() -> None:
    some, content = form(), begun(form())
    data = write_sealed(some, ABOUT, content, SIGNED)
    assert data == write_sealed(some, ABOUT, content, SIGNED)
    back, faults = read_sealed(some, "副本.xlsx", data)
    assert back.digest == content.digest
    assert faults == ()
    assert content.digest.encode() in parts_of(data)["xl/sharedStrings.xml"]


@pytest.mark.parametrize(("old", "new", "place"), [("12.3456", "12.3455", "废水!D6"), ("9.8456", "9.8457", "废水!E6")])
def test_a_figure_changed_in_a_sealed_copy_is_found(old: str, new: str, place: str) -> None:
    some, content = form(), begun(form())
    parts = parts_of(write_sealed(some, ABOUT, content, SIGNED))
    strings = parts["xl/sharedStrings.xml"].replace(f"<t>{old}</t>".encode(), f"<t>{new}</t>".encode())
    _, faults = read_sealed(some, "副本.xlsx", packed({**parts, "xl/sharedStrings.xml": strings}))
    assert [(fault.place, fault.expected, fault.found) for fault in faults] == [(place, old, new)]


def test_content_put_in_the_place_of_what_was_sealed_is_found() -> None:
    from base64 import b64encode

    some, content = form(), begun(form())
    parts = parts_of(write_sealed(some, ABOUT, content, SIGNED))
    forged = content.with_entries({"water.cod.generated": figure("1.3456")})
    strings = parts["xl/sharedStrings.xml"].replace(b64encode(content.canonical), b64encode(forged.canonical))
    assert strings != parts["xl/sharedStrings.xml"]
    _, faults = read_sealed(some, "副本.xlsx", packed({**parts, "xl/sharedStrings.xml": strings}))
    assert {"_record", "封面", "废水!D6"} <= {fault.place for fault in faults}
    with pytest.raises(ContentRefused):
        read_sealed(form("fixed_source"), "副本.xlsx", packed(parts))


def mangled(data: bytes, chance: random.Random) -> bytes:
    """A file with bytes changed, cut out, doubled; of an archive now and then inside a part."""
    if chance.random() < 0.5:
        parts = parts_of(data)
        part = chance.choice(sorted(parts))
        return packed({**parts, part: _mangled(parts[part], chance)})
    return _mangled(data, chance)


def _mangled(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(raw) or 1)
        match chance.randrange(4):
            case 0:
                raw[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del raw[at : at + chance.randint(1, 40)]
            case 2:
                raw[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
            case _:
                raw[at:at] = raw[at : at + 200]
    return bytes(raw)


def answer_of(read: Callable[[], object]) -> str:
    """Whatever comes in, an answer comes out: something taken (""), or the code of a refusal."""
    try:
        read()
    except FormFileRefused as refused:
        return refused.finding.code
    except ContentRefused:
        return "no content"
    return ""


@pytest.mark.tried
@pytest.mark.parametrize("kind", ["template", "csv", "bulk", "sealed"])
def test_mangled_files_get_an_answer(kind: str) -> None:
    some, content = form(), begun(form())
    empty = Content(some.id, some.edition)
    make: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
        "template": (
            write_template(some, ABOUT, content, made_on=DAY),
            lambda data: filled.read_template(some, "a.xlsx", data, UNITS, empty, **WHOSE),
        ),
        "csv": (
            write_csv(some, ABOUT, content),
            lambda data: read_csv(some, "a.csv", data, UNITS, empty, **WHOSE),
        ),
        "bulk": (
            write_bulk(some, ABOUT.period, KNOWN, made_on=DAY),
            lambda data: read_bulk(some, "a.xlsx", data, UNITS, KNOWN, period="2025-Q1"),
        ),
        "sealed": (write_sealed(some, ABOUT, content, SIGNED), lambda data: read_sealed(some, "a.xlsx", data)),
    }
    data, read = make[kind]
    chance = random.Random(f"mangled {kind}")
    for _ in range(20_000 if IS_SOAK else 20):
        broken = mangled(data, chance) if kind != "csv" else _mangled(data, chance)
        assert answer_of(partial(read, broken)) in {*REFUSALS, "no content", ""}


GIVEN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(max_size=30), st.just("not_applicable")
)
ADDRESSES = st.one_of(
    st.sampled_from(["water.cod.generated", "water.cod.removed", "facility[a].hours", "air.so2.method"]),
    st.text(alphabet="abwatercod.[]*_1", max_size=24),
)


@tries(60, 20_000)
@given(st.lists(st.tuples(ADDRESSES, GIVEN), max_size=12))
def test_any_payload_gets_an_answer(told: list[tuple[str, Given]]) -> None:
    some = form()
    found = taken(some, [(address, value, "") for address, value in told], UNITS)
    content = found.on(Content(some.id, some.edition))
    assert content.digest
    for finding in found.findings:
        assert finding.code in REFUSALS
    for address, entry in content.entries.items():
        field = some.field(address)
        assert field is not None
        assert field.is_told
        assert entry.value is None or isinstance(entry.value, Decimal) == bool(field.unit)
