"""What kinds of policy file of monitoring are made of: grounds, days, names, factors."""

from __future__ import annotations

import re

from shuangkong.policyfile.kind_pieces import ANY_TEXT, BILINGUAL, CHECKED, WORD
from shuangkong.policyfile.kinds_outlook import CONFIDENCE
from shuangkong.policyfile.shape import Day, Flag, Shape, Text

_GROUND: dict[str, Shape] = {
    "source": WORD,
    "at": ANY_TEXT,
    "note": ANY_TEXT,
    "confidence": CONFIDENCE,
    "verified": Flag(),
    "checked": CHECKED,
}
DATED: dict[str, Shape] = {"from": Day(), "until": Day(), **_GROUND}
HEAD: dict[str, Shape] = {"name": BILINGUAL, "overrides": WORD}
RESTS_ON = frozenset({"from", "source", "confidence", "verified"})
FACTOR = Text(
    pattern=re.compile(r"[a-z][0-9]{5}[a-z]?"),
    words=("一个字母和五位数字的监测因子编码", "a monitoring code: a letter and five digits"),
)
#: A division by its code, or an area of the code list of such.
PLACE = Text(
    pattern=re.compile(r"[0-9]{6}|[a-z][a-z0-9]*(?:_[a-z0-9]+)*"),
    words=("加引号的六位区划代码，或区域代码", "a quoted six-digit region code, or the code of an area"),
)
