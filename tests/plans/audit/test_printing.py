"""What `shuangkong plan audit` prints: numbered, heaviest first, with the arithmetic; two languages and JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from shuangkong.cli.plan_audit import run_audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.policyfile.node import Listing
from shuangkong.rulebook import Rulebook

RULES = Rulebook(Path(__file__).parents[3] / "policy")


def _document(name: str) -> Document:
    node = RULES.folder.require("national/plans/checks.cases.yaml")
    assert isinstance(node, Listing)
    text = next(each.text("text") for each in node.mappings() if each.text("name") == name)
    return Document("case.txt", Medium.TXT, text)


def _printed(
    capsys: pytest.CaptureFixture[str], name: str, *, as_json: bool = False, english: bool = False
) -> tuple[int, str]:
    document = _document(name)
    code = run_audit(read_plan(document, RULES.lexicon()), document, as_json=as_json, english=english, rulebook=RULES)
    return code, capsys.readouterr().out


def test_what_must_be_fixed_comes_first_with_its_arithmetic(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _printed(capsys, "合计行比分项多5，基数加增量不等于上限")
    assert code == 1
    assert "1. [必须改正] PLN-001 分地区之和与合计行不符  第" in out
    assert "300 + 120 + 80 = 500" in out
    assert "505 + 60 = 565 ≠ 560" in out


def test_a_sound_plan_exits_without_complaint(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _printed(capsys, "合计、基数、上限、正文附件都相符")
    assert code == 0
    assert "必须改正 0" in out


def test_english_has_english_titles_messages_and_indicator_names(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = _printed(capsys, "附件低于正文", english=True)
    assert "1. [must be fixed] PLN-040 The annex asks less than the text  line " in out
    assert re.search(r"Reduction of [a-z][^:]*: （一） of the text says 15%, Annex 1", out)


def test_json_carries_both_languages_and_spans_into_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = _printed(capsys, "期限早于发文、紧接发文、未写基年", as_json=True)
    entries = json.loads(out)
    assert [entry["number"] for entry in entries] == list(range(1, len(entries) + 1))
    late = next(entry for entry in entries if entry["code"] == "PLN-060")
    text = _document("期限早于发文、紧接发文、未写基年").text
    start, end = late["spans"][0]
    assert text[start:end] == late["quote"]
    assert late["quote"].startswith("2016年底前")
    assert late["ground"]["zh"] == "2016-12-31 − 2017-03-10 = -69"
    assert set(late["message"]) == {"zh", "en"}
