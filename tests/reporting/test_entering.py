"""What people type, paste and send: read as meant, or refused with a word on what to write."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.reporting.content import (
    BLANK,
    Content,
    ContentRefused,
    Entry,
    Origin,
    figure,
    read_canonical,
    words,
)
from shuangkong.reporting.entering import Fault, entered, entered_number
from shuangkong.reporting.forms.model import Choice, Field, FieldKind, Form
from shuangkong.reporting.pasting import KEY_COLUMN, Spot, pasted
from shuangkong.reporting.refusals import REFUSALS, FormFileRefused
from shuangkong.reporting.taking import taken
from shuangkong.reporting.typed import text_of, typed
from shuangkong.rulebook import open_rulebook

DAY = date(2025, 3, 31)
UNITS = open_rulebook().units()
CHOICES = (Choice("1", Message("自动监测", "Automatic")), Choice("2", Message("手工监测", "Manual")))


def form(key: str) -> Form:
    found = open_rulebook().forms().form(key, DAY)
    assert found is not None
    return found


def field(kind: FieldKind = FieldKind.FIGURE, **more: object) -> Field:
    name = Message("某栏", "Some field")
    whole = {"unit": "kwh", "printed": "万千瓦时", "factor": Decimal(10_000), "decimals": 2} | more
    return Field(address="t.r.c", table="t", row="r", column="c", name=name, kind=kind, **whole)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234.50", "1234.5"),
        ("１，２３４．５", "1234.5"),
        (" 12 ", "12"),
        ("+12", "12"),
        ("12万千瓦时", "12"),
        ("12 亿千瓦时", "120000"),
        ("500000千瓦时", "50"),
        ("0.00", "0"),
        ("12.3400", "12.34"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, value: str) -> None:
    assert entered(field(), text, UNITS) == figure(Decimal(value))


REFUSED = {
    "RPT-601": ("abc", "-", "1 2", "1..2", "=1+1", "NaN", "Infinity", "9" * 100, "1_000", "١٢"),
    "RPT-602": ("一百二十", "壹仟万"),
    "RPT-603": ("1.2E+05",),
    "RPT-604": ("12,34", "1,2345"),
    "RPT-605": ("12吨", "12 嗨"),
    "RPT-606": ("1.2万",),
    "RPT-607": ("12.345", "123千瓦时"),
    "RPT-608": ("1234567890123456789",),
    "RPT-609": ("-1", "(12)"),
}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in REFUSED.items() for text in texts])
def test_what_may_be_read_in_two_ways_is_refused(code: str, text: str) -> None:
    found = entered(field(), text, UNITS)
    assert isinstance(found, Fault)
    assert found.code == code
    for words_ in REFUSALS[code][1:]:
        assert words_.format(**found.filled, near="")


def test_blank_and_not_applicable_are_no_zero() -> None:
    assert entered(field(), "", UNITS) == BLANK
    assert entered(field(), "  ", UNITS) == BLANK
    assert entered(field(), "不适用", UNITS) == Entry(State.NOT_APPLICABLE)
    assert entered(field(), "0", UNITS).state is State.VALUE  # type: ignore[union-attr]
    assert entered(field(may_be_negative=True), "(1,200)", UNITS) == figure(-1200)


def test_other_kinds_of_fields() -> None:
    code = field(FieldKind.CODE, choices=CHOICES)
    for text in ("1", "自动监测", "Automatic", "1 自动监测"):
        assert entered(code, text, UNITS) == words("1")
    assert entered(code, "3", UNITS).code == "RPT-610"  # type: ignore[union-attr]
    for text in ("2025-03-31", "2025/3/31", "2025年3月31日", "20250331", "2025.3.31"):
        assert entered(field(FieldKind.DAY), text, UNITS) == words("2025-03-31")
    for text in ("2025-02-30", "31/3/2025", "25-3-31"):
        assert entered(field(FieldKind.DAY), text, UNITS).code == "RPT-611"  # type: ignore[union-attr]
    assert entered(field(FieldKind.FLAG), "是", UNITS) == words("yes")
    assert entered(field(FieldKind.FLAG), "False", UNITS) == words("no")
    assert entered(field(FieldKind.FLAG), "可能", UNITS).code == "RPT-612"  # type: ignore[union-attr]
    assert entered(field(FieldKind.TEXT), "a" * 2_001, UNITS).code == "RPT-613"  # type: ignore[union-attr]


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_a_number_of_a_spreadsheet_is_what_it_shows(value: Decimal) -> None:
    shown = Decimal(format(float(value), ".15g"))
    found = entered_number(field(), float(value))
    assert isinstance(found, Entry)
    assert found.value == shown
    assert entered_number(field(), 0.1 + 0.2) == figure("0.3", Origin.IMPORTED)


@given(st.text(max_size=80))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    for kind in FieldKind:
        found = entered(field(kind, choices=CHOICES), text, UNITS)
        if isinstance(found, Fault):
            _, zh, en = REFUSALS[found.code]
            assert zh.format(**found.filled, near="")
            assert en.format(**found.filled, near_en="")


ENTRIES = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**18), max_value=10**18, places=4).map(figure),
    st.text(min_size=1, max_size=20).map(words),
    st.just(Entry(State.NOT_APPLICABLE)),
    st.decimals(min_value=0, max_value=9, places=1).map(lambda value: figure(value, Origin.PREFILLED, "carried")),
)


@given(st.dictionaries(st.from_regex(r"[a-z]{1,5}\.[a-z]{1,5}\.[a-z]{1,5}", fullmatch=True), ENTRIES, max_size=12))
def test_the_same_content_is_the_same_bytes_and_reads_back(entries: dict[str, Entry]) -> None:
    content = Content("some", "2024-01-01", entries)
    again = Content("some", "2024-01-01", dict(reversed(entries.items())))
    assert content.canonical == again.canonical
    assert content.digest == again.digest
    back = read_canonical(content.canonical)
    assert back.says_the_same(content)
    assert back.canonical == content.canonical
    assert list(back.differences(content)) == []
    if entries:
        address = next(iter(entries))
        other = content.with_entries({address: figure("123.4567891")})
        assert other.digest != content.digest
        assert [each for each, _, _ in other.differences(content)] == [address]


def test_one_value_is_one_hash_however_it_is_written() -> None:
    one = Content("some", "e", {"a.b.c": figure("12.50")})
    other = Content("some", "e", {"a.b.c": figure("12.5")})
    assert one.digest == other.digest
    assert one.digest != Content("some", "f", {"a.b.c": figure("12.5")}).digest


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"layout":1}', b'{"layout":2,"form":"a","edition":"b","entries":{},"keys":{}}',
             b'{"layout":1,"form":"a","edition":"b","entries":{"a":["n","x","typed"]},"keys":{}}',
             b'{"layout":1,"form":"a","edition":"b","entries":{"a":["n","1","sung"]},"keys":{}}',
             b'{"layout":1,"form":"a","edition":"b","entries":{"a":1},"keys":{}}', b"\xff", b"[" * 100_000],
)  # fmt: skip
def test_bytes_that_are_no_content_are_refused(data: bytes) -> None:
    with pytest.raises(ContentRefused):
        read_canonical(data)


def test_good_values_are_taken_and_bad_ones_told_at_their_places() -> None:
    some = form("pollutant_discharge")
    found = taken(
        some,
        [
            ("water.cod.generated", "12.5", ""),
            ("water.cod.discharged", "十二", "第 3 行"),
            ("water.cod.removed", "1", ""),  # the system computes it
            ("water.cd.generated", "1", ""),
            ("water.nh3n.generated", Decimal("1E+2"), ""),
            ("water.tn.generated", None, ""),
            ("water.tp.generated", "not_applicable", ""),
            ("facility[A-1].hours", 7, ""),
            ("facility[].hours", 7, ""),
            ("facility[A-1].kind", True, ""),
        ],
        UNITS,
    )
    content = found.on(Content(some.id, some.edition))
    assert content.number("water.cod.generated") == Decimal("12.5")
    assert content.number("water.nh3n.generated") == 100
    assert content["water.tp.generated"].state is State.NOT_APPLICABLE
    assert content.rows("facility") == ("A-1",)
    assert [(finding.code, finding.place) for finding in found.findings] == [
        ("RPT-602", "第 3 行"),
        ("RPT-614", "water.cd.generated"),
        ("RPT-616", "治理设施 ·  · 运行小时数"),
        ("RPT-610", "治理设施 · A-1 · 类别"),
    ]
    assert "water.cod.generated" in found.findings[1].message.zh


def test_what_the_system_offered_stays_marked_until_it_is_changed() -> None:
    some = form("pollutant_discharge")
    offered = Entry(State.VALUE, Decimal("12.5"), Origin.PREFILLED, "readings:outlet 1")
    content = Content(some.id, some.edition, {"water.cod.discharged": offered})
    same = taken(some, [("water.cod.discharged", "12.50", "")], UNITS).on(content)
    assert same["water.cod.discharged"] == offered
    other = taken(some, [("water.cod.discharged", "12.6", "")], UNITS).on(content)
    assert other["water.cod.discharged"] == figure("12.6")
    assert taken(some, [("water.cod.discharged", "", "")], UNITS).on(content).entries == {}


def test_a_block_is_put_down_at_a_cell() -> None:
    some = form("pollutant_discharge")
    empty = Content(some.id, some.edition)
    # 水量 is the first row: removed is computed, concentration and method are closed there.
    block = "1,200\t\t1,100\t\t1000\r\n3.5\t9\t2.25\t35\t5\t自动监测\r\n"
    found = pasted(some, empty, Spot("water", 0, 0), block, UNITS)
    content = empty.with_entries(found.entries)
    assert found.findings == ()
    assert content.number("water.amount.generated") == 1200
    assert content.number("water.cod.discharged") == Decimal("2.25")
    assert content.text("water.cod.method") == "1"
    assert "water.cod.removed" not in content.entries
    shifted = pasted(some, empty, Spot("water", 0, 1), block, UNITS)
    assert {finding.code for finding in shifted.findings} >= {"RPT-641"}
    beyond = pasted(some, empty, Spot("water", 4, 4), "1\t7\t3\n4\t5\t6", UNITS)
    assert {finding.code for finding in beyond.findings} == {"RPT-610", "RPT-642"}


def test_rows_are_pasted_into_an_open_table() -> None:
    some = form("utilisation_report")
    empty = Content(some.id, some.edition)
    found = pasted(some, empty, Spot("retrofit", 0, 0), "电机改造\t变频\t12\t30\n\n锅炉改造\t余热\t5\t7.5", UNITS)
    content = empty.with_entries(found.entries)
    assert content.rows("retrofit") == ("1", "2")
    assert content.number("retrofit[2].saving") == Decimal("7.5")
    sales = form("grid_sales")
    none = Content(sales.id, sales.edition)
    keyed = pasted(
        sales, none, Spot("customer", 0, KEY_COLUMN), "甲\t某厂\tC\t1\t2\n乙\t某店\t批发和零售业\t3\t4", UNITS
    )
    assert keyed.findings == ()
    assert none.with_entries(keyed.entries).rows("customer") == ("甲", "乙")
    assert none.with_entries(keyed.entries).text("customer[乙].sector") == "F"


def test_what_was_not_understood_stands_as_it_was_typed() -> None:
    some = form("pollutant_discharge")
    told = {
        "water.cod.generated": "3.5 吨", "water.tn.generated": "十吨", "water.cod.discharged": "1.23456",
        "water.cod.method": "自动", "facility[A-1].hours": "２，０００", "facility[A-1].kind": "没有这种",
        "water.tn.discharged": "-2", "water.cod.removed": "9", "water.nowhere.at_all": "7", "facility[].hours": "8",
    }  # fmt: skip
    read = typed(some, told.items(), UNITS)
    assert {address: text_of(entry) for address, entry in read.entries.items()} == {
        "water.cod.generated": "3.5", "water.tn.generated": "十吨", "water.cod.discharged": "1.23456",
        "water.cod.method": "自动", "facility[A-1].hours": "2000", "facility[A-1].kind": "没有这种",
        "water.tn.discharged": "-2",
    }  # fmt: skip
    assert read.entries["water.cod.discharged"].value == Decimal("1.23456")
    assert [(each.place, each.code) for each in read.findings] == [
        ("water.tn.generated", "RPT-602"), ("water.cod.discharged", "RPT-607"), ("water.cod.method", "RPT-610"),
        ("facility[A-1].kind", "RPT-610"), ("water.tn.discharged", "RPT-609"), ("water.nowhere.at_all", "RPT-614"),
        ("facility[].hours", "RPT-616"),
    ]  # fmt: skip


def test_what_is_kept_reads_the_same_when_it_is_sent_again() -> None:
    some = form("energy_purchase")
    addresses = [field.address for field in some.fixed.values() if field.is_told]
    # More slips than are told at once: none of them is lost.
    read = typed(some, ((address, f"约{at}") for at, address in enumerate(addresses)), UNITS)
    assert len(addresses) > 300
    assert set(read.entries) == set(addresses)
    again = typed(some, ((address, text_of(entry)) for address, entry in read.entries.items()), UNITS)
    assert again == read


@given(st.text(alphabet="0123456789.,\t\n\"'万吨-一 ", max_size=200), st.integers(0, 5), st.integers(-1, 6))
def test_whatever_is_pasted_gets_an_answer(text: str, row: int, column: int) -> None:
    some = form("pollutant_discharge")
    empty = Content(some.id, some.edition)
    for table in ("water", "facility"):
        if table == "water" and (row > 4 or column < 0 or column > 5):
            continue
        if table == "facility" and column > 5:
            continue
        for finding in pasted(some, empty, Spot(table, row, column), text, UNITS).findings:
            assert finding.code in REFUSALS


def test_a_block_too_large_is_refused_before_it_is_read() -> None:
    some = form("pollutant_discharge")
    with pytest.raises(FormFileRefused):
        pasted(some, Content(some.id, some.edition), Spot("water", 0, 0), "1\t" * 500_001, UNITS)
