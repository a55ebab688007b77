"""One wording of indicator and kind: two commitments of one indicator are never called the same."""

from __future__ import annotations

import pytest

from shuangkong.plans.audit.english import in_english
from shuangkong.plans.promise_name import promise_name, within
from shuangkong.plans.reading import Kind
from shuangkong.rulebook import open_rulebook

BOOK = open_rulebook()


@pytest.mark.parametrize(
    ("name", "kind", "zh", "en"),
    [
        ("氨氮排放总量", "cap_total", "氨氮排放总量", "Total ammonia-nitrogen emissions"),
        ("氨氮排放总量", "reduction_rate", "氨氮排放总量下降率", "Reduction of total ammonia-nitrogen emissions"),
        ("氨氮排放总量下降率", "reduction_rate", "氨氮排放总量下降率", "Reduction of total ammonia-nitrogen emissions"),
        (
            "单位地区生产总值能耗",
            "reduction_rate",
            "单位地区生产总值能耗下降率",
            "Reduction of energy consumption per unit of GDP",
        ),
        ("单位地区生产总值能耗", "level_cap", "单位地区生产总值能耗", "Energy consumption per unit of GDP"),
        (
            "单位地区生产总值能耗年均下降率",
            "reduction_rate",
            "单位地区生产总值能耗年均下降率",
            "Mean annual reduction of energy consumption per unit of GDP",
        ),
        ("能源消费增量", "cap_increment", "能源消费增量", "Increment of total energy consumption"),
        ("煤炭消费总量", "cap_increment", "煤炭消费总量增量", "Increment of total coal consumption"),
        ("煤炭消费占能源消费总量比重", "share", None, "Share of coal in total energy consumption"),
        (
            "煤炭消费占能源消费总量比重",
            "point_gain",
            "煤炭消费占能源消费总量比重降低幅度",
            "Percentage-point fall of share of coal in total energy consumption",
        ),
        (
            "铁路货运量占比提高幅度",
            "point_gain",
            "铁路货运量占比提高幅度",
            "Percentage-point rise of share of rail in freight",
        ),
        ("化学需氧量重点工程减排量", "reduction_amount", None, "Chemical oxygen demand reduced by key projects"),
        (
            "水泥熟料综合能耗",
            "reduction_amount",
            "水泥熟料综合能耗减少量",
            "Absolute reduction of comprehensive energy consumption of cement clinker",
        ),
        ("化肥使用量增长率", "growth", None, "Growth of fertiliser use"),
        ("水路货运量占比", "growth", "水路货运量占比增长率", "Growth of share of waterways in freight"),
        ("铝锭综合交流电耗", "level_cap", None, "Comprehensive AC consumption of aluminium ingot"),
        ("铝液交流电耗", "reduction_rate", "铝液交流电耗下降率", "Reduction of AC consumption of molten aluminium"),
        ("污水处理厂建成数", "count", "污水处理厂建成数", "污水处理厂建成数 (as printed)"),
        ("某某强度", "reduction_rate", "某某强度下降率", "某某强度下降率 (as printed)"),
    ],
)
def test_indicator_and_kind_are_said_together(name: str, kind: str, zh: str | None, en: str) -> None:
    bare = name
    for ending in ("年均下降率", "下降率", "提高幅度"):
        bare = bare.removesuffix(ending)
    known = next((each for each in BOOK.indicators().values() if each.zh in (name, bare)), None)
    said = promise_name(name, Kind(kind), known)
    assert (said.zh, said.en) == (zh or name, en)


def test_kinds_of_one_indicator_are_called_differently() -> None:
    moving = (Kind.CAP_TOTAL, Kind.REDUCTION_RATE, Kind.GROWTH, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT)
    for each in (BOOK.indicators()[id_] for id_ in ("cod_total", "coal_total", "water_total", "carbon_total")):
        said = [promise_name(each.zh, kind, each) for kind in moving]
        assert len({message.zh for message in said}) == len({message.en for message in said}) == len(moving), each.id


def test_a_nested_scope_is_kept() -> None:
    known = BOOK.indicators()["black_water_rate"]
    said = promise_name(known.zh, Kind.LEVEL_FLOOR, known, "县城")
    assert said.en == "Share of black and smelly water bodies removed (县城)"


def test_findings_say_it_the_same_way() -> None:
    lexicon = BOOK.lexicon()
    assert in_english("氨氮排放总量下降率", lexicon) == "reduction of total ammonia-nitrogen emissions"
    assert in_english("能源消费总量", lexicon) == "total energy consumption"
    assert in_english("水泥熟料综合能耗减少量", lexicon).startswith("absolute reduction of comprehensive")


def test_within_a_sentence() -> None:
    assert within("Energy saved") == "energy saved"
    assert within("VOCs") == "VOCs"
