"""How a course is said in words: what fell is said to fall, what rose to rise, whichever of the two was promised."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from shuangkong.plans.reading import Kind
from shuangkong.targets.progress import Point
from shuangkong.web.site.words import rounded_figure, with_unit
from shuangkong.web.targets.course import Course

#: Kinds of which a smaller figure is wanted.
_CAPS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP})
#: Kinds that count a move since the base year.
_MOVES = frozenset({Kind.REDUCTION_RATE, Kind.GROWTH, Kind.POINT_GAIN})


def year_words(course: Course) -> str:
    """The latest year: what was reached and what was due."""
    point = course.latest
    if point is None:
        return ""
    parts = {"year": point.year, "reached": reached_words(course, point), "due": due_words(course, point)}
    return _("%(year)s 年%(reached)s，%(due)s") % parts


def reached_words(course: Course, point: Point) -> str:
    """A move is said with its direction: a promised fall that became a rise of 1.6 % is no fall of −1.6 %."""
    value = point.reached
    kind = Kind(course.target.kind)
    if value is None or kind not in _MOVES:
        return _("实际 %(value)s") % {"value": _with_unit(course, value)}
    is_fall = (value < 0) != course.counts_fall
    words = {"value": _with_unit(course, abs(value))}
    return _("累计下降 %(value)s") % words if is_fall else _("累计上升 %(value)s") % words


def due_words(course: Course, point: Point) -> str:
    """What the schedule asks by that year."""
    value = point.due
    kind = Kind(course.target.kind)
    if value is None:
        return _("不知道基期数值，没有分年要求")
    words = {"value": _with_unit(course, value)}
    if kind in _MOVES:
        return _("应下降 %(value)s") % words if course.counts_fall else _("应上升 %(value)s") % words
    return _("应不超过 %(value)s") % words if kind in _CAPS else _("应达到 %(value)s") % words


def paces(course: Course) -> list[tuple[str, str]]:
    """The equal yearly steps of the whole promise and of the years left, each with what it asks.

    A cap is not “fulfilled by −64 tonnes a year”: it falls by 64, or leaves room for that much more.
    """
    progress = course.progress
    if progress is None:
        return []
    is_cap = Kind(course.target.kind) in _CAPS
    whole = (_("年均应减少"), _("年均最多增加") if is_cap else _("年均应完成"))
    left = (_("余下每年需减少"), _("余下每年最多增加") if is_cap else _("余下每年需"))
    steps = ((whole, progress.annual_average), (left, progress.remaining_annual))
    return [
        (words[0] if step < 0 else words[1], _with_unit(course, abs(step))) for words, step in steps if step is not None
    ]


def _with_unit(course: Course, value: Decimal | None) -> str:
    unit = course.progress.unit if course.progress else ""
    return with_unit(rounded_figure(value), unit)
