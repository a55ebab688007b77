"""可选的值: what fields of choice take, code → words."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.core.finding import Message
from shuangkong.monitoring.flue_gas import as_sent
from shuangkong.monitoring.metering.carriers import CARRIERS

type Words = Mapping[str, Message]


def _words(**said: tuple[str, str]) -> Words:
    return {code: Message(zh, en) for code, (zh, en) in said.items()}


OUTLET_KINDS = _words(
    gas=("废气排放口", "gas outlet"),
    water=("废水排放口", "water outlet"),
    air=("环境空气站", "ambient air station"),
    section=("水质断面", "river section"),
)
#: The four objects whose coverage is watched.
OBJECTS = _words(
    key_discharger=("重点排污单位", "key discharger"),
    river_outlet=("重点入河排污口", "key outfall into a river"),
    park=("工业园区", "industrial park"),
    mobile_source=("移动源", "mobile source"),
)
#: By whom a river section is examined.
SECTION_LEVELS = _words(national=("国控", "the nation"), provincial=("省控", "the province"), city=("市控", "the city"))
DEVICE_KINDS = _words(
    logger=("数采仪", "data logger"),
    analyser=("在线分析仪", "analyser"),
    access_end=("能耗接入端", "energy access end"),
    collector=("采集器", "collector"),
)
#: Generations of the protocol; names of generations are the protocol's own.
EDITIONS = _words(
    auto=("自动识别", "as sent"),
    v2005=("第一代", "first generation"),
    v2017=("第二代", "second generation"),
    v2025=("第三代", "third generation"),
)
#: Rules of the check value by the names that the protocol gives them.
CHECK_VALUES = _words(
    any=("都接受", "any"),
    hj212=("标准", "standard"),
    modbus=("Modbus 高位在前", "Modbus, high byte first"),
    modbus_swapped=("Modbus 低位在前", "Modbus, low byte first"),
    ccitt=("CCITT", "CCITT"),
)
ENCODINGS = _words(auto=("自动识别", "as sent"), utf8=("UTF-8", "UTF-8"), gbk=("GBK", "GBK"))
#: Of what gas a device tells a factor; nothing told is dry gas at standard state.
MOISTURES: Words = {each.value: said for each, said in as_sent.MOISTURES.items()}
GAS_STATES: Words = {each.value: said for each, said in as_sent.GAS_STATES.items()}
UNTOLD_MOISTURE = Message("未说明（按干基）", "not told (taken as dry)")
UNTOLD_UNIT = Message("同读数", "as the readings")
UNTOLD_STATE = Message("未说明（按标准状态）", "not told (taken as standard)")
LIMIT_SORTS = _words(
    national=("国家标准", "national standard"),
    local=("地方标准", "local standard"),
    special=("特别排放限值", "special limit"),
    basin=("流域标准", "basin standard"),
    permit=("排污许可证", "permit"),
)
PERIODS = _words(
    rtd=("瞬时", "instant"),
    minute=("分钟", "minute"),
    hour=("小时", "hour"),
    day=("日", "day"),
    month=("月", "month"),
    year=("年", "year"),
)
#: Energies that meters measure; ids are those of the list that forms share.
CARRIER_WORDS: Words = {each.id: each.name for each in CARRIERS.values()}
#: Which way energy goes through a meter where it comes into the unit or leaves it.
DIRECTIONS = _words(
    **{
        "in": ("购入（计入）", "into the unit (adds)"),
        "own": ("自产自用（计入）", "made by the unit itself (adds)"),
        "out": ("外供（扣除）", "out of the unit (subtracts)"),
    }
)
BOILER_SORTS = _words(boiler=("锅炉", "boiler"), kiln=("窑炉", "kiln"))
SERVICE_SORTS = _words(
    calibration=("校准", "calibration"),
    standard=("标样核查", "standard check"),
    comparison=("比对监测", "comparison"),
    maintenance=("维护", "maintenance"),
    repair=("维修", "repair"),
    cleaning=("清洗吹扫", "cleaning"),
    inspection=("巡检", "inspection"),
)
PUBLICATION_SORTS = _words(
    own=("企业自行监测", "self-monitoring"), supervisory=("监督性监测", "supervisory monitoring")
)
#: How often a result is due (``rates.publication.Frequency``).
FREQUENCIES = _words(
    hour=("自动，每小时", "automatic, every hour"),
    two_hours=("自动，每两小时", "automatic, every two hours"),
    day=("每日一次", "once a day"),
    week=("每周一次", "once a week"),
    month=("每月一次", "once a month"),
    quarter=("每季一次", "once a quarter"),
    half_year=("每半年一次", "once half a year"),
    year=("每年一次", "once a year"),
)
#: Media of the yearly list of key dischargers.
MEDIA = _words(
    water=("水环境", "water"),
    air=("大气环境", "air"),
    noise=("噪声", "noise"),
    soil=("土壤污染监管", "soil"),
    risk=("环境风险管控", "environmental risk"),
    other=("其他", "other"),
)
#: What an enterprise can be charged beside the plain price of power, or be paid for clean operation.
PRICE_SORTS = _words(
    differential=("差别电价", "differential price"),
    punitive=("惩罚性电价", "punitive price"),
    tiered=("阶梯电价", "tiered price"),
    environmental=("环保电价", "environmental price"),
)
PRICE_GRADES = _words(
    restricted=("限制类", "restricted"),
    eliminated=("淘汰类", "to be eliminated"),
    within_double=("超限额一倍以内", "above the limit, up to double"),
    above_double=("超限额一倍以上", "above double the limit"),
    other=("其他", "other"),
)
#: Where a boiler stands, as rules about new ones ask.
BOILER_ZONES = _words(
    built_up=("城市建成区", "built-up area"), outside_built_up=("建成区以外", "outside built-up areas")
)
REMOVAL_WAYS = _words(
    dismantled=("拆除", "dismantled"),
    converted=("改用清洁能源", "converted to clean energy"),
    merged=("并入集中供热", "given way to central heating"),
)
INSPECTION_FINDINGS = _words(
    gone=("已拆除，未恢复", "gone, and not back"),
    idle=("设备仍在，未使用", "there, but idle"),
    running=("又在使用", "in use again"),
)
MACHINE_SORTS = _words(
    elevator=("电梯", "elevator"),
    motor=("电动机", "motor"),
    transformer=("变压器", "transformer"),
    fan=("风机", "fan"),
    pump=("水泵", "pump"),
    compressor=("压缩机", "compressor"),
)
#: Grades of energy efficiency of the standards: 1 is the best; what lies below 3 is to be eliminated.
MACHINE_GRADES = _words(
    **{"1": ("1级", "grade 1"), "2": ("2级", "grade 2"), "3": ("3级", "grade 3")},
    below=("低于3级，应淘汰", "below grade 3, to be eliminated"),
)
TEST_SORTS = _words(
    efficiency=("能效测试", "efficiency test"),
    environment=("环保测试", "environmental test"),
    safety=("定期检验", "periodic safety test"),
    evaluation=("能效评价", "efficiency evaluation"),
)
OPERATOR_SORTS = _words(
    boiler=("锅炉操作", "boilers"), elevator=("电梯安全管理", "elevators"), other=("其他特种设备", "other equipment")
)
#: What is done with solid waste where; the first hands it on and treats nothing.
WASTE_FACILITY_SORTS = _words(
    transfer=("转运站", "transfer station"),
    incineration=("生活垃圾焚烧", "incineration of household waste"),
    landfill=("生活垃圾卫生填埋", "sanitary landfill of household waste"),
    biological=("厨余等生物处理", "biological treatment of food waste"),
    simple=("简易堆放填埋（非无害化）", "simple heap or pit (not harmless)"),
    sludge=("污泥处理处置", "treatment of sludge"),
    medical=("医疗废物处置", "disposal of medical waste"),
    hazardous=("危险废物利用处置", "use or disposal of hazardous waste"),
)
DUMP_SORTS = _words(
    household=("生活垃圾", "household waste"),
    construction=("建筑垃圾", "construction waste"),
    industrial=("工业固体废物", "industrial waste"),
    farm=("农业废弃物", "farm waste"),
    mixed=("混合", "mixed"),
)
DUMP_FINDINGS = _words(
    gone=("已清理干净", "cleared"), left=("仍有堆放", "not cleared"), back=("清理后又有堆放", "dumped on again")
)
#: What becomes of the sewage of a settlement.
SEWAGE_TREATMENTS = _words(
    piped=("接入城镇管网", "piped to a town's sewers"),
    plant=("村庄集中处理", "treated together in the village"),
    household=("分户处理", "treated house by house"),
    reuse=("就近还田等利用", "used on the land"),
    none=("没有治理", "not treated"),
)
RUN_STATES = _words(
    running=("正常运行", "runs"), stopped=("停运", "stands still"), repair=("检修改造", "under repair or rebuilding")
)
#: Equipment that catalogues of efficient models hold.
CATALOGUE_SORTS: Words = {"boiler": Message("锅炉", "boiler"), **MACHINE_SORTS}
