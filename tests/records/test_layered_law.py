"""Whose figure it is decides whose law it is found by: one by one and in columns, and anew when nothing has changed."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from actors import CLERK
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import store
from shuangkong.records.indicators.computing import FEW_FIGURES, compute
from shuangkong.records.indicators.explaining import explained
from shuangkong.records.indicators.looking import results
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import ENVIRONMENT, open_rulebook, policy_root

pytestmark = pytest.mark.django_db
CAP = "indicators/exclusions/certificate_cap"
LAYER = 'name:\n  zh: 虚构\n  en: Invented\nlevel: county\nregion: "{region}"\nparent: national\nfrom: 2024-06-01\n'
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
FIGURES = {
    "total_consumption": "1000", "feedstock_consumption": "60", "non_fossil_consumption": "200",
    "certificate_consumption": "80", "saving_need": "100", "state_project_consumption": "0",
}  # fmt: skip
COUNTY, TOWN, NEIGHBOUR = "999901", "999901003", "999902"
ASSESSED = "assessed_total_consumption"


@pytest.fixture
def neighbours(regions: None) -> None:
    registry.save_regions([RegionRow(NEIGHBOUR, "邻湖县", "county", is_fictional=True)])


@pytest.fixture
def county_law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy with a county's own cap of 40 instead of 50 per cent, from 2024-06 on."""
    policy = tmp_path / "policy"
    shutil.copytree(policy_root(), policy, ignore=shutil.ignore_patterns("chenghu"))
    for ending in (".yaml", ".cases.yaml"):
        file = policy / "yunqiao" / f"{CAP}{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = (policy / "national" / f"{CAP}{ending}").read_text(encoding="utf-8").replace(" 50\n", " 40\n")
        file.write_text(text + ("overrides: national\n" if ending == ".yaml" else ""), encoding="utf-8")
    (policy / "yunqiao" / "layer.yaml").write_text(LAYER.format(region="999901"), encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(policy))
    assert open_rulebook().layers_of_places() == ("yunqiao",)


def load(period: str, *places: str) -> None:
    rows = [[name, place, period, value, "万吨标准煤", "最终"] for place in places for name, value in FIGURES.items()]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def assessed(place: str, period: str) -> Decimal | None:
    cell = Cell(Subject("region", place), ASSESSED, Period.parse(period))
    found = results([ASSESSED], [cell.subject])
    computed = next((row.value for row in found.values() if row.cell == cell), None)
    told, law = explained(cell)
    assert told.value == computed
    assert law.version == open_rulebook().version
    return computed


@pytest.mark.parametrize("few", [FEW_FIGURES, 0])
def test_each_place_by_its_own_law(neighbours: None, county_law: None, few: int) -> None:
    """1000 − 60 − 200 − min(80, 40 or 50 % of 100). Its neighbour and the months before keep the nation's cap."""
    load("2023", COUNTY, NEIGHBOUR)
    compute(few=few)
    load("2024-H1", COUNTY, TOWN, NEIGHBOUR)
    load("2024-02", COUNTY)
    compute(few=few)
    assert assessed(COUNTY, "2024-H1") == 7_000_000
    assert assessed(TOWN, "2024-H1") == 7_000_000
    assert assessed(NEIGHBOUR, "2024-H1") == 6_900_000
    assert assessed(COUNTY, "2024-02") == 6_900_000
    assert compute(is_whole=True).changed == 0
    assert compute(is_whole=True, few=0).changed == 0


def test_without_layers_everyone_is_under_the_nation(neighbours: None) -> None:
    load("2024-H1", COUNTY, NEIGHBOUR)
    compute()
    assert assessed(COUNTY, "2024-H1") == assessed(NEIGHBOUR, "2024-H1") == 6_900_000
