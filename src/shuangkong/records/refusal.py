"""What a person asked for and cannot have: a value with both languages, for whichever page or command asked."""

from __future__ import annotations

from shuangkong.core.finding import Message


class Refused(ValueError):
    """An act that is not recorded. ``field`` is the key of the field at fault, "" where it is the act as a whole."""

    def __init__(self, code: str, zh: str, en: str, field: str = "") -> None:
        super().__init__(f"{code} {zh}")
        self.code = code
        self.message = Message(zh, en)
        self.field = field
