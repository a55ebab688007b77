"""Every veto, every grade and every cut of every score table is tripped by a case beside it, and just missed by one."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from scoring_ground import law

from shuangkong.assessment.book import TABLES
from shuangkong.policyfile import node
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import policy_root

WORDS = sorted(law().tables)
CUT = re.compile(r"score >= ([0-9.]+)")
FOLDER = PolicyFolder(policy_root())


def cases(word: str) -> tuple[node.Mapping, ...]:
    read = FOLDER.require(f"national/{TABLES}/{word}.cases.yaml")
    assert isinstance(read, node.Listing)
    return tuple(read.mappings())


def cuts(word: str) -> list[Decimal]:
    record = node.as_mapping(FOLDER.require(f"national/{TABLES}/{word}.yaml"))
    conditions = (
        cut.text("when") for grade in record.listing("grades").mappings() for cut in grade.listing("cuts").mappings()
    )
    return [Decimal(found[1]) for condition in conditions if (found := CUT.search(condition))]


@pytest.mark.parametrize("word", WORDS)
def test_every_veto_and_every_grade_has_its_case(word: str) -> None:
    of, told = law().tables[word], cases(word)
    tripped = {code for case in told for code in case.listing("vetoes").texts()}
    assert {veto.code for veto in of.vetoes} - tripped == set()
    assert {grade.id for grade in of.grades} - {case.text("grade") for case in told} == set()


@pytest.mark.parametrize("word", [word for word in WORDS if cuts(word)])
def test_every_cut_has_a_case_on_it_and_one_just_below(word: str) -> None:
    """A grade is what the score says only where no veto holds."""
    plain = [case for case in cases(word) if "score" in case and not case.listing("vetoes").texts()]
    by_score: dict[Decimal, set[str]] = {}
    for case in plain:
        score = case.entries["score"]
        if not (isinstance(score, node.Leaf) and isinstance(score.value, str)):
            by_score.setdefault(node.as_number(score), set()).add(case.text("grade"))
    for cut in cuts(word):
        below = {grade for score, grades in by_score.items() if cut - 1 <= score < cut for grade in grades}
        assert by_score.get(cut), f"{word}: no case of exactly {cut} marks"
        assert below, f"{word}: no case just below {cut} marks"
        assert not below & by_score[cut], f"{word}: {cut} marks and just below are one grade"
