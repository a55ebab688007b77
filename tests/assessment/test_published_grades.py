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
