"""What a printer, a scanner or a web page does to a plan must not change what is read from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import opencc
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from scoring import Entry, folded

from shuangkong.plans.intake import open_document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading_json import to_json
from shuangkong.rulebook import open_rulebook
from trials import tries

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
TO_FULL_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
TO_HALF_BRACKETS = str.maketrans("（）", "()")
TO_FULL_BRACKETS = str.maketrans("()", "（）")
HAN = "[\u4e00-\u9fff]"
LONG_PARAGRAPH = 80

Change = Callable[[str, Random], str]


def full_width_digits(text: str, chance: Random) -> str:
    """Some numbers in full width; a whole number each time, as a typist would."""
    return re.sub(r"\d+", lambda run: run[0].translate(TO_FULL_DIGITS) if chance.random() < 0.3 else run[0], text)


def half_brackets(text: str, chance: Random) -> str:
    return text.translate(TO_HALF_BRACKETS)


def full_brackets(text: str, chance: Random) -> str:
    return text.translate(TO_FULL_BRACKETS)


def page_breaks(text: str, chance: Random) -> str:
    """Up to four long paragraphs cut between two characters, an empty line and perhaps a page number in the gap."""
    lines = text.split("\n")
    long = [n for n, line in enumerate(lines) if len(line) > LONG_PARAGRAPH and "\t" not in line]
    for number in chance.sample(long, min(4, len(long))):
        line = lines[number]
        places = [m.start() for m in re.finditer(f"(?<={HAN})(?={HAN})", line) if 40 < m.start() < len(line) - 20]
        if places:
            place = chance.choice(places)
            gap = chance.choice(["\n\n", "\n", "\n\n- 5 -\n\n", "\n\n第 3 页 共 9 页\n\n"])
            lines[number] = line[:place] + gap + line[place:]
    return "\n".join(lines)


def blanks_in_names(text: str, chance: Random) -> str:
    """A blank inside every fifth name of a body in the responsibility brackets (县财 政局)."""

    def loosened(name: re.Match[str]) -> str:
        return f"{name[0][:2]} {name[0][2:]}" if chance.random() < 0.2 else name[0]

    def bracket(found: re.Match[str]) -> str:
        return re.sub(f"(?<=、){HAN}{{4,}}(?=、)", loosened, found[0])

    return re.sub(r"（[^（）\n]*(?:负责|单位：|部门：)[^（）\n]*）", bracket, text)


def traditional(text: str, chance: Random) -> str:
    converted: str = opencc.OpenCC("s2t").convert(text)
    return converted


def carriage_returns(text: str, chance: Random) -> str:
    return text.replace("\n", "\r\n")


def full_width_blanks(text: str, chance: Random) -> str:
    """Paragraphs indented by two full-width blanks, as in print; table lines stay."""
    lines = text.split("\n")
    return "\n".join("\u3000\u3000" + line.lstrip() if len(line) > 30 and "\t" not in line else line for line in lines)


def doubled_percent(text: str, chance: Random) -> str:
    return re.sub("(?<=[0-9])%(?!%)", lambda sign: sign[0] * 2 if chance.random() < 0.3 else sign[0], text)


def wrapped_lines(text: str, chance: Random) -> str:
    """Long paragraphs in lines of 40 full widths, as text comes out of a page; a number stays in one line."""
    lines: list[str] = []
    for line in text.split("\n"):
        if len(line) <= LONG_PARAGRAPH or "\t" in line:
            lines.append(line)
            continue
        room, row = 80, ""
        for piece in re.findall(r"[0-9A-Za-z.%]+|.", line):
            width = sum(1 if char.isascii() else 2 for char in piece)
            if width > room and piece not in "，。、；：）”":
                lines.append(row)
                room, row = 80, ""
            room, row = room - width, row + piece
        lines.append(row)
    return "\n".join(lines)


CHANGES: tuple[Change, ...] = (
    full_width_digits,
    half_brackets,
    full_brackets,
    page_breaks,
    blanks_in_names,
    full_width_blanks,
    wrapped_lines,
    doubled_percent,
    carriage_returns,
    traditional,
)


@cache
def lexicon() -> Lexicon:
    """The words of the field, opened once."""
    return open_rulebook().lexicon()


@cache
def simplifier() -> Any:
    return opencc.OpenCC("t2s")


def essence(name: str, text: str) -> dict[str, list[Any]]:
    """What a reading says, free of places, scripts and widths (cells are given as printed): what may not change."""

    def plain(*values: object) -> tuple[str, ...]:
        return tuple(simplifier().convert(folded(value)).replace("%%", "%") for value in values)

    document = open_document(name, text.encode())
    read: Entry = to_json(read_plan(document, lexicon()), document.text)
    target_fields = ("item_no", "indicator", "op", "value", "unit", "base_year", "deadline")
    limit_fields = ("item_no", "op", "value", "unit")
    return {
        "head": [plain(read[key]) for key in ("title", "doc_no", "issuer", "issued_on", "region")],
        "items": [plain(item["no"], item["title"]) for item in read["items"]],
        "bodies": [
            plain(item["no"], role, body)
            for item in read["items"]
            for role in ("lead", "participants", "shared")
            for body in item[role]
        ],
        "targets": sorted(plain(*(target[key] for key in target_fields)) for target in read["targets"]),
        "thresholds": sorted(plain(*(limit[key] for key in limit_fields)) for limit in read["thresholds"]),
        "tables": [plain(*row) for table in read["tables"] for row in table["rows"]],
    }


@cache
def printed_essence(path: Path) -> dict[str, list[Any]]:
    """The reading of a corpus document as it stands."""
    return essence(path.name, path.read_text(encoding="utf-8"))


def require_same(path: Path, text: str) -> None:
    expected, found = printed_essence(path), essence(path.name, text)
    for aspect, entries in expected.items():
        assert found[aspect] == entries, f"{aspect} of {path.stem} changed"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_one_change_leaves_the_reading_alone(path: Path, change: Change) -> None:
    text = path.read_text(encoding="utf-8")
    require_same(path, change(text, Random(7)))


@given(
    path=st.sampled_from(CORPUS),
    changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=4, unique=True),
    chance=st.randoms(use_true_random=False),
)
@tries(16, 160, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_changes_together_leave_the_reading_alone(path: Path, changes: list[Change], chance: Random) -> None:
    text = path.read_text(encoding="utf-8")
    for change in sorted(changes, key=CHANGES.index):
        text = change(text, chance)
    require_same(path, text)


MARKS = (
    "（",
    "）",
    "\n",
    "。",
    "、",
    "；",
    "%",
    "分别",
    "一、",
    "（一）",
    "1.",
    "\t",
    "2025年",
    "：",
    "“",
    "⑴",
    "以上",
)


def mangled(text: str, chance: Random) -> str:
    """The text with a few pieces lost, doubled or strayed in."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text))
        end = min(len(text), start + chance.choice([1, 3, 20, 200, 900]))
        piece = chance.choice(["", text[start:end] * 2, chance.choice(MARKS) + text[start:end]])
        text = text[:start] + piece + text[end:]
    return text or "。"


@given(path=st.sampled_from(CORPUS), chance=st.randoms(use_true_random=False))
@tries(50, 600, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_makes_the_reader_raise(path: Path, chance: Random) -> None:
    text = mangled(path.read_text(encoding="utf-8"), chance)
    document = open_document(path.name, text.encode())
    reading = read_plan(document, lexicon())
    for target in reading.targets:
        assert 0 <= target.span.start <= target.value_span.start < target.value_span.end <= target.span.end
        assert target.span.end <= len(document.text)
