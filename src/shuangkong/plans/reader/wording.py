"""文字表述: clauses without numbers: topics, classes and stages, targets in words, dated or recurring duties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from shuangkong.plans.reader import naming, predicates, times
from shuangkong.plans.reader.building import IN_WORDS, Place
from shuangkong.plans.reader.numbering import value_of
from shuangkong.plans.reader.quantities import Quantity, stage
from shuangkong.plans.reading import Duty, Kind, Op, Target, Threshold

_FULLY = r"全面(?=完成|达到|实现|执行|消除|建成|供应|推开|淘汰|建设)"
_EXTENT = re.compile(
    rf"全部|所有|{_FULLY}|全覆盖|基本(?=完成|实现|达到|消除|建成|淘汰|形成|建立)|完成.{{0,4}}(?:国家|省|市|上级).{{0,2}}下达"
)
_WHOLE = re.compile(rf"全部|所有|{_FULLY}|全覆盖|县县|村村")
_DONE = re.compile(r"达到|完成|建成|实现|执行|消除|淘汰|覆盖|供应|取缔|实施|建设|安装|得到|稳定")
#: A duty is told in one clause; what is longer is cut.
LONGEST_DUTY = 60
_ZERO = re.compile(r"(?:实现|保持)?(?:零增长|负增长|只减不增|不增长)")
#: 消除劣Ⅴ类水体: what is worse than the last class is to be gone.
_REMOVED = re.compile(r"消除(?P<thing>[^，。；]{0,12}劣(?:[ⅤV]|五)类(?:水体|水质|断面|水质断面|国控断面)?)")
_PEAKS = re.compile(r"(?:率先|提前|如期)?(?:实现|达到)?(?:达峰|峰值)$")
#: Verbs that bring a thing to a stage, before it.
_AT_STAGE = re.compile(r"^(?:供应|实施|执行|推行|推广|使用|销售|采用)+")
_STAGE_NOUN = re.compile(r"[A-Za-z]?(?:阶段)?(?:排放)?标准(?:的)?(?P<noun>[^，。；（]{2,20})$")
#: What is to go is of the stage that its name bears, and nothing is to reach that (国三及以下排放标准货车淘汰).
_GOES = re.compile(r"淘汰|报废")
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6}


def topic(text: str) -> str | None:
    """The measure that a clause announces for the list after it (重点工程减排量，…)."""
    subject = naming.bare(predicates.predicate(times.without_times(text)).subject)
    return naming.scope_of(subject)[1] if naming.is_measure(subject) and len(subject) <= 30 else None


def peaking(text: str) -> list[str]:
    """What a clause says is to peak (煤炭消费量2027年前达峰): the subject of the values after it; else nothing."""
    found = _PEAKS.search(text)
    subject = naming.scope_of(naming.bare(times.without_times(text[: found.start()])))[1] if found else ""
    return [subject] if naming.is_measure(subject) else []


def among(text: str) -> str:
    """The list whose members a clause names for the values after it (货车、客车中，…比例分别达到)."""
    return naming.bare(text[:-1]) if text.endswith("中") and "、" in text else ""


def targets_in_words(place: Place) -> Iterator[Target]:
    """零增长 as 0, 全部完成 as 100 %, Ⅳ类 and 国六 as the number of the class or stage."""
    text = place.paragraph.text[place.start : place.end]
    zero = _ZERO.search(text)
    level = stage(place.paragraph.text, place.start, place.end)
    removed = _REMOVED.search(text)
    if removed:
        op = Op.ABOUT if "基本" in text[: removed.start()] else Op.EQ
        name = f"{removed['thing']}比例"
        at = Quantity(Decimal(0), "%", place.start, place.end, place.end, "")
        yield replace(place.target(name, removed["thing"], Kind.SHARE, op, at, doubts=(IN_WORDS,)), in_words=True)
    elif zero:
        yield from _rendered(place, text[: zero.start()], Kind.CAP_INCREMENT, Op.LE, Decimal(0))
    elif level and _DONE.search(text) and not (level["fuel"] and _GOES.search(text)):
        yield _staged(place, text, level)
    elif _WHOLE.search(text) and _DONE.search(text):
        op = Op.ABOUT if "基本" in text else Op.EQ
        yield from _rendered(place, _WHOLE.sub("", text), Kind.COMPLETION, op, Decimal(100))


def _rendered(place: Place, subject: str, kind: Kind, op: Op, value: Decimal) -> Iterator[Target]:
    name = naming.bare(times.without_times(subject))[: naming.LONGEST_NAME - 3]
    if len(name) < 4:
        return
    ending = "增长率" if kind is Kind.CAP_INCREMENT else "完成率"
    at = Quantity(value, "%", place.start, place.end, place.end, "")
    for one in naming.parts(name, None, place.words.names) or [name]:
        yield replace(place.target(one + ending, one, kind, op, at, doubts=(IN_WORDS,)), in_words=True)


def _staged(place: Place, text: str, level: re.Match[str]) -> Target:
    printed = level["roman"] or level["fuel"] or level["phase"] or "一"
    value = _ROMAN.get(printed) or ("ⅠⅡⅢⅣⅤⅥ".find(printed) + 1) or value_of(printed)
    unit = "类" if level["roman"] else f"级{level['grade']}" if level["grade"] else "阶段"
    name = _staged_name(text, level.start() - place.start, level.end() - place.start, place.words.names)
    at = Quantity(Decimal(value), unit, level.start(), level.end(), level.end(), "")
    found = place.target(name, name, Kind.STAGE, Op.LE if unit == "类" else Op.EQ, at)
    return replace(found, in_words=True)


def _staged_name(text: str, start: int, end: int, names: naming.Names) -> str:
    """What is at a stage: the words before it less their verb; with a verb alone, the noun behind (供应国Ⅵ标准汽油)."""
    subject = naming.bare(predicates.predicate(times.without_times(text[:start])).subject)
    subject = naming.bare(_AT_STAGE.sub("", subject))
    if not subject:
        noun = _STAGE_NOUN.match(text, end)
        subject = noun["noun"] if noun else text
        if noun and naming.known(subject + "标准阶段", names):
            subject += "标准阶段"
    return subject[-naming.LONGEST_NAME :]


def duty(place: Place) -> Duty | None:
    """A duty without a number: it recurs, it has an extent, or its sentence has a date."""
    text = place.paragraph.text[place.start : place.end]
    what = times.without_times(text)
    again, extent = times.recurrence(text), _EXTENT.search(text)
    dated = place.inherited.dated_sentence
    since = place.inherited.starts is not None and not place.is_dated
    if len(text) < 6 or not (again or extent or (dated and len(what) >= 6)):
        return None
    return Duty(
        item_no=place.item_no,
        what=what[:LONGEST_DUTY],
        extent=extent[0] if extent else None,
        deadline=place.inherited.deadline if dated and not since else None,
        recurrence=again,
        strength=place.inherited.strength,
        span=place.paragraph.span(place.start, place.end),
        starts=place.inherited.starts,
    )


def classified_duties(place: Place, period: list[str], limits: list[Threshold]) -> Iterator[Duty]:
    """The duty of a clause whose numbers only classify; one for each class where each has a date of its own."""
    whole = duty(place)
    if whole is None:
        return
    if len(period) != len(limits) or len(limits) < 2:
        yield whole
        return
    for limit, deadline in zip(limits, period, strict=True):
        what = f"{limit.value}{limit.unit}：{whole.what}"
        yield replace(whole, what=what[:LONGEST_DUTY], deadline=deadline)
