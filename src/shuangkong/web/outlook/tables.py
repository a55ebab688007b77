"""晴雨表的表和图: one table a promise of regions with the map beside it in the same colours, one each other list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangkong.outlook.barometer.issue import Content, Line, Part
from shuangkong.outlook.barometer.listing import LISTINGS, Listing
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.outlook.words import MARKS, level_cell, level_word, move_cell, reason_of, rule_word
from shuangkong.web.site.outlines import outline_file
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import indicator_word, rounded_figure, spoken, unit_word

#: What a label on the map can do without; 自治县 keeps its name whole.
_LAST_WORD = re.compile("(?<=..)(?<!自治)[市县区旗镇乡]$")


@dataclass(frozen=True, slots=True)
class Shown:
    """A table of levels; ``part``: of one promise, None where several stand together; ``key``: of its map."""

    table: Table
    part: Part | None
    key: str


def tables_of(request: HttpRequest, content: Content, *, is_demo: bool, notice: str = "") -> tuple[Shown, ...]:
    """Promises of several regions one by one; then what remains of the place itself, key industries, key units.

    ``notice``: where the notice of a line is made, with {target} in it; "" where none can be.
    """
    regions = content.listed(Listing.REGIONS)
    several = [part for part in regions if len(part.lines) > 1]
    found = [
        Shown(_table(request, (part,), f"part{number}", name_of(part), is_demo, notice), part, f"map{number}")
        for number, part in enumerate(several)
    ]
    alone = tuple(part for part in regions if len(part.lines) <= 1)
    together = (
        ("own", _("本级的其他目标") if several else _("本级的目标"), alone),
        ("sectors", spoken(LISTINGS[Listing.SECTORS]), content.listed(Listing.SECTORS)),
        ("units", spoken(LISTINGS[Listing.UNITS]), content.listed(Listing.UNITS)),
    )
    found += [
        Shown(_table(request, parts, key, caption, is_demo, notice), None, "")
        for key, caption, parts in together
        if parts
    ]
    return tuple(found)


def _table(request: HttpRequest, parts: tuple[Part, ...], key: str, caption: str, is_demo: bool, notice: str) -> Table:
    """Who stands where, what was asked and what came, which way they moved, and what the target rests on."""
    is_one = len(parts) == 1
    unit = parts[0].lines[0].unit if is_one and parts[0].lines else ""
    columns = (
        *(() if is_one else (Column("indicator", _("指标")),)),
        Column("region", _("对象")),
        Column("level", _("预警等级")),
        Column("move", _("比上期")),
        Column("required", _("要求"), unit, is_figure=True),
        Column("achieved", _("实际"), unit, is_figure=True),
        *(() if is_one else (Column("unit", _("单位")),)),
        Column("rule", _("判定规定")),
        Column("ground", _("目标依据")),
        *((Column("notice", _("通知")),) if notice else ()),
    )
    rows = tuple(Row(_cells(request, part, line, notice, is_one=is_one)) for part in parts for line in part.lines)
    return Table(key, caption, columns, rows, is_demo=is_demo)


def name_of(part: Part) -> str:
    return indicator_word(part.indicator, part.name)


def _cells(request: HttpRequest, part: Part, line: Line, notice: str, *, is_one: bool) -> tuple[Cell, ...]:
    doubted = bool(line.doubts) and line.level is not None
    word = text_cell(rule_word(line.rule))
    cells = (
        *(() if is_one else (text_cell(name_of(part)),)),
        Cell(line.name, line.name, href=address_of(request, line)),
        level_cell(line),
        move_cell(line),
        Cell(rounded_figure(line.required), line.required),
        Cell(rounded_figure(line.achieved), line.achieved, why=f"#why-{line.target}", is_doubted=doubted),
        *(() if is_one else (text_cell(unit_word(line.unit)),)),
        word,
        _ground(request, line),
    )
    if not notice:
        return cells
    offered = text_cell(_("预警通知"), href=notice.format(target=line.target)) if line.is_warned else text_cell("")
    return (*cells, offered)


def address_of(request: HttpRequest, line: Line) -> str:
    """Where the target of a line stands: in its plan, or in the decomposition that alone lays it on the subject."""
    if line.target > 0:
        return link(request, "targets:target", line.target)
    return link(request, "decomposition:share", -line.target)


def _ground(request: HttpRequest, line: Line) -> Cell:
    """What the target rests on: the share in force, with what the plan prints where that is another figure."""
    if line.share is None:
        return text_cell(_("方案所印"))
    words = {"place": line.assigned_by, "value": rounded_figure(line.promised), "printed": rounded_figure(line.printed)}
    said = _("%(place)s分解下达") % words
    if line.printed is not None:
        said = _("%(place)s分解下达 %(value)s（方案印 %(printed)s）") % words
    return Cell(said, said, href=link(request, "decomposition:share", line.share))


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
                "href": address_of(request, line),
            }
            for line in lines
        ],
    }


def compared_with(content: Content) -> str:
    """With which period the moves are counted."""
    if content.compared_with is None:
        return _("此前没有公布过晴雨表，不能比较变化")
    return _("与%(period)s公布的等级比较") % {"period": period_word(content.compared_with)}
