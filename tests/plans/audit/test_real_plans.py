"""The audit on real plans (where they are at hand) and on invented ones: recall, and no false alarm of must_fix."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shuangkong.core.finding import Severity
from shuangkong.plans.audit import Catalogue, audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.rulebook import Rulebook

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))

from bench import audit_recall  # noqa: E402 - a script beside the package, on the path only now

RULES = Rulebook(ROOT / "policy")
CATALOGUE = Catalogue.of(RULES.checks("plans"), RULES.lexicon(), date(2026, 1, 1))
CORPUS = sorted((ROOT / "tests" / "plans" / "corpus").glob("*.txt"))
needs_plans = pytest.mark.skipif(not audit_recall.SHARED.is_dir(), reason=f"no real plans at {audit_recall.SHARED}")


@needs_plans
def test_real_plans_are_seen_through_without_false_alarm() -> None:
    found = audit_recall.recalls()
    assert found
    for each in found:
        assert each.share >= 0.8, (each.plan, [check for check, finding in each.matches if finding is None])
        assert each.false_alarms == ()


def _audited(text: str) -> tuple[list[str], str]:
    document = Document("plan.txt", Medium.TXT, text)
    found = audit(read_plan(document, RULES.lexicon()), document, CATALOGUE)
    return [f"{each.code} {each.message.zh}" for each in found if each.severity is Severity.MUST_FIX], text


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_invented_plans_raise_no_alarm_that_must_be_fixed(path: Path) -> None:
    assert _audited(path.read_text(encoding="utf-8"))[0] == []


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(CORPUS), st.data())
def test_a_damaged_document_is_audited_all_the_same(path: Path, data: st.DataObject) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = data.draw(st.integers(0, len(lines) - 1))
    cut = data.draw(st.integers(0, min(12, len(lines) - start)))
    digit = data.draw(st.sampled_from("0123456789"))
    zeroed = "\n".join(lines[:start] + lines[start + cut :]).replace(digit, data.draw(st.sampled_from(["0", "", "9"])))
    _audited(zeroed)
