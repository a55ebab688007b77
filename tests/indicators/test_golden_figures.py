"""Figures that were published, computed anew by the engine from what it takes to make them: exact to the last digit.

Every expectation is a number that a notice, a bulletin or a plan prints; nothing but the policy's own formulas stands
between it and what is told here. Each test names where its numbers were printed.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from telling import PLACE, engine, published, told

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.methods import compute
from shuangkong.policyfile.expression.grid import Grid

TCE = "万吨标准煤"


def test_henan_2016() -> None:
    """河南 2016: −7.64 % in the first year of a plan of −16 % is 45.58 % of it (NDRC, 公告2017年第22号)."""
    found = engine([told("energy_intensity_growth", 2016, "-7.64"), told("energy_intensity_target", "2016-2020", "16")])
    assert published(found, "energy_intensity_cumulative_decline", 2016) == Decimal("7.64")
    assert published(found, "energy_intensity_progress", 2016) == Decimal("45.58")


def test_tianjin_2009() -> None:
    """天津 to 2009: −20.07 % of a plan of −20 %, published as 100.39 %.

    The file of the rule begins with the 12th plan: it is tried in the same, fourth, year of that.
    """
    facts = [
        told("energy_intensity_cumulative_decline", 2014, "20.07"),
        told("energy_intensity_target", "2011-2015", "20"),
    ]
    assert published(engine(facts), "energy_intensity_progress", 2014) == Decimal("100.39")


@pytest.mark.parametrize(
    ("promised", "yearly"), [("19.5", "4.25"), ("21", "4.61"), ("15", "3.20")], ids=["深圳", "宝安", "罗湖"]
)
def test_shenzhen_and_its_districts(promised: str, yearly: str) -> None:
    """深圳 2011—2015: what five-year promises come to in each year; the city's 0.513 falls to 0.413 tce per 万元."""
    found = engine([told("energy_intensity_target", "2011-2015", promised)])
    assert published(found, "energy_intensity_due_decline", 2011) == Decimal(yearly)


def test_shenzhen_arrives_where_it_said() -> None:
    """深圳: 0.513 of 2010 to 0.413 of 2015, three decimals as printed, is the 19.5 % promised."""
    found = engine([told("energy_intensity_target", "2011-2015", "19.5")])
    due = [published(found, "energy_intensity_due_decline", year) for year in range(2011, 2016)]
    assert due[-1] == Decimal("19.5")
    assert due == sorted(due)
    assert round(Decimal("0.513") * (1 - due[-1] / 100), 3) == Decimal("0.413")


#: 2020 bulletin (国家统计局、国家发展改革委、国家能源局 2021-08-23): consumption, intensity; growth that they imply.
BULLETIN_2020 = {
    "北京": ("-8.1", "-9.18", "1.2"), "天津": ("-1.7", "-3.07", "1.4"), "河北": ("0.7", "-3.01", "3.8"),
    "山西": ("0.6", "-2.88", "3.6"), "内蒙古": ("7.1", "6.89", "0.2"), "辽宁": ("4.6", "3.96", "0.6"),
    "吉林": ("0.8", "-1.57", "2.4"), "黑龙江": ("-0.8", "-1.70", "0.9"), "上海": ("-5.1", "-6.64", "1.6"),
    "江苏": ("0.5", "-3.10", "3.7"), "浙江": ("10.1", "6.34", "3.5"), "安徽": ("6.0", "2.03", "3.9"),
    "福建": ("1.4", "-1.83", "3.3"), "江西": ("1.5", "-2.27", "3.9"), "山东": ("1.1", "-2.41", "3.6"),
    "河南": ("2.0", "0.76", "1.2"), "湖北": ("-6.1", "-1.17", "-5.0"), "湖南": ("1.7", "-1.98", "3.8"),
    "广东": ("1.1", "-1.16", "2.3"), "广西": ("4.8", "1.05", "3.7"), "海南": ("0.3", "-3.12", "3.5"),
    "重庆": ("-0.2", "-3.88", "3.8"), "四川": ("1.9", "-1.79", "3.8"), "贵州": ("1.9", "-2.45", "4.5"),
    "云南": ("6.8", "2.71", "4.0"), "陕西": ("0.3", "-1.89", "2.2"), "甘肃": ("3.7", "-0.20", "3.9"),
    "青海": ("-2.0", "-3.47", "1.5"), "宁夏": ("3.7", "-0.16", "3.9"), "新疆": ("2.7", "-0.70", "3.4"),
}  # fmt: skip


def test_all_provinces_of_the_2020_bulletin() -> None:
    """30 provinces in one engine; the growth is the one that statistics published for 北京 (1.2) and 湖北 (−5.0)."""
    places = {name: Subject("region", f"{number:02d}0000") for number, name in enumerate(BULLETIN_2020, 11)}
    facts = [
        told(indicator, 2020, figure, subject=places[name])
        for name, (consumption, intensity, _) in BULLETIN_2020.items()
        for indicator, figure in (("total_consumption_growth", consumption), ("energy_intensity_growth", intensity))
    ]
    found = engine(facts)
    growths = {name: published(found, "implied_gdp_growth", 2020, place) for name, place in places.items()}
    assert growths == {name: Decimal(growth) for name, (_, _, growth) in BULLETIN_2020.items()}
    assert len(growths) == 30


def test_liaoning_ended_its_plan_above_its_base() -> None:
    """辽宁 2016—2020, bulletins of each year: the five changes compound to a rise of 1.60 %; 15 % was promised."""
    changes = ("-0.41", "-1.61", "-1.15", "0.90", "3.96")
    facts = [told("energy_intensity_growth", 2016 + at, change) for at, change in enumerate(changes)]
    found = engine([*facts, told("energy_intensity_target", "2016-2020", "15")])
    declines = [published(found, "energy_intensity_cumulative_decline", 2016 + at) for at in range(5)]
    assert declines == [Decimal(each) for each in ("0.41", "2.01", "3.14", "2.27", "-1.60")]
    assert published(found, "energy_intensity_progress", 2020) < 0


def test_within_a_year_the_months_to_date_stand_for_it() -> None:
    """Two whole years of −3 %, then −4 % in the first half of the third of five: 1 − 0.97² · 0.96 = 9.67 %.

    What is left of −13.5 % falls to the two years after: 1 − (0.865 / 0.903264)^(1/2) = 2.14 %.
    """
    facts = [
        told("energy_intensity_growth", 2016, "-3"),
        told("energy_intensity_growth", 2017, "-3"),
        told("energy_intensity_growth", "2018-H1", "-4"),
        told("energy_intensity_target", "2016-2020", "13.5"),
    ]
    found = engine(facts)
    assert published(found, "energy_intensity_cumulative_decline", "2018-H1") == Decimal("9.67")
    assert published(found, "energy_intensity_due_decline", "2018-H1") == Decimal("8.33")
    assert published(found, "energy_intensity_remaining_effort", "2018-H1") == Decimal("2.14")
    quarter = found.figure(Cell(PLACE, "energy_intensity_cumulative_decline", Period.parse("2018-Q3")))
    assert quarter.state is State.MISSING


def test_mianyang_2016() -> None:
    """绵阳 2016 (四川省发展改革委公告 2017-06-26 and its page): total 979.38, increment −7.91, intensity −8.42 %.

    The year before follows from total and increment; the city's product grew by 8.3 % (统计公报).
    """
    before = Decimal("979.38") - Decimal("-7.91")
    found = engine(
        [
            told("total_consumption", 2015, str(before), TCE),
            told("total_consumption", 2016, "979.38", TCE),
            told("energy_intensity_growth", 2016, "-8.42"),
        ]
    )
    assert published(found, "consumption_increment", 2016) == Decimal("-7.91")
    assert published(found, "implied_gdp_growth", 2016) == Decimal("8.3")


#: 资阳“十三五”方案附件 1: consumption of 2015 and increment allowed, of the counties (万吨标准煤).
ZIYANG = {"雁江": ("237", "35"), "安岳": ("106", "16"), "乐至": ("99", "14")}


def test_ziyang_adds_up_from_its_counties() -> None:
    """资阳: the counties make 442 in 2015 and 507 in 2020, an increment of 65, as the annex prints for the city."""
    counties = {name: Subject("region", f"99{number:02d}00") for number, name in enumerate(ZIYANG, 1)}
    facts = [
        fact
        for name, (base, increment) in ZIYANG.items()
        for fact in (
            told("total_consumption", 2015, base, TCE, counties[name]),
            told("total_consumption", 2020, str(int(base) + int(increment)), TCE, counties[name]),
        )
    ]
    found = engine(facts, {PLACE: tuple(counties.values())})
    figures = [published(found, "total_consumption", year) for year in (2015, 2020)]
    assert [*figures, published(found, "consumption_increment", 2020)] == [442, 507, 65]
    by_county = [published(found, "consumption_increment", 2020, county) for county in counties.values()]
    assert by_county == [35, 16, 14]


#: 辽宁“十三五”方案附件 1: increments allowed to the cities (万吨标准煤); 3,550 for the province.
LIAONING = (620, 695, 355, 154, 170, 82, 150, 322, 92, 124, 102, 123, 168, 120)
#: Annexes 2 to 5: emissions of 2015 (t), decline to 2020 (%), reduction by key projects (t).
COD = (
    ("241522.89", "18", "17447.55"), ("173983.97", "13.4", "12568.56"), ("99223.61", "14.5", "7167.89"),
    ("29902.51", "13.4", "2160.15"), ("32375.49", "13.4", "2338.80"), ("57368.97", "13.4", "4144.32"),
    ("104373.14", "13.4", "7539.89"), ("39728.10", "13.4", "2869.95"), ("56211.55", "13.4", "4060.71"),
    ("26274.30", "14.5", "1898.05"), ("142602.10", "14.5", "10301.54"), ("75634.24", "13.4", "5463.80"),
    ("28637.52", "13.4", "2068.77"), ("59627.88", "13.4", "4307.50"),
)  # fmt: skip
AMMONIA = (
    ("18948.35", "8.8", "1667.45"), ("15004.48", "8.8", "1320.39"), ("9985.98", "8.8", "878.77"),
    ("4581.73", "8.8", "403.19"), ("3049.67", "8.8", "268.37"), ("5884.94", "8.8", "517.87"),
    ("7237.44", "8.8", "636.89"), ("4458.37", "8.8", "392.34"), ("3777.68", "8.8", "332.44"),
    ("3286.49", "8.8", "289.21"), ("7419.83", "8.8", "652.95"), ("4451.89", "8.8", "391.77"),
    ("2441.82", "8.8", "214.88"), ("5762.75", "8.8", "507.12"),
)  # fmt: skip
SULPHUR = (
    ("101296.20", "16.5", "12418.98"), ("103187.60", "16.5", "12650.86"), ("119537.30", "16.5", "14655.35"),
    ("46570.21", "16.5", "5709.54"), ("62277.28", "16.5", "7635.23"), ("35792.77", "16.5", "4388.22"),
    ("45639.71", "16.5", "5595.46"), ("46395.26", "16.5", "5688.09"), ("92562.13", "16.5", "11348.17"),
    ("41397.37", "16.5", "5075.34"), ("28721.81", "16.5", "3521.31"), ("43826.01", "16.5", "5373.10"),
    ("52646.12", "16.5", "6454.45"), ("51942.60", "16.5", "6368.19"),
)  # fmt: skip
NITROGEN = (
    ("82645.57", "17.2", "12790.10"), ("100267.45", "17.2", "15517.24"), ("82576.33", "17.2", "12779.39"),
    ("39753.84", "17.2", "6152.24"), ("53269.04", "17.2", "8243.83"), ("21503.33", "17.2", "3327.82"),
    ("34639.97", "17.2", "5360.83"), ("43116.08", "17.2", "6672.58"), ("20860.87", "17.2", "3228.40"),
    ("42033.98", "17.2", "6505.11"), ("28347.83", "17.2", "4387.07"), ("40418.19", "17.2", "6255.06"),
    ("29452.86", "17.2", "4558.08"), ("29123.58", "17.2", "4507.12"),
)  # fmt: skip


def test_liaoning_left_increments_undistributed() -> None:
    """辽宁: the fourteen cities may grow by 3,277; 273 of the province's 3,550 are nobody's."""
    cities = [Subject("region", f"99{number:02d}00") for number in range(1, 15)]
    facts = [
        told("consumption_increment", 2020, str(increment), TCE, city)
        for city, increment in zip(cities, LIAONING, strict=True)
    ]
    found = engine(facts, {PLACE: tuple(cities)})
    assert published(found, "consumption_increment", 2020) == 3277
    assert 3550 - published(found, "consumption_increment", 2020) == 273


@pytest.mark.parametrize(
    ("cities", "weighted", "projects"),
    [
        (COD, "14.604", "7.224"),
        (AMMONIA, "8.8", "8.800"),
        (SULPHUR, "16.5", "12.260"),
        (NITROGEN, "17.2", "15.476"),
    ],
    ids=["COD", "NH3-N", "SO2", "NOx"],
)
def test_liaoning_shares_out_its_reductions(
    cities: tuple[tuple[str, str, str], ...], weighted: str, projects: str
) -> None:
    """辽宁, annexes 2—5: what the cities' rates come to, and key projects as one constant share of every city's base.

    The province prints 13.4, 8.8, 20 and 20 %: for COD the cities promise more, for SO₂ and NOx less, as the plants
    under the province itself are left out of their bases.
    """
    bases = {str(at): Decimal(base) for at, (base, _, _) in enumerate(cities)}
    given = {
        "consumption": bases,
        "gdp": bases,
        "growth": dict.fromkeys(bases, Decimal(0)),
        "decline": {str(at): Decimal(rate) for at, (_, rate, _) in enumerate(cities)},
    }
    assert compute("weighted_decline", given, Message("降", "decline"), "pct", Grid(3)).value == Decimal(weighted)
    shares = {round(100 * Decimal(amount) / Decimal(base), 3) for base, _, amount in cities}
    assert shares == {Decimal(projects)}


@pytest.mark.parametrize(
    ("cities", "cap", "left"), [(SULPHUR, "77.5", ("4.99", "51.5")), (NITROGEN, "66.2", ("5.40", "30.1"))]
)
def test_what_the_plants_of_the_province_must_bring(
    cities: tuple[tuple[str, str, str], ...], cap: str, left: tuple[str, str]
) -> None:
    """辽宁: cap and rate give the base that is not printed, the cities' bases leave the plants', and so their share."""
    base = Decimal(cap) * 10_000 / Decimal("0.8")
    plants = base - sum(Decimal(each) for each, _, _ in cities)
    due = Decimal("0.2") * base - sum(Decimal(each) * Decimal(rate) / 100 for each, rate, _ in cities)
    assert (str(round(due / 10_000, 2)), str(round(100 * due / plants, 1))) == left


#: 2008 bulletin (2009-06-30): energy per product (tce per 万元 at 2005 prices) and its change on 2007 (%).
BULLETIN_2008 = {
    "全国": ("1.102", "-4.59"), "北京": ("0.662", "-7.36"), "天津": ("0.947", "-6.85"), "河北": ("1.727", "-6.29"),
    "山西": ("2.554", "-7.39"), "内蒙古": ("2.159", "-6.34"), "辽宁": ("1.617", "-5.11"), "吉林": ("1.444", "-5.02"),
    "黑龙江": ("1.290", "-4.75"), "上海": ("0.801", "-3.78"), "江苏": ("0.803", "-5.85"), "浙江": ("0.782", "-5.49"),
    "安徽": ("1.075", "-4.52"), "福建": ("0.843", "-3.70"), "江西": ("0.928", "-5.53"), "山东": ("1.100", "-6.47"),
    "河南": ("1.219", "-5.10"), "湖北": ("1.314", "-6.29"), "湖南": ("1.225", "-6.72"), "广东": ("0.715", "-4.32"),
    "广西": ("1.106", "-3.97"), "海南": ("0.875", "-2.55"), "重庆": ("1.267", "-4.97"), "四川": ("1.381", "-3.55"),
    "贵州": ("2.875", "-6.11"),
}  # fmt: skip


@pytest.mark.parametrize("place", BULLETIN_2008)
def test_levels_of_the_2008_bulletin(place: str) -> None:
    """Two levels of four decimals, as kept, that print the bulletin's level and give its change to the digit.

    The level of 2007 is not printed. That there is such a pair says that rate and level are of one arithmetic: both
    years kept with four decimals before the ratio is formed. Tried in 2012, the rule's file begins later than 2008.
    """
    level, change = (Decimal(each) for each in BULLETIN_2008[place])
    last = Decimal("0.0001")
    levels = [level + n * last for n in range(-5, 6) if round(level + n * last, 3) == level]
    near = round(level / (1 + change / 100), 4)
    pairs = product(levels, (near + n * last for n in range(-2, 3)))
    assert any(_change(*pair) == change for pair in pairs)


def _change(now: Decimal, before: Decimal) -> Decimal:
    unit = "吨标准煤/万元"
    facts = [told("energy_intensity", 2011, str(before), unit), told("energy_intensity", 2012, str(now), unit)]
    return published(engine(facts), "energy_intensity_growth", 2012)


def test_no_figure_where_one_is_lacking() -> None:
    """The same cases without one of their numbers: missing, never zero."""
    found = engine([told("energy_intensity_growth", 2016, "-7.64")])
    assert found.figure(Cell(PLACE, "energy_intensity_progress", Period(2016))).state is State.MISSING
