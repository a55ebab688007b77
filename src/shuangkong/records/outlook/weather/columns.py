"""The columns of the files: a list of measures, and daily emissions; one column a pollutant that policy names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from shuangkong.core.finding import Message
from shuangkong.core.horizon import is_near
from shuangkong.outlook.weather.orders import AlertLevel
from shuangkong.policyfile.expression.given import MOST_MAGNITUDE
from shuangkong.records.refusal import Refused

_BRIEF = 40
#: Tonnes a day that no place emits; what is above is a slip of units.
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class WeatherColumn:
    """``name`` is the key of a cell, ``heading`` that of the form."""

    name: str
    heading: str
    takes: str
    is_required: bool = False
    choices: tuple[str, ...] = ()


type Names = Mapping[str, Message]


def measure_columns(pollutants: Names, levels: Mapping[AlertLevel, Message]) -> tuple[WeatherColumn, ...]:
    """Of a list of measures."""
    return (
        _ENTERPRISE,
        _PROCESS,
        WeatherColumn("level", "级别", "响应级别", True, tuple(each.zh for each in levels.values())),
        WeatherColumn("action", "措施", "停产、限产或其他措施，写到生产线和比例", True),
        *(WeatherColumn(key, f"{name.zh}减排量", "吨/日；不减这一项的空着") for key, name in pollutants.items()),
        WeatherColumn("verification", "核查方式", "怎么核实，如用电量、在线监测、现场检查", True),
    )


def emission_columns(pollutants: Names) -> tuple[WeatherColumn, ...]:
    """Of daily emissions."""
    return (
        _ENTERPRISE,
        _PROCESS,
        WeatherColumn("day", "日期", "年-月-日", True),
        *(WeatherColumn(key, f"{name.zh}排放量", "吨/日；没有数的空着") for key, name in pollutants.items()),
    )


_ENTERPRISE = WeatherColumn("enterprise", "企业", "名录里的名称、统一社会信用代码或源代码", True)
_PROCESS = WeatherColumn("process", "生产线或工序", "一条线一行", True)


def cells_told(rows: Sequence[Sequence[str]], columns: Sequence[WeatherColumn]) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells by column, of the lines under the headings that are not empty.

    Raises:
        Refused: OUT-801: a heading is none of ours, twice there, or lacking.
    """
    headings = {word: each.name for each in columns for word in (each.heading, each.name)}
    first = [cell.strip() for cell in rows[0]] if rows else []
    names = [headings.get(word, "") for word in first]
    unknown = [word[:_BRIEF] for word in first if word and word not in headings]
    twice = {name for name in names if name and names.count(name) > 1}
    lacking = [each.heading for each in columns if each.is_required and each.name not in names]
    if unknown or twice or lacking:
        said = [f"不认识“{word}”" for word in unknown] + [f"重复“{each}”" for each in sorted(twice)]
        wrong = "、".join([*said, *(f"缺“{word}”" for word in lacking)])
        raise Refused("OUT-801", f"表头不对：{wrong}。请用模板的表头。", f"Wrong headings: {wrong}.", "file")
    found = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}
        if any(cells.values()):
            found.append((line, {each.name: cells.get(each.name, "") for each in columns}))
    return found


def tonnes(text: str, line: int, heading: str) -> Decimal | None:
    """An amount of zero or more in tonnes a day; None for an empty cell. Raises Refused OUT-802."""
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as fault:
        raise _no_amount(text, line, heading) from fault
    if not value.is_finite() or value < 0 or value.adjusted() > min(_MOST_DIGITS, MOST_MAGNITUDE):
        raise _no_amount(text, line, heading)
    return value


def _no_amount(text: str, line: int, heading: str) -> Refused:
    told = text[:_BRIEF]
    zh = f"第 {line} 行“{heading}”应为不小于零的数（吨/日），实为“{told}”。请改正。"
    return Refused("OUT-802", zh, f"Line {line}, “{heading}”: expected tonnes a day from zero, found “{told}”.", "file")


def level_told(text: str, line: int, levels: Mapping[AlertLevel, Message]) -> AlertLevel:
    """A level by its name, or the first word of it, or its number. Raises Refused OUT-803."""
    for level, name in levels.items():
        if text in {name.zh, name.zh.partition("（")[0], name.en, str(int(level))}:
            return level
    choices = "、".join(each.zh for each in levels.values())
    zh = f"第 {line} 行“级别”应为{choices}之一，实为“{text[:_BRIEF]}”。请改正。"
    raise Refused("OUT-803", zh, f"Line {line}: no such level: “{text[:_BRIEF]}”.", "file")


def day_told(text: str, line: int, today: date) -> date:
    """A day not to come. Raises Refused OUT-804."""
    zh = f"第 {line} 行“日期”应写作 年-月-日，不晚于今天，实为“{text[:_BRIEF]}”。请改正。"
    refusal = Refused("OUT-804", zh, f"Line {line}: expected a day until today as YYYY-MM-DD.", "file")
    try:
        day = date.fromisoformat(text)
    except ValueError as fault:
        raise refusal from fault
    if day > today or not is_near(day, today):
        raise refusal
    return day


def needed(cells: Mapping[str, str], line: int, columns: Sequence[WeatherColumn]) -> None:
    """Raises Refused OUT-805 for the first required cell that is empty."""
    for each in columns:
        if each.is_required and not cells[each.name]:
            zh = f"第 {line} 行“{each.heading}”是空的。请填写。"
            raise Refused("OUT-805", zh, f"Line {line}: “{each.heading}” is empty.", "file")
