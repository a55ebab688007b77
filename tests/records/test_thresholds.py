"""The days of the clocks: a place's own where it has laid some down, else those above it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from shuangkong.records.plans.tasks.thresholds import acknowledge_days, escalation, thresholds
from shuangkong.rulebook import ENVIRONMENT, policy_root

DAY = date(2024, 7, 1)
COUNTY = "/510000/519900/519901/"
LAYER = "name:\n  zh: 云桥\n  en: Yunqiao\nlevel: county\nregion: '519901'\nparent: national\n"


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rulebook with a county whose reminders come after 2 days, and who judges silence after 30."""
    root = copytree(policy_root(), tmp_path / "policy")
    own = root / "yunqiao" / "plans"
    own.mkdir(parents=True)
    (own.parent / "layer.yaml").write_text(LAYER, encoding="utf-8")
    for name, days in (("task_silent_days", 30), ("task_remind_days", 2), ("task_acknowledge_days", 3)):
        words = (root / "national" / "plans" / f"{name}.yaml").read_text(encoding="utf-8")
        (own / f"{name}.yaml").write_text(_with_value(words, days), encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(root))


def _with_value(words: str, days: int) -> str:
    return "\n".join(f"    value: {days}" if row.startswith("    value:") else row for row in words.splitlines()) + "\n"


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize("path", [COUNTY, f"{COUNTY}519901001/"])
def test_a_place_has_its_own_days_and_those_below_it_too(path: str) -> None:
    nation = thresholds(DAY)
    assert thresholds(DAY, [path]).silent == 30
    assert thresholds(DAY, [path]).due_soon == nation.due_soon, "what it does not say is the nation's"
    assert escalation(DAY, [path]).remind == 2
    assert acknowledge_days(DAY, [path]) == 3


@pytest.mark.usefixtures("local")
@pytest.mark.parametrize("paths", [(), ("/",), ("/510000/519900/",), ("/510000/519900/519902/",)])
def test_no_other_place_has_them(paths: tuple[str, ...]) -> None:
    assert thresholds(DAY, paths) == thresholds(DAY)
    assert thresholds(DAY, paths).silent != 30
