"""`shuangkong compute` and `shuangkong explain`, as a person at a terminal and a program have them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from calling import call
from kept import kept
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.store import save_regions

pytestmark = pytest.mark.usefixtures("county_told", "db")
FIGURES = """指标,对象,时期,数值,单位,状态,来源
能源消费总量,云桥县,2023,50,万吨标准煤,最终,虚构年报
gdp_constant,云桥县,2023,103,亿元,最终,虚构年报
"""


@pytest.fixture(scope="module")
def county_told(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A site with an invented county, of which two figures were told."""
    with kept(django_db_blocker):
        save_regions([RegionRow("990100", "云桥县", "county", is_fictional=True)])
        sheet = tmp_path_factory.mktemp("told") / "figures.csv"
        sheet.write_text(FIGURES, encoding="utf-8")
        assert call("load", str(sheet)).returncode == 0
        yield


def test_a_person_reads_the_tree() -> None:
    told = call("explain", "云桥县", "能耗强度", "2023")
    assert told.returncode == 0, told.stderr
    first, *rest = told.stdout.splitlines()
    assert first.endswith("：0.49 吨标准煤/万元")
    assert any("consumption / gdp" in line for line in rest)
    assert any("虚构年报" in line for line in rest)
    assert any(line.startswith("※") for line in rest)


def test_a_person_reads_few_digits_and_all_where_asked() -> None:
    few, every = (
        call("explain", "云桥县", "能耗强度", "2023", *more).stdout.splitlines() for more in ((), ("--exact",))
    )
    short, long = (
        next(line for line in lines if "consumption / gdp" in line).split(" = ")[1] for lines in (few, every)
    )
    assert short == "0.00004854368932 tce/CNY"
    assert long.startswith("0.0000485436893203")


def test_a_program_gets_the_same_in_full() -> None:
    told = json.loads(call("explain", "region:990100", "energy_intensity", "2023", "--json").stdout)
    assert told["value"] == "0.00004854"
    assert told["inputs"]["gdp"]["told"]["source"] == "虚构年报"
    assert len(told["rulebook"]) == 12


def test_before_it_was_told_there_was_no_figure() -> None:
    told = call("explain", "990100", "energy_intensity", "2023", "--as-of", "2020-01-01", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["state"] == "missing"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("云桥", "无此指标", "2023"), "IND-102"),
        (("无此地", "能耗强度", "2023"), "IND-101"),
        (("990100", "能耗强度", "去年"), "IND-103"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong(words: tuple[str, ...], code: str) -> None:
    told = call("explain", *words)
    assert told.returncode == 2
    assert told.stderr.startswith(code)


def test_computing_twice_finds_nothing_the_second_time() -> None:
    assert json.loads(call("compute", "--json").stdout)["computed_at"] is None  # the load has computed
    anew = json.loads(call("compute", "--all", "--json").stdout)
    assert anew["is_whole"]
    assert anew["cells"] > 0
    assert anew["changed"] == 0
    assert json.loads(call("compute", "--json").stdout)["computed_at"] is None
