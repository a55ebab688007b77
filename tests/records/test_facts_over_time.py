"""Figures through mergers, splits and renamings, in and out of scope, at prices of other years; and those missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actors import ADMIN, CLERK
from shuangkong.core.dated import Validity
from shuangkong.core.fact import Cell, Evidence, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.expected import Every, Expected, due
from shuangkong.indicators.formula import Aggregation
from shuangkong.records.facts import scopes, store
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.evidence import may_carry_act, require_administrative
from shuangkong.records.facts.gaps import gaps
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import Because, Point, series, succeed
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.succession import succeed_region
from shuangkong.records.registry.tree import Change
from shuangkong.rulebook import open_rulebook

HEAD = ["指标", "对象", "时期", "数值", "单位", "状态", "性质"]
TOTAL = "能源消费总量"
NEW, OLD_ONE, OLD_TWO = "999901001", "999901003", "999901004"
ON, TODAY = date(2022, 6, 15), date(2025, 1, 1)

pytestmark = pytest.mark.usefixtures("regions")


def load(*rows: Sequence[str], indicator: str = TOTAL, unit: str = "万吨标准煤") -> None:
    told = [[indicator, subject, period, value, unit, "最终", evidence[0] if evidence else ""]
            for subject, period, value, *evidence in rows]  # fmt: skip
    report = store.load_rows([HEAD, *told], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts


def merge(*before: str, after: str = NEW, on: date = ON) -> None:
    for each in before:
        succeed_region(each, after, on, "县政府文件", ADMIN)


def found(*periods: str, indicator: str = "total_consumption", kind: str = "region", code: str = NEW,
          in_space: Aggregation = Aggregation.SUM) -> tuple[Point, ...]:  # fmt: skip
    return series(Subject(kind, code), indicator, map(Period.parse, periods), in_space, TODAY)


def test_a_region_that_took_in_another_is_the_sum_of_both() -> None:
    merge(OLD_ONE)
    load((NEW, "2021", "5"), (OLD_ONE, "2021", "2"), (NEW, "2023", "8"), (NEW, "2022", "6"), (OLD_ONE, "2022", "1"))
    before, during, after = found("2021", "2022", "2023")
    assert (before.value, len(before.parts)) == (70000, 2)
    assert (during.value, during.because) == (None, Because.DURING)
    assert (after.value, len(after.parts)) == (80000, 1)
    assert during.reason is not None


def test_one_part_of_which_nothing_was_told_is_no_zero() -> None:
    merge(OLD_ONE)
    load((OLD_ONE, "2021", "2"), (NEW, "2020", "5"), (OLD_ONE, "2020", "缺失"))
    assert [each.because for each in found("2021", "2020", "2019")] == [Because.UNTOLD] * 3


def test_a_region_that_began_with_the_merger_is_its_forerunners() -> None:
    registry.save_regions([RegionRow("999901009", "新合镇", "town", "999901", starts_on=date(2022, 12, 31))])
    merge(OLD_ONE, OLD_TWO, after="999901009")
    load((OLD_ONE, "2021", "2"), (OLD_TWO, "2021", "3"))
    assert found("2021", code="999901009")[0].value == 50000
    told = found("2021", code="999901009", in_space=Aggregation.RATIO)[0]
    assert (told.because, len(told.parts)) == (Because.NOT_ADDITIVE, 2)


def test_mergers_follow_one_another() -> None:
    merge(OLD_TWO, after=OLD_ONE, on=date(2019, 1, 1))
    merge(OLD_ONE)
    load((NEW, "2018", "1"), (OLD_ONE, "2018", "2"), (OLD_TWO, "2018", "4"), (NEW, "2020", "1"), (OLD_ONE, "2020", "7"))
    assert [each.value for each in found("2018", "2020")] == [70000, 80000]


def test_what_was_split_is_nobodys() -> None:
    merge(OLD_ONE, after=NEW)
    merge(OLD_ONE, after=OLD_TWO)
    load((NEW, "2021", "1"), (OLD_ONE, "2021", "2"))
    assert found("2021")[0].because is Because.SPLIT


def test_a_change_yet_to_come_changes_nothing() -> None:
    merge(OLD_ONE, on=date(2030, 1, 1))
    load((NEW, "2021", "5"))
    assert found("2021")[0].value == 50000


UNITS = [SubjectRow("unit", f"91999901MA0000000{n}", f"第{n}水泥厂", "999901") for n in (1, 2, 3)]


def unit(number: int) -> Subject:
    return Subject("unit", UNITS[number].code)


@pytest.fixture
def units(regions: None) -> None:
    scopes.register(UNITS, "名录", CLERK)


@pytest.mark.usefixtures("units")
def test_a_unit_that_was_renamed_keeps_its_series_whatever_the_indicator() -> None:
    succeed(unit(0), unit(1), Change.RENAMED, ON, "登记机关通知", CLERK)
    load((unit(0).code, "2021", "2"), (unit(1).code, "2023", "3"))
    told = found("2021", "2023", kind="unit", code=unit(1).code, in_space=Aggregation.RATIO)
    assert [each.value for each in told] == [20000, 30000]
    assert journal.of_subject(f"unit/{unit(0).code}")[-1].act == "subject.succeed"


@pytest.mark.usefixtures("units")
def test_changes_that_cannot_be_are_refused() -> None:
    succeed(unit(0), unit(1), Change.MERGED, ON, "文件", CLERK)
    for before, after, document, code in (
        (1, 0, "文件", "FCT-307"), (1, 1, "文件", "FCT-307"), (1, 2, " ", "FCT-305"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            succeed(unit(before), unit(after), Change.MERGED, ON, document, CLERK)
    with pytest.raises(Refused, match="FCT-304"):
        succeed(unit(1), Subject("unit", "x"), Change.MERGED, ON, "文件", CLERK)
    with pytest.raises(Refused, match="FCT-306"):
        succeed(Subject("region", NEW), Subject("region", OLD_ONE), Change.MERGED, ON, "文件", CLERK)


@pytest.mark.usefixtures("units")
def test_units_enter_and_leave_a_scope() -> None:
    scope, one = scopes.ABOVE_DESIGNATED_SIZE, ("unit", unit(0).code)
    scopes.enter(one, scope, date(2020, 1, 1), "年度名录", CLERK)
    scopes.enter(("unit", unit(1).code), scope, date(2021, 1, 1), "年度名录", CLERK)
    scopes.leave(one, scope, date(2022, 1, 1), "年度名录", CLERK)
    counts = [len(scopes.members(scope, date(year, 12, 31))) for year in (2019, 2020, 2021, 2022)]
    assert counts == [0, 1, 2, 1]
    assert [(each.starts_on, each.ends_on) for each in scopes.memberships(one)] == [
        (date(2020, 1, 1), date(2021, 12, 31))
    ]
    scopes.enter(one, scope, date(2024, 1, 1), "年度名录", CLERK)
    assert len(scopes.memberships(one)) == 2
    with pytest.raises(Refused, match="FCT-302"):
        scopes.enter(one, scope, date(2025, 1, 1), "年度名录", CLERK)
    with pytest.raises(Refused, match="FCT-303"):
        scopes.leave(one, scope, date(2023, 1, 1), "年度名录", CLERK)


@pytest.mark.usefixtures("units")
def test_what_was_known_of_a_scope_on_a_day() -> None:
    scopes.enter(("unit", unit(0).code), "above_designated_size", date(2020, 1, 1), "年度名录", CLERK)
    assert not scopes.members("above_designated_size", TODAY, as_of=date(2020, 1, 1))


def test_only_units_of_ones_own_places_are_registered() -> None:
    office = replace(ADMIN, role=Role.PLAN_OFFICE, paths=("/990000/",))
    with pytest.raises(Forbidden):
        scopes.register(UNITS, "名录", office)
    with pytest.raises(Refused, match="FCT-301"):
        scopes.register([SubjectRow("unit", "x", "甲", "000000")], "名录", CLERK)


@pytest.mark.usefixtures("units")
def test_statistics_carry_no_act_against_a_unit() -> None:
    load((unit(0).code, "2023", "2"), (unit(1).code, "2023", "2", "行政"), (NEW, "2023", "2"))
    cells = [Cell(subject, "total_consumption", Period(2023)) for subject in (unit(0), unit(1), Subject("region", NEW))]
    facts = [facts_for(cells)[cell] for cell in cells]
    assert [may_carry_act(fact) for fact in facts] == [False, True, True]
    assert facts[1].evidence is Evidence.ADMINISTRATIVE
    require_administrative(facts[1:])
    with pytest.raises(Refused, match="FCT-201"):
        require_administrative(facts)


def test_a_base_year_is_told_at_both_prices_by_any_indicator_at_constant_prices() -> None:
    load((NEW, "2020", "180"), indicator="gdp_constant@2020", unit="亿元")
    load((NEW, "2020", "60"), indicator="industry_value_added@2020", unit="亿元")
    load((NEW, "2020", "50"), indicator="energy_intensity@2020", unit="吨标准煤/万元")


def test_only_indicators_at_constant_prices_name_a_year() -> None:
    report = store.load_rows(
        [
            HEAD,
            ["total_consumption@2020", NEW, "2020", "1", "吨标准煤", "最终", ""],
            ["gdp_constant@2019", NEW, "2019", "1", "亿元", "最终", ""],
        ],
        name="t", digest="", source="s", by=CLERK, is_dry_run=True,
    )  # fmt: skip
    assert [verdict.code for verdict in report.verdicts] == ["TGT-102"] * 2


YEARLY = Expected(
    id="a", indicators=("total_consumption",), kind="region", levels=("town",), every=Every.YEAR, days=30,
    validity=Validity(date(2021, 1, 1)), source="s",
)  # fmt: skip


def test_what_is_due_on_a_day() -> None:
    assert [str(period) for period, _ in due(YEARLY, date(2000, 1, 1), date(2023, 1, 30))] == ["2021"]
    assert [str(period) for period, _ in due(YEARLY, date(2000, 1, 1), date(2023, 1, 31))] == ["2021", "2022"]
    assert not due(replace(YEARLY, validity=Validity(date(2024, 1, 1))), date(2000, 1, 1), date(2023, 12, 31))
    monthly = replace(YEARLY, every=Every.MONTHS_TO_DATE, days=0)
    told = due(monthly, date(2022, 1, 1), date(2022, 7, 1))
    assert [str(period) for period, _ in told] == ["2022-C02", "2022-Q1", "2022-C04", "2022-C05", "2022-H1"]
    assert told[-1][1] == date(2022, 6, 30)


def test_the_board_names_what_is_missing_of_whom_and_since_when() -> None:
    load((NEW, "2021", "5"), (OLD_ONE, "2021", "缺失"), (OLD_TWO, "2021", "不公布"), (NEW, "2022", "0"))
    told = gaps([YEARLY], "/", date(2021, 1, 1), date(2023, 6, 1))
    assert [each.since for each in told] == sorted(each.since for each in told)
    of_2021 = {each.subject.code: each for each in told if each.period.year == 2021}
    assert NEW not in of_2021
    assert OLD_TWO not in of_2021
    assert (of_2021[OLD_ONE].is_said, of_2021["999901002"].is_said) == (True, False)
    assert of_2021[OLD_ONE].since == date(2022, 1, 30)
    assert len([each for each in told if each.period.year == 2022]) == 5
    inside = gaps([YEARLY], f"/999901/{NEW}/", date(2021, 1, 1), date(2025, 6, 1))
    assert [str(each.period) for each in inside] == ["2023", "2024"]


@pytest.mark.usefixtures("units")
def test_units_are_asked_of_while_they_are_in_scope() -> None:
    scope = scopes.ABOVE_DESIGNATED_SIZE
    scopes.enter(("unit", unit(0).code), scope, date(2020, 1, 1), "年度名录", CLERK)
    of_units = replace(YEARLY, kind="unit", levels=(), scope=scope)
    told = gaps([of_units], "/999901/", date(2022, 1, 1), date(2023, 6, 1))
    assert [(each.subject.name, str(each.period)) for each in told] == [("第1水泥厂", "2022")]


@pytest.mark.usefixtures("units")
def test_a_period_is_asked_of_those_who_belonged_to_the_scope_then() -> None:
    scope = scopes.ABOVE_DESIGNATED_SIZE
    for number, first in ((0, date(2020, 1, 1)), (1, date(2022, 1, 1)), (2, date(2020, 1, 1))):
        scopes.enter(("unit", unit(number).code), scope, first, "年度名录", CLERK)
    succeed(unit(2), unit(0), Change.MERGED, date(2022, 1, 1), "合并通知", CLERK)
    of_units = replace(YEARLY, kind="unit", levels=(), scope=scope)
    told = gaps([of_units], "/999901/", date(2021, 1, 1), date(2023, 6, 1))
    assert {(str(each.period), each.subject.name) for each in told} == {
        ("2021", "第1水泥厂"), ("2021", "第3水泥厂"), ("2022", "第1水泥厂"), ("2022", "第2水泥厂")
    }  # fmt: skip


@pytest.mark.usefixtures("units")
def test_what_was_split_off_one_that_goes_on_is_nobodys_either() -> None:
    succeed(unit(0), unit(1), Change.SPLIT, ON, "分立决定", CLERK)
    load((unit(0).code, "2021", "2"), (unit(1).code, "2021", "3"))
    assert found("2021", kind="unit", code=unit(1).code)[0].because is Because.SPLIT


def test_the_number_of_queries_of_the_board_does_not_grow_with_what_is_expected() -> None:
    counts = []
    more = (
        replace(YEARLY, every=Every.MONTH),
        replace(YEARLY, every=Every.QUARTER, kind="unit", levels=(), scope=scopes.ABOVE_DESIGNATED_SIZE),
        replace(YEARLY, every=Every.HALF, kind="unit", levels=(), scope="below_designated_size"),
    )
    for expected in ([more[1]], [YEARLY, *more]):
        with CaptureQueriesContext(connection) as asked:
            gaps(expected, "/", date(2021, 1, 1), date(2023, 6, 1))
        counts.append(len(asked))
    assert counts == [4, 4]


def test_the_number_of_queries_of_the_board_does_not_grow_with_the_regions() -> None:
    counts = []
    for place in (f"/999901/{NEW}/", "/"):
        with CaptureQueriesContext(connection) as asked:
            gaps([YEARLY], place, date(2021, 1, 1), date(2023, 6, 1))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_policy_expects_indicators_that_there_are() -> None:
    book = open_rulebook()
    expected = book.expected_facts()
    assert expected
    assert {indicator for each in expected for indicator in each.indicators} <= set(book.indicators())
