"""A place with rules of its own: every page and the interface show its figures by these, and so does the explanation.

Two invented counties of one city tell the same; only one of them has a layer. What a page of the city lists of both is
each one's own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import county
import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from actors import CLERK
from kept import kept
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import published
from shuangkong.records.facts import store
from shuangkong.records.indicators.computing import compute
from shuangkong.records.indicators.explaining import explained
from shuangkong.records.people.models import Person
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import ENVIRONMENT, open_rulebook, policy_root

CITY, OWN, OTHER = "999900", "999901", "999902"
YEAR = "2026"
#: A year of which rules say what is not counted.
ASSESSED = "2025"
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
TOLD = (
    ("total_consumption", "47.31", "万吨标准煤"), ("gdp_constant", "100", "亿元"), ("water_total", "4321", "万立方米"),
    ("coal_fuel_consumption", "40", "万吨标准煤"), ("oil_fuel_consumption", "0", "万吨标准煤"),
    ("gas_fuel_consumption", "0", "万吨标准煤"), ("net_power_inflow", "0", "亿千瓦时"),
    ("green_power_inflow", "0", "亿千瓦时"), ("certificate_power", "0", "亿千瓦时"),
    ("feedstock_consumption", "3.07", "万吨标准煤"), ("non_fossil_consumption", "2", "万吨标准煤"),
    ("certificate_consumption", "0", "万吨标准煤"), ("state_project_consumption", "0", "万吨标准煤"),
    ("saving_need", "1", "万吨标准煤"),
)  # fmt: skip
#: All else of the balance does not apply.
BALANCE = {"inflow.raw_coal": "50", "industry.raw_coal": "49.4"}
PRINTED = {"t": "万吨", "m3": "亿立方米", "kwh": "亿千瓦时", "gj": "万吉焦", "tce": "万吨标准煤"}
LAYER = 'name:\n  zh: 虚构\n  en: Invented\nlevel: county\nregion: "999901"\nparent: national\nfrom: 2021-01-01\n'
#: File of the nation → what stands otherwise in the county's own.
OWN_RULES = {
    "indicators/energy_intensity.yaml": (("consumption / gdp", "2 * consumption / gdp"),),
    "indicators/water_per_gdp.yaml": (("water / gdp", "3 * water / gdp"),),
    "indicators/assessed_total_consumption.yaml": (("sum(total,", "sum(2 * total,"),),
    "indicators/assessed_energy_intensity.yaml": (("sum(total,", "sum(2 * total,"),),
    "indicators/coefficients/raw_coal.yaml": (("value: 0.7143", "value: 0.6143"),),
    "indicators/balance/checks.yaml": (("value: 1\n", "value: 90\n"), ("value: 0.5\n", "value: 80\n")),
    "facts/annual_energy.yaml": (("  - energy_intensity\n", "  - energy_intensity\n  - electricity_consumption\n"),),
}
FACTOR = "values: []"


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The nation's policy with a layer of the county; one for all tests, so that it is read once."""
    policy = tmp_path_factory.mktemp("layers") / "policy"
    shutil.copytree(policy_root(), policy, ignore=shutil.ignore_patterns("chenghu"))
    here = policy / "yunqiao"
    here.mkdir()
    (here / "layer.yaml").write_text(LAYER, encoding="utf-8")
    values = "values:\n  - from: 2021-01-01\n    value: {}\n    source: plan-genre\n    at: 虚构"
    factors = {"coal": "2.6", "oil": "2", "gas": "1.6", "grid": "0.0005"}
    rules = OWN_RULES | {
        f"indicators/carbon_factors/{name}.yaml": ((FACTOR, values.format(value)),) for name, value in factors.items()
    }
    for name, replacements in rules.items():
        text = (policy / "national" / name).read_text(encoding="utf-8")
        for old, new in replacements:
            assert old in text, (name, old)
            text = text.replace(old, new)
        file = here / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if name.endswith("checks.yaml") else f"{text}overrides: national\n", encoding="utf-8")
    return policy


@pytest.fixture(scope="module")
def told(policy: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, kept(django_db_blocker):
        patch.setenv(ENVIRONMENT, str(policy))
        _tell()
        yield


def _tell() -> None:
    county.settle("not used here")
    registry.save_regions([
        RegionRow(CITY, "云桥市", "city", is_fictional=True),
        RegionRow(OWN, "青湖县", "county", CITY, is_fictional=True),
        RegionRow(OTHER, "邻湖县", "county", CITY, is_fictional=True),
    ])  # fmt: skip
    for year in (YEAR, ASSESSED):
        load(year)
    table = open_rulebook().tables()["energy_balance"]
    cells = [(row.id, column) for row in table.rows for column in table.columns]
    load(YEAR, [
        (table.cell(row, column.id), BALANCE.get(f"{row}.{column.id}", "不适用"), PRINTED[column.unit])
        for row, column in cells
    ])  # fmt: skip
    compute()


def load(year: str, told: Sequence[tuple[str, str, str]] = TOLD) -> None:
    rows = [[name, place, year, value, unit, "最终"] for place in (OWN, OTHER) for name, value, unit in told]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, [each.message.zh for each in report.verdicts if each.verdict == "refused"]


@pytest.fixture
def reader(told: None, db: None) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username="admin"))
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def printed(place: str, indicator: str, year: str = YEAR) -> str:
    """As the explanation prints it."""
    cell = Cell(Subject("region", place), indicator, Period.parse(year))
    figure, law = explained(cell)
    return published(figure.value, law.indicators.get(indicator), law.forms, figure.unit).text


#: Page → of which indicator it shows the figure of the place.
PAGES = (
    ("/indicators/?place={place}", "energy_intensity"),
    ("/indicators/figure/energy_intensity/{year}/region:{place}/", "energy_intensity"),
    ("/indicators/series/energy_intensity/region:{place}/", "energy_intensity"),
    ("/indicators/intensity/?place={place}&period={year}", "energy_intensity"),
    ("/indicators/intensity/?place={place}&period={assessed}", "assessed_energy_intensity"),
    ("/statistics/water/?place={place}", "water_per_gdp"),
    ("/statistics/exclusions/?place={place}&period={assessed}", "assessed_total_consumption"),
    ("/statistics/carbon/?place={place}", "carbon_total"),
    ("/statistics/evaluation/?place={place}&period={year}", "carbon_total"),
    ("/api/v1/situation/{place}/intensity", "energy_intensity"),
    ("/api/v1/statistics?region={place}&field=water", "water_per_gdp"),
    ("/api/v1/statistics?region={place}&field=carbon", "carbon_total"),
    ("/api/v1/evaluation?region={place}&year={year}", "carbon_total"),
)


@pytest.mark.parametrize(("page", "indicator"), PAGES)
def test_each_page_shows_what_the_law_of_its_place_makes(reader: Client, page: str, indicator: str) -> None:
    year = ASSESSED if "{assessed}" in page else YEAR
    figures = {place: printed(place, indicator, year) for place in (OWN, OTHER)}
    assert figures[OWN]
    assert figures[OWN] != figures[OTHER]
    for place, elsewhere in ((OWN, OTHER), (OTHER, OWN)):
        said = text_of(reader, page.format(place=place, year=YEAR, assessed=ASSESSED))
        assert figures[place] in said
        if figures[elsewhere]:
            assert figures[elsewhere] not in said


def test_a_page_of_the_city_shows_each_county_by_its_own_law(reader: Client) -> None:
    own, other = (printed(place, "energy_intensity") for place in (OWN, OTHER))
    assert (own, other) == ("0.95", "0.47")
    address = f"/indicators/compare/?place={CITY}&indicator=energy_intensity&period={YEAR}"
    shown = text_of(reader, address)
    assert own in shown.split("青湖县</a>")[1].split("</tr>")[0]
    assert other in shown.split("邻湖县</a>")[1].split("</tr>")[0]
    said = reader.get(f"/api/v1/situation/{CITY}/comparison?indicator=energy_intensity&period={YEAR}").json()["items"]
    assert {each["subject"]: each["value"] for each in said} == {f"region:{OWN}": own, f"region:{OTHER}": other}


def test_a_bulletin_of_the_city_prints_each_county_by_its_own_law(reader: Client) -> None:
    from shuangkong.web.indicators.bulletins import bulletin_table

    region = registry.region(CITY)
    assert region is not None
    lines = bulletin_table(region, Period.parse(YEAR), ["energy_intensity"]).lines
    assert {line.code: line.cells[0].text for line in lines} | {CITY: ""} == {CITY: "", OWN: "0.95", OTHER: "0.47"}


def test_the_balance_is_converted_and_checked_by_the_law_of_its_place(reader: Client) -> None:
    for address, own, other in (
        (f"/indicators/balance/?place={{}}&period={YEAR}&basis=calorific", "30.35", "35.29"),  # 49.4 × 0.6143, 0.7143
        (f"/indicators/flows/?place={{}}&period={YEAR}", "30.35", "35.29"),
        (f"/api/v1/regions/{{}}/balance?year={YEAR}&basis=calorific", "303464.2", "352864.2"),
        (f"/api/v1/regions/{{}}/balance/flows?year={YEAR}", "303464.2", "352864.2"),
        (f"/indicators/structure/?place={{}}&period={YEAR}", "30.35", "35.29"),
    ):
        said = {place: text_of(reader, address.format(place)) for place in (OWN, OTHER)}
        assert own in said[OWN], address
        assert other not in said[OWN], address
        assert other in said[OTHER], address
    findings = {place: text_of(reader, f"/indicators/balance/?place={place}&period={YEAR}") for place in (OWN, OTHER)}
    assert "IND-002" in findings[OTHER]  # 0.6 of 49.4 is left over: 1.21 %
    assert "IND-002" not in findings[OWN]
    assert "IND-003" not in findings[OWN]


def test_what_is_missing_is_what_the_law_of_the_place_asks_for(reader: Client) -> None:
    said = reader.get(f"/api/v1/situation/{CITY}/gaps?since=2024-01-01").json()["items"]
    annual = [each for each in said if each["expected"] == "annual_energy" and each["period"] == "2024"]
    asked = {OWN: set(), OTHER: set(), CITY: set()}
    for each in annual:
        asked[each["subject"].removeprefix("region:")].add(each["indicator"])
    assert asked[OTHER] == {"total_consumption", "gdp_constant", "energy_intensity"}
    assert asked[OWN] == asked[OTHER] | {"electricity_consumption"}
    rows = text_of(reader, f"/indicators/gaps/?place={CITY}&period=2024&gaps-words=全社会用电量").split('id="gaps"')[1]
    assert "青湖县" in rows
    assert "邻湖县" in rows  # of months, by the nation's rule
