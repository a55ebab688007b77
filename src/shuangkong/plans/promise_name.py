"""指标加类型的说法: how an indicator and the kind of its commitment are said together, in both languages.

A cap on emissions and a promised fall of the same emissions are two commitments with one indicator: 氨氮排放总量 and
氨氮排放总量下降率. Whatever shows a target says it through here, so that both are never called the same.
"""

from __future__ import annotations

import re

from shuangkong.core.finding import Message
from shuangkong.plans.lexicon import IndicatorName
from shuangkong.plans.reading import Kind

#: What a name gains when it speaks of a change, and how that is said in English before the name.
MOVES = {
    "年均下降率": "mean annual reduction of",
    "下降率": "reduction of",
    "年均增长率": "mean annual growth of",
    "增长率": "growth of",
    "降低幅度": "percentage-point fall of",
    "提高幅度": "percentage-point rise of",
    "减少量": "absolute reduction of",
    "增加量": "increase of",
    "增量": "increment of",
}
#: Endings by which a printed name already says that it is a change.
_SAID = re.compile(
    r"(?:下降|降低|减少|减排|削减|增长|增加|提高|提升|上升)(?:率|幅度|比例|比率|目标|量)?$|增[速幅量]$|降幅$"
)
_FALLS = re.compile(r"(?:下降|降低|减少|减排|削减)(?:率|幅度|比例|目标|量)?$|降幅$")
_RISES = re.compile(r"(?:增长|增加|提高|提升|上升)(?:率|幅度|比例|目标|量)?$|增[速幅]$")
_YEARLY = re.compile(r"年均|年平均|每年")
#: Names that are amounts of something lessened: the amount of their fall would say it twice.
_LESSENED = re.compile(r"减排|减少|削减|替代|淘汰|压减|化解|关停|取缔|退出|去产能|节[能煤水油气材地]|节约|节电")
_ADDED = re.compile(r"增|新建")


def promise_name(name: str, kind: Kind, known: IndicatorName | None = None, scope: str = "") -> Message:
    """The indicator with its kind: 化学需氧量排放总量下降率, Reduction of total chemical-oxygen-demand emissions.

    Args:
        name: as the reading has it, with or without its 下降率.
        kind: what sort of commitment it is.
        known: the indicator of the policy files; None marks the English as printed.
        scope: a nested scope that tells two commitments of one indicator apart (县城), in the reader's language.
    """
    move = _move(name, kind, known)
    zh = name if move is None or _SAID.search(name) else name + move
    if known is None:
        return Message(zh, as_printed(zh))
    english = f"{known.en} ({scope})" if scope else known.en
    return Message(zh, english if move is None else capital(moved(english, move)))


def as_printed(name: str) -> str:
    """A name that the policy files do not know, for an English reader."""
    return f"{name} (as printed)"


def moved(english: str, move: str) -> str:
    """An English name behind its move: reduction of total coal consumption. ``move`` is a key of MOVES."""
    return f"{MOVES[move]} {within(english)}"


def within(english: str) -> str:
    """A name as it stands within a sentence: Energy intensity becomes energy intensity, AC and VOCs stay."""
    return english[:1].lower() + english[1:] if english[1:2].islower() else english


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _move(name: str, kind: Kind, known: IndicatorName | None) -> str | None:
    """The key of MOVES that this kind adds to the indicator's own name; None where the name says all."""
    own = known.zh if known else name
    yearly = "年均" if _YEARLY.search(name) else ""
    match kind:
        case Kind.REDUCTION_RATE:
            return f"{yearly}下降率"
        case Kind.GROWTH:
            return None if known and _SAID.search(own) else f"{yearly}增长率"
        case Kind.CAP_INCREMENT:
            return None if _ADDED.search(own) else "增量"
        case Kind.REDUCTION_AMOUNT:
            return None if _LESSENED.search(own) else "减少量"
        case Kind.COUNT:
            return "增加量" if known and name.endswith("增加量") and not own.endswith("增加量") else None
        case Kind.POINT_GAIN:
            return "降低幅度" if _falls(name, known) else "提高幅度"
    return None


def _falls(name: str, known: IndicatorName | None) -> bool:
    """Whether percentage points go down: as the name says, else as the indicator is wanted."""
    if _FALLS.search(name) or _RISES.search(name):
        return _FALLS.search(name) is not None
    return known is not None and known.direction == "lower_is_better"
