"""承诺的写法: a target's figure, what else it says, and the difference of two, as one line each."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.plans.cascade.promise import FAMILIES, FROM_BASE
from shuangkong.plans.reading import Kind
from shuangkong.records.targets.rows import TargetRow
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell
from shuangkong.web.site.words import (
    MISSING,
    deadline_word,
    figure,
    indicator_word,
    nature_word,
    strength_word,
    with_unit,
)

_BEFORE = {"<=": "≤", ">=": "≥", "~": "≈"}
_PER_CENT, _POINTS = ("%", "％"), "个百分点"


def name_of(row: TargetRow | None, other: TargetRow | None) -> str:
    """The indicator in the language of the page, by whichever side is there."""
    told = row or other
    return indicator_word(told.indicator, told.indicator_name, told.kind) if told else MISSING


def promise_words(row: TargetRow) -> str:
    """力争 ≥20%（2025年）: the figure as one says it."""
    firm = "" if row.strength == "firm" else f"{strength_word(row.strength)} "
    number = f"{firm}{_BEFORE.get(row.op, '')}{with_unit(figure(row.value), row.unit)}"
    day = row.deadline or row.end_year
    return _("%(figure)s（%(day)s）") % {"figure": number, "day": deadline_word(day)} if day else number


def promise_hint(row: TargetRow) -> str:
    """Where it stands and what else it says: number of the measure, nature; the base year of what is counted from one.

    It is shown in brackets, so that the number bears none of its own.
    """
    base = (row.base_year or row.plan_base_year) if FAMILIES[Kind(row.kind)] in FROM_BASE else None
    told = (row.item_no.strip("（）()"), nature_word(row.nature), _("基年 %(year)s") % {"year": base} if base else "")
    return " · ".join(filter(None, told))


def promise_cell(request: HttpRequest, row: TargetRow | None, absent: str) -> Cell:
    """The figure with its explanation; ``absent`` says why there is none."""
    if row is None:
        return Cell(MISSING, hint=absent)
    words = promise_words(row)
    return Cell(words, words, hint=promise_hint(row), why=link(request, "targets:target", row.id))


def difference_words(difference: Decimal | None, unit: str) -> str:
    """The difference with its sign; that of per cents is in percentage points."""
    if difference is None:
        return MISSING
    sign = "+" if difference > 0 else ""
    plain = figure(Decimal(f"{difference.normalize():f}") if difference else Decimal(0))
    return sign + with_unit(plain, _POINTS if unit in _PER_CENT else unit)


def difference_cell(difference: Decimal | None, row: TargetRow | None) -> Cell:
    """A difference in the unit of ``row``."""
    return Cell(difference_words(difference, row.unit if row else ""), difference)
