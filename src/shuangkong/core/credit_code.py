"""统一社会信用代码: eighteen signs that name one organisation (GB 32100-2015), and what is wrong with one.

1 registering department, 2 category, 3-8 division of registration (GB/T 2260), 9-17 the organisation's own code, 18
check sign of the whole. The own code's check sign (GB 11714-1997) is not asked for: the last tells every slip.
"""

from __future__ import annotations

from enum import StrEnum

#: The thirty-one signs in the order of their values: no I, O, S, V, Z, which look like others.
SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {sign: value for value, sign in enumerate(SIGNS)}
#: Powers of 3, modulo 31.
_WEIGHTS = tuple(pow(3, place, len(SIGNS)) for place in range(LENGTH - 1))


class CreditCodeFault(StrEnum):
    """Why a text is no code of this sort."""

    LENGTH = "length"  # 不是十八位
    SIGN = "sign"  # 含代码不用的字符
    DIVISION = "division"  # 第三至八位不是数字
    CHECK = "check"  # 第十八位校验不符


def plain_credit_code(printed: str) -> str:
    """A code as it is kept: without blanks, letters capital."""
    return "".join(printed.split()).upper()


def check_sign(first: str) -> str:
    """The eighteenth sign for the seventeen before it; KeyError for a sign that no code has."""
    total = sum(_VALUES[sign] * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return SIGNS[-total % len(SIGNS)]


def credit_code_fault(code: str) -> CreditCodeFault | None:
    """The first thing that is wrong with a code in its plain form; None for a sound one."""
    if len(code) != LENGTH:
        return CreditCodeFault.LENGTH
    if not set(code) <= set(SIGNS):
        return CreditCodeFault.SIGN
    if not code[2:8].isdecimal():
        return CreditCodeFault.DIVISION
    return None if check_sign(code[:-1]) == code[-1] else CreditCodeFault.CHECK
