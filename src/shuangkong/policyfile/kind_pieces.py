"""What many kinds of policy file are made of: words, codes, names in both languages, the mark of a check."""

from __future__ import annotations

import re

from shuangkong.policyfile.shape import Day, Fields, Text

WORD = Text(
    pattern=re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"),
    words=("小写英文词，以 _ 或 - 相连", "small English words joined by _ or -"),
)
REGION_CODE = Text(pattern=re.compile(r"[0-9]{6}"), words=("加引号的六位区划代码", "a quoted six-digit region code"))
CHECK_CODE = Text(pattern=re.compile(r"[A-Z]{3}-[0-9]{3}"), words=("形如 PLN-001 的编号", "a code such as PLN-001"))
ANY_TEXT = Text()

BILINGUAL = Fields({"zh": ANY_TEXT, "en": ANY_TEXT}, frozenset({"zh", "en"}))
CHECKED = Fields({"day": Day(), "by": ANY_TEXT}, frozenset({"day", "by"}))
