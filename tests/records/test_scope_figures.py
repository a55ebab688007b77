"""规上和未纳入: whose figures count in the sum of the scope, and what is said of who became another or was split."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from actors import ADMIN, CLERK
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.indicators.forerunners import REASONS, Because
from shuangkong.indicators.reconciliation import Reconciled
from shuangkong.indicators.situation import LineKind
from shuangkong.records.facts import scopes, store
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import succeed
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.indicators.moved import Moved
from shuangkong.records.indicators.moving import movements
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.reconciling import reconciliation
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry.tree import Change

HEAD = ["指标", "对象", "对象类别", "时期", "数值", "单位", "状态"]
ENERGY, ABOVE, BELOW = "unit_energy_consumption", scopes.ABOVE_DESIGNATED_SIZE, "below_designated_size"
COUNTY, MERGED_ON = Subject("region", "999901"), date(2024, 1, 1)
KINDS = {"unit": "单位", "region": "地区"}
NAMES = {"U1": "水泥厂", "U2": "砖瓦厂", "U3": "豆腐坊", "U4": "铸造厂"}

pytestmark = pytest.mark.usefixtures("regions")


def load(*rows: Sequence[str]) -> None:
    told = [
        [indicator, code, KINDS[kind], period, value, "吨标准煤", "最终"]
        for indicator, kind, code, period, value in rows
    ]
    report = store.load_rows([HEAD, *told], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts


def used(**told: str) -> None:
    """``U1_2023="5"``."""
    load(*((ENERGY, "unit", *name.split("_"), value) for name, value in told.items()))


@pytest.fixture
def units(regions: None) -> None:
    scopes.register([SubjectRow("unit", code, name, "999901") for code, name in NAMES.items()], "名录", CLERK)
    for code in ("U1", "U2"):
        scopes.enter(("unit", code), ABOVE, date(2021, 1, 1), "名录", CLERK)
    load(*(("above_designated_energy_consumption", "region", "999901", year, "1000") for year in ("2023", "2024")))


def merge(before: str, after: str, change: Change = Change.MERGED) -> None:
    succeed(Subject("unit", before), Subject("unit", after), change, MERGED_ON, "决定", CLERK)


def rows(year: int) -> dict[str, Reconciled]:
    found = reconciliation(COUNTY, Period(year), Message("", ""), Readable(ADMIN, "/999901/"))
    return {row.line.key: row for row in found.rows}


def moved() -> Moved:
    pair = (Period(2023), Period(2024))
    return movements(COUNTY, "/999901/", pair, None, Readable(ADMIN, "/999901/")).units


@pytest.mark.usefixtures("units")
def test_units_that_are_not_of_the_scope_close_no_gap() -> None:
    scopes.enter(("unit", "U3"), BELOW, date(2021, 1, 1), "名录", CLERK)
    used(U1_2024="500", U2_2024="300", U3_2024="150", U4_2024="50")
    found = rows(2024)
    assert (found["units"].found, found["units"].difference) == (Decimal(800), Decimal(200))
    assert (found["outside"].found, found["outside"].difference) == (Decimal(200), None)
    scopes.enter(("unit", "U4"), ABOVE, date(2024, 1, 1), "名录", CLERK)
    assert (rows(2024)["units"].found, rows(2024)["outside"].found) == (Decimal(850), Decimal(150))


@pytest.mark.usefixtures("units")
def test_a_member_that_told_nothing_is_lacking_and_named() -> None:
    used(U1_2024="500")
    assert [cell.subject.code for cell in rows(2024)["units"].lacking] == ["U2"]
    assert "outside" not in rows(2024)


@pytest.mark.usefixtures("units")
def test_who_was_merged_away_counts_once_before_and_not_after() -> None:
    used(U1_2023="500", U2_2023="300", U1_2024="800", U2_2024="90")
    merge("U2", "U1")
    before, after = rows(2023), rows(2024)
    assert before["units"].found == Decimal(800)
    assert after["units"].found == Decimal(800)
    assert "outside" not in after


@pytest.mark.usefixtures("units")
def test_a_renamed_unit_speaks_under_one_name() -> None:
    scopes.leave(("unit", "U2"), ABOVE, MERGED_ON, "名录", CLERK)
    merge("U2", "U3", Change.RENAMED)
    scopes.enter(("unit", "U3"), ABOVE, MERGED_ON, "名录", CLERK)
    used(U1_2023="500", U2_2023="300", U1_2024="500", U3_2024="310")
    assert [rows(year)["units"].found for year in (2023, 2024)] == [Decimal(800), Decimal(810)]
    used(U3_2023="305")  # told by the new name too, of a time when it was not there
    assert rows(2023)["units"].found == Decimal(800)
    assert "outside" not in rows(2023)


@pytest.mark.usefixtures("units")
def test_the_analysis_tells_the_scope_and_all_others_apart() -> None:
    used(U1_2023="500", U1_2024="520", U2_2023="300", U2_2024="310", U3_2023="40", U3_2024="70")
    lines = {line.kind: line for line in moved().lines}
    assert lines[LineKind.WHOLE].energy == (Decimal(800), Decimal(830))
    assert lines[LineKind.OUTSIDE].energy == (Decimal(40), Decimal(70))


@pytest.mark.usefixtures("units")
def test_who_became_another_is_not_left_out() -> None:
    used(U1_2023="500", U2_2023="300", U1_2024="790", U4_2023="5")
    scopes.leave(("unit", "U2"), ABOVE, MERGED_ON, "名录", CLERK)
    merge("U2", "U1")
    scopes.enter(("unit", "U4"), ABOVE, MERGED_ON, "名录", CLERK)
    found = moved()
    assert found.left_out == ("铸造厂",)
    assert [each.said.zh for each in found.became] == ["砖瓦厂并入水泥厂"]
    assert [line.energy for line in found.lines if line.kind is LineKind.WHOLE] == [(Decimal(800), Decimal(790))]


@pytest.mark.usefixtures("units")
def test_a_split_is_explained_with_what_was_told() -> None:
    used(U1_2023="500")
    merge("U2", "U1", Change.SPLIT)
    answer = explain(Cell(Subject("unit", "U1"), ENERGY, Period(2023)))
    assert (answer.state, answer.doubts) == (State.MISSING, (REASONS[Because.SPLIT],))
    assert [fact.value for fact in told_facts(answer)] == [Decimal(500)]


@pytest.mark.usefixtures("units")
def test_a_figure_joined_of_one_elsewhere_is_not_shown_by_name() -> None:
    scopes.register([SubjectRow("unit", "U5", "陶瓷厂", "999901001")], "名录", CLERK)
    scopes.register([SubjectRow("unit", "U6", "玻璃厂", "999901003")], "名录", CLERK)
    scopes.enter(("unit", "U5"), ABOVE, date(2021, 1, 1), "名录", CLERK)
    used(U5_2023="500", U6_2023="300", U5_2024="790")
    merge("U6", "U5")
    town = Acting("town", Role.REGION, region="999901001", paths=("/999901/999901001/",))
    pair, path = (Period(2023), Period(2024)), "/999901/999901001/"
    place = Subject("region", "999901001")
    assert not movements(place, path, pair, None, Readable(town, path)).units.lines
    assert movements(place, path, pair, None, Readable(ADMIN, path)).units.lines[0].energy[0] == Decimal(800)
