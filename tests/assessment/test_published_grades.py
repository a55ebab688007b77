"""公布的考核结果: which grades follow from the rules that we hold, and which do not."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from scoring_ground import GRADES, answers, published, sheet, table

from shuangkong.assessment.sheet import Sheet
from shuangkong.core.period import Period

GOVERNMENT = "energy_saving_government"
#: A range of targets (4.0 to 4.5): met at its lower end, missed at its upper.
RANGE = "410000"


def province(due: str, done: str) -> Sheet:
    of = table(GOVERNMENT)
    told = {"intensity_due": due, "intensity_done": done, "fraud_cases": "0"} if done else {}
    return sheet(of, answers(of, told, Period(2007)), 2007)


def test_provinces_of_the_first_national_assessment() -> None:
    """Item 1 alone is published: it decides who is not fulfilled, and how many marks the others have at least.

    Of 20 provinces with figures, the three that missed the target follow by the veto; 16 met it, so that their grades
    stand on sixty marks of measures nobody published: none contradicts the rule. One has a range for a target.
    """
    rows = published("province_energy_saving_2007.csv")
    assert len(rows) == 30
    known = [row for row in rows if row["done_pct"] and row["code"] != RANGE]
    follows, open_, contradicted = [], [], []
    for row in known:
        found, grade = province(row["due_pct"], row["done_pct"]), GRADES[row["grade"]]
        remaining = [each.id for each in found.possible]
        (contradicted if grade not in remaining else follows if len(remaining) == 1 else open_).append(row["name"])
    assert contradicted == []
    assert follows == ["河北", "山西", "内蒙古"]
    assert len(open_) == 16
    assert sum(not row["done_pct"] for row in rows) == 10
    assert len(province("", "").possible) == 4


def test_the_marks_that_the_first_item_gives() -> None:
    """By the ladder and the bonus; worked by hand."""
    marks = {}
    for row in published("province_energy_saving_2007.csv"):
        if row["done_pct"] and row["code"] != RANGE:
            found = province(row["due_pct"], row["done_pct"])
            marks[row["name"]] = (found.score("1").marks, found.score("1B").marks)
    assert marks["北京"] == (Decimal(40), Decimal(6))
    assert marks["天津"] == (Decimal(40), Decimal(3))
    assert marks["河北"] == (Decimal(36), Decimal(0))
    assert marks["山西"] == (Decimal(32), Decimal(0))
    assert marks["内蒙古"] == (Decimal(32), Decimal(0))
    assert marks["上海"] == (Decimal(40), Decimal(3))
    assert Counter(marks.values()) == {
        (Decimal(40), Decimal(0)): 11, (Decimal(40), Decimal(3)): 4, (Decimal(40), Decimal(6)): 1,
        (Decimal(36), Decimal(0)): 1, (Decimal(32), Decimal(0)): 2,
    }  # fmt: skip


def test_a_target_that_is_a_range_decides_nothing() -> None:
    row = next(row for row in published("province_energy_saving_2007.csv") if row["code"] == RANGE)
    low, high = row["due_pct"].split("~")
    assert len(province(low, row["done_pct"]).possible) == 4
    assert [each.id for each in province(high, row["done_pct"]).possible] == ["unfulfilled"]
    assert row["grade"] == "基本完成"


def test_cities_of_a_province_under_dual_control() -> None:
    """Eleven cities have figures: all grades follow from the inferred rule. Ten have none: nothing follows."""
    of = table("dual_control_city")
    agreed, undecided, others = [], [], []
    for row in published("city_dual_control_2016.csv"):
        told = {}
        if row["done_pct"]:
            tce = str(Decimal(row["increment_10k_tce"]) * 10_000)
            told = {"intensity_done": row["done_pct"], "intensity_due": row["due_pct"], "increment": tce}
        found = sheet(of, answers(of, told, Period(2016)), 2016)
        if found.grade is None:
            undecided.append(row["grade"])
        else:
            (agreed if found.grade.id == GRADES[row["grade"]] else others).append(row["name"])
    assert others == []
    assert len(agreed) == 11
    assert Counter(undecided) == {"完成": 4, "超额完成": 2, "基本完成": 4}


def test_a_city_far_ahead_of_its_target() -> None:
    """萍乡 2017: 6.07 against 2, progress 85.28 against 40, increment 20.26 of a yearly mean of 26.6 (10,000 tce)."""
    told = {"intensity_done": "6.07", "intensity_due": "2", "increment": "202600"}
    of = table("dual_control_city")
    assert [grade.id for grade in sheet(of, answers(of, told, Period(2017)), 2017).possible] == ["over_fulfilled"]
    form = table("dual_control_region")
    more = {"progress_done": "85.28", "progress_due": "40", "increment_cap": "266000", "fraud_cases": "0"}
    found = sheet(form, answers(form, told | more, Period(2017)), 2017)
    assert found.score("3").marks == Decimal(10)
    assert "over_fulfilled" in [grade.id for grade in found.possible]


def test_counties_that_missed_the_total_alone() -> None:
    """临沂 over the 13th plan: total missed, two counties fulfilled and one basically: no veto, fewer marks."""
    of = table("dual_control_region")
    told = {
        "intensity_done": "3.2", "intensity_due": "3.2", "progress_done": "100", "progress_due": "100",
        "increment": "90", "increment_cap": "100", "increment_total": "501", "increment_total_cap": "500",
        "fraud_cases": "0",
    }  # fmt: skip
    all_measures = sheet(of, answers(of, told, Period(2020), whole="all"), 2020)
    assert (all_measures.total, all_measures.grade and all_measures.grade.id) == (Decimal(90), "fulfilled")
    measured = [
        sheet(of, answers(of, told, Period(2020), {"5.0": marks}), 2020).grade
        for marks in ("40", "39.99", "20", "19.99")
    ]
    assert [grade.id for grade in measured if grade] == [
        "fulfilled", "basically_fulfilled", "basically_fulfilled", "unfulfilled",
    ]  # fmt: skip


def test_a_city_that_just_kept_its_pace() -> None:
    """重庆 2011: 3.81 against 3.8, progress 22.28 against 20, fulfilled: no veto stands in the way of that grade."""
    of = table(GOVERNMENT)
    told = {
        "intensity_done": "3.81", "intensity_due": "3.8", "progress_done": "22.28", "progress_due": "20",
        "fraud_cases": "0",
    }  # fmt: skip
    found = sheet(of, answers(of, told, Period(2011)), 2011)
    assert [each.holds for each in found.vetoes] == [False, False, False]
    assert "fulfilled" in [grade.id for grade in found.possible]
