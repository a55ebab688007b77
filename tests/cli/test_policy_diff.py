"""`policy diff`: what a draft would change, rule by rule and figure by figure, before anybody signs it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from calling import call
from kept import kept
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.store import save_regions
from shuangkong.rulebook import policy_root

CAP = "indicators/exclusions/certificate_cap"
LAYER = "name:\n  zh: 虚构草案\n  en: Invented draft\nlevel: nation\nparent: national\ndraft: true\n"
pytestmark = pytest.mark.usefixtures("county_told", "db")
FIGURES = """指标,对象,时期,数值,单位,状态,来源
能源消费总量,云桥县,{year},1000,万吨标准煤,最终,虚构年报
feedstock_consumption,云桥县,{year},60,万吨标准煤,最终,虚构年报
non_fossil_consumption,云桥县,{year},200,万吨标准煤,最终,虚构年报
certificate_consumption,云桥县,{year},80,万吨标准煤,最终,虚构年报
saving_need,云桥县,{year},100,万吨标准煤,最终,虚构年报
state_project_consumption,云桥县,{year},0,万吨标准煤,最终,虚构年报
renewable_consumption,云桥县,{year},200,万吨标准煤,最终,虚构年报
gdp_constant,云桥县,{year},2000,亿元,最终,虚构年报
"""


@pytest.fixture(scope="module")
def county_told(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A site with an invented county of which two years were told: under the cap, and before there was one."""
    with kept(django_db_blocker):
        save_regions([RegionRow("990100", "云桥县", "county", is_fictional=True)])
        for year in (2023, 2024):
            sheet = tmp_path_factory.mktemp("told") / f"{year}.csv"
            sheet.write_text(FIGURES.format(year=year), encoding="utf-8")
            loaded = call("load", str(sheet))
            assert loaded.returncode == 0, loaded.stdout
        yield


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The cap at 40 instead of 50 per cent."""
    folder = tmp_path / "lower_cap"
    for ending in (".yaml", ".cases.yaml"):
        file = folder / f"{CAP}{ending}"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = (policy_root() / "national" / f"{CAP}{ending}").read_text(encoding="utf-8")
        assert " 50\n" in text
        file.write_text(text.replace(" 50\n", " 40\n"), encoding="utf-8")
    (folder / "layer.yaml").write_text(LAYER, encoding="utf-8")
    return folder


def moved(*words: str) -> dict[tuple[str, str], tuple[str, str, str]]:
    return moved_in(json.loads(call("policy", "diff", *words, "--json").stdout))


def moved_in(told: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str, str]]:
    assert told["moved"] == len(told["figures"])
    return {
        (row["indicator"], row["period"]): (row["before"]["value"], row["after"]["value"], row["difference"])
        for row in told["figures"]
    }


def test_it_tells_the_rule_and_every_figure_that_it_moves(draft: Path) -> None:
    """1000 − 60 − 200 − min(80, 50 % or 40 % of 100) = 690 or 700; 2023 knows no cap."""
    told = json.loads(call("policy", "diff", str(draft), "--json").stdout)
    (rule,) = told["rules"]
    assert (rule["way"], rule["before"]["text"], rule["after"]["text"]) == ("changed", "50", "40")
    assert rule["after"]["file"].split("/", 1)[1].startswith(f"lower_cap/{CAP}.yaml:")
    assert [case["place"].rpartition("/")[2].rpartition(":")[0] for case in told["cases"]] == [
        "assessed_total_consumption.cases.yaml"
    ], "a worked example of the formula that rests on the cap no longer comes out"
    assert told["rulebooks"][0] != told["rulebooks"][1]
    figures = moved_in(told)
    assert figures["assessed_total_consumption", "2024"] == ("6900000", "7000000", "100000")
    assert set(figures) == {("assessed_total_consumption", "2024"), ("assessed_energy_intensity", "2024")}


def test_nothing_is_recorded(draft: Path) -> None:
    first = call("compute", "--json")
    assert call("policy", "diff", str(draft)).returncode == 1
    assert json.loads(first.stdout)["cells"] >= 0
    assert json.loads(call("compute", "--json").stdout)["cells"] == 0
    told = json.loads(call("explain", "云桥县", "assessed_total_consumption", "2024", "--json").stdout)
    assert told["value"] == "6900000"


def test_a_person_reads_it_and_files_it(draft: Path, tmp_path: Path) -> None:
    sheet, table = tmp_path / "moved.xlsx", tmp_path / "moved.csv"
    told = call("policy", "diff", str(draft), "--out", str(sheet))
    assert "改变 1" in told.stdout
    assert "移动 2 个（升 2，降 0，新得 0，失去 0）" in told.stdout
    assert "考核口径能源消费总量 | assessed_total_consumption | 云桥县" in told.stdout
    assert "2024 | 690 | 700 | 10 | 万吨标准煤" in told.stdout
    assert "没有记入任何数据" in told.stdout
    cells = [row for row in CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python() if "2024" in row]
    assert [row[5:8] for row in cells if row[1] == "assessed_total_consumption"] == [[690, 700, 10]]
    told = call("policy", "diff", str(draft), "--english", "--out", str(table))
    assert "Nothing has been recorded." in told.stdout
    with table.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["原值"], row["新值"]) for row in rows if row["指标编号"] == "assessed_total_consumption"] == [
        ("690", "700")
    ]


def test_day_and_subject_narrow_it(draft: Path) -> None:
    assert moved(str(draft), "--subject", "990100", "--on", "2024-06-01")
    assert moved(str(draft), "--on", "2023-06-01") == {}
    assert moved(str(draft), "--subject", "unit:none") == {}


def test_the_same_rules_move_nothing(draft: Path) -> None:
    shutil.rmtree(draft / "indicators")
    told = call("policy", "diff", str(draft))
    assert told.returncode == 0
    assert "可能牵动 0 个" in told.stdout


def test_a_place_of_its_own_law_is_compared_with_the_nation(draft: Path, tmp_path: Path) -> None:
    """The same change as a layer of the county: in force there, against the nation's."""
    policy = tmp_path / "policy"
    shutil.copytree(policy_root(), policy)
    layer = LAYER.replace("draft: true\n", "").replace("level: nation", 'level: county\nregion: "990100"')
    shutil.copytree(draft, policy / "yunqiao")
    (policy / "yunqiao" / "layer.yaml").write_text(layer, encoding="utf-8")
    file = policy / "yunqiao" / f"{CAP}.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "overrides: national\n", encoding="utf-8")
    figures = moved("national", "yunqiao", "--policy", str(policy))
    assert figures["assessed_total_consumption", "2024"] == ("6900000", "7000000", "100000")
    beneath = moved(str(draft), "--policy", str(policy))
    assert beneath == {}, "a draft of the nation moves nothing where the county has a file of its own"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nowhere",), "CLI-010"),
        (("national", "nowhere"), "CLI-009"),
        (("national", "national", "--out", "moved.pdf"), "CLI-011"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(words: tuple[str, ...], code: str) -> None:
    told = call("policy", "diff", *words)
    assert told.returncode == 2
    assert told.stderr.startswith(code)


def test_a_draft_with_faults_is_not_compared(draft: Path) -> None:
    file = draft / f"{CAP}.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("source:", "sorce:"), encoding="utf-8")
    told = call("policy", "diff", str(draft))
    assert told.returncode == 1
    assert "lower_cap/indicators/exclusions/certificate_cap.yaml" in told.stderr
    assert "POL-003" in told.stderr
