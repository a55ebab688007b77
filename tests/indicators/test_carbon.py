"""Carbon from energy: no factor, no figure; with those of a layer of one's own, the whole chain by hand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from shuangkong.core.fact import Cell, Evidence, Fact, Maturity, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine import Engine, Law
from shuangkong.indicators.graph import Subjects
from shuangkong.rulebook import Rulebook, check_policy, open_rulebook

PLACE = Subject("region", "999901")
#: Of this test alone: no document says so.
FACTORS = {"coal": "2.5", "oil": "2", "gas": "1.5", "grid": "0.0005"}
LAYER = """name:
  zh: 试验层级
  en: Layer of a test
level: county
region: "999901"
parent: national
"""
FACTOR = """name:
  zh: 试验因子
  en: Factor of a test
unit: {unit}
overrides: national
values:
  - from: 2020-01-01
    value: {value}
    source: regional-carbon-practice
    at: 试验
verified: false
"""
INPUTS = {
    "coal_fuel_consumption": ("tce", 100), "oil_fuel_consumption": ("tce", 20), "gas_fuel_consumption": ("tce", 10),
    "net_power_inflow": ("kwh", 50_000), "green_power_inflow": ("kwh", 8_000), "certificate_power": ("kwh", 2_000),
    "gdp_constant": ("CNY", 1_000_000),
}  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Rulebook:
    """The policy with a layer below the nation's that gives the four factors."""
    root = tmp_path / "policy"
    shutil.copytree(open_rulebook().folder.root, root, ignore=shutil.ignore_patterns("chenghu"))
    folder = root / "site" / "indicators" / "carbon_factors"
    folder.mkdir(parents=True)
    (root / "site" / "layer.yaml").write_text(LAYER, encoding="utf-8")
    for name, value in FACTORS.items():
        unit = "t/kwh" if name == "grid" else "t/tce"
        (folder / f"{name}.yaml").write_text(FACTOR.format(unit=unit, value=value), encoding="utf-8")
    return Rulebook(root)


def law(book: Rulebook, layer: str) -> Law:
    return Law(
        indicators=book.indicator_rules(layer),
        forms=book.units(),
        parameter=lambda key, day: book.parameter(key, day, layer),
        sources=book.sources(),
        base_year=lambda year: 2025 if year > 2025 else 2020,
        subjects=Subjects(lambda subject: None, lambda subject: ()),
    )


def told(year: int, given: Mapping[str, tuple[str, int]], **other: State) -> dict[Cell, Fact]:
    facts = {}
    for indicator, (unit, value) in given.items():
        cell = Cell(PLACE, indicator, Period(year))
        state = other.get(indicator, State.VALUE)
        facts[cell] = Fact(
            cell=cell, state=state, value=Decimal(value) if state is State.VALUE else None, unit=unit,
            maturity=Maturity.FINAL, origin=Origin.REPORTED, evidence=Evidence.STATISTICAL, source="试验",
            recorded_on=date(2027, 1, 1),
        )  # fmt: skip
    return facts


def figure(engine: Engine, indicator: str, year: int = 2026) -> Figure:
    return engine.figure(Cell(PLACE, indicator, Period(year)))


def test_without_a_factor_there_is_no_figure_and_the_reason_names_the_file() -> None:
    found = figure(Engine(law(open_rulebook(), "national"), told(2026, INPUTS)), "carbon_total")
    assert found.state is State.MISSING
    assert any("policy/<层级>/indicators/carbon_factors/coal.yaml" in doubt.zh for doubt in found.doubts)


def test_fuels_and_power_without_certificates_times_their_factors(own: Rulebook) -> None:
    found = figure(Engine(law(own, "site"), told(2026, INPUTS)), "carbon_total")
    # 100 × 2.5 + 20 × 2 + 10 × 1.5 + (50000 − 8000 − 2000) × 0.0005 = 250 + 40 + 15 + 20
    assert found.value == 325
    assert any("尚未与文件原文核对" in doubt.zh for doubt in found.doubts)


def test_no_certificates_at_all_is_not_a_lack_but_untold_ones_are(own: Rulebook) -> None:
    none = told(
        2026, INPUTS, green_power_inflow=State.NOT_APPLICABLE, certificate_power=State.NOT_APPLICABLE
    )  # fmt: skip
    assert figure(Engine(law(own, "site"), none), "carbon_total").value == 330
    untold = told(2026, INPUTS, certificate_power=State.MISSING)
    assert figure(Engine(law(own, "site"), untold), "carbon_total").state is State.MISSING


def test_intensity_its_change_the_decline_and_the_progress_follow(own: Rulebook) -> None:
    before = dict(INPUTS, coal_fuel_consumption=("tce", 110))  # 350 t at the same output
    facts = told(2025, before) | told(2026, INPUTS) | told(2026, {"carbon_intensity_target": ("pct", 17)})
    engine = Engine(law(own, "site"), facts)
    # 350 t over a million yuan is 3.5 t a ten thousand; 325 t is 3.25.
    assert figure(engine, "carbon_intensity").value == Decimal("0.000325")
    change = figure(engine, "carbon_intensity_growth").value
    assert change is not None
    assert round(change, 4) == round(Decimal(-2500) / 350, 4)
    decline = figure(engine, "carbon_intensity_cumulative_decline").value
    assert decline is not None
    assert round(decline, 4) == round(Decimal(2500) / 350, 4)
    # ln(1 − 0.0714286) / ln(1 − 0.17) = 0.0741080 / 0.1863296
    progress = figure(engine, "carbon_intensity_progress").value
    assert progress is not None
    assert round(progress, 1) == Decimal("39.8")


def test_net_inflow_of_power_comes_from_the_balance(own: Rulebook) -> None:
    cells = {
        "energy_balance.inflow.electricity": ("kwh", 900), "energy_balance.imports.electricity": ("kwh", 0),
        "energy_balance.outflow.electricity": ("kwh", 250), "energy_balance.exports.electricity": ("kwh", 50),
    }  # fmt: skip
    assert figure(Engine(law(own, "site"), told(2026, cells)), "net_power_inflow").value == 600


def test_the_layer_of_the_test_is_sound(own: Rulebook) -> None:
    wrong = [each for each in check_policy(own.folder) if "site/" in each.place and "POL-034" not in each.code]
    assert wrong == []
