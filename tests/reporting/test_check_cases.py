"""Every check of the catalogue trips and passes where its cases say so."""

from __future__ import annotations

import pytest

from shuangkong.policyfile.node import Listing
from shuangkong.reporting.checks.cases import case_of
from shuangkong.rulebook import open_rulebook

RULEBOOK = open_rulebook()
CATALOGUE = RULEBOOK.return_checks()
FAMILIES = [each.id for each in CATALOGUE.families]


@pytest.mark.parametrize("family", FAMILIES)
def test_cases_come_out_as_they_say(family: str) -> None:
    node = RULEBOOK.folder.check(f"national/reporting/checks/{family}.cases.yaml").node
    assert isinstance(node, Listing)
    faults = []
    for item in node.mappings():
        case = case_of(item, CATALOGUE.forms)
        plan = CATALOGUE.plan(case.form, case.day)
        faults += [f"{case.name}: {code} {expected}, {found}" for code, expected, found in case.faults(plan)]
    assert not faults, "\n".join(faults)


def test_whatever_a_check_compares_with_is_held_somewhere() -> None:
    """A check of figures that nobody ever tells would be unjudged for ever, and look like one that passes."""
    lacking = {
        (rule.code, text)
        for rule in CATALOGUE.rules.values()
        for text in rule.names.values()
        if (text.startswith("unit:") and text.removeprefix("unit:") not in ("industry", "region"))
        or (text.startswith("evidence:") and not _is_told(text.removeprefix("evidence:")))
    }
    assert not lacking


def _is_told(name: str) -> bool:
    before, _, after = name.partition("{row}")
    return any(each.startswith(before) and each.endswith(after) for each in CATALOGUE.evidence)
