"""The catalogue of findings: every message is filled by what its case tells, in both languages."""

from __future__ import annotations

from shuangkong.monitoring import findings
from shuangkong.monitoring.findings import finding
from shuangkong.policyfile.node import Leaf, Listing, as_mapping
from shuangkong.rulebook import open_rulebook

CODES = {value for name, value in vars(findings).items() if name.isupper() and str(value).startswith("MON-")}


def test_every_code_of_the_room_is_worded_and_every_message_is_filled() -> None:
    rulebook = open_rulebook()
    checks = rulebook.monitoring().checks
    cases = rulebook.folder.require("national/monitoring/checks.cases.yaml")
    assert isinstance(cases, Listing)
    told = {}
    for case in cases.mappings():
        words = {
            name: leaf.value
            for name, leaf in as_mapping(case.entries["facts"]).entries.items()
            if isinstance(leaf, Leaf)
        }
        for code in case.listing("trips").texts():
            told[code] = finding(checks, code, "1号排口", **words)
    assert set(told) >= CODES
    for each in told.values():
        assert "{" not in each.message.zh + each.message.en
        assert each.message.zh.endswith("。")
