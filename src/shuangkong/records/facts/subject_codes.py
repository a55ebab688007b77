"""单位代码: the form in which files, addresses and calls can all name a subject."""

from __future__ import annotations

import re
import unicodedata

from shuangkong.records.refusal import Refused

#: Letters and figures of any writing, joined by signs that neither a file of figures nor an address takes apart.
_CODE = re.compile(r"\w[\w.\-]{0,39}")


def require_code(code: str) -> None:
    """Raises Refused FCT-313 where a load, which drops blanks, or an address, which is cut at /, would name another."""
    if _CODE.fullmatch(code) and unicodedata.normalize("NFKC", code) == code:
        return
    raise Refused(
        "FCT-313",
        f"代码“{code[:40]}”无法录数和打开：应为 1—40 个半角字母、数字、汉字或 - _ .，不含空格和斜杠。请改写代码。",
        f"No figures can be loaded of the code “{code[:40]}”, and no page shows it: expected 1 to 40 letters, digits, "
        "- _ or ., half-width, without blanks and slashes. Rewrite it.",
        "code",
    )
