"""旧文里的单位: English words of findings that were kept when units were still told as the form prints them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from shuangkong.core.unit import PrintedUnit

#: A sign of Chinese: what a unit must not be part of.
_CHINESE = "\u3400-\u9fff"
_ANY = re.compile(f"[{_CHINESE}]")


def english_units(units: Mapping[str, PrintedUnit]) -> Callable[[str], str]:
    """What puts units that stand by themselves in an English text into English: “12 万吨” → “12 ×10⁴ tonne”.

    Chinese that is no unit, as a name that was filled in, stays as it is.
    """
    known = sorted((each for each in units if _ANY.search(each)), key=len, reverse=True)
    words = {each: units[each].words.en for each in known}
    any_of = "|".join(map(re.escape, known)) or "(?!)"
    apart = re.compile(rf"(?<![{_CHINESE}\w/])(?:{any_of})(?![{_CHINESE}\w/])")

    def told(text: str) -> str:
        return text if _ANY.search(text) is None else apart.sub(lambda found: words[found[0]], text)

    return told
