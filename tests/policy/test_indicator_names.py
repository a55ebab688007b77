"""An indicator is its definition: no printed variant adds or drops what is measured, over what, for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from shuangkong.rulebook import open_rulebook
from shuangkong.targets.naming import Indicators

INDICATORS = open_rulebook().indicators()
#: Words that make an indicator another one, each with its synonyms. Units of people and things are no denominators.
QUALIFIERS = {
    "规模以上": "规模以上|规上|规模工业|规模(?:化)?(?:畜禽)?养殖",
    "一次能源": "一次能源",
    "非水": "非水",
    "非化石": "非化石",
    "新增": "新增|增量",
    "更新": "更新",
    "新建": "新建|新生产|新车",
    "既有": "既有",
    "累计": "累计",
    "年": "^年(?!均)",
    "城镇": "城镇",
    "城市": "城市|城区",
    "建成区": "建成区",
    "县城": "县城",
    "县级": "县级",
    "地级": "地级",
    "农村": "农村",
    "建制镇": "建制镇",
    "乡镇": "乡镇",
    "行政村": "行政村",
    "北方": "北方",
    "有条件": "有条件",
    "省级": "省级",
    "国家级": "国家级",
    "市级": "市级",
    "以上": "(?:省级|县级)(?:及)?以上",
    "国控": "国控",
    "考核": "考核",
    "重点": "重点",
    "主要": "主要",
    "强制": "强制",
    "铁路": "铁路|铁水",
    "水路": "水路|铁水",
    "公路": "公路|道路",
    "集装箱": "集装箱",
    "大宗": "大宗",
    "货车": "货车",
    "客车": "客车",
    "公交": "公交|公共交通",
    "机动化": "机动化",
    "居住": "居住|住宅",
    "公共建筑": "公共建筑",
    "公共机构": "公共机构",
    "火电": "火电",
    "煤电": "煤电|燃煤机组|燃煤发电",
    "燃煤": "燃煤(?!机组|发电)",
    "燃气": "燃气",
    "单位": "(?<!用能)(?<!示范)(?<!节水型)(?<!事业)单位(?!产品)|万元|强度|人均|单耗|供电(?:标准)?煤耗",
    "人均": "人均",
    "工业": "工业",
    "生活污水": "生活污水",
    "集中": "集中",
    "工程": "工程",
    "增加值": "增加值",
    "产值": "产值",
    "收入": "收入",
    "可比": "可比",
    "落后": "落后",
    "过剩": "过剩",
    "压减": "压减|去产能|退出|化解",
    "淘汰": "淘汰|关停|取缔",
    "高效": "高效(?!照明)|[二2]级以上",
    "纯电动": "纯电动",
    "新能源": "新能源",
    "清洁能源": "清洁能源",
    "分布式": "分布式",
    "海上": "海上",
    "新型": "新型",
    "焚烧": "焚烧",
    "资源化": "资源化",
    "回收": "回收",
    "改造": "改造",
    "示范": "示范",
    "小锅炉": "小锅炉",
    "在役": "在役|在网运行",
}
#: Variants that differ in such a word and mean the same all the same: (id, word) with the ground.
SAME = {
    ("black_water_share", "城市"): "a built-up area is a city's",
    ("urban_black_water_rate", "城市"): "black waters of a city are those of its built-up area",
    ("urban_black_water_rate", "建成区"): "black waters of a city are those of its built-up area",
    ("building_standard_rate", "强制"): "the energy standard of new buildings is mandatory",
    ("energy_standard_rate", "强制"): "the energy standard of buildings is mandatory",
    ("county_city_sewage_rate", "城市"): "县级市 is 县级城市",
    ("prefecture_city_sewage_rate", "城市"): "地级市 is 地级城市",
    ("new_energy_vehicle_share", "新建"): "penetration is counted in new cars",
    ("national_model_institution_count", "公共机构"): "the programme is that of public institutions",
    ("provincial_model_institution_count", "公共机构"): "the programme is that of public institutions",
    ("new_retrofit_sewage_pipe_length", "新增"): "pipes added are pipes built",
    ("new_retrofit_sewage_pipe_length", "新建"): "pipes added are pipes built",
    ("sewage_pipe_length", "新增"): "pipes added are pipes built",
    ("sewage_pipe_length", "新建"): "pipes added are pipes built",
    ("support_pipe_length", "新增"): "pipes added are pipes built",
    ("support_pipe_length", "新建"): "pipes added are pipes built",
    ("water_total", "年"): "a total of use is that of a year",
    ("oil_vapour_recovery_rate", "改造"): "治理 of oil vapour is its retrofit",
    ("public_retrofit_area", "既有"): "only what exists is retrofitted",
    ("residential_retrofit_area", "既有"): "only what exists is retrofitted",
    ("retrofit_area", "既有"): "only what exists is retrofitted",
    ("urban_residential_retrofit_area", "既有"): "only what exists is retrofitted",
    ("road_energy_intensity", "公路"): "营运车辆 run on roads",
    ("waterway_energy_intensity", "水路"): "营运船舶 run on water",
    ("roof_photovoltaic_area", "分布式"): "photovoltaics on roofs are distributed",
    ("services_share", "增加值"): "the weight of a sector in GDP is that of its value added",
    ("town_sewage_rate", "建制镇"): "镇 is 建制镇",
    ("industry_energy_intensity", "单位"): "an intensity printed without 单位",
    ("refining_unit_consumption", "单位"): "per tonne of crude, printed with and without 单位",
    ("public_institution_area_intensity", "公共机构"): "the short form under the group 公共机构 of a table",
    ("public_institution_person_intensity", "公共机构"): "the short form under the group 公共机构 of a table",
    ("public_institution_person_water", "公共机构"): "the short form under the group 公共机构 of a table",
}


def qualifiers(name: str) -> set[str]:
    return {word for word, pattern in QUALIFIERS.items() if re.search(pattern, name)}


def differing() -> Iterator[tuple[str, str, str]]:
    for indicator in INDICATORS.values():
        for alias in indicator.aliases:
            for word in qualifiers(indicator.zh) ^ qualifiers(alias):
                yield indicator.id, word, alias


def test_no_alias_adds_or_drops_a_qualifier() -> None:
    found = [
        f"{id_}: {alias} differs from {INDICATORS[id_].zh} in {word}"
        for id_, word, alias in differing()
        if (id_, word) not in SAME
    ]
    assert found == []


def test_no_ground_is_kept_that_nothing_needs() -> None:
    assert set(SAME) - {(id_, word) for id_, word, _alias in differing()} == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("煤炭占一次能源消费比重", "煤炭占能源消费总量比重"),
        ("天然气占一次能源消费比重", "天然气占能源消费总量比重"),
        ("非化石能源占一次能源消费比重", "非化石能源占能源消费总量比重"),
        ("铁路货运量占比", "铁路水路货运量占比"),
        ("水路货运量占比", "铁路水路货运量占比"),
        ("集装箱铁水联运量", "铁路水路货运量占比"),
        ("大宗货物铁路水路运输占比", "铁路水路货运量占比"),
        ("非水可再生能源电力消纳责任权重", "可再生能源电力消纳责任权重"),
        ("工业用水重复利用率", "规模以上工业用水重复利用率"),
        ("单位工业增加值能耗", "规模以上工业单位增加值能耗"),
        ("新增及更新公交车中新能源公交车比例", "新能源公交车占比"),
        ("公务用车新能源汽车占比", "新增和更新公务用车新能源汽车占比"),
        ("集中供热普及率", "高效一体化供热实现率"),
        ("清洁取暖率", "集中供热普及率"),
        ("营运客车单位运输周转量能耗", "公路营运车辆单位运输周转量能耗"),
        ("煤电机组供电煤耗", "火电平均供电煤耗"),
        ("居住建筑节能率", "公共建筑节能率"),
        ("居住建筑节能率", "建筑节能率"),
        ("化学需氧量减排量", "化学需氧量重点工程减排量"),
        ("城镇污水处理率", "城市污水处理率"),
        ("县级市污水处理率", "县城污水处理率"),
        ("一次能源消费总量", "能源消费总量"),
        ("年节能量", "节能量"),
        ("节能能力", "节能量"),
        ("市级绿色工厂", "绿色工厂"),
        ("煤电机组灵活性改造容量", "煤电机组节能改造容量"),
        ("医疗废物安全处置率", "危险废物安全处置率"),
        ("机动车排放标准阶段", "油品标准阶段"),
        ("吨钢可比能耗", "吨钢综合能耗"),
        ("黄标车淘汰率", "老旧车辆淘汰率"),
        ("林木覆盖率", "森林覆盖率"),
    ],
)
def test_what_is_measured_otherwise_is_another_indicator(one: str, other: str) -> None:
    names = Indicators(INDICATORS.values())
    a, b = names.find(one), names.find(other)
    assert a is not None, one
    assert b is not None, other
    assert a.id != b.id


def test_every_share_says_of_what() -> None:
    text = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (open_rulebook().folder.root / "national" / "indicators").glob("*.yaml")
    }
    silent = [
        f"{each.id}: {each.zh}"
        for each in INDICATORS.values()
        if each.unit == "pct" and re.search("比重|占比|比例|权重", each.zh) and "\ndenominator: " not in text[each.id]
    ]
    assert silent == []


def test_english_names_are_there_and_tell_indicators_apart() -> None:
    english: dict[str, list[str]] = {}
    for each in INDICATORS.values():
        assert each.en, each.id
        assert not re.search("[\u4e00-\u9fff]", each.en), each.id
        assert each.en[0].isupper(), each.id
        english.setdefault(each.en.lower(), []).append(each.id)
    assert {name: ids for name, ids in english.items() if len(ids) > 1} == {}
