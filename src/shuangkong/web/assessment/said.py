"""条件的说法: a condition of a rule in words: names of figures and results as people call them, signs as they write."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from shuangkong.core.finding import Message
from shuangkong.web.site.words import spoken

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: A result that is merely so, or not so.
_IS = re.compile(r"\b([a-z][a-z0-9_]*) == ([01])\b")
_SIGNS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}


def condition_said(text: str, names: Mapping[str, Message]) -> str:
    """``fraud_cases >= 1`` → 数据造假查实起数 ≥ 1. What is no name of the rule stays as it is written."""
    joints = {"and": _("且"), "or": _("或"), "not": _("非")}

    def word(found: re.Match[str]) -> str:
        name = found[0]
        return spoken(names[name]) if name in names else joints.get(name, name)

    text = _IS.sub(lambda found: found[1] if found[2] == "1" else _("%(name)s：否") % {"name": found[1]}, text)
    for sign, printed in _SIGNS.items():
        text = text.replace(sign, printed)
    return _NAME.sub(word, text)
