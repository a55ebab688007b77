"""清单里的企业: enterprises of a place as a file names them, all looked up at once."""

from __future__ import annotations

import re

from django.db.models import Q

from shuangkong.core.credit_code import plain_credit_code
from shuangkong.core.source_code import number_of
from shuangkong.records.paths import below
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.rows import EnterpriseRow
from shuangkong.records.registry.enterprises.store import enterprises
from shuangkong.records.registry.models import Region

_BRIEF = 40
_BETWEEN = re.compile(r"[、，,；;\n]+")


class Enterprises:
    """The enterprises at a place and below it, by source code, credit code, or the only bearer of a name. 2 queries."""

    def __init__(self, path: str) -> None:
        self._every = enterprises(below(path, "region__path"))
        self._by_number = {each.id: each for each in self._every}
        self._by_code = {each.particulars.credit_code: each for each in self._every if each.particulars.credit_code}
        self._by_name: dict[str, list[EnterpriseRow]] = {}
        for each in self._every:
            self._by_name.setdefault(each.name, []).append(each)

    def named(self, words: str, line: int) -> EnterpriseRow:
        """Raises Refused: OUT-806 there is none here; OUT-807 several bear the name."""
        number = number_of(words)
        known = self._by_number.get(number) if number is not None else self._by_code.get(plain_credit_code(words))
        found = [known] if known else self._by_name.get(words, [])
        told = words[:_BRIEF]
        if not found:
            zh = f"第 {line} 行：本地名录里没有“{told}”。请先登记，或写源代码。"
            raise Refused("OUT-806", zh, f"Line {line}: no enterprise “{told}” here: register it first.", "file")
        if len(found) > 1:
            zh = f"第 {line} 行：有 {len(found)} 家叫“{told}”。请写统一社会信用代码或源代码。"
            raise Refused("OUT-807", zh, f"Line {line}: several are called “{told}”: give a code.", "file")
        return found[0]


def bodies_of(numbers: set[int]) -> dict[int, int]:
    """Enterprise → body whom its people act for, of those that have one. 2 queries."""
    return {each.id: each.body for each in enterprises(Q(pk__in=numbers)) if each.body is not None}


def regions_named(words: str) -> tuple[str, ...]:
    """Codes of the regions that a text names by code or full name, parted by 、. 1 query.

    Raises:
        Refused: OUT-826: a name that no region bears, or several do.
    """
    wanted = [each for each in map(str.strip, _BETWEEN.split(words)) if each]
    found: dict[str, set[str]] = {each: set() for each in wanted}
    for code, name in Region.objects.filter(Q(pk__in=wanted) | Q(name__in=wanted)).values_list("pk", "name"):
        for each in (code, name):
            if each in found:
                found[each].add(code)
    for each, codes in found.items():
        if len(codes) != 1:
            told, count = each[:_BRIEF], len(codes)
            zh = f"名录里叫“{told}”的地区有 {count} 个。请写全称或行政区划代码。"
            raise Refused("OUT-826", zh, f"{count} regions are called “{told}”: give a code.", "neighbours")
    return tuple(sorted({code for codes in found.values() for code in codes}))
