"""晴雨表的表和图: one table a promise, and the map beside it in the same colours."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangkong.outlook.barometer.issue import Content, Line, Part
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.outlook.words import MARKS, level_cell, level_word, move_cell, reason_of, rule_word
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import indicator_word, rounded_figure

#: What a label on the map can do without; 自治县 keeps its name whole.
_LAST_WORD = re.compile("(?<=..)(?<!自治)[市县区旗镇乡]$")


def part_table(request: HttpRequest, part: Part, number: int, *, is_demo: bool, notice: str = "") -> Table:
    """One promise: who stands where, what was asked and what came, which way they moved.

    ``notice``: where the notice of a line is made, with {target} in it; "" where none can be.
    """
    unit = part.lines[0].unit if part.lines else ""
    columns = (
        Column("region", _("对象")),
        Column("level", _("预警等级")),
        Column("move", _("比上期")),
        Column("required", _("要求"), unit, is_figure=True),
        Column("achieved", _("实际"), unit, is_figure=True),
        Column("rule", _("判定规定")),
        *((Column("notice", _("通知")),) if notice else ()),
    )
    rows = tuple(Row(_cells(request, line, notice)) for line in part.lines)
    caption = name_of(part)
    return Table(f"part{number}", caption, columns, rows, is_demo=is_demo)


def name_of(part: Part) -> str:
    return indicator_word(part.indicator, part.name)


def _cells(request: HttpRequest, line: Line, notice: str) -> tuple[Cell, ...]:
    href = link(request, "targets:target", line.target)
    doubted = bool(line.doubts) and line.level is not None
    cells = (
        Cell(line.name, line.name, href=href),
        level_cell(line),
        move_cell(line),
        Cell(rounded_figure(line.required), line.required),
        Cell(rounded_figure(line.achieved), line.achieved, why=f"#why-{line.target}", is_doubted=doubted),
        text_cell(rule_word(line.rule)),
    )
    if not notice:
        return cells
    offered = text_cell(_("预警通知"), href=notice.format(target=line.target)) if line.is_warned else text_cell("")
    return (*cells, offered)


def map_of(request: HttpRequest, content: Content, part: Part, place: str) -> dict[str, Any] | None:
    """None where nobody has put outlines of the place, or it has no parts here."""
    lines = [line for line in part.lines if not line.is_whole]
    if not lines or outline_file(place) is None:
        return None
    return {
        "unit": part.lines[0].unit,
        "outlines": reverse("map", args=(place,)),
        "is_judged": True,
        "order": list(MARKS.values()),
        "words": {mark: level_word(level) for level, mark in MARKS.items()},
        "regions": [
            {
                "code": line.subject.code,
                "title": line.name,
                "short": _LAST_WORD.sub("", line.name),
                "level": MARKS[line.level],
                "words": f"{level_word(line.level)} {reason_of(line)}",
                "href": link(request, "targets:target", line.target),
            }
            for line in lines
        ],
    }


def compared_with(content: Content) -> str:
    """With which period the moves are counted."""
    if content.compared_with is None:
        return _("此前没有公布过晴雨表，不能比较变化")
    return _("与%(period)s公布的等级比较") % {"period": period_word(content.compared_with)}
