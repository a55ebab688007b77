"""主语: the indicators that the numbers of a run belong to, told apart, completed, or taken from the clause before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from shuangkong.plans.reader import naming
from shuangkong.plans.reader.building import LONG_NAME, NO_MEASURE, UNPAIRED
from shuangkong.plans.reader.context import Inherited
from shuangkong.plans.reader.naming import Names
from shuangkong.plans.reader.predicates import Predicate
from shuangkong.plans.reading import Doubt

#: Words for a part of the whole: such a subject without a measure narrows the indicator named before.
_PLACE = re.compile(
    r"(?:区|城|县|市|镇|乡|村|城市|地区|领域|行业|企业|单位|部门|机关|建筑|项目|工业|农业|流域|）|园区|车辆|河流|断面|养殖场|客车|货车|公交车|出租车|机组|锅炉|社区|学校|医院|宾馆|饭店)$"
)
#: What says nothing without the indicator before it: 削减率, 占一次能源消费比重.
_LEANS = re.compile(r"(?:削减率|下降率|增长率|降幅|增幅|增速)$|占.{2,20}(?:比重|比例|份额)$")
#: What sums up a list behind its last member: 等四项主要污染物排放总量.
_SUMMED_UP = re.compile(
    r"(?<=.)(?:等(?:[两二三四五六\d]项)?|[两二三四五六\d]项)(?:主要)?(?:污染物|指标)(?=排放|减排|削减|重点工程|工程减排)"
)
#: Work that is measured by the area it is done to.
_AREA = re.compile(r"^[万亿]?(?:平方米|平方公里|公顷|亩)$")
_WORKED_ON = re.compile(r"(?:改造|造林|绿化|修复|治理)$")
#: 增量…，总量…: names of one measure each, which leave what is measured to the name before.
_OF_SAME = re.compile(r"总量|增量")
_TAILS = ("重点工程减排量", "工程减排量", "减排量", "削减量", "排放量", "排放总量")


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names with the nested scope of each (None where it has none), and what is doubtful about them."""

    names: list[str]
    scopes: list[str | None]
    doubts: tuple[Doubt, ...] = ()


def subjects(subject: str, ahead: Predicate, count: int, unit: str, held: Inherited, names: Names) -> Subjects:
    """The indicators of ``count`` numbers whose clause leaves ``subject`` before its predicate."""
    subject = _SUMMED_UP.sub("", subject)
    if _AREA.search(unit) and _WORKED_ON.search(subject) and not naming.known(subject, names):
        subject += "面积"
    if not subject:
        return _kept(ahead, count, held)
    if count > 1:
        return _listed(subject, count, held, names)
    found = None if _is_sum(subject, unit) and not ahead.each else naming.parts(subject, None, names)
    if found is None and ahead.each:
        found = naming.parts(subject, len(re.split(r"[、和及]", subject)), names)
    if found:
        return Subjects(with_topic(found, held, names), [None] * len(found))
    return _single(subject, unit, held, names)


def _is_sum(subject: str, unit: str) -> bool:
    """Whether one number for a list counts its members together (风电、光伏装机35万千瓦), as amounts do."""
    return bool(unit) and not re.search(r"[%‰/]|百分点", unit) and not re.search(r"人均|单位|万元|平均|每", subject)


def _kept(ahead: Predicate, count: int, held: Inherited) -> Subjects:
    """No subject of its own: that of the clause before."""
    kept = held.subjects if count in (1, len(held.subjects)) else held.subjects[:1]
    if count == 1 and len(kept) > 1 and not (ahead.each or ahead.respectively or ahead.verb):
        kept = kept[-1:]
    return Subjects(list(kept), [None] * len(kept))


def _listed(subject: str, count: int, held: Inherited, names: Names) -> Subjects:
    if subject in _TAILS and len(held.subjects) == count:
        # 排放总量分别下降…，重点工程减排量分别为…: the substances are those of the clause before.
        return Subjects([_substance(name, names) + subject for name in held.subjects], [None] * count)
    found = naming.parts(subject, count, names)
    if found is not None and held.subjects and _narrows(found, subject, names):
        return Subjects([held.subjects[-1]] * count, list(found))
    if found is not None:
        return Subjects(with_topic(found, held, names), [None] * count)
    members = naming.parts(held.among, count, names) if held.among and naming.is_measure(subject) else None
    if members:
        return Subjects([f"{member}中{subject}" for member in members], [None] * count)
    if len(held.subjects) == count and not naming.is_measure(subject):
        return Subjects(list(held.subjects), [subject] * count)
    return Subjects([subject[-naming.LONGEST_NAME :]] * count, [None] * count, (UNPAIRED,))


def _substance(name: str, names: Names) -> str:
    return next((word for word in names.substances if name.startswith(word)), name)


def _narrows(found: list[str], subject: str, names: Names) -> bool:
    """Whether a list names parts of a whole only (钢铁、建材行业), for which the indicator was named before."""
    measured = any(naming.is_measure(name) or name in names.substances for name in found)
    return bool(_PLACE.search(subject)) and not measured


def _single(subject: str, unit: str, held: Inherited, names: Names) -> Subjects:
    if held.subjects and _LEANS.match(subject):
        subject = held.subjects[-1] + subject
    if subject in names.substances:
        return Subjects(with_topic([subject], held, names), [None])
    if held.subjects and subject == "峰值":
        return Subjects(held.subjects[-1:], [subject])
    if held.subjects and _OF_SAME.fullmatch(subject) and (whole := re.sub(r"[总增]量$", "", held.subjects[-1])):
        return Subjects([whole + subject], [None])
    if not naming.is_measure(subject):
        if held.subjects and len(subject) <= 14 and _PLACE.search(subject) and unit == held.unit:
            whole = held.subjects[-1]
            return Subjects([whole], [subject], () if _is_sure(whole, names) else (NO_MEASURE,))
        if held.topic:
            return Subjects([subject + held.topic], [None])
    if len(subject) > naming.LONGEST_NAME:
        return Subjects([subject[-naming.LONGEST_NAME :]], [None], (LONG_NAME,))
    return Subjects([subject], [None], () if _is_sure(subject, names) else (NO_MEASURE,))


def _is_sure(subject: str, names: Names) -> bool:
    return naming.is_measure(subject) or naming.known(subject, names)


def with_topic(found: list[str], held: Inherited, names: Names) -> list[str]:
    """A bare substance (氨氮) takes the measure that the sentence is about, or the total discharged."""
    tail = "排放总量"
    if held.topic:
        named = next((end for end in _TAILS if held.topic.endswith(end)), None)
        tail = named or (held.topic if len(held.topic) <= 12 else tail)
    return [name + tail if name in names.substances else name for name in found]
