"""The demo's facts say what the plans say in numbers, names and places, and nothing of it in the plans' own words."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "demo"
GIVEN = Path("/work/shared/plans")
FACTS = sorted((DEMO / "plans").glob("*.json"))
PAIRS = {"（": "）", "“": "”", "《": "》"}
#: Strings of our own that may be longer: what a finding or a doubt says.
OURS = {"zh", "en"}
LONGEST_NAME = 50


def _load() -> ModuleType:
    told = importlib.util.spec_from_file_location("wordless", DEMO / "wordless.py")
    assert told is not None
    assert told.loader is not None
    module = importlib.util.module_from_spec(told)
    told.loader.exec_module(module)
    return module


wordless = _load()


@pytest.fixture(params=FACTS, ids=lambda path: path.stem)
def facts(request: pytest.FixtureRequest) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return told


def test_there_are_facts_to_judge() -> None:
    assert len(FACTS) == 3


@pytest.mark.skipif(not GIVEN.is_dir(), reason="the plans whose text stays outside are not on this machine")
@pytest.mark.parametrize("path", FACTS, ids=lambda path: path.stem)
def test_facts_do_not_repeat_the_plan(path: Path) -> None:
    found = json.loads(path.read_text(encoding="utf-8"))
    text = (GIVEN / f"{path.stem}.txt").read_text(encoding="utf-8")
    faults = list(wordless.Quotations(text, wordless.names_in(found)).faults(found))
    assert not faults, "\n".join(faults)


def test_words_that_are_no_names_are_short(facts: dict[str, Any]) -> None:
    """Holds without the plans too: no string but names and our own findings has room for a sentence."""
    names = wordless.names_in(facts)
    runs = [
        (key, run)
        for key, value in wordless.strings(facts)
        if key not in wordless.NAMES | OURS and value not in names
        for run in re.findall(r"[一-鿿，。；：（）“”、]+", value)
        if len(run) > wordless.LONGEST
    ]
    assert not runs


def test_duties_have_places_and_no_words(facts: dict[str, Any]) -> None:
    for duty in facts["duties"]:
        assert duty["what"] == ""
        assert duty["item_no"]
        assert duty["span"][0] < duty["span"][1]


def test_grounds_are_arithmetic_not_quotations(facts: dict[str, Any]) -> None:
    for finding in facts["findings"]:
        assert finding["spans"], finding["code"]
        for said in (finding["ground"] or {}).values():
            assert "「" not in said


def test_names_are_whole(facts: dict[str, Any]) -> None:
    assert facts["title"]
    for name in wordless.names_in(facts):
        assert "…" not in name
        assert len(name) <= LONGEST_NAME, name
    for key in ("title", "notice_title"):
        assert all(facts[key].count(left) == facts[key].count(right) for left, right in PAIRS.items())
    heads = [column["header"] for table in facts["tables"] for column in table["columns"]]
    assert all(head.count("（") == head.count("）") for head in heads)


PLAN = "到2030年，全乡所有鱼塘一律改用循环水养殖并全部装上计量水表。"


def test_a_sentence_is_found_under_any_key_but_a_name() -> None:
    quotations = wordless.Quotations(PLAN, ["循环水养殖普及率"])
    assert list(quotations.faults({"reason": f"见：{PLAN[8:24]}"}))
    assert list(quotations.faults({"deep": [{"zh": f"“{PLAN[10:24]}”没有数"}]}))
    assert not list(quotations.faults({"indicator": PLAN[8:24], "reason": PLAN[8:20]}))


def test_a_name_hides_only_itself() -> None:
    name = PLAN[12:22]
    quotations = wordless.Quotations(PLAN, [name])
    assert not list(quotations.faults({"zh": f"缺{name}的基数"}))
    assert list(quotations.faults({"zh": PLAN[:14]}))


def test_blanks_hide_nothing() -> None:
    broken = PLAN[:14] + "\n　" + PLAN[14:]
    assert list(wordless.Quotations(broken, ()).faults({"zh": PLAN[6:24]}))


def test_what_is_shortened_shows_it() -> None:
    quotations = wordless.Quotations(PLAN, ())
    assert quotations.shortened(f"原文：{PLAN}请补数") == f"原文：{PLAN[:6]}…请补数"
    assert wordless.cut("规模以上淡水养殖场的尾水处理设施") == "规模以上淡水养殖场的尾…"
    assert wordless.cut("淡水养殖场") == "淡水养殖场"


def test_sentences_are_emptied_and_names_stay() -> None:
    read = {
        "title": "某乡鱼塘循环水养殖改造工作实施方案（试行）",
        "duties": [{"what": PLAN, "extent": "所有", "span": [8, 24]}],
        "thresholds": [{"subject": "养殖水面五十亩以上的淡水养殖场"}],
        "tables": [{"rows": [["鱼塘"]], "notes": [["注：不含水库", [1, 7]]], "columns": [{"header": "尾水量（吨）"}]}],
    }
    told = wordless.wordless(read)
    assert told["title"] == read["title"]
    assert told["duties"] == [{"what": "", "extent": "所有", "span": [8, 24]}]
    assert told["thresholds"][0]["subject"].endswith("…")
    assert told["tables"] == [{"notes": [["", [1, 7]]], "columns": [{"header": "尾水量（吨）"}]}]
