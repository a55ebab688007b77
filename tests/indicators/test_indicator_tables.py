"""What can be wrong with a table of the policy, and with cases of methods: each is told by file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from shuangkong.indicators.book import check_indicators
from shuangkong.indicators.cases import check_indicator_cases
from shuangkong.indicators.tables import Part, check_tables, tables
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.rulebook import open_rulebook, policy_root

INDICATORS = "national/indicators"
TABLE = f"{INDICATORS}/tables/energy_balance.yaml"
PROGRESS = f"{INDICATORS}/energy_intensity_progress.cases.yaml"

type Changed = Callable[[str, str, str], PolicyFolder]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """The project's own policy with one text of one file replaced."""

    def change(name: str, old: str, new: str) -> PolicyFolder:
        root = tmp_path / "policy"
        shutil.copytree(policy_root(), root, ignore=shutil.ignore_patterns("chenghu"))
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return PolicyFolder(root)

    return change


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("within: industry", "within: industri", "POL-054", "是否想写“industry”"),
        ("within: industry", "within: coking", "POL-054", "“coking”"),
        ("- id: outflow", "- id: inflow", "POL-026", "“inflow”"),
        ("coefficients/raw_coal", "coefficients/raw_cole", "POL-050", "raw_coal"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(changed: Changed, old: str, new: str, code: str, said: str) -> None:
    found = list(check_tables(changed(TABLE, old, new)))
    assert [finding.code for finding in found] == [code]
    assert found[0].place.startswith(f"policy/{TABLE}:")
    assert said in found[0].message.zh


def test_the_projects_own_tables_pass() -> None:
    assert list(check_tables(open_rulebook().folder)) == []
    table = tables(open_rulebook().folder, "national")["energy_balance"]
    assert (len(table.rows), len(table.columns)) == (30, 30)
    assert [row.id for row in table.of(Part.LOSS)] == ["loss"]
    assert [row.id for row in table.within("households")] == ["urban_households", "rural_households"]


def test_a_case_of_a_method_that_does_not_hold_is_told(changed: Changed) -> None:
    (finding,) = check_indicator_cases(changed(PROGRESS, "published: 45.58 %", "published: 47.75 %"))
    assert (finding.code, finding.place) == ("POL-030", f"policy/{PROGRESS}:2")
    assert "47.75 %" in finding.message.zh
    assert "45.58 %" in finding.message.zh


def test_a_case_that_gives_a_method_one_figure_for_a_series_is_told(changed: Changed) -> None:
    name = f"{INDICATORS}/energy_intensity_cumulative_decline.cases.yaml"
    (finding,) = check_indicator_cases(changed(name, "changes:\n      - -7.64\n      - -7.9", "changes: -7.64"))
    assert finding.code == "POL-030"
    assert "expected a series" in finding.message.zh


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("energy_balance_calorific.industry.raw_coal", []),
        ("energy_balance_calorific.industry.raw_cole", ["POL-046"]),
        ("energy_balance.industry.raw_coal", ["POL-042"]),  # tonnes of coal are no tce
    ],
)
def test_a_cell_of_the_balance_may_stand_in_a_formula(changed: Changed, cell: str, codes: list[str]) -> None:
    folder = changed(f"{INDICATORS}/energy_intensity.yaml", "indicator: total_consumption", f"indicator: {cell}")
    assert [finding.code for finding in check_indicators(folder)] == codes
