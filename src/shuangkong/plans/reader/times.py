"""时限与基年: deadlines, base years and recurrences as printed in a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

_YEAR = r"(?P<year>\d{4})年"
#: 到2020年, 2017年底前, 至2025年末, 2019年6月底前, 2020年前
_DEADLINE = re.compile(
    rf"(?:(?P<lead>到|至|截至|力争到|争取到|在|于|从)?{_YEAR}(?:(?P<month>\d{{1,2}})月(?:\d{{1,2}}日|底|末|份)?)?(?P<tail>年?[底末]|上半年)?(?P<before>之?前|以前|起|内|度)?)"
)
#: 2017、2018、2019年底前: years that share the word of the last.
_SHORT_YEARS = re.compile(r"(?:\d{4}[、和及])+$")
_START = re.compile(rf"{_YEAR}(?:(?P<month>\d{{1,2}})月(?:份|(?P<day>\d{{1,2}})日)?)?[底末]?(?:之日)?(?:起|开始)")
_DATE = r"\d{4}年?(?:\d{1,2}月(?:份|\d{1,2}日)?)?(?:年?[底末])?(?:之?前|以前)?"
_TIMES = re.compile(
    rf"(?:力争|争取|确保)?(?:分别)?(?:到|至|截至|在|于|自|从)?(?:{_DATE}[、和及])*"
    r"\d{4}年(?:\d{1,2}月(?:份|\d{1,2}日)?)?(?:年?[底末])?(?:之日)?(?:之?前|以前|内|度|起|开始)?(?:时|，)?"
)
_BASE = re.compile(
    r"(?:(?<!占)比|较|与|相比于?|相较于?|在|以)(?:(?P<year>\d{4})年(?:实绩|水平|底|末|的水平)?|“?(?P<plan>[一二三四五六七八九十]{2,3})”?(?:末|时期|期末))(?:相比|为基[准年数]|的?基础上|的水平上)?"
)
_PLAN_PERIOD = re.compile(
    r"(?<![比较与])(?<![比较与]“)“?(?P<plan>[一二三四五六七八九十]{1,2}五)”?(?:期间|时期|期末|末)"
)
#: “十四五”能源消费增量: the plan's name ahead of what is measured over it; never that of a paper (“十四五”规划).
_PLAN_AHEAD = re.compile(
    r"(?:全[国省市区县州旗盟])?“(?P<plan>[一二三四五六七八九十]{1,2}五”)(?!期|时期|末|规划|计划|方案|纲要|节能减排)"
)
_RECURRENCE = re.compile(r"每年|每季度|每半年|每月|每两年|定期|按年度|逐年|年度(?=考核|评价|检查)")


def is_time_only(clause: str) -> bool:
    """Whether a clause says when and nothing else: 到2026年, 2017年底前, “十四五”期间, 每年."""
    when = clause.strip(" 　，,（）()")
    return any(each.fullmatch(when) for each in (_TIMES, _DEADLINE, _START, _PLAN_PERIOD, _RECURRENCE))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A printed deadline: ``text`` is ``2020`` or ``2017-12``; ``start``/``end`` its place."""

    text: str
    start: int
    end: int


def deadlines(text: str, start: int, end: int) -> list[Deadline]:
    """Every deadline of ``text[start:end]``: a year that the clause runs to, not one it is compared with."""
    taken = [match.span() for match in _BASE.finditer(text, start, end) if match["year"] and match[0][0] not in "在以"]
    taken += [
        match.span()
        for match in _BASE.finditer(text, start, end)
        if match["year"]
        and match[0].endswith(("基础上", "上", "准", "年", "数"))
        and match[0][0] in "在以"
        and "基" in match[0]
    ]
    found = []
    for match in _DEADLINE.finditer(text, start, end):
        if any(left <= match.start("year") < right for left, right in taken) or _START.match(text, match.start("year")):
            continue
        if (
            text[max(0, match.start() - 1) : match.start()] in ("由", "从", "〔", "—", "-", "自")
            or match["lead"] == "从"
        ):
            continue
        found += _sharing(text, start, match)
        found.append(Deadline(_written(match), match.start(), match.end()))
    return found


def _sharing(text: str, start: int, match: re.Match[str]) -> list[Deadline]:
    """The bare years of a list that ``match`` ends."""
    ahead = _SHORT_YEARS.search(text[max(start, match.start() - 40) : match.start()])
    if not ahead:
        return []
    at, rest = match.start() - len(ahead[0]), _written(match)[4:]
    return [Deadline(year[0] + rest, at + year.start(), at + year.end()) for year in re.finditer(r"\d{4}", ahead[0])]


def start_of(text: str, start: int, end: int) -> str | None:
    """The date from which ``text[start:end]`` holds, as exact as printed (2018-01-01, 2018-01, 2018)."""
    match = _START.search(text, start, end)
    if match is None:
        return None
    return "-".join(
        part if len(part) == 4 else f"{int(part):02d}" for part in match.group("year", "month", "day") if part
    )


def _written(match: re.Match[str]) -> str:
    if match["month"]:
        return f"{match['year']}-{int(match['month']):02d}"
    if match["tail"] == "上半年":
        return f"{match['year']}-06"
    return f"{match['year']}-12" if match["tail"] else match["year"]


def base_year(text: str, start: int, end: int, plan_start: dict[str, int]) -> int | None:
    """The last base year printed in ``text[start:end]``; 比“十一五”末 gives that plan's last year."""
    years = []
    for match in _BASE.finditer(text, start, end):
        if match["year"]:
            if match[0][0] in "在以" and "基" not in match[0]:
                continue
            years.append(int(match["year"]))
        elif match["plan"] in plan_start:
            years.append(plan_start[match["plan"]] + 4)
    return years[-1] if years else None


def plan_period(text: str, start: int, end: int, plan_start: dict[str, int]) -> int | None:
    """The last year of a five-year plan named as the period of the clause (“十四五”期间)."""
    match = _PLAN_PERIOD.search(text, start, end) or _PLAN_AHEAD.match(text, start, end)
    plan = match["plan"].removesuffix("”") if match else ""
    return plan_start[plan] + 4 if plan in plan_start else None


def recurrence(text: str) -> str | None:
    """每年, 定期 … where the clause says so."""
    match = _RECURRENCE.search(text)
    return match[0] if match else None


def without_times(text: str) -> str:
    """``text`` without leading deadline and base phrases: what is left is the subject."""
    text = _BASE.sub("", text)
    text = _TIMES.sub("", text)
    text = re.sub(r"(?:今年|本年度?|[一二两三四五]?年内)(?:底前|底|内|末)?(?:，)?", "", text)
    return re.sub(r"“?[一二三四五六七八九十]{1,2}五”?(?:期间|时期|期末|末)", "", text)
