"""`policy why`, and find and stale of a place: which layer lays a rule down there and then, and on what ground."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from shuangkong.cli import main

UNITS = """\
units:
  - id: pct
    name:
      zh: 百分数
      en: per cent
    kind: share
    printed:
      - form: "%"
        factor: 1
    source: invented
"""
LIMIT = """\
name:
  zh: 限值
  en: Limit
unit: pct
values:
  - from: 2011-01-01
    until: 2015-12-31
    value: 20
    source: invented
  - from: 2016-01-01
    value: 10.5
    source: invented
    at: 第二条
verified: false
"""
SHARE = """\
name:
  zh: 煤炭比重
  en: Coal share
aliases:
  - 煤炭占比
unit: pct
direction: lower_is_better
progress: linear
source: invented
in_time: ratio
in_space: ratio
formulas:
  - from: 2011-01-01
    until: 2019-12-31
    expression: 100 * limit
    inputs:
      limit:
        indicator: coal_share
        shift: year_before
    parameters:
      cap: targets/limit
    source: invented
    verified: false
"""
FILES = {
    "units.yaml": UNITS,
    "national/layer.yaml": "name:\n  zh: 国家\n  en: Nation\nlevel: nation\n",
    "national/sources/invented.yaml": "title: 虚构文件\nnumber: 虚构〔1〕号\nissuer: 虚构机关\nverified: false\n",
    "national/targets/limit.yaml": LIMIT,
    "national/indicators/coal_share.yaml": SHARE,
    "national/codes/regions.yaml": (
        "name:\n  zh: 区划\n  en: Regions\nfile: regions.csv\ncolumns:\n  code: 代码\n  name: 名称\n  level: 层级\n"
        "  parent: 上级\n  from: 首见\n  until: 末见\nlists:\n  - day: 2015-12-31\n    source: invented\n"
        "verified: false\n"
    ),
    "national/codes/regions.csv": (
        "code,name,level,parent,from,until\n990000,云外省,province,,2015-12-31,\n"
        "990100,云山市,city,990000,2015-12-31,\n990121,清溪县,county,990100,2015-12-31,\n"
    ),
    "yunshan/layer.yaml": 'name:\n  zh: 云山\n  en: Yunshan\nlevel: city\nregion: "990100"\nparent: national\n',
    "yunshan/targets/limit.yaml": LIMIT.replace("10.5", "8").replace("unit:", "overrides: national\nunit:"),
}


@pytest.fixture
def policy(tmp_path: Path) -> str:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(tmp_path)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(["policy", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_nearest_layer_answers_and_says_what_it_replaces(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("why", "limit", "--policy", policy, "--on", "2016-01-01")
    city = answer(capsys, *asked, "--place", "清溪县")
    assert [(each["layer"], each["text"], each["unit"], each["at"]) for each in city] == [
        ("yunshan", "8", "pct", "第二条")
    ]
    assert [(each["layer"], each["text"]) for each in city[0]["overrides"]] == [("national", "10.5")]
    assert (city[0]["verified"], city[0]["from"], city[0]["until"]) == (False, "2016-01-01", None)
    file, line = city[0]["file"].split(":")
    text = Path(policy, *Path(file).parts[1:]).read_text(encoding="utf-8").splitlines()
    assert text[int(line) - 1].strip() == "- from: 2016-01-01"
    nation = answer(capsys, *asked)
    assert [(each["layer"], each["text"], each["overrides"]) for each in nation] == [("national", "10.5", [])]
    before = answer(capsys, "why", "targets/limit", "--policy", policy, "--place", "990100", "--on", "2015-12-31")
    assert [(each["text"], each["overrides"][0]["text"]) for each in before] == [("20", "20")]


def test_what_uses_it_on_the_day(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    for day, users in (("2019-12-31", ["indicators/coal_share"]), ("2020-01-01", [])):
        found = answer(capsys, "why", "limit", "--policy", policy, "--on", day)
        assert found[0]["used_by"] == users


def test_a_formula_by_a_printed_name(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "why", "煤炭占比", "--policy", policy, "--on", "2019-06-30"]) == 0
    told = capsys.readouterr().out
    assert "公式  indicators/coal_share  煤炭比重" in told
    assert "limit = coal_share (year_before)" in told
    assert "依据  《虚构文件》（虚构〔1〕号）" in told
    assert "未与原文核对" in told
    assert main(["policy", "why", "煤炭占比", "--policy", policy, "--on", "2019-06-30", "--english"]) == 0
    assert "formula  indicators/coal_share  Coal share" in capsys.readouterr().out


def test_nothing_in_force_tells_of_other_days(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "why", "limit", "--policy", policy, "--on", "2010-12-31"]) == 1
    told = capsys.readouterr().out
    assert "这一天没有生效的规定" in told
    assert "2011-01-01 – 2015-12-31  20 pct" in told


def test_unknown_id_and_place_are_refused(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "why", "limt", "--policy", policy]) == 2
    assert "“limit”" in capsys.readouterr().err
    assert main(["policy", "why", "limit", "--policy", policy, "--place", "无此县"]) == 2
    assert "CLI-007" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "suggested"), [("limt", "limit"), ("coal_shar", "coal_share"), ("nonsense", ""), ("kersone", "")]
)
def test_what_is_far_from_every_id_suggests_none(
    policy: str, capsys: pytest.CaptureFixture[str], word: str, suggested: str
) -> None:
    assert main(["policy", "why", word, "--policy", policy]) != 0
    said = capsys.readouterr().err
    assert (f"是否想写“{suggested}”" in said) if suggested else ("是否想写" not in said)


def test_nothing_of_the_own_policy_is_like_nonsense(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "why", "nonsense"]) != 0
    assert "是否想写" not in capsys.readouterr().err


def test_find_looks_only_at_what_holds_there(policy: str, capsys: pytest.CaptureFixture[str]) -> None:
    def files(*words: str) -> list[str]:
        hits = answer(capsys, "find", "10.5", "--policy", policy, *words)
        return [hit["place"].rpartition(":")[0].split("/", 1)[1] for hit in hits]

    assert files() == ["national/targets/limit.yaml"]
    assert files("--on", "2016-01-01") == ["national/targets/limit.yaml"]
    assert files("--place", "990121") == []


def test_stale_lists_formulas_and_values_and_of_a_place_only_what_holds(
    policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(*words: str) -> set[tuple[str, str, str]]:
        found = answer(capsys, "stale", "--policy", policy, *words)
        return {(row["layer"], row["id"], row["what"]) for row in found}

    formula = ("national", "indicators/coal_share", "2011-01-01–2019-12-31: 100 * limit")
    old, new = "2011-01-01–2015-12-31: 20 pct", "2016-01-01–: {} pct"
    everywhere = rows()
    assert formula in everywhere
    values = {row for row in everywhere if row[1] == "targets/limit"}
    assert values == {
        (layer, "targets/limit", text)
        for layer, number in (("national", "10.5"), ("yunshan", "8"))
        for text in (old, new.format(number))
    }
    there = rows("--place", "990121", "--on", "2020-01-01")
    assert {row for row in there if row[1] != "codes/regions" and not row[1].startswith("sources")} == {
        ("yunshan", "targets/limit", new.format("8"))
    }
