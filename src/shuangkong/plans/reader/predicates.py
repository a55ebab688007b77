"""谓语: what a clause does to a number: verb, bound, and the subject that is left; the arithmetic kind that follows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuangkong.plans.reader import naming
from shuangkong.plans.reading import Kind, Op

_OPS = {
    Op.GE: (
        "≥",
        "≧",
        ">",
        "不低于",
        "不少于",
        "不小于",
        "至少",
        "超过",
        "高于",
        "大于",
        "突破",
        "不得低于",
        "不得少于",
        "最低",
    ),
    Op.LE: (
        "≤",
        "≦",
        "<",
        "不高于",
        "不超过",
        "不大于",
        "不多于",
        "不得超过",
        "不得高于",
        "低于",
        "小于",
        "少于",
        "最高",
        "不突破",
        "不超",
    ),
    Op.ABOUT: ("约", "大约", "约为", "近", "接近", "左右"),
}
_DOWN_TO = (
    "下降到",
    "下降至",
    "降低到",
    "降低至",
    "降至",
    "降到",
    "减少到",
    "减少至",
    "压减到",
    "压减至",
    "削减到",
    "削减至",
    "控制到",
    "压缩到",
    "压缩至",
    "回落到",
    "下降为",
    "降为",
    "调整到",
    "降",
)
_HELD_AT = ("控制在", "控制", "限制在", "稳定在", "保持在", "维持在", "保持", "稳定达到")
_UP_TO = (
    "提高到",
    "提高至",
    "提升到",
    "提升至",
    "上升到",
    "上升至",
    "增加到",
    "增加至",
    "扩大到",
    "扩大至",
    "增长到",
    "增至",
    "增长至",
    "达到",
    "达",
    "发展到",
    "提高为",
    "升至",
    "升到",
)
_DOWN_BY = ("下降", "降低", "减少", "削减", "压减", "压缩", "节约", "减排")
_UP_BY = ("提高", "提升", "增长", "增加", "上升", "新增", "增")
_IS = ("为", "是", "占", "实现", "完成", "力争达到", "形成")
#: Verbs that make, remove or move things which are then counted.
_ACTIONS = (  # noqa: SIM905 - a list of words reads best as words
    "建成 创建 建设 新建 培育 打造 完成 实施 推广 淘汰 关停 改造 发展 推进 组织 "
    "培训 认定 开展 支持 遴选 布局 建立 推出 命名 评选 树立 安排 筹集 投入 替代 "
    "种植 引进 拆除 更新 更换 整治 治理 关闭 关停并转 退出 化解 压产 建造 改建 "
    "扩建 安装 配备 启动 实施完成 新增 形成 节约 减少 削减 压减 实现 选树 打造成 "
    "审计 回收 处理 利用 开发 并网 投产 新增完成 取缔 整合 购置 投放 创成 争创 "
    "新建成 惠及 申报 获评 达标 建有 推动 引导 扶持 争取 举办 编制 制定 出台 验收 排查"
).split()
_ADVERBS = re.compile(
    r"(?:均|分别|累计|年均|平均|力争|争取|确保|基本|总体|稳定|逐步|再|进一步|大幅|合计|共计|共|总计|要|(?<![供响适反对效感])应|需|须|已|将|可|全部|同比|也|则|各|每年|都|能够|得以|净|至|到|以|了|的|，|、|：|/)+$"
)
#: 提高到2025年的 70%: the year stands between verb and number.
_YEAR_AT_END = re.compile(r"(?<=[到至为达])\d{4}年(?:底|末)?的?$")
_PAST = re.compile(r"(?:了|已(?:经)?(?:完成|达到|实现|建成|累计)?|累计已)$")
_FROM = re.compile(
    r"(?:由|从)(?:\d{4}年)?(?:末|底)?(?:的)?(?:约)?$|(?:比|较|与|在)\d{4}年(?:末|底)?的(?:约)?$|(?:由|从)“?[一二三四五六七八九十]{1,2}五”?(?:末|时期|期末)的?(?:约)?$"
)
_LESS = re.compile(r"削减|减少|压减|节约|淘汰|化解|退出|替代")
COUNTED = re.compile(
    r"^(?:[百千万亿]+)?(?:个|家|户|辆|台|套|座|处|项|条|所|名|人|人次|只|盏|支|件|艘|栋|株|头|场|次|例|组|批|片|台次|台套|辆次|名次|万人|公里|亩|个以上|村)$"
)

_TOKENS: tuple[tuple[str, str], ...] = tuple(
    sorted(
        [(word, f"op{op}") for op, words in _OPS.items() for word in words]
        + [(w, "down_to") for w in _DOWN_TO]
        + [(w, "held_at") for w in _HELD_AT]
        + [(w, "up_to") for w in _UP_TO]
        + [(w, "down_by") for w in _DOWN_BY]
        + [(w, "up_by") for w in _UP_BY]
        + [(w, "is") for w in _IS],
        key=lambda pair: -len(pair[0]),
    )
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """What stands before a number: subject left over, the sort of verb (down_by, up_to … or empty), bound."""

    subject: str
    verb: str
    op: Op | None
    respectively: bool
    each: bool
    basic: bool
    past: bool
    base: bool
    yearly: bool


def predicate(before: str) -> Predicate:
    """Takes the words before a number apart, from the right: bound, verb, adverbs, subject."""
    past = bool(_PAST.search(before))
    base = bool(_FROM.search(before))
    rest, verb, op, adverbs = _YEAR_AT_END.sub("", before), "", None, ""
    while True:
        token = next(((w, sort) for w, sort in _TOKENS if rest.endswith(w) and not _part_of_name(rest, w, verb)), None)
        if token is None:
            found = _ADVERBS.search(rest)
            if not found:
                break
            adverbs += found[0]
            rest = rest[: found.start()]
            continue
        word, sort = token
        if sort.startswith("op"):
            op = op or Op(sort[2:])
        elif not verb or verb == "is":
            verb = sort
        elif sort not in ("is", verb):
            break
        rest = rest[: -len(word)]
    yearly = "年均" in adverbs
    each = "均" in adverbs.replace("年均", "").replace("平均", "") or "都" in adverbs
    return Predicate(rest, verb, op, "分别" in adverbs, each, "基本" in adverbs, past, base, yearly)


def _part_of_name(rest: str, word: str, verb: str) -> bool:
    """为 in 行为, 近 in 附近, 占 in 侵占, 增 in 新增, 降 in 下降 are parts of longer words; 是, 占 count once."""
    if word in ("为", "近", "占", "达", "增", "是", "降", "约"):
        return rest.endswith(
            (
                "行为",
                "附近",
                "最近",
                "侵占",
                "发达",
                "到达",
                "新增",
                "倍增",
                "节约",
                "集约",
                "还是",
                "下降",
                "压降",
                "成为",
                "作为",
                "改为",
            )
        ) or bool(verb and word != "约")
    return False


def action(before: str) -> tuple[str, str]:
    """A verb that makes or removes things, directly before a number (创建6家): (verb, rest); ("", before) without."""
    stripped = re.sub(r"(?:至少|约|不少于|不低于|超过|力争|累计|新|再|各|共|总计|近|合计|约为)+$", "", before)
    for word in sorted((*_ACTIONS, "覆盖"), key=len, reverse=True):
        if stripped.endswith(word):
            return word, stripped[: -len(word)]
    return "", before


def bound_ahead(before: str) -> Op | None:
    """The bound before a number, or before the verb that stands between (至少创建2家)."""
    return predicate(before).op or predicate(action(before)[1]).op


def leading_action(subject: str) -> tuple[str, str]:
    """建成市级绿色园区 → (建成, 市级绿色园区), 新建、改造管网 → (新建改造, 管网); without a verb (empty, subject)."""
    for word in sorted(_ACTIONS, key=len, reverse=True):
        thing = subject.removeprefix(word)
        if thing == subject or len(thing) < 2 or thing[0] in "后前率量数":
            continue
        if thing[0] not in "和与及或、":
            return word, thing
        second, thing = leading_action(thing[1:])
        if second:
            return word + second, thing
    return "", subject


def kind_of(verb: str, name: str, unit: str, op: Op | None, full: bool) -> Kind:
    """The arithmetic kind; ``full`` says that the value is 100 %."""
    percent = unit in ("%", "‰")
    if "百分点" in unit:
        return Kind.POINT_GAIN
    if verb == "down_by" or re.search(r"(?:下降|降低|削减|减少)(?:率|比例|幅度)$", name):
        return Kind.REDUCTION_RATE if percent else Kind.REDUCTION_AMOUNT
    if verb == "up_by" or re.search(r"增长率$|增速$|增幅$", name):
        return Kind.GROWTH if percent else (Kind.CAP_INCREMENT if op is Op.LE else Kind.COUNT)
    if re.search(r"减排量|削减量|节能量|节约量|减排能力|节能能力|替代量|压减量", name):
        return Kind.REDUCTION_AMOUNT
    if re.search(r"增量|新增.*(?:消费|能耗|排放)|增加量", name):
        return Kind.CAP_INCREMENT
    if percent:
        if full and verb != "held_at":
            return Kind.COMPLETION
        if verb == "down_to" or op is Op.LE:
            return Kind.LEVEL_CAP
        return Kind.SHARE if re.search(r"占|比重|比例|份额|分担率|普及率", name) else Kind.LEVEL_FLOOR
    if COUNTED.match(unit):
        return Kind.COUNT if op is not Op.LE else Kind.CAP_TOTAL
    if "/" in unit or re.search(r"强度|单位|人均|浓度|系数|指数|能耗$|值$", name):
        return Kind.LEVEL_CAP if op is Op.LE or verb in ("down_to",) else Kind.LEVEL_FLOOR
    if op is Op.LE or verb in ("down_to", "held_at"):
        return Kind.CAP_TOTAL
    return Kind.LEVEL_FLOOR


def kind_made(verb: str, name: str, unit: str, op: Op | None) -> Kind:
    """The arithmetic kind of things made, moved or removed by ``verb``."""
    if COUNTED.match(unit):
        return Kind.COUNT
    if _LESS.search(verb):
        return Kind.REDUCTION_AMOUNT
    return kind_of("", name, unit, op, full=False)


def named(name: str, kind: Kind, verb: str) -> str:
    """The indicator's name with what the kind adds to it (…下降率)."""
    if kind is Kind.REDUCTION_RATE:
        name = name.removesuffix("增长率")
    if naming.is_rated(name):
        return name
    if re.fullmatch(r".{0,8}(?:节[能水煤电油地材]|减排|降碳)", name):
        return name + "量"
    if kind is Kind.REDUCTION_RATE:
        return name + "下降率"
    if kind is Kind.REDUCTION_AMOUNT and verb == "down_by":
        return name + "减少量"
    if kind is Kind.GROWTH:
        return name + "增长率"
    if verb == "up_by" and kind is Kind.COUNT and naming.is_measure(name):
        return name + "增加量"
    if kind is Kind.POINT_GAIN:
        return name + ("降低幅度" if verb == "down_by" else "提高幅度")
    return name
