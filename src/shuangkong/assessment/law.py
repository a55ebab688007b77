"""考核的规定: all that policy lays down for the assessment in one place, as the rulebook hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shuangkong.assessment.assessors import Assessment, assessments, check_assessors
from shuangkong.assessment.book import score_tables
from shuangkong.assessment.cases import check_score_tables
from shuangkong.assessment.consequence import ConsequenceRule
from shuangkong.assessment.consequence_book import check_consequences, consequence_rules, standing_restrictions
from shuangkong.assessment.table import ScoreTable
from shuangkong.assessment.term import TermForm, term_form
from shuangkong.core.restriction import Restriction
from shuangkong.policyfile.folder import PolicyFolder

#: What the room checks of the whole policy folder.
ASSESSMENT_CHECKS = (check_score_tables, check_consequences, check_assessors)


@dataclass(frozen=True, slots=True)
class AssessmentLaw:
    """Of a layer and those above it, of all days.

    Attributes:
        tables: by id; ``duties``: who assesses whom by which of them.
        rules: what follows from results; ``standing``: what documents forbid to approve, whoever asks.
        term_form: what an official answers for at the end of a term.
    """

    tables: Mapping[str, ScoreTable]
    duties: tuple[Assessment, ...]
    rules: tuple[ConsequenceRule, ...]
    standing: tuple[Restriction, ...]
    term_form: TermForm


def assessment_law(folder: PolicyFolder, layer: str) -> AssessmentLaw:
    """Raises PolicyRefused where a file cannot be used."""
    return AssessmentLaw(
        score_tables(folder, layer),
        assessments(folder, layer),
        consequence_rules(folder, layer),
        standing_restrictions(folder, layer),
        term_form(folder, layer),
    )
