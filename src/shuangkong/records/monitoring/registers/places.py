"""点位类登记册: outlets and stations, the factors due, limits, facilities, the yearly list, what was published."""

from __future__ import annotations

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.models import (
    Boiler,
    FactorDue,
    KeyDischarger,
    Limit,
    Outlet,
    OutletStandard,
    Publication,
    ReferenceOxygen,
    SewagePlant,
    TestStation,
)
from shuangkong.records.monitoring.registers import checks, unit_checks, words
from shuangkong.records.monitoring.registers.equipment import ENDS, ENTERPRISE, FACTOR, OUTLET, REGION, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.following import oxygen_changed, point_of_factor
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.people.roles import Action

_CODE = Field("code", Message("编号", "code"), is_needed=True, most=40)
_NAME = Field("name", Message("名称", "name"), is_needed=True)
_OUTLET = Field("outlet", Message("排放口", "outlet"), Sort.OUTLET)
_SHARED = Field("is_shared", Message("已联网共享", "its data are shared"), Sort.FLAG)

OUTLETS = Register(
    "outlets",
    Message("排放口和站点", "outlets and stations"),
    Message(
        "有哪些排放口、空气站和断面，哪些该联网？", "Which outlets, stations, sections; which have to be connected?"
    ),
    Outlet,
    (
        REGION,
        Field("enterprise", Message("企业", "enterprise"), Sort.ENTERPRISE),
        Field("kind", Message("类别", "kind"), Sort.CHOICE, is_needed=True, choices=words.OUTLET_KINDS),
        _CODE,
        _NAME,
        Field("object", Message("监控对象", "object"), Sort.CHOICE, choices=words.OBJECTS),
        Field("industry", Message("行业代码", "industry"), most=8),
        Field("longitude", Message("经度", "longitude"), Sort.FIGURE, unit="°"),
        Field("latitude", Message("纬度", "latitude"), Sort.FIGURE, unit="°"),
        Field("due_on", Message("应联网日期", "connected by"), Sort.DAY),
        Field("reference_oxygen_pct", Message("基准氧含量", "reference oxygen"), Sort.FIGURE, unit="%"),
        Field("area_m2", Message("烟道截面积", "section of the stack"), Sort.FIGURE, unit="m²"),
        Field("coefficient", Message("速度场系数", "velocity coefficient"), Sort.FIGURE),
        Field("ambient_kpa", Message("当地大气压", "air pressure of the place"), Sort.FIGURE, unit="kPa"),
        Field("water_class", Message("水质目标类别", "class to keep"), Sort.WHOLE),
        Field("section_level", Message("断面考核级别", "examined by"), Sort.CHOICE, choices=words.SECTION_LEVELS),
        Field("note", Message("说明", "note"), most=300),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    checks=(checks.in_order, checks.in_bounds, checks.positive("area_m2", "coefficient"), checks.outlet),
)
FACTORS = Register(
    "factors",
    Message("应测因子", "factors due"),
    Message("每个排放口该传哪些因子？", "Which factors does each outlet have to send?"),
    FactorDue,
    (
        OUTLET,
        FACTOR,
        Field("low", Message("量程下限", "range from"), Sort.FIGURE),
        Field("high", Message("量程上限", "range to"), Sort.FIGURE),
        Field("unit", Message("量程单位", "unit of the range"), most=20, untold=words.UNTOLD_UNIT),
        Field("due_on", Message("应联网日期", "connected by"), Sort.DAY),
        Field("installed_on", Message("安装日期", "installed on"), Sort.DAY),
        Field("is_rated", Message("计入传输率", "counts in the rates"), Sort.FLAG, default="是"),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "outlet__region",
    "outlet__enterprise",
    checks=(checks.in_order, checks.factor_due, unit_checks.range_unit),
    follows=point_of_factor,
)
LIMITS = Register(
    "limits",
    Message("排放限值", "limits"),
    Message("每个排放口执行哪些限值，依据什么？", "Which limits hold at each outlet, on which ground?"),
    Limit,
    (
        OUTLET,
        FACTOR,
        Field("sort", Message("限值类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.LIMIT_SORTS),
        Field("period", Message("时段", "period"), Sort.CHOICE, is_needed=True, choices=words.PERIODS, default="hour"),
        Field("low", Message("下限", "at least"), Sort.FIGURE),
        Field("high", Message("上限", "at most"), Sort.FIGURE),
        Field("unit", Message("单位", "unit"), is_needed=True, most=20),
        Field("is_converted", Message("按折算浓度", "at reference oxygen"), Sort.FLAG),
        Field("reference_o2_pct", Message("限值的基准氧含量", "reference oxygen of the limit"), Sort.FIGURE, unit="%"),
        Field("document", Message("依据", "ground"), is_needed=True, most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_LIMIT,
    "outlet__region",
    "outlet__enterprise",
    checks=(checks.in_order, checks.limit),
)
STANDARDS = Register(
    "standards",
    Message("执行的排放标准", "standards of outlets"),
    Message("每个排放口执行哪些标准的哪一类？", "Which group of which standard is each outlet under?"),
    OutletStandard,
    (
        OUTLET,
        Field("standard", Message("标准和类别，或限值区域", "standard and group, or area"), is_needed=True, most=80),
        Field("document", Message("依据", "ground"), most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_LIMIT,
    "outlet__region",
    "outlet__enterprise",
    checks=(checks.in_order, checks.standard),
)
REFERENCE_OXYGENS = Register(
    "oxygens",
    Message("分时段的基准氧含量", "reference oxygen over time"),
    Message("基准氧含量变过吗，从哪天起按哪个折算？", "Did the reference oxygen change, and from which day on?"),
    ReferenceOxygen,
    (
        OUTLET,
        Field("reference_o2_pct", Message("基准氧含量", "reference oxygen"), Sort.FIGURE, is_needed=True, unit="%"),
        Field("document", Message("依据", "ground"), is_needed=True, most=200),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_LIMIT,
    "outlet__region",
    "outlet__enterprise",
    checks=(checks.in_order, unit_checks.reference_oxygen),
    follows=oxygen_changed,
    leaves=oxygen_changed,
)
BOILERS = Register(
    "boilers",
    Message("锅炉和窑炉", "boilers and kilns"),
    Message("有哪些锅炉和窑炉，联网了吗？", "Which boilers and kilns, and do they share data?"),
    Boiler,
    (
        ENTERPRISE,
        _OUTLET,
        _CODE,
        _NAME,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.BOILER_SORTS),
        Field(
            "capacity", Message("容量（锅炉 t/h，窑炉 t/d）", "capacity (t/h, kilns t/d)"), Sort.FIGURE, is_needed=True
        ),
        Field("fuel", Message("燃料", "fuel"), is_needed=True, most=40),
        Field("certificate", Message("使用登记证编号", "certificate"), most=60),
        _SHARED,
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "enterprise__region",
    "enterprise",
    checks=(checks.in_order, checks.positive("capacity")),
)
SEWAGE_PLANTS = Register(
    "sewage-plants",
    Message("污水处理厂", "sewage plants"),
    Message("有哪些污水处理厂，执行什么标准？", "Which sewage plants, under which grade?"),
    SewagePlant,
    (
        ENTERPRISE,
        _OUTLET,
        Field("inlet", Message("进水监测点", "inlet"), Sort.OUTLET),
        _CODE,
        _NAME,
        Field("capacity_m3_d", Message("设计能力", "capacity"), Sort.FIGURE, is_needed=True, unit="m³/d"),
        Field("process", Message("工艺", "process"), most=80),
        Field("grade", Message("执行标准级别", "grade"), most=20),
        Field("sludge", Message("污泥去向", "where sludge goes"), most=120),
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "enterprise__region",
    "enterprise",
    checks=(checks.in_order, checks.positive("capacity_m3_d")),
)
TEST_STATIONS = Register(
    "test-stations",
    Message("机动车检测站", "vehicle test stations"),
    Message("有哪些机动车检测站，联网了吗？", "Which vehicle test stations, and do they share data?"),
    TestStation,
    (
        REGION,
        Field("enterprise", Message("企业", "enterprise"), Sort.ENTERPRISE),
        _CODE,
        _NAME,
        Field("lanes", Message("检测线数", "lanes"), Sort.WHOLE, is_needed=True),
        Field("certificate", Message("资质证书编号", "certificate"), most=60),
        Field("certified_until", Message("资质有效期至", "certified until"), Sort.DAY),
        _SHARED,
        STARTS,
        ENDS,
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    checks=(checks.in_order, checks.positive("lanes")),
)
KEY_DISCHARGERS = Register(
    "key-dischargers",
    Message("重点排污单位名录", "key dischargers"),
    Message("今年哪些单位是重点排污单位？", "Which units are key dischargers this year?"),
    KeyDischarger,
    (
        REGION,
        ENTERPRISE,
        Field("year", Message("年度", "year"), Sort.WHOLE, is_needed=True),
        Field("media", Message("类别", "media"), is_needed=True, most=60),
        Field("reason", Message("列入理由", "reason"), most=200),
    ),
    Action.MONITORING_REGISTER,
    "region",
    "enterprise",
    until="",
    checks=(checks.key_discharger,),
)
PUBLICATIONS = Register(
    "publications",
    Message("监测结果公布", "publication of results"),
    Message("应公布和已公布的监测结果各多少？", "How many results were due, and how many published?"),
    Publication,
    (
        ENTERPRISE,
        Field("sort", Message("类别", "sort"), Sort.CHOICE, is_needed=True, choices=words.PUBLICATION_SORTS),
        Field("period", Message("期间", "period"), is_needed=True, most=8),
        Field("due", Message("应公布数", "due"), Sort.WHOLE, is_needed=True),
        Field("published", Message("已公布数", "published"), Sort.WHOLE, is_needed=True),
        Field("note", Message("说明", "note"), most=300),
    ),
    Action.MONITORING_SERVE,
    "enterprise__region",
    "enterprise",
    until="",
    checks=(checks.publication,),
)
