"""A rate measured by levels: the figures' own printed unit counts; a scoped indicator keeps its path."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from shuangkong.core.fact import Maturity, Measure, State
from shuangkong.core.span import Span
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.status import Standing
from shuangkong.web.targets.course import Course, course
from shuangkong.web.targets.regions import common_year
from shuangkong.web.targets.sentences import paces, year_words


def target(indicator: str = "energy_intensity") -> TargetRow:
    nothing = dict.fromkeys(("measure", "base_value", "reserve", "table"))
    words = dict.fromkeys(("item_no", "base_unit", "scope", "denominator", "nature", "excluded"), "")
    return TargetRow(
        **nothing,  # type: ignore[arg-type]
        **words,  # type: ignore[arg-type]
        id=1,
        plan=1,
        plan_title="虚构方案",
        version=1,
        entry=1,
        ordinal=1,
        is_headline=True,
        subject_kind="region",
        subject_code="999901",
        subject_name="虚构县",
        indicator=indicator,
        indicator_name="单位地区生产总值能耗下降率",
        indicator_printed="单位地区生产总值能耗",
        kind="reduction_rate",
        op="=",
        value=Decimal(15),
        unit="%",
        base_year=2015,
        deadline="2020",
        start_year=2016,
        end_year=2020,
        plan_base_year=2015,
        strength="firm",
        in_words=False,
        span=Span(0, 1),
        value_span=Span(0, 1),
        is_demo=True,
        is_fictional=True,
    )


def level(year: int, value: str, unit: str = "吨标准煤/万元") -> ObservationRow:
    return ObservationRow(
        id=year,
        indicator="energy_intensity",
        subject_kind="region",
        subject_code="999901",
        subject_name="虚构县",
        period=str(year),
        measure=Measure.LEVEL,
        state=State.VALUE,
        value=Decimal(value),
        unit=unit,
        maturity=Maturity.FINAL,
        source="虚构",
        note="",
        is_demo=True,
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_by="admin",
        supersedes=None,
    )


@pytest.mark.parametrize("indicator", ["energy_intensity", "energy_intensity@全县"])
def test_levels_are_compared_in_the_unit_they_are_printed_in(indicator: str) -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), level(2017, "0.5000")]
    found = course(target(indicator), told, open_rulebook()).progress
    assert found is not None
    points = {point.year: point for point in found.points}
    # 1 - 0.5000 / 0.5434 = 7.9868 %, and by the logarithmic rule ln(0.920133) / ln(0.85) = 51.22 %.
    point = points[2017]
    assert point.reached is not None
    assert point.share_done is not None
    assert round(point.reached, 4) == Decimal("7.9868")
    assert round(point.share_done, 4) == Decimal("0.5122")


def test_a_level_of_another_sort_is_shown_as_unfit() -> None:
    told = [level(2015, "0.5434"), level(2016, "52", "万吨标准煤")]
    assert [row.period for row in course(target(), told, open_rulebook()).unfit] == ["2016"]


def test_the_maturity_shown_is_that_of_the_year_judged() -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), level(2017, "0.5000")]
    told[2] = replace(told[2], maturity=Maturity.PRELIMINARY)
    told.append(replace(level(2018, "1"), state=State.MISSING, value=None, maturity=Maturity.FLASH))
    newest = course(target(), told, open_rulebook()).newest
    assert newest is not None
    assert (newest.period, newest.maturity) == ("2017", Maturity.PRELIMINARY)


COD = {"indicator": "cod_total", "indicator_name": "化学需氧量排放总量", "kind": "cap_total", "op": "<="}


def test_tonnes_told_of_a_target_in_ten_thousand_tonnes_are_converted() -> None:
    cap = replace(target(), **COD, value=Decimal("12.5"), unit="万吨", base_value=Decimal(150000), base_unit="吨")
    told = [replace(level(2016, "140000", "吨"), indicator="cod_total")]
    found = course(cap, told, open_rulebook())
    assert found.latest is not None
    assert found.latest.reached == Decimal(14)
    assert found.latest.due == Decimal("14.5")  # 15 − (15 − 12.5) ÷ 5


def test_points_lie_between_levels_in_per_cent() -> None:
    share = {"indicator": "coal_share", "kind": "point_gain", "value": Decimal(3), "unit": "个百分点"}
    fall = replace(target(), **share, indicator_name="煤炭消费占能源消费总量比重降低幅度")
    told = [replace(level(2015, "60", "%"), indicator="coal_share"), replace(level(2020, "56", "%"), id=2)]
    found = course(fall, told, open_rulebook())
    assert found.unfit == ()
    assert found.latest is not None
    assert (found.latest.reached, found.standing) == (Decimal(4), Standing.MET)
    rise = replace(fall, indicator_name="煤炭消费占能源消费总量比重提高幅度")
    assert course(rise, told, open_rulebook()).standing is Standing.MISSED
    yearly = [replace(level(2016, "-1", "个百分点"), measure=Measure.AMOUNT)]
    counted = course(fall, yearly, open_rulebook()).latest
    assert counted is not None
    assert counted.reached == Decimal(1)


def test_a_rule_is_cited_for_what_it_speaks_of_and_on_its_days() -> None:
    told = [level(2015, "0.54344"), level(2016, "0.5200")]
    found = course(target(), told, open_rulebook())
    assert found.latest is not None
    assert [step.clause is not None for step in found.latest.steps] == [True, False, True, False]
    assert not found.is_verified
    later = replace(target(), base_year=2020, start_year=2021, end_year=2025, deadline="2025")
    change = replace(level(2021, "-3.4", "%"), measure=Measure.YOY_CHANGE_PCT)
    assert course(later, [change], open_rulebook()).is_verified  # no rule was used: nothing is unverified
    pollutant = replace(target(), **(COD | {"kind": "reduction_rate"}))
    tonnes = [replace(level(year, value, "吨"), indicator="cod_total") for year, value in ((2015, "4"), (2016, "3.9"))]
    point = course(pollutant, tonnes, open_rulebook()).latest
    assert point is not None
    assert {step.clause for step in point.steps} == {None}


def test_plans_older_than_every_rule_are_measured() -> None:
    old = replace(target(), base_year=2005, start_year=2006, end_year=2010, deadline="2010")
    found = course(old, [level(2005, "0.54344"), level(2006, "0.52001")], open_rulebook())
    assert found.latest is not None
    assert found.latest.reached == 100 * (1 - Decimal("0.52001") / Decimal("0.54344"))


def test_parts_of_years_are_told_and_not_counted() -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), replace(level(2017, "0.51"), period="2017-H1")]
    found = course(target(), told, open_rulebook())
    assert [row.period for row in found.told] == ["2015", "2016", "2017-H1"]
    assert found.unfit == ()
    assert found.latest is not None
    assert found.latest.year == 2016


def test_a_course_can_be_looked_at_as_of_a_year() -> None:
    told = [level(2015, "0.5434"), level(2016, "0.5200"), level(2018, "0.4700")]
    found = course(target(), told, open_rulebook())
    assert found.latest is not None
    assert found.latest.year == 2018
    earlier = found.judged_at(2016)
    assert earlier.latest is not None
    assert (earlier.latest.year, earlier.newest and earlier.newest.period) == (2016, "2016")
    assert found.judged_at(2017).standing is Standing.NO_DATA


def test_a_rise_under_a_promised_fall_is_called_a_rise() -> None:
    told = [level(2015, "0.5000"), level(2016, "0.5080")]
    found = course(target(), told, open_rulebook())
    assert year_words(found) == "2016 年累计上升 1.60%，应下降 3.20%"
    with translation.override("en"):
        assert year_words(found) == "2016: rose by 1.60% in all, a fall of 3.20% was due"
    fell = course(target(), [level(2015, "0.5000"), level(2016, "0.4900")], open_rulebook())
    assert year_words(fell).startswith("2016 年累计下降 2.00%")
    fall = replace(target(), kind="point_gain", unit="个百分点", indicator_name="煤炭消费占能源消费总量比重降低幅度")
    rose = course(fall, [level(2015, "60", "%"), level(2016, "61", "%")], open_rulebook())
    assert year_words(rose).startswith("2016 年累计上升 1.00个百分点，应下降")
    gained = course(replace(fall, indicator_name="比重提高幅度", indicator="x"), rose.told, open_rulebook())
    assert year_words(gained).startswith("2016 年累计上升 1.00个百分点，应上升")


def test_regions_are_compared_at_the_newest_year_that_half_of_them_have_told() -> None:
    def of(*years: int) -> Course:
        return course(target(), [level(2015, "0.5"), *(level(year, "0.49") for year in years)], open_rulebook())

    assert common_year([of(2016), of(2016, 2017), of(2016, 2017), of(2016, 2017, 2018)]) == 2017
    assert common_year([of(2018), of(2016)]) == 2018
    assert common_year([course(target(), [], open_rulebook())]) is None


def test_a_cap_is_told_by_what_must_fall_or_may_grow() -> None:
    def capped(base: str) -> list[tuple[str, str]]:
        promised = replace(
            target("cod_total"), kind="cap_total", op="<=", value=Decimal(880), unit="吨",
            base_value=Decimal(base), base_unit="吨",
        )  # fmt: skip
        return paces(course(promised, (), open_rulebook()))

    assert capped("1200") == [("年均应减少", "64.00吨")]
    assert capped("800") == [("年均最多增加", "16.00吨")]
    assert [label for label, _ in paces(course(target(), (), open_rulebook()))] == ["年均应完成"]
