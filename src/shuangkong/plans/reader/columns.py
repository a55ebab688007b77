"""列的含义: what each column of an annex table holds: role, indicator, kind, unit, year."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shuangkong.plans.reader import measured, naming, predicates
from shuangkong.plans.reader.heads import Tiers
from shuangkong.plans.reader.measured import TableWords
from shuangkong.plans.reading import Column, Kind, Op

_BRACKET = re.compile(r"（([^（）]{1,20})）")
_NO_UNIT = re.compile(r"[含不较比见]|规模|注|^20\d\d|其中|性$|^[省市县区州盟旗镇乡街道]+$")
_YEAR = re.compile(r"(?<![比较以与\d])(20\d\d|19\d\d)(?:年|$)")
_FALLS = re.compile(r"降低|下降|减排|削减|减少|压减|降幅")
_RISES = re.compile(r"增长|提高|提升|上升|增幅|增速")
_CHANGES = re.compile(
    rf"{_FALLS.pattern}|变化|变动|增减|[比较](?:(?:20|19)\d\d年|上年)|(?:{_RISES.pattern})(?:率|幅度|比例|（|$)"
)
_PAST = re.compile(r"实际|现状|基数|基准|基期|完成(?:值|情况|数)?")
_ASKED = re.compile(r"目标|控制|上限|下限|计划|任务|要求|指标值")
_UNIT_HEADS = re.compile(r"(?:计量|指标)?单位")
_INDICATOR_HEADS = re.compile(r"(?:主要|考核|具体|约束性|二级|三级)?指标(?:名称|项目|内容)?")
_NATURE_HEADS = re.compile(r"(?:指标)?(?:属性|性质)|指标类型")


def unit_in(text: str) -> str | None:
    """The unit that a head or title prints in brackets (万吨标准煤), or % at its end."""
    for found in reversed(_BRACKET.findall(text)):
        unit = re.split("[，,；]", found)[0].removeprefix("单位：")
        if unit and not _NO_UNIT.search(unit):
            return str(unit)
    return "%" if re.search(r"[/／率例]%$", text) else None


def year_in(header: str) -> int | None:
    """The year that a head is about, not the one it compares with."""
    years = _YEAR.findall(header)
    return int(years[-1]) if years else None


def is_rise(header: str) -> bool:
    return bool(_RISES.search(header)) and not _FALLS.search(header)


def is_fall(header: str) -> bool:
    return bool(_FALLS.search(header))


def rows_are_indicators(headers: Sequence[str], label: int, labels: Sequence[str], words: TableWords) -> bool:
    """Whether each row is an indicator (a column of units, 指标 over the labels, or labels that name some)."""
    if any(_UNIT_HEADS.fullmatch(header) for header in headers[label + 1 :]):
        return True
    if len(headers) > label and _INDICATOR_HEADS.fullmatch(headers[label]):
        return True
    return sum(measured.is_named(text, words.names) for text in labels) * 2 > len(labels)


def typed_columns(
    tiers: list[Tiers],
    title: str,
    unit: str | None,
    leads: dict[int, str],
    signed: frozenset[int],
    by_row: bool,
    words: TableWords,
) -> list[Column]:
    """The columns with their meaning.

    Args:
        unit: the unit given for the whole table.
        leads: roles already known by place: the label, and columns of text.
        signed: columns whose figures are all bracketed or signed: changes, whatever their head says.
        by_row: whether the rows name the indicators.
    """
    years = [year for column in tiers for year in [year_in("".join(column))] if year]
    title_subjects = measured.subjects_of(title)
    columns: list[Column] = []
    before: list[str] = []
    for at, column in enumerate(tiers):
        header = "".join(column)
        year = year_in(header)
        role = leads.get(at) or _role(column, "" if by_row else title, year, _first_future(words, years))
        role = "target" if by_row and not header and role == "other" else role
        role = "change" if at in signed and role in ("base", "target", "other") else role
        name, kind = None, None
        own_unit = None
        if role not in ("label", "unit", "nature") and at not in leads:
            own_unit = unit_in(header) or unit or unit_in(title)
            has_head = bool(header) or not any(tiers)
            if has_head and not by_row:
                name = _name(column, title, [*before, *title_subjects], role, words)
                role = "target" if role == "other" and name and _ASKED.search(title) else role
                kind = _kind(role, header, name, own_unit, words) if name else None
                before = [name] if name and not measured.is_objectless(column) else before
                name = predicates.named(name, kind, "down_by") if name and kind and role == "change" else name
        columns.append(Column(header, own_unit, role, name, kind, year))
    return columns


def _first_future(words: TableWords, years: Sequence[int]) -> int:
    """The first year that can be a target: after the base year; of a plan without years, after the first printed."""
    horizon = words.horizon
    if horizon.start_year:
        return horizon.start_year
    return (horizon.base_year or min(years, default=9999)) + 1


def _role(tiers: Tiers, title: str, year: int | None, first_future: int) -> str:
    header = "".join(tiers)
    for role, pattern in (("unit", _UNIT_HEADS), ("nature", _NATURE_HEADS)):
        if pattern.fullmatch(header):
            return role
    if re.search(r"增量", header):
        return "increment"
    if re.search(r"减排量|削减量|节能量", header):
        return "amount"
    if _CHANGES.search(header):
        return "change"
    if _PAST.search(header):
        return "base"
    if year is not None and year < first_future:
        return "base"
    if not _speaks(tiers):
        tail = measured.tail_of(title)
        if tail:
            return "increment" if "增量" in tail else "amount"
        if measured.says_change(title):
            return "change"
    if _ASKED.search(header) or year is not None:
        return "target"
    return "other"


def _speaks(tiers: Tiers) -> bool:
    """Whether a head says what figure it holds (排放量, 能耗强度), not only whose (氮氧化物) or which (基本目标)."""
    return any(naming.is_measure(text) for text in map(measured.stem, tiers) if len(text) > 1)


def _name(tiers: Tiers, title: str, outer: list[str], role: str, words: TableWords) -> str | None:
    if role in ("amount", "increment") and not any(re.search("减排量|削减量|节能量|增量", tier) for tier in tiers):
        tiers = (*tiers, measured.tail_of(title))
    return measured.quantity(tiers, outer, words.names)


def _kind(role: str, header: str, name: str, unit: str | None, words: TableWords) -> Kind:
    if role == "increment":
        return Kind.CAP_INCREMENT
    if role == "amount":
        return Kind.REDUCTION_AMOUNT
    if role == "change":
        if unit and "百分点" in unit:
            return Kind.POINT_GAIN
        if unit and unit not in ("%", "‰"):
            return Kind.COUNT if is_rise(header) else Kind.REDUCTION_AMOUNT
        return Kind.GROWTH if is_rise(header) else Kind.REDUCTION_RATE
    return level_kind(name, unit or "", words)


def level_kind(name: str, unit: str, words: TableWords, *, is_full: bool = False) -> Kind:
    """The kind of a level that is to be reached or kept; ``is_full`` says that it is 100 %."""
    less = words.wants_less(name)
    return predicates.kind_of("held_at" if less else "", name, unit, Op.LE if less else None, is_full)
