"""The strict reader: every trap refused with its line, any text at all read or refused, never anything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from shuangkong.policyfile.node import Leaf, Mapping, walk
from shuangkong.policyfile.reader import DEEPEST, FileRead, read_file, read_text

#: What the writer may have meant as something else: (text, code, line).
TRAPS = [
    ("value: NO\n", "POL-008", 1),
    ("a: 1\nvalue: yes\n", "POL-008", 2),
    ("value: True\n", "POL-008", 1),
    ("value: y\n", "POL-008", 1),
    ("on: 1\n", "POL-008", 1),
    ("at: 12:30\n", "POL-006", 1),
    ("at: 1:20:30.5\n", "POL-006", 1),
    ("code: 0123\n", "POL-005", 1),
    ("code: 00\n", "POL-005", 1),
    ("code: -07.5\n", "POL-005", 1),
    ("value: 1e3\n", "POL-007", 1),
    ("value: 1.5E-3\n", "POL-007", 1),
    ("value: .5\n", "POL-007", 1),
    ("value: 5.\n", "POL-007", 1),
    ("value: +5\n", "POL-007", 1),
    ("value: 1_000\n", "POL-007", 1),
    ("value: 0x1F\n", "POL-007", 1),
    ("value: 0b11\n", "POL-007", 1),
    ("value: .inf\n", "POL-007", 1),
    ("value: .NaN\n", "POL-007", 1),
    ("value: " + "9" * 5000 + "\n", "POL-007", 1),
    ("a: 1\nb:\n", "POL-009", 2),
    ("value: ~\n", "POL-009", 1),
    ("value: null\n", "POL-009", 1),
    ("value:\n  - \n", "POL-009", 2),
    ("a: 1\nname: {zh: 原煤, en: Coal, raw coal}\n", "POL-010", 2),
    ("values: [1, 2]\n", "POL-010", 1),
    ("a: &x 1\n", "POL-011", 1),
    ("a: 1\nb: *a\n", "POL-011", 2),
    ("a: &x 1\nb: *x\n", "POL-011", 2),
    ("<<: 1\n", "POL-011", 1),
    ("a: =\n", "POL-011", 1),
    ("a: !!str 1\n", "POL-012", 1),
    ("a: !thing 1\n", "POL-012", 1),
    ("from: 2021-02-30\n", "POL-013", 1),
    ("from: 2021-4-1\n", "POL-013", 1),
    ("from: 2021-04-01 10:00:00\n", "POL-013", 1),
    ("from: 2021-04-01T10:00:00\n", "POL-013", 1),
    ("", "POL-014", 1),
    ("# 只有注释\n", "POL-014", 1),
    ("a: 1\n---\nb: 2\n", "POL-016", 2),
    ("2015: 1\n", "POL-017", 1),
    ("? - a\n: 1\n", "POL-017", 1),
    ("a: 1\nb: [\n", "POL-001", 3),
    ("a: b: c\n", "POL-001", 1),
    ("a:\n\tb: 1\n", "POL-001", 2),
]


def spoken(value: object) -> str:
    """A value as a careful person writes it: text quoted, the rest plain."""
    if isinstance(value, str):
        return str(yaml.dump(value, default_style='"', allow_unicode=True, width=10**6)).strip()
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def codes_and_lines(read: FileRead) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in read.findings]


@pytest.mark.parametrize(("text", "code", "line"), TRAPS)
def test_trap_is_refused_with_file_and_line(text: str, code: str, line: int) -> None:
    read = read_text(text, "policy/x.yaml")
    assert (code, f"policy/x.yaml:{line}") in codes_and_lines(read)
    for finding in read.findings:
        assert finding.message.zh
        assert finding.message.en
        assert "{" not in finding.message.zh.replace("{}", "")


def test_duplicate_key_names_both_lines() -> None:
    read = read_text("name: 1\nunit: t\nname: 2\n", "policy/x.yaml")
    assert codes_and_lines(read) == [("POL-002", "policy/x.yaml:3")]
    assert "第 1 行" in read.findings[0].message.zh
    assert "line 1" in read.findings[0].message.en
    assert isinstance(read.node, Mapping)
    assert read.node.number("name") == 1


def test_all_faults_of_a_file_are_gathered() -> None:
    read = read_text("a: NO\nb: 012\nc: 1:30\na: 1\n", "policy/x.yaml")
    assert [finding.code for finding in read.findings] == ["POL-008", "POL-005", "POL-006", "POL-002"]


def test_plain_values_mean_what_they_show() -> None:
    text = "a: 0.7143\nb: -5\nc: 0\nd: true\ne: 2021-04-01\nf: 原煤\n"
    text += 'g: "0123"\nh: "12:30"\ni: -0.10\nj: |\n  两行\n  文字\n'
    read = read_text(text, "policy/x.yaml")
    assert read.findings == ()
    values = {path[0]: leaf.value for path, leaf in walk(read.node)}  # type: ignore[arg-type]
    assert values == {
        "a": Decimal("0.7143"),
        "b": -5,
        "c": 0,
        "d": True,
        "e": date(2021, 4, 1),
        "f": "原煤",
        "g": "0123",
        "h": "12:30",
        "i": Decimal("-0.10"),
        "j": "两行\n文字\n",
    }
    assert isinstance(values["a"], Decimal)
    assert isinstance(values["b"], int)
    assert str(values["i"]) == "-0.10"


def test_nodes_know_their_lines() -> None:
    read = read_text("name:\n  zh: 煤\nvalues:\n  - from: 2020-01-01\n\n  - from: 2021-01-01\n", "policy/x.yaml")
    assert [(leaf.place.line, leaf.value) for _, leaf in walk(read.node)] == [  # type: ignore[arg-type]
        (2, "煤"),
        (4, date(2020, 1, 1)),
        (6, date(2021, 1, 1)),
    ]


def test_empty_braces_are_not_braces() -> None:
    assert read_text("limit: {}\nvalues: []\n", "policy/x.yaml").findings == ()


def test_too_deep_is_refused() -> None:
    text = "".join(f"{'  ' * depth}a:\n" for depth in range(DEEPEST + 5)) + "  " * (DEEPEST + 5) + "b"
    read = read_text(text, "policy/x.yaml")
    assert codes_and_lines(read) == [("POL-015", f"policy/x.yaml:{DEEPEST}")]


def test_file_that_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("a: 1\nb: 原煤消费量".encode("gb18030"))
    read = read_file(file, "policy/x.yaml")
    assert codes_and_lines(read) == [("POL-019", "policy/x.yaml:2")]
    assert read.node is None


PIECES = [
    *(
        "a",
        "b: ",
        "- ",
        "\n",
        "  ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&x ",
        "*x",
        "!t ",
        "'",
        '"',
        "|",
        ">",
        "#",
        "%",
        "?",
    ),
    *("---\n", "...\n", "0123", "1e3", "12:30", "0.5", "NO", "null", "2021-02-30", "煤", "@", "`"),
    *("\t", "\r", "\x00", "\ufeff", "\u2028"),
]

#: Text that is nearly YAML finds more than text that is nothing.
NEARLY_YAML = st.lists(
    st.sampled_from(PIECES),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(), NEARLY_YAML, st.text(st.characters(codec=None))))
@example("\ud800")
@example("\ufeff")
@example("%YAML 9.9\n---\na")
@example("[" * 3000)
@example("? " * 200)
def test_any_text_gives_a_node_or_findings(text: str) -> None:
    read = read_text(text, "x.yaml")
    assert read.node is not None or read.findings
    for finding in read.findings:
        file, _, line = finding.place.rpartition(":")
        assert file == "x.yaml"
        assert int(line) >= 1


@given(st.binary())
def test_any_bytes_give_a_node_or_findings(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(data)
    read = read_file(file, "any.yaml")
    assert read.node is not None or read.findings


PLAIN = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.booleans(),
    st.dates(),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=("Cs", "Cc", "Cn")), min_size=1),
)


@given(st.dictionaries(st.from_regex(r"key_[a-z]{1,8}", fullmatch=True), PLAIN, min_size=1))
def test_what_is_written_is_what_is_read(values: dict[str, object]) -> None:
    """Every value comes back as it was, with its type."""
    lines = [f"{key}: {spoken(value)}" for key, value in values.items()]
    read = read_text("\n".join(lines), "x.yaml")
    assert read.findings == ()
    assert isinstance(read.node, Mapping)
    found = {key: leaf.value for key, leaf in read.node.entries.items() if isinstance(leaf, Leaf)}
    assert found == values
    assert {key: type(value) for key, value in found.items()} == {key: type(value) for key, value in values.items()}
