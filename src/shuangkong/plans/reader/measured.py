"""指标的识别: what a head, a row label or a title of a table measures, with the words around it left aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from shuangkong.plans.lexicon import Lexicon
from shuangkong.plans.reader import naming
from shuangkong.plans.reader.naming import Names
from shuangkong.plans.reading import Horizon

_BRACKETS = re.compile(r"（[^（）]*）|“[^”]*”(?:时期|期间)?|\[[^\]]*\]")
_YEARS = re.compile(r"(?:与|比|较|以)?(?:20\d\d)年?(?:底|末)?(?:为基数)?(?:相?比)?")
_LEAD = re.compile(
    r"^(?:各[省市区县地州盟旗镇乡街道（）、]*|全[国省市区县州旗盟]|其中[：:]?|年均|累计|到|至|到达|"
    r"[（(]?\d{1,2}[）)]?[.、．]?(?=\D)|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[☆★*※]+)"
)
#: Words of a head that say whose figure it is, not what it measures.
_FRAME = re.compile(
    r"(?:[实际目标现状基准控制]{2}值|实际|目标|现状|基数|基准|控制|计划|任务|指标|要求|完成|基本|激励|奋斗|力争|争取|预期性?|约束性?"
    r"|上限|情况|分[解配]表?|总表|表|年度|累计|双控|方案|[:：/／%])+$"
)
_CHANGED = re.compile(r"(?:累计)?(?:降低|下降|减排|削减|减少|压减)(?:比例|幅度|率|比率)?$")
#: What is left of a head that names no object of its own.
_OBJECTLESS = re.compile(
    r"(?:重点工程|工程|项目)*(?:减排量|削减量)|节能量|排放总?量|总量|强度|增量|控制量|消费总?量|(?:变化|增减|变动)?(?:幅度|率|量)?"
    r"(?:[/、或和及]?变化(?:幅度|率|量))*|幅度|数值|比例"
)
_LEVEL_END = re.compile(r"(?:排放)?总量$|排放量$|总量$|强度$")
#: Heads without an object that still say what is measured: with another subject they are another quantity.
_MEASURES = re.compile(r"减排量|削减量|节能量|增量|总量|强度|排放量|消费量")
_TITLE_TAIL = re.compile(r"(?:重点工程|工程|项目)*(?:减排量|削减量)$|增量$")
_LESS = re.compile(
    r"(?:能耗|水耗|电耗|煤耗|气耗|强度|排放|排放量|消耗|消耗量|用水量|取水量|浓度|损耗率|漏损率|排放总量|消费总量)$"
)


@dataclass(frozen=True, slots=True)
class TableWords:
    """What the reader of tables is given: names, the official ones of which less is better, the plan's years.

    ``region`` is the plan's own, whose row is the total.
    """

    names: Names
    less: frozenset[str]
    horizon: Horizon
    region: str | None

    def wants_less(self, name: str) -> bool:
        """Whether a level of that name is a bound from above."""
        return name in self.less or (not naming.known(name, self.names) and bool(_LESS.search(name)))


def table_words(lexicon: Lexicon, horizon: Horizon, region: str | None) -> TableWords:
    """The words for the tables of one document."""
    less = frozenset(each.zh for each in lexicon.indicators if each.direction == "lower_is_better")
    return TableWords(naming.names_of(lexicon), less, horizon, region)


def stem(text: str) -> str:
    """A head without brackets, years, frame and words of change: 2020年化学需氧量下降比例（%） is 化学需氧量."""
    text = _YEARS.sub("", _BRACKETS.sub("", text))
    before = None
    while before != text:
        before, text = text, _CHANGED.sub("", _FRAME.sub("", _LEAD.sub("", text)))
    return text


def says_change(text: str) -> bool:
    """Whether a title or label is about a fall (能耗强度降低目标)."""
    text = _FRAME.sub("", _YEARS.sub("", _BRACKETS.sub("", text)))
    return bool(_CHANGED.search(text))


def tail_of(title: str) -> str:
    """What a title says of all its columns: 重点工程减排量, 增量; empty without."""
    found = _TITLE_TAIL.search(stem(title))
    return found[0] if found else ""


def is_objectless(tiers: Sequence[str]) -> bool:
    """Whether a head names no object of its own (2020年目标值, 变化率)."""
    return not any(_objects(tiers))


def _objects(tiers: Iterable[str]) -> Iterator[str]:
    return (text for text in map(stem, tiers) if not _OBJECTLESS.fullmatch(text))


def quantity(tiers: Sequence[str], outer: Iterable[str], names: Names) -> str | None:
    """The official name (without 下降率) of what a head measures; None where nothing says it.

    ``outer`` are subjects of the title and of the column before, for a head that names no object of its own.
    """
    objects = list(_objects(tiers))
    tail = next((text for text in reversed([stem(tier) for tier in tiers]) if text and text not in objects), "")
    for subject in ["".join(objects), *reversed(objects)] if objects else outer:
        found = _official(subject, tail, names)
        if found:
            return found
    whole = "".join(objects) + tail
    official = naming.canonical(whole, names)
    return official if objects and (official != whole or (naming.is_measure(whole) and len(whole) >= 4)) else None


def _official(subject: str, tail: str, names: Names) -> str | None:
    shorter = [_LEVEL_END.sub("", subject), re.sub("总量$", "", subject)]
    for name in (subject + tail, *(each + tail for each in shorter if tail)):
        if name and naming.known(name, names):
            return naming.canonical(name, names)
    is_of_it = not _MEASURES.search(tail) or subject.endswith(tail)
    return naming.canonical(subject, names) if is_of_it and naming.known(subject, names) else None


def subjects_of(title: str) -> list[str]:
    """What a title may be about, longest first: every ending of it that does not cut a list of subjects in two."""
    text = stem(re.sub(r"^.*”(?=.{4})", "", title.replace("“双控”", "双控")))
    return [text[cut:] for cut in range(len(text) - 1) if not (cut and text[cut - 1] in "、和及与")]


def is_named(label: str, names: Names) -> bool:
    """Whether a row label names an indicator of the lexicon."""
    text = stem(label)
    return bool(text) and (naming.known(text, names) or naming.canonical(text, names) != text)
