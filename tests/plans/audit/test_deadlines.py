"""PLN-060, PLN-061, PLN-064: deadlines before the day of issue, and dates that are none."""

from __future__ import annotations

from datetime import date

import pytest
from constructed import codes, context_of, found

ISSUED = date(2022, 6, 20)
DATED = {"PLN-060", "PLN-061", "PLN-064"}


def dated(words: str, *, base_year: int | None = 2020) -> set[str]:
    return DATED & codes(context_of(items=[("有关任务", words)], issued_on=ISSUED, base_year=base_year))


@pytest.mark.parametrize(
    "words",
    [
        "2021年底前关停的企业不再补贴。",
        "2021年底前已建成12座污水处理厂。",
        "我市已于2021年底前完成摸底，转入整改。",
        "国家要求2021年底前完成摸底，我市已于2021年底前完成。",
        "按照《云川市2021年底前淘汰老旧车辆工作方案》继续执行。",
        "2022年3月底前印发的实施细则继续有效。",
        "逾期未完成2021年底前整改任务的，依法处理。",
        "2021年底前未完成治理的企业全部完成改造。",
        "2021年底前注册登记的柴油货车全部淘汰。",
        "截至2021年底，全市建成污水处理厂12座。",
        "2021年底前仍不能达标的企业限期整改。",
        "2021年底前整改不力的，依法处理。",
        "在2021年底前开工建设的项目抓紧完成。",
    ],
)
def test_dates_that_set_no_deadline_are_passed_over(words: str) -> None:
    assert dated(words) == set()


@pytest.mark.parametrize(
    "words",
    [
        "2021年底前淘汰城市建成区分散燃煤锅炉。",
        "2021年底前，城市建成区基本淘汰燃煤锅炉。",
        "造纸行业力争2022年3月底前完成清洁化改造。",
        "2022年1月15日前制定实施细则。",
    ],
)
def test_an_order_to_be_done_by_a_day_gone_by_must_be_fixed(words: str) -> None:
    assert dated(words) == {"PLN-060"}


@pytest.mark.parametrize(
    "words",
    [
        "对照2021年底前淘汰任务逐项核查。",
        "国家要求2021年底前完成摸底，我市抓紧落实。",
        "2021年底前完成全市范围的锅炉改造。",
        "我市已制定方案，2021年底前完成摸底。",
        "重点企业2021年底前能效水平稳步提升。",
    ],
)
def test_where_no_plain_order_stands_an_explanation_is_asked_for(words: str) -> None:
    assert dated(words) == {"PLN-064"}


def test_a_date_up_to_the_base_year_tells_of_the_past() -> None:
    assert dated("2020年底前淘汰黄标车。") == set()
    assert dated("2020年底前淘汰黄标车。", base_year=2015) == {"PLN-060"}
    assert dated("2020年底前淘汰黄标车。", base_year=None) == {"PLN-060"}


def test_a_deadline_soon_after_the_day_of_issue_is_close_and_not_past() -> None:
    assert dated("2022年7月底前完成重点行业核查。") == {"PLN-061"}
    assert dated("2023年底前完成重点行业核查。") == set()
    (hit,) = found(context_of(items=[("任务", "2022年6月底前完成核查。")], issued_on=ISSUED), "PLN-061")
    assert "只剩10天" in hit.message.zh
