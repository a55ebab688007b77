"""Each row of the catalogue: a small document that trips it, one that passes, and words for every field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Severity
from shuangkong.plans.audit import CHECKS, Catalogue, CatalogueError, audit
from shuangkong.plans.document import Document, Medium
from shuangkong.plans.reader import read_plan
from shuangkong.policyfile.node import Listing
from shuangkong.rulebook import Rulebook

POLICY = Path(__file__).parents[3] / "policy"
DAY = date(2026, 1, 1)
RULES = Rulebook(POLICY)
CATALOGUE = Catalogue.of(RULES.checks("plans"), RULES.lexicon(), DAY)


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    trips: frozenset[str]
    passes: frozenset[str]


def _cases() -> list[Case]:
    node = RULES.folder.require("national/plans/checks.cases.yaml")
    assert isinstance(node, Listing)
    return [
        Case(
            each.text("name"),
            each.text("text"),
            frozenset(each.listing("trips").texts()),
            frozenset(each.listing("passes").texts()),
        )
        for each in node.mappings()
    ]


CASES = _cases()


def findings_of(text: str, catalogue: Catalogue = CATALOGUE) -> tuple[Finding, ...]:
    document = Document("case.txt", Medium.TXT, text)
    return audit(read_plan(document, RULES.lexicon()), document, catalogue)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_trips_and_passes_what_it_says(case: Case) -> None:
    found = {finding.code for finding in findings_of(case.text)}
    assert case.trips <= found, f"not found: {sorted(case.trips - found)}"
    assert not case.passes & found, f"false alarm: {sorted(case.passes & found)}"


def test_every_check_has_a_case_that_trips_it_and_one_that_passes() -> None:
    codes = set(CHECKS)
    assert codes - {code for case in CASES for code in case.trips} == set()
    assert codes - {code for case in CASES for code in case.passes} == set()


def test_a_check_without_row_and_a_row_without_check_are_refused() -> None:
    rows = RULES.checks("plans")
    with pytest.raises(CatalogueError, match=rows[0].code):
        findings_of(CASES[0].text, Catalogue.of(rows[1:], RULES.lexicon(), DAY))
    stray = Check("PLN-999", Severity.NOTICE, rows[0].title, rows[0].message)
    with pytest.raises(CatalogueError, match="PLN-999"):
        findings_of(CASES[0].text, Catalogue.of((*rows, stray), RULES.lexicon(), DAY))
    with pytest.raises(CatalogueError, match="twice"):
        Catalogue.of((*rows, rows[0]), RULES.lexicon(), DAY)


def test_findings_say_where_what_and_next_in_both_languages_and_point_into_the_document() -> None:
    for case in CASES:
        for finding in findings_of(case.text):
            assert finding.place
            assert "{" not in finding.message.zh + finding.message.en
            assert finding.spans, finding
            assert all(span.end <= len(case.text) for span in finding.spans)


def test_heavy_findings_come_first_and_none_comes_twice() -> None:
    for case in CASES:
        found = findings_of(case.text)
        weights = [list(Severity).index(finding.severity) for finding in found]
        assert weights == sorted(weights)
        assert len(set(found)) == len(found)
