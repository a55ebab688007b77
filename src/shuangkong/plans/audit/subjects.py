"""指标同一性: whether two printings name the same quantity, and whether a commitment is for the whole region."""

from __future__ import annotations

import re
from functools import lru_cache

from shuangkong.plans.audit.context import tidy
from shuangkong.plans.reading import Target

#: What a name says about the sort of commitment and not about the quantity; dropped from the end, repeatedly.
_TAIL = re.compile(
    "(下降率|降低率|减排率|下降比例|降低比例|减排比例|下降幅度|降低幅度|变化率|重点工程减排量|工程减排量|减排量|排放量|排放|控制目标|降低目标|下降目标|总量|增量|目标|计划|指标|上限|（|）)$"
)
_SAME_WORDS = (
    ("能源消耗", "能耗"),
    ("能源消费", "能耗"),
    ("规模以上", "规上"),
    ("GDP", "地区生产总值"),
    ("万元", "单位"),
    ("能耗强度", "单位地区生产总值能耗"),
)
_WHOLE = re.compile("^(全|本)(国|省|市|州|盟|区|县|旗|镇|域)$")
#: Share of common characters from which two names mean the same quantity (word order in such names is free).
_ALIKE = 0.9


@lru_cache(maxsize=4096)
def subject(name: str) -> str:
    """The quantity alone: 化学需氧量排放总量下降率 becomes 化学需氧量排放."""
    text = tidy(name).upper()
    for written, meant in _SAME_WORDS:
        text = text.replace(written, meant)
    text = re.sub("^(全|本)[国省市州盟区县旗](?=.{3})", "", text)
    while (shorter := _TAIL.sub("", text)) != text and len(shorter) > 1:
        text = shorter
    return re.sub("[（）：“”、·]", "", text)


def quantity(name: str) -> str:
    """A name without its 下降率, as a sentence that goes on with 下降 needs it: 化学需氧量排放总量."""
    return re.sub("(下降|降低|减排)(率|比例|幅度|目标)$", "", tidy(name))


def same_subject(one: str, other: str) -> bool:
    """Whether two names mean one quantity, by the characters they share."""
    left, right = set(subject(one)), set(subject(other))
    return bool(left) and len(left & right) >= _ALIKE * len(left | right)


def is_whole(target: Target) -> bool:
    """Whether a commitment of the text is for the whole region and not for a part of it."""
    return target.region is None and (target.scope is None or _WHOLE.match(tidy(target.scope)) is not None)
