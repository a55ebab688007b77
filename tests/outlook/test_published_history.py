"""What was published loads whole, and the rules reproduce what figures allow to judge."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.judging import judge
from shuangkong.outlook.barometer.level import Cause, Level, Move, move
from shuangkong.outlook.barometer.rule_book import rules
from shuangkong.outlook.history.page import history_page
from shuangkong.outlook.history.published import History
from shuangkong.outlook.history.published_book import check_history, history
from shuangkong.outlook.history.reproducing import Outcome, Reproduced, causes, disagreements, reproduce
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.rulebook import open_rulebook, policy_root
from shuangkong.targets.decline import annual_average, cumulative_decline
from shuangkong.targets.goal import Path as Curve

SHARED = Path("/work/shared/data")
NINE_MONTHS = "W2020C09-i"
RULES = rules(open_rulebook().folder, "national")


@cache
def published() -> History:
    return history(open_rulebook().folder)


def judged_by_year() -> list[Reproduced]:
    """The cells of nine months of 2020 that could be judged by the figure of the whole year."""
    return [
        each
        for each in reproduced()
        if each.table == NINE_MONTHS and each.stands_in is not None and each.outcome is not Outcome.NOT_JUDGED
    ]


@cache
def reproduced() -> tuple[Reproduced, ...]:
    return reproduce(published(), RULES)


def test_every_table_is_there_with_its_counts() -> None:
    """Counts as the notices themselves print them."""
    counts = {table.id: tuple(len(table.at(level)) for level in Level) for table in published().tables}
    assert counts["W2011H1-a"] == (8, 8, 14)
    assert counts["W2011H1-b"] == (10, 6, 14)
    assert counts["W2013H1"] == (3, 3, 24)
    assert counts["W2014M07-c"] == (14, 2, 14)
    assert counts["W2015M10-c"] == (7, 0, 23)
    assert counts["W2021H1-i"] == (9, 10, 11)
    assert counts["W2021H1-t"] == (8, 5, 17)
    assert counts["W2021H1-GD-i"] == (15, 4, 2)
    assert counts["W2021H1-GD-t"] == (10, 8, 3)
    assert len(counts) == 36


def test_the_seventeen_provinces_reproduce_their_level() -> None:
    assert len(judged_by_year()) == 17
    assert {each.outcome for each in judged_by_year()} == {Outcome.AGREES}


def test_a_constant_requirement_reproduces_six_only() -> None:
    """Which is why the residual one is in the rule."""
    agreed = 0
    for each in judged_by_year():
        promise = published().promise(each.region, each.period)
        assert promise is not None
        assert each.stands_in is not None
        constant = 100 * annual_average(promise.figures["decline"] / 100, 5, Curve.LOGARITHMIC)
        change = published().changes[each.region, each.stands_in].figures["energy_intensity_change"]
        cell = Cell(Subject("region", each.region), "intensity", each.period)
        agreed += judge(RULES["intensity"], cell, {"required": constant, "change": change}).level is each.published
    assert agreed == 6


def test_every_other_cell_says_why() -> None:
    assert [(each.table, each.region) for each in disagreements(reproduced())] == [(NINE_MONTHS, "340000")]
    for each in reproduced():
        assert (each.outcome is Outcome.NOT_JUDGED) == (each.cause is not None)
    why = causes(reproduced())
    assert why["W2014M07-c"] == {Cause.NO_THRESHOLD: 30}
    assert why[NINE_MONTHS] == {Cause.NO_FIGURES: 13}
    assert why["W2020C09-t"] == {Cause.NO_FIGURES: 30}


def test_a_wrong_promise_would_be_seen() -> None:
    """With the promise of a province that lies near its bound moved by a point, a published level is missed."""
    whole = published()
    key = ("340000", Period.parse("2016-2020"))
    wrong = replace(whole.promises[key], figures={**whole.promises[key].figures, "decline": Decimal(17)})
    found = reproduce(replace(whole, promises={**whole.promises, key: wrong}), RULES)
    assert len(disagreements(found)) == 2


def test_moves_between_tables_are_those_of_the_notice() -> None:
    """2011 H1: 河南 from 3 to 1, 河北 湖北 广东 广西 from 3 to 2, 江苏 from 1 to 2; nobody else moved."""
    first, half = (published().table(each).levels for each in ("W2011Q1-a", "W2011H1-a"))
    moves = {code: move(level, first[code]) for code, level in half.items() if level is not first[code]}
    worse = {"410000", "130000", "420000", "440000", "450000"}
    assert moves == dict.fromkeys(worse, Move.WORSE) | {"320000": Move.BETTER}


def test_yearly_changes_compound_to_what_was_derived() -> None:
    """辽宁 2016-2020: +1.60 % over the five years."""
    changes = published().changes
    years = [changes["210000", Period(year)].figures["energy_intensity_change"] / 100 for year in range(2016, 2021)]
    assert -100 * round(cumulative_decline(years), 4) == Decimal("1.60")


def test_the_bulletin_implies_plausible_growth() -> None:
    """(1 + g) ÷ (1 + r) − 1: −5.0 to 4.5 % in all thirty."""
    rows = [each.figures for (_, period), each in published().changes.items() if period == Period(2020)]
    implied = [
        100 * ((1 + row["consumption_growth"] / 100) / (1 + row["energy_intensity_change"] / 100) - 1) for row in rows
    ]
    assert len(implied) == 31
    assert all(Decimal(-5) < each < Decimal("4.5") for each in implied)


def test_the_page_lists_each_disagreement_and_doubt() -> None:
    names = {code: region.name for code, region in open_rulebook().regions(Period(2020).last_day).items()}
    names |= {code: code for table in published().tables for code in table.levels if code not in names}
    page = history_page(published(), reproduced(), RULES, names)
    assert page.count("安徽省") >= 4
    assert all(doubt.message.zh in page for doubt in published().doubts)
    assert all(table.id in page for table in published().tables)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(policy_root(), tmp_path / "policy")
    return tmp_path / "policy"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("published_levels.csv", "W2011H1-a,150000,1\n", "", "应有 30 行，实有 29 行"),
        ("published_levels.csv", "W2011H1-a,150000,1\n", "W2011H1-a,150000,4\n", "“4”"),
        ("published_levels.csv", "W2011H1-a,150000,1\n", "W2011H1-a,999999,1\n", "“999999”"),
        ("published_levels.csv", "W2011H1-a,150000,1\n", "W2011H1-a,360000,1\n", "重复的行"),
        ("yearly_changes.csv", "-9.18", "−9.18", "“−9.18”"),
        ("plan_promises.csv", "2016-2020,17,6853,800,r", "2016-2020,17,6853,800,z", "“z”"),
        ("plan_promises.csv", "110000,2016-2020", "110000,2016-2019", "“2016-2019”"),
        ("published_levels.yaml", "rule: plan_progress", "rule: plan_progres", "“plan_progres”"),
        ("published_doubts.yaml", "table: W2010M07", "table: W2010M08", "W2010M08"),
    ],
)
def test_a_fault_of_the_lists_is_found(copied: Path, file: str, old: str, new: str, said: str) -> None:
    path = copied / "national/outlook/history" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(check_history(PolicyFolder(copied)))
    assert any(said in finding.message.zh for finding in found), found
    with pytest.raises(PolicyRefused):
        history(PolicyFolder(copied))


def shared(name: str) -> Iterator[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the data that the tables were read from are not on this machine")
def test_tables_are_those_of_the_data() -> None:
    """Both copies of the national tables, cell by cell, but for the slip that a doubt tells of."""
    codes = {row["region"]: row["region_code"] for row in shared("warning_levels_province.csv")}
    for told in json.loads((SHARED / "warnings_and_bulletins.json").read_text(encoding="utf-8"))["warnings"]:
        levels = published().table(told["id"]).levels
        assert {code: int(level) for code, level in levels.items()} == {
            codes[name]: level for level in (1, 2, 3) for name in told[f"level{level}"] or ()
        }, told["id"]
    cells = {(row["period"], row["indicator"], row["region_code"]): row["level"]
             for row in shared("warning_levels_province.csv")}  # fmt: skip
    assert sum(level != "" for level in cells.values()) == 523
    for row in shared("province_bulletin_2020.csv"):
        if row["energy_intensity_change_pct"]:
            figures = published().changes[row["region_code"], Period(2020)].figures
            assert figures["energy_intensity_change"] == Decimal(row["energy_intensity_change_pct"])
            assert figures["consumption_growth"] == Decimal(row["energy_consumption_growth_pct"])
