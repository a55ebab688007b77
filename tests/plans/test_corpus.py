"""The reader over invented plans of every period and level, and over the three given plans where they are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import pytest
from scoring import Entry, Score, folded, score

from shuangkong.plans.intake import open_document
from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import read_plan
from shuangkong.plans.reading_json import to_json
from shuangkong.rulebook import open_rulebook

HERE = Path(__file__).parent
CORPUS = sorted((HERE / "corpus").glob("*.txt"))
SHARED = HERE.parents[1].parent / "shared" / "plans"
GIVEN = sorted(SHARED.glob("*.txt"))
NEEDS_GIVEN = pytest.mark.skipif(not GIVEN, reason=f"the given plans are not at {SHARED}")


@cache
def lexicon() -> Lexicon:
    """The words of the field, opened once."""
    return open_rulebook().lexicon()


def reading_of(name: str, text: str) -> Entry:
    """What a file with that text says, as the JSON of ``plan read``."""
    document = open_document(name, text.encode())
    return to_json(read_plan(document, lexicon()), document.text)


@cache
def given_reading(path: Path) -> Entry:
    """One of the three given plans, read once."""
    return reading_of(path.name, path.read_text(encoding="utf-8"))


@cache
def simplifier() -> Any:
    return opencc.OpenCC("t2s")


def simplified(value: Any) -> Any:
    """The same value in simplified characters: the corpus does not judge which of the two scripts the reader gives."""
    if isinstance(value, str):
        return simplifier().convert(value)
    if isinstance(value, list | tuple):
        return [simplified(each) for each in value]
    if isinstance(value, dict):
        return {key: simplified(each) for key, each in value.items()}
    return value


def report(found: Score) -> str:
    """The lines and the targets that differ, for the message of a failing assertion."""
    lines = " ".join(f"{name} {value:.3f}" for name, value in found.lines.items())
    return f"OVERALL {found.overall:.3f}: {lines}\nmissed {found.missed}\nsurplus {found.surplus}"


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_an_invented_plan_is_read(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    gold = json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))
    found = score(simplified(text), simplified(gold), simplified(reading_of(path.name, text)))
    assert found.overall >= 0.93, report(found)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_gold_is_labelled_invented_and_rests_on_its_text(path: Path) -> None:
    gold_text = path.with_suffix(".gold.json").read_text(encoding="utf-8")
    gold, text = json.loads(gold_text), folded(path.read_text(encoding="utf-8"))
    assert "INVENTED" in gold_text.splitlines()[0]
    for target in gold["targets"] + gold["thresholds"]:
        assert folded(target["quote"]) in text
        assert str(target["value"]).removesuffix(".0") in folded(target["quote"])


@NEEDS_GIVEN
@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.stem)
def test_a_given_plan_is_read(path: Path) -> None:
    gold = json.loads((SHARED / "gold" / f"{path.stem}.json").read_text(encoding="utf-8"))
    found = score(path.read_text(encoding="utf-8"), gold, given_reading(path))
    assert found.overall >= 0.97, report(found)
    assert min(found.lines.values()) >= 0.93, report(found)


@NEEDS_GIVEN
@pytest.mark.parametrize("harm", ["none", "head", "items", "targets", "tables"])
@pytest.mark.parametrize("path", GIVEN, ids=lambda path: path.stem)
def test_our_measure_is_the_published_one(path: Path, harm: str, tmp_path: Path) -> None:
    gold_path = SHARED / "gold" / f"{path.stem}.json"
    reading = harmed(given_reading(path), harm)
    reading_path = tmp_path / "reading.json"
    reading_path.write_text(json.dumps(reading, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, str(SHARED / "score.py"), str(path), str(gold_path), str(reading_path)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    published = dict(re.findall(r"^(\S.*?)\s+P .*F1 (\S+)$", printed, re.MULTILINE))
    published["OVERALL"] = re.findall(r"^OVERALL (\S+)$", printed, re.MULTILINE)[0]
    ours = score(path.read_text(encoding="utf-8"), json.loads(gold_path.read_text(encoding="utf-8")), reading)
    assert {name: f"{value:.3f}" for name, value in (ours.lines | {"OVERALL": ours.overall}).items()} == published


def harmed(reading: Entry, harm: str) -> Entry:
    """A copy of the reading with one kind of fault, so that the two measures are compared off the top as well."""
    copy: Entry = json.loads(json.dumps(reading, ensure_ascii=False))
    match harm:
        case "head":
            copy |= {"title": "别的方案", "region": None, "issued_on": "2001-01-01"}
        case "items":
            copy["items"] = copy["items"][::2]
            copy["items"][0] |= {"title": None}
            copy["items"][1] |= {"lead": ["某局"], "shared": []}
        case "targets":
            copy["targets"] = copy["targets"][1:] + copy["targets"][:5]
            copy["targets"][0] |= {"op": "<=", "base_year": 1999, "quote": "不在文中", "deadline": None}
            copy["targets"][1] |= {"indicator": "很长的名称" * 10, "value": 12345}
            copy["targets"][2] |= {"unit": None}
            copy["targets"][3] |= {"deadline": "2031", "indicator": "无关", "op": "~"}
        case "tables":
            copy["tables"] = copy["tables"][:1]
    return copy
