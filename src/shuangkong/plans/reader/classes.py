"""分类数: numbers that pick out or classify things (500头以上的养殖场, 节能65%设计标准) and commit to nothing."""

from __future__ import annotations

import re

from shuangkong.plans.reader import times
from shuangkong.plans.reader.building import Place
from shuangkong.plans.reader.quantities import Quantity, Run
from shuangkong.plans.reading import Op, Threshold

_STANDARD = re.compile(r"^的?[^达符执满，、]{0,10}标准")
#: A relation that picks out things (高于1吨的项目), not one that is demanded of them.
_PICKS_OUT = re.compile(r"(?<!不)(?<!不得)(?:高于|低于|超过|大于|小于)$")
#: Things that a size in front of them classifies (30万千瓦以上机组).
_CLASSIFIED = re.compile(
    r"(?:的|燃煤|煤电|火电|工业|重点)*(?:机组|锅炉|窑炉|项目|企业|单位|园区|养殖场|装置|设备|用户)"
)
#: Where what is to be done to such things begins.
_DONE_TO = re.compile(
    r"全部|全面|基本|分别|应当|(?<![供响适反对效感])应(?!急|用)|必须|一律|逐步|完成|达到|实施|实行|实现|进行|执行|开展|建立|纳入|安装|配套(?!设施|率)"
    r"|(?:淘汰|改造|关停|拆除|整治)$|[均须都]"
)
#: 严格执行…标准: how a standard is carried out, before its subject.
_CARRIED_OUT = re.compile(r"^(?:(?:严格|全面|认真)?(?:执行|落实|实施)|完成)(?:全部)?")
_BOUNDS = {"以上": Op.GE, "以下": Op.LT, "以内": Op.LE}


def names_standard(after: str) -> bool:
    """Whether a number is the level of a standard: what follows it ends the name of one."""
    return bool(_STANDARD.match(after))


def picks_out(before: str, after: str) -> bool:
    """高于1吨标准煤的项目: the words around a number make it a mark of the things meant."""
    return after.startswith("的") and bool(_PICKS_OUT.search(before))


def is_alternative(text: str, run: Run, later: list[Run]) -> bool:
    """1000吨以上或500万千瓦时以上的项目: a bound that another follows, both marks of the things meant."""
    return bool(
        later
        and run.bound
        and later[0].bound
        and text.startswith("或", run.end)
        and text.startswith("的", later[0].end)
    )


def is_amount(quantity: Quantity, phrase: str) -> bool:
    """Whether 万吨以上 … counts what is made (完成180万吨以上产能改造) and does not classify it (30万千瓦以上机组)."""
    return quantity.unit.startswith(("万", "亿")) and quantity.bound == "以上" and not _CLASSIFIED.match(phrase)


def noun_of(phrase: str) -> str:
    """The things that a number picks out, without what is done to them (锅炉全部完成改造: 锅炉)."""
    bare = _CARRIED_OUT.sub("", times.without_times(phrase))
    done = _DONE_TO.search(bare, 2)
    return (bare[: done.start()].removesuffix("的") if done else bare)[:30]


def thresholds(place: Place, run: Run, subject: str, relation: Op | None = None) -> list[Threshold]:
    """The numbers of a run as class limits; ``relation`` is the one printed ahead where none stands behind."""
    text, span = place.paragraph.text, place.paragraph.span
    found = []
    for quantity in run.quantities:
        op = _BOUNDS.get(quantity.bound or run.bound) or relation or Op.EQ
        if op is Op.LT and "及以下" in text[quantity.start : quantity.end]:
            op = Op.LE
        found.append(
            Threshold(
                item_no=place.item_no,
                subject=noun_of(subject) or noun_of(text[quantity.end : place.end]),
                op=op,
                value=quantity.value,
                unit=quantity.unit,
                span=span(place.start, place.end),
                value_span=span(quantity.start, quantity.number_end),
            )
        )
    return found
