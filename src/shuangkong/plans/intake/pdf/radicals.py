"""Radical code points that some producers write for ordinary characters, because both share one glyph.

Unicode 16, chart 2F00 (Kangxi radicals, every one has a compatibility decomposition) and 2E80 (CJK radicals
supplement, where only the radicals that are printed as whole characters are listed).
"""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = {
    "⺎": "兀",
    "⺒": "巳",
    "⺓": "幺",
    "⺠": "民",
    "⺟": "母",
    "⺩": "王",
    "⺫": "目",
    "⺬": "示",
    "⺯": "糸",
    "⺾": "艹",
    "⻄": "西",
    "⻅": "见",
    "⻆": "角",
    "⻉": "贝",
    "⻋": "车",
    "⻓": "长",
    "⻔": "门",
    "⻘": "青",
    "⻙": "韦",
    "⻚": "页",
    "⻛": "风",
    "⻜": "飞",
    "⻝": "食",
    "⻢": "马",
    "⻣": "骨",
    "⻤": "鬼",
    "⻥": "鱼",
    "⻦": "鸟",
    "⻧": "卤",
    "⻨": "麦",
    "⻩": "黄",
    "⻬": "齐",
    "⻮": "齿",
    "⻰": "龙",
    "⻳": "龟",
}

#: radical → the character that is printed.
UNIFIED: dict[str, str] = _SUPPLEMENT | {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
}
