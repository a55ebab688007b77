"""What an unquoted word of a policy file means. YAML 1.1 guesses; we refuse what could be misread."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from shuangkong.policyfile.node import Plain

WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
FRACTION = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

BOOLEANS = {"true": True, "false": False}
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
#: The other words that YAML 1.1 (or a reader of it) turns into true or false.
BOOLEAN_LIKE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"})

#: What YAML 1.1 would read as a number in a way that people do not: (pattern, refusal), first match wins.
TRAPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "POL-006"),
    (re.compile(r"[-+]?0[0-9_]+(?:\.[0-9_]*)?"), "POL-005"),
    (re.compile(r"[-+]?0[xXbBoO][0-9a-fA-F_]*"), "POL-007"),
    (re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]*)?"), "POL-007"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "POL-007"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?"), "POL-013"),
    (re.compile(r"<<|="), "POL-011"),
)


class ScalarRefused(Exception):
    """An unquoted word that could be misread; ``code`` is its row in REFUSALS."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code} {found}")
        self.code = code
        self.found = found


def parse_plain(word: str) -> Plain:
    """The value of an unquoted scalar: text, int, Decimal, bool or date.

    Raises:
        ScalarRefused: YAML would read the word in a way its writer may not have meant.
    """
    if WHOLE.fullmatch(word):
        return _whole(word)
    if FRACTION.fullmatch(word):
        return Decimal(word)
    if DAY.fullmatch(word):
        return _day(word)
    if word in BOOLEANS:
        return BOOLEANS[word]
    if word in NULLS:
        raise ScalarRefused("POL-009", word)
    if word.lower() in BOOLEAN_LIKE:
        raise ScalarRefused("POL-008", word)
    for pattern, code in TRAPS:
        if pattern.fullmatch(word):
            raise ScalarRefused(code, word)
    return word


#: More digits than any quantity has; Python itself refuses to turn thousands of digits into an int.
MOST_DIGITS = 40


def _whole(word: str) -> int:
    if len(word) > MOST_DIGITS:
        raise ScalarRefused("POL-007", word[:MOST_DIGITS] + "…")
    return int(word)


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError as error:
        raise ScalarRefused("POL-013", word) from error
