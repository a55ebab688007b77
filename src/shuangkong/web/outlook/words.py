"""怎么说: words and cells of levels, the same on every page of the outlook."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuangkong.core.period import Period
from shuangkong.outlook.barometer.issue import Line
from shuangkong.outlook.barometer.level import CAUSES, MOVES, WORDS, Level
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.site.tables import Cell
from shuangkong.web.site.words import MISSING, rounded_figure, spoken

#: How a level is coloured and signed on pages and maps (site.words.SIGNS, site.css, charts.js).
MARKS = {Level.RED: "level_1", Level.YELLOW: "level_2", Level.GREEN: "level_3", None: "level_none"}


def level_word(level: Level | None) -> str:
    return spoken(WORDS[level]) if level else _("不能判定")


def level_cell(line: Line) -> Cell:
    """The level with sign, word and colour; why there is none on hover."""
    hint = spoken(CAUSES[line.cause]) if line.cause else ""
    return Cell(level_word(line.level), level_word(line.level), level=MARKS[line.level], hint=hint)


def move_cell(line: Line) -> Cell:
    word = spoken(MOVES[line.move])
    before = _("上期：%(level)s") % {"level": level_word(line.last)} if line.last else ""
    return Cell(word, word, hint=before)


def rule_word(rule: str) -> str:
    """The name of a rule of the barometer or of a trigger."""
    law = open_rulebook().outlook()
    known = law.barometer.get(rule) or law.triggers.get(rule)
    return spoken(known.name) if known else rule


def reason_of(line: Line) -> str:
    """In one sentence what was asked for and what came."""
    if line.level is None:
        return spoken(CAUSES[line.cause]) if line.cause else MISSING
    words = {"required": rounded_figure(line.required), "achieved": rounded_figure(line.achieved), "unit": line.unit}
    return _("要求 %(required)s%(unit)s，实际 %(achieved)s%(unit)s") % words


def title_of(place: str, period: Period) -> str:
    return _("%(place)s%(period)s节能减排目标完成情况晴雨表") % {"place": place, "period": period_word(period)}
