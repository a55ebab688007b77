"""英文: the fields of a finding for an English reader. Quotations stay as the document prints them."""

from __future__ import annotations

import re
from functools import cache

from shuangkong.plans.lexicon import Lexicon

#: Words of our own in places, facts and grounds; everything else in them is the document's.
_OURS = (
    (re.compile("附件(?=[0-9])"), "Annex "),
    (re.compile("Σ\\(基数×下降率\\)÷Σ基数"), "Σ(base × rate) ÷ Σ base"),
    (re.compile("基数×下降率"), "base × rate"),
    (re.compile("简单平均"), "plain mean"),
    (re.compile("^文首$"), "head of the document"),
    (re.compile("^文中$"), "text"),
    (re.compile("^题名(?=、|$)"), "title"),
    (re.compile("(?<=）)等(?=[0-9]+条)"), " and others, "),
    (re.compile("(?<=[0-9])条$"), " items"),
    (re.compile("(?<=[0-9])万吨标准煤|(?<=[0-9])万吨标煤"), " × 10,000 tce"),
    (re.compile("(?<=[0-9])万吨"), " × 10,000 t"),
    (re.compile("(?<=[0-9])吨标准煤|(?<=[0-9])吨标煤"), " tce"),
    (re.compile("(?<=[0-9])吨(?![\u4e00-\u9fff/])"), " t"),
    (re.compile("与(?=（)|(?<=[）0-9])、(?=[\u4e00-\u9fff（0-9A-Z])"), ", "),
)


@cache
def _names(lexicon: Lexicon) -> tuple[tuple[str, str], ...]:
    """Official indicator names with their English, the longest first so that none is cut by a shorter one."""
    names = ((indicator.zh, indicator.en) for indicator in lexicon.indicators if indicator.en)
    return tuple(sorted(names, key=lambda pair: -len(pair[0])))


def in_english(text: str, lexicon: Lexicon) -> str:
    """One field with our own words, units and the official indicator names in English."""
    for written, meant in _OURS:
        text = written.sub(meant, text)
    for zh, en in _names(lexicon):
        if zh in text:
            text = text.replace(f"{zh}下降率", f"reduction of {en}").replace(zh, en)
    return text
