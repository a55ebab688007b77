"""报文头: the fields before the data area that decide whether and how a frame is answered; quick, once a frame."""

from __future__ import annotations

import re
from typing import NamedTuple

#: The order in which nearly all devices send them.
_USUAL = re.compile(rb"QN=(\d{17});ST=(\w\w);CN=(\d{4});PW=([^;=]*);MN=([^;=]*);Flag=(\d{1,3});")
_FIELD = re.compile(rb"(QN|ST|CN|PW|MN|Flag) *= *([^;,=]*)")
_VERSION_BITS = 0b11111100
_ANSWER_BIT = 1


class Head(NamedTuple):
    """The head of one frame, as sent; b"" where a field is missing. ``flag`` is -1 where there is none."""

    qn: bytes
    st: bytes
    cn: bytes
    pw: bytes
    mn: bytes
    flag: int

    @property
    def wants_answer(self) -> bool:
        return self.flag > 0 and bool(self.flag & _ANSWER_BIT)

    @property
    def answer_flag(self) -> int:
        """Flag of an answer: the edition's bits alone."""
        return self.flag & _VERSION_BITS if self.flag > 0 else 0


def head_of(body: bytes) -> Head:
    """The head of a data segment, whatever its order; never fails."""
    usual = _USUAL.match(body)
    if usual is not None:
        qn, st, cn, pw, mn, flag = usual.groups()
        return Head(qn, st, cn, pw, mn, int(flag))
    told = {name: value.strip() for name, value in _FIELD.findall(body.partition(b"CP=")[0])}
    qn, st, cn, pw, mn, flag = (told.get(name, b"") for name in (b"QN", b"ST", b"CN", b"PW", b"MN", b"Flag"))
    return Head(qn, st, cn, pw, mn, int(flag) if flag.isdigit() and len(flag) <= len(b"255") else -1)
