"""数量: the printed numbers of a clause with unit and bound; years, document numbers and names are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from shuangkong.plans.reader.numbering import value_of
from shuangkong.plans.reading import Op

_NUMBER = r"(?<![\d.A-Za-z〔\[])(?<![^万亿%千瓦时吨米]/)(?P<value>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_AFTER = r"(?P<bound>(?:及|（含）|\(含\))?(?:以上|以下|以内|之内|左右|上下)|(?:及|或)?更[高低])?"
#: What directly follows a number that is a date, an ordinal or a name and no quantity.
_NOT_QUANTITY = re.compile(
    r"^(?:年|月|日|号|时\d|：\d|〕|\]|届|项(?:主要|约束性)?(?:污染物|指标)|次会议|小时内|分钟|周年|[A-Za-z]|[.．、](?=[\u4e00-\u9fff])|-\d{4})"
)
_NAME_BEFORE = re.compile(r"(?:PM|pm|GB/?T?|HJ|ISO|CO|SO|NO|COD|第|〔|\[|—|-|～|“|∶)$")
#: A minus: behind a word, where no range and no name can end (下降率为-13.5%).
_MINUS = re.compile(r"(?<=[为到至降低少减长加升是达])-$")
_LIST_SEPARATOR = re.compile(
    r"^(?:、|和|及|与|以及|或|，(?=\d)|(?P<range>至|到|—+|～|-|–))(?P<own>不低于|不少于|不小于|不高于|不超过|不大于|约)?$"
)
_OWN_BOUND = {
    "不低于": "以上",
    "不少于": "以上",
    "不小于": "以上",
    "不高于": "以下",
    "不超过": "以下",
    "不大于": "以下",
    "约": "左右",
}
_STAGE = re.compile(
    r"(?P<roman>[ⅠⅡⅢⅣⅤⅥ]|IV|III|II|VI|V)类|国(?P<fuel>[ⅠⅡⅢⅣⅤⅥ一二三四五六]|VI|IV|V)(?![\u4e00-\u9fff]?家)|一级(?P<grade>[A-B])|第(?P<phase>[一二三四五六])阶段"
)

_DIGITS = "零〇一二三四五六七八九"
_IN_WORDS = re.compile(
    rf"(?P<share>百分之(?P<percent>[{_DIGITS}十百]+(?:点[{_DIGITS}]+)?)"
    rf"|(?<![{_DIGITS}十百第])(?P<tenths>[一二三四五六七八九])成(?P<rest>[一二三四五六七八九半])?(?=[以左，。；、）和及的]|$))"
    r"(?P<bound>及?(?:以上|以下|以内|之内)|左右)?"
)
_MYRIADS = ("万", "亿")
#: What follows a year: its word, the end of a range, or other years that share the word (2017、2018年).
_YEAR_AHEAD = re.compile(r"年|[-—–～至到]\d{4}|(?:[、和及]\d{4})+年")

#: The denominator printed ahead of the indicator: 万元生产总值能耗, 亿元GDP用水量.
_PER = re.compile(r"(?P<per>万元|亿元)(?:国内|地区)?(?:生产总值|GDP|工业|产值|.{0,4}增加值)")

BOUND_OPS = {"以上": Op.GE, "以下": Op.LE, "以内": Op.LE, "之内": Op.LE, "左右": Op.ABOUT, "上下": Op.ABOUT}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed number: its value and unit as printed, where it stands in the text, and the bound word behind it.

    ``own_bound`` says that the bound stands before the number and covers no other of its list
    (60%和不低于80%); ``in_words`` that it is written in words (一成四).
    """

    value: Decimal
    unit: str
    start: int
    number_end: int
    end: int
    bound: str
    own_bound: bool = False
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers printed as one list (13%、12.2%、5.19%、8.74%以上): the bound of the last covers all."""

    quantities: tuple[Quantity, ...]

    @property
    def start(self) -> int:
        return self.quantities[0].start

    @property
    def end(self) -> int:
        return self.quantities[-1].end

    @property
    def bound(self) -> str:
        last = self.quantities[-1]
        return ("" if last.own_bound else last.bound) or self.quantities[0].bound

    def measured_in(self, unit: str) -> Run:
        """The run with ``unit`` where only 万 or 亿 of it is printed (共10万平方米，其中住宅6万)."""
        bare = unit[:1] in _MYRIADS and len(unit) > 1
        if not bare or all(quantity.unit != unit[0] for quantity in self.quantities):
            return self
        return Run(tuple(replace(each, unit=unit) if each.unit == unit[0] else each for each in self.quantities))

    def bounds(self) -> list[str]:
        """The bound of each number: its own where several are printed, else the one that covers the list."""
        several = sum(1 for member in self.quantities if member.bound) > 1
        whole = self.bound
        return [member.bound if member.own_bound or several else whole for member in self.quantities]


@lru_cache(maxsize=8)
def pattern_of(units: tuple[str, ...]) -> re.Pattern[str]:
    """The quantity pattern for these printed units, longest first."""
    longest_first = sorted(set(units) - {""}, key=len, reverse=True)
    unit = "|".join(re.escape(word) for word in longest_first)
    return re.compile(
        rf"{_NUMBER}(?:多|余|来)?(?P<unit>%+|{unit}|[∶:：]1(?![\d.])|∶\d+|[万亿](?![\u4e00-\u9fff]))?(?:（[^（）]{{1,6}}值）)?(?:多|余)?{_AFTER}"
    )


def quantities(text: str, start: int, end: int, units: tuple[str, ...]) -> list[Quantity]:
    """Every quantity of ``text[start:end]`` in printed order."""
    found: list[Quantity] = []
    for match in pattern_of(units).finditer(text, start, end):
        unit = match["unit"] or ""
        after = text[match.end("value") : match.end("value") + 8]
        if (not unit or unit[0] in "年月日项") and (_NOT_QUANTITY.match(after) or _is_year(text, match, after)):
            continue
        is_negative = bool(_MINUS.search(text, max(start, match.start() - 2), match.start()))
        is_named = bool(_NAME_BEFORE.search(text, max(start, match.start() - 4), match.start()))
        if is_named and not is_negative and not _range_start(text, match.start(), found):
            continue
        bound = (match["bound"] or "").removeprefix("及").removeprefix("（含）")
        number_end = match.end("unit") if unit else match.end("value")
        found.append(
            Quantity(
                Decimal(match["value"].replace(",", "")) * (-1 if is_negative else 1),
                "%" if unit.startswith("%") else unit,
                match.start() - is_negative,
                number_end,
                match.end(),
                bound,
            )
        )
    return sorted([*found, *_worded(text, start, end)], key=lambda each: each.start)


def _worded(text: str, start: int, end: int) -> Iterator[Quantity]:
    """Shares written in words: 百分之八, 一成四, 九成."""
    for match in _IN_WORDS.finditer(text, start, end):
        if match["percent"]:
            whole, _, places = match["percent"].partition("点")
            decimals = "".join(str(value_of(digit)) for digit in places)
            value = Decimal(f"{value_of(whole)}.{decimals}" if decimals else value_of(whole))
        else:
            rest = match["rest"] or "零"
            value = Decimal(value_of(match["tenths"]) * 10 + (5 if rest == "半" else value_of(rest)))
        bound = (match["bound"] or "").removeprefix("及")
        yield Quantity(value, "%", match.start(), match.end("share"), match.end(), bound, in_words=True)


def runs(text: str, found: list[Quantity]) -> list[Run]:
    """Quantities grouped into lists."""
    grouped: list[list[Quantity]] = []
    for quantity in found:
        between = re.sub(r"（[^（）]*）", "", text[grouped[-1][-1].end : quantity.start]) if grouped else ""
        listed = _LIST_SEPARATOR.match(between) if grouped else None
        if listed:
            if listed["range"]:
                grouped[-1][-1] = replace(grouped[-1][-1], bound="以上", own_bound=True)
                quantity = replace(quantity, bound="以下", own_bound=True)
            own = listed["own"]
            grouped[-1].append(replace(quantity, bound=_OWN_BOUND[own], own_bound=True) if own else quantity)
        else:
            grouped.append([quantity])
    return [Run(tuple(_in_points(group))) for group in grouped]


def _in_points(group: list[Quantity]) -> list[Quantity]:
    """5个和2个百分点, 2至3个百分点: the first counts points too."""
    if group[-1].unit != "个百分点":
        return group
    return [replace(quantity, unit="个百分点") if quantity.unit in ("个", "") else quantity for quantity in group]


def whole_unit(name: str, unit: str, units: tuple[str, ...]) -> str:
    """万元…能耗1.2吨标准煤: the denominator that the name prints ahead belongs to the unit, where that makes one."""
    per = _PER.search(name)
    whole = f"{unit}/{per['per']}" if per and "/" not in unit else ""
    return whole if whole in units else unit


def stage(text: str, start: int, end: int) -> re.Match[str] | None:
    """A class or stage (Ⅳ类, 国Ⅵ, 一级A, 第六阶段) in ``text[start:end]``."""
    return _STAGE.search(text, start, end)


def _is_year(text: str, match: re.Match[str], after: str) -> bool:
    digits = match["value"]
    return len(digits) == 4 and digits.isdigit() and bool(_YEAR_AHEAD.match(text, match.end("value")))


def _range_start(text: str, at: int, found: list[Quantity]) -> bool:
    """Whether the dash before this number belongs to a range whose first number was a quantity (30%—40%)."""
    return bool(found) and text[found[-1].end : at] in ("-", "—", "～", "——", "–")
