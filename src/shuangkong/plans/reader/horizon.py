"""规划期: the years a plan runs over and those it is measured from."""

from __future__ import annotations

import re
from collections import Counter

from shuangkong.plans.reader.flow import Paragraph
from shuangkong.plans.reading import Horizon

_YEARS = re.compile(r"[（(]?(?P<start>\d{4})年?[-—–～至到]{1,2}(?P<end>\d{4})年?[）)]?")
_PLAN_WORD = re.compile(r"“?(?P<plan>[一二三四五六七八九十]?十[一二三四五六七八九]?五|十五)”?")
_BASE_YEAR = re.compile(r"(?:(?<!占)比|[较以与])“?(\d{4})年")


def horizon_of(title: str, body: list[Paragraph], issued_year: int | None, plan_starts: dict[str, int]) -> Horizon:
    """Years from the title, else the five-year plan it names, else the deadline or plan most often named."""
    years = _YEARS.search(title)
    if years:
        start, end = int(years["start"]), int(years["end"])
        return Horizon(_base_of(end, plan_starts, start), start, end)
    named = [plan_starts[match["plan"]] for match in _PLAN_WORD.finditer(title) if match["plan"] in plan_starts]
    if named:
        return Horizon(named[-1] - 1, named[-1], named[-1] + 4)
    text = "".join(paragraph.text for paragraph in body)
    ends = Counter(match[1] for match in re.finditer(r"(?:到|至)(\d{4})年", text))
    if ends:
        end = int(ends.most_common(1)[0][0])
        base = _base_of(end, plan_starts, end)
        return Horizon(base, base + 1, end)
    plans = Counter(match["plan"] for match in _PLAN_WORD.finditer(text) if match["plan"] in plan_starts)
    if plans:
        start = plan_starts[plans.most_common(1)[0][0]]
        return Horizon(start - 1, start, start + 4)
    for first in plan_starts.values():
        if issued_year and first <= issued_year <= first + 4:
            return Horizon(first - 1, first, first + 4)
    return Horizon(None, None, None)


def _base_of(end: int, plan_starts: dict[str, int], start: int) -> int:
    """The year before the five-year plan that ``end`` belongs to; outside any, the year before ``start``."""
    for first in plan_starts.values():
        if first <= end <= first + 4:
            return min(first, start) - 1
    return start - 1


def base_years(body: list[Paragraph]) -> tuple[int, ...]:
    """Every year that the text compares with, in order."""
    return tuple(sorted({int(match[1]) for p in body for match in _BASE_YEAR.finditer(p.text)}))
