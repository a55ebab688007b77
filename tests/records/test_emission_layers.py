"""因地核算: reductions, their acts and the accounts of a place go by the formulas and factors of its own layer."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from actors import ADMIN
from shuangkong.indicators.emissions.standing import STEPS, EventKind
from shuangkong.records.indicators.emissions import store
from shuangkong.records.indicators.emissions.accounts import accounts
from shuangkong.records.indicators.emissions.acts import act
from shuangkong.records.indicators.emissions.bases import choose, load_inventory
from shuangkong.records.indicators.emissions.register import register_source
from shuangkong.records.indicators.emissions.reporting import report
from shuangkong.records.indicators.emissions.rows import EntryTold, InventoryTold, Reported, Said
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.rulebook import ENVIRONMENT, open_rulebook, policy_root

pytestmark = pytest.mark.django_db
COUNTY, NEIGHBOUR = "999901", "999902"
LAYER = 'name:\n  zh: 虚构\n  en: Invented\nlevel: county\nregion: "{region}"\nparent: national\nfrom: 2006-01-01\n'
FACTOR, FORMULA = "emissions/factors/least_history_months", "emissions/formulas/closure"
PLANT = {
    "volume": 2_000_000, "inlet": 250, "outlet": 50, "volume_before": 1_000_000, "inlet_before": 250,
    "outlet_before": 50, "reused": 0, "reused_before": 0, "history": 18,
}  # fmt: skip


@pytest.fixture
def county_law(regions: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A county whose own files ask for 24 months of monitoring and credit half of what a closed source emitted."""
    registry.save_regions([RegionRow(NEIGHBOUR, "邻湖县", "county", is_fictional=True)])
    policy = tmp_path / "policy"
    shutil.copytree(policy_root(), policy, ignore=shutil.ignore_patterns("chenghu"))
    for name, old, new in ((FACTOR, "value: 12", "value: 24"), (FORMULA, "expression: base", "expression: base / 2")):
        text = (policy / "national" / f"{name}.yaml").read_text(encoding="utf-8")
        assert old in text
        file = policy / "yunqiao" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.replace(old, new) + "overrides: national\n", encoding="utf-8")
    (policy / "yunqiao" / "layer.yaml").write_text(LAYER.format(region=COUNTY), encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(policy))
    assert open_rulebook().layers_of_places() == ("yunqiao",)


def person(name: str, region: str, role: Role = Role.PLAN_OFFICE) -> Acting:
    body = registry.name_bodies(region, [f"{name}的单位"])[f"{name}的单位"]
    return Acting(
        name, role, body=body, bodies=frozenset({body}), region=region, region_name=region, paths=(path_of(region),)
    )


def sewage(region: str) -> int:
    register_source(EntryTold(region, "plant", "WWTP", "虚构的污水处理厂", ground="虚构的环评批复"), ADMIN)
    inputs = {name: Decimal(value) for name, value in PLANT.items()}
    wanted = Reported(
        region, "提标扩容", "WWTP", "", "cod", "central_facility", "sewage_reduction", inputs, (2024, 1)
    )  # fmt: skip
    return report(wanted, person("clerk", region, Role.DEPARTMENT))


def closed(region: str) -> int:
    wanted = Reported(
        region, "关停", "PC-2", "虚构砖厂", "so2", "industry", "closure", {"base": Decimal(80)}, (2022, 1)
    )
    return report(wanted, person("clerk", region, Role.DEPARTMENT))


def based(region: str) -> None:
    heads = ("污染源代码", "污染源名称", "污染源类别", "污染物", "年排放量（吨）", "数据依据")
    told = InventoryTold(region, "census", 2020, "普查", "虚构的普查公报")
    made = load_inventory(
        (heads, ("PC-2", "虚构砖厂", "工业", "so2", "100", "系数")), told, ADMIN, name="b.csv", digest="0",
        is_dry_run=False,
    ).inventory  # fmt: skip
    assert made is not None
    choose(made, "普查", ADMIN)


def test_a_factor_of_a_place_holds_there_and_nowhere_else(county_law: None) -> None:
    with pytest.raises(Refused, match="IND-209"):
        sewage(COUNTY)
    assert sewage(NEIGHBOUR)


def test_a_correction_and_the_accounts_go_by_the_formula_of_the_place(county_law: None) -> None:
    for region, credited in ((COUNTY, 40), (NEIGHBOUR, 80)):
        based(region)
        number = closed(region)
        office = person("checker", region)
        act(number, office, EventKind.RETURN, Said(text="补材料"))
        act(number, person("clerk", region, Role.DEPARTMENT), EventKind.CORRECT, Said(inputs={"base": Decimal(80)}))
        row = store.reduction(number)
        assert row is not None
        assert row.standing.reported_t == credited
        for kind, name in zip(STEPS[1:], ("checker", "reviewer", "chief"), strict=True):
            act(number, person(name, region), kind)
        so2 = next(each for each in accounts([region]) if each.pollutant.id == "so2")
        assert so2.years[-1].reduction_t == credited


def test_who_asks_for_the_rules_of_a_place_gets_its_nearest(county_law: None) -> None:
    assert rules_at(COUNTY).accounting.formulas["closure"].expression.text == "base / 2"
    for elsewhere in (NEIGHBOUR, "", "000000"):
        assert rules_at(elsewhere).accounting.formulas["closure"].expression.text == "base"
