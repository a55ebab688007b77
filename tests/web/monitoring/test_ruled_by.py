"""Digests of rules: what figures depend on counts, what people read beside it does not."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.monitoring.ruled_by import amount_rules, rate_rules

ROOM = "national/monitoring"


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    return copytree(open_rulebook().folder.root, tmp_path / "policy")


def digests(policy: Path) -> tuple[str, str]:
    book = Rulebook(policy)
    return amount_rules(1, book), rate_rules(1, book)


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        (f"{ROOM}/validity/waste_water.yaml", "季度比照。", "季度比照，待核对。"),
        (f"{ROOM}/substitution/waste_water.yaml", "zh: 废水缺失数据替代", "zh: 废水缺失数据的替代"),
        (f"{ROOM}/marks.yaml", "en: normal\n", "en: as usual\n"),
        (f"{ROOM}/marks.yaml", "# 分钟", "# 一个说明\n\n# 分钟"),
        (f"{ROOM}/impossible/flue_gas.yaml", "en: load without flue gas flow", "en: load and no flow"),
        (f"{ROOM}/rates/repair_days.yaml", "source: ", "at: 第一条\n    source: "),
        (f"{ROOM}/alarms/silent_hours.yaml", "value: ", "value: 1"),
        (f"{ROOM}/limits/cement_kiln.yaml", "from: ", "from: "),
        ("national/codes/hj212/factors.csv", ",wastewater flow,", ",flow of waste water,"),
        ("national/codes/hj212/commands.csv", "set timeout", "set the timeout"),
        ("units.yaml", "printed:\n      - form: 吨标准煤\n        factor: 1\n",
         "printed:\n      - form: 吨标准煤\n        factor: 1\n      - form: 吨标准煤当量\n        factor: 1\n"),
    ],
)  # fmt: skip
def test_words_and_other_rules_change_no_digest(policy: Path, file: str, before: str, after: str) -> None:
    put(policy / file, before, after)
    assert digests(policy) == digests(open_rulebook().folder.root)


@pytest.mark.parametrize(
    ("file", "before", "after", "of_amounts", "of_rates"),
    [
        (f"{ROOM}/validity/waste_water.yaml", "least_share_pct: 75", "least_share_pct: 80", True, False),
        (f"{ROOM}/validity/waste_water.yaml", "from: 2020-03-24", "from: 2021-03-24", True, False),
        (f"{ROOM}/substitution/waste_water.yaml", "mean_of_valid_days", "mean_before", True, False),
        (f"{ROOM}/substitution/waste_water.yaml", "verified: false", "verified: true", True, False),
        (f"{ROOM}/marks.yaml", "counts: measured", "counts: lost", True, True),
        (f"{ROOM}/impossible/flue_gas.yaml", "flow == 0 and load > 0", "flow == 0 and load > 5", True, True),
        (f"{ROOM}/rates/repair_days.yaml", "value: ", "value: 1", False, True),
        ("national/codes/hj212/factors.csv", "wastewater flow,B01,L/s,m3", "wastewater flow,B01,m3/h,m3", True, False),
    ],
)
def test_what_figures_depend_on_changes_theirs(
    policy: Path, file: str, before: str, after: str, *, of_amounts: bool, of_rates: bool
) -> None:
    put(policy / file, before, after)
    (amounts, rates), (now, then) = digests(policy), digests(open_rulebook().folder.root)
    assert (amounts != now, rates != then) == (of_amounts, of_rates)


def test_another_arithmetic_is_another_digest() -> None:
    assert amount_rules(1) != amount_rules(2)
    assert rate_rules(1) != rate_rules(2)
    assert amount_rules(1) != rate_rules(1)


def put(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
