"""Every check of the catalogue trips and passes where its cases say so."""

from __future__ import annotations

from datetime import date

import pytest

from shuangkong.core.period import Period
from shuangkong.policyfile.node import Listing
from shuangkong.reporting.checks import Context, check_return, sheet_of
from shuangkong.reporting.checks.cases import case_of, content_of
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


def test_the_county_of_the_demo_is_stricter_than_the_nation_and_says_that_it_is_invented() -> None:
    day = date(2025, 6, 30)
    layer = RULEBOOK.layer_of("999901", day)
    assert layer == "chenghu"
    assert "虚构" in RULEBOOK.folder.check(f"{layer}/layer.yaml").node.mapping("name").text("zh")
    own, nation = RULEBOOK.return_checks(layer).rules, CATALOGUE.rules
    assert own["RPT-100"].limits["pct"].on(day).number < nation["RPT-100"].limits["pct"].on(day).number
    assert (own["RPT-134"].severity, nation["RPT-134"].severity) == ("must_explain", "notice")
    told = "energy.raw_coal.purchased 1000\nenergy.raw_coal.production_use 974\nenergy.raw_coal.coefficient 0.7"
    form = CATALOGUE.forms.form("energy_purchase", day)
    assert form is not None
    found = {}
    for book in (RULEBOOK.return_checks(layer), CATALOGUE):
        plan = book.plan(form, day)
        judged = check_return(plan, sheet_of(form, content_of(form, told)), Context(day=day, period=Period(2025, "06")))
        found[id(book)] = {each.code for each in judged.findings}
    assert "RPT-100" in found[id(RULEBOOK.return_checks(layer))]
    assert "RPT-100" not in found[id(CATALOGUE)]
