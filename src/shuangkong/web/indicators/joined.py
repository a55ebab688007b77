"""接成一条的数列: periods before a merger or renaming, of what the forerunners told; and who became whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.fact import Fact, Maturity, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import Printed, published
from shuangkong.indicators.forerunners import TOLD_TWICE, Became
from shuangkong.indicators.formula import Aggregation
from shuangkong.indicators.withholding import ELSEWHERE
from shuangkong.records.facts.succession import Point, history, joined_series
from shuangkong.records.indicators.naming import subject_names
from shuangkong.records.indicators.readable import Readable
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import Asked
from shuangkong.web.indicators.counting import Counting
from shuangkong.web.indicators.shown import words_of
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import maturity_word, spoken

_BY_WEIGHT = tuple(Maturity)


@dataclass(frozen=True, slots=True)
class Turn:
    """One change in the history of a subject, as a sentence links to it."""

    name: str
    href: str
    on: date
    is_forerunner: bool
    is_renaming: bool
    is_split: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """``counting``: the periods whose figure is not the subject's own alone; ``turns``: the oldest first.

    ``withheld``: periods whose figure holds what a forerunner told that the person may not read. ``has_closed``: one of
    them may not be read: a figure computed of what they told must be looked at too.
    """

    counting: tuple[Counting, ...] = ()
    turns: tuple[Turn, ...] = ()
    withheld: frozenset[Period] = frozenset()
    has_closed: bool = False


def lineage(request: HttpRequest, about: Asked, as_of: date | None) -> Lineage:
    """1 query; where the subject became another or others became it, 4 more for names and who may be named, and those
    of facts."""
    past = history(as_of)
    own = [each for each in past.changes if about.subject in (each.before, each.after)]
    if not own:
        return Lineage()
    names = subject_names(
        {each for change in own for each in (change.before, change.after)} | {*past.of(about.subject)}
    )
    way = about.rule.in_space if about.rule else Aggregation.NONE
    points = joined_series(about.subject, about.indicator, way, past, as_of)
    readable = Readable(acting_of(request), about.path)
    shut = frozenset(
        point.period for point in points if not all(readable.has(fact.cell.subject) for fact in point.parts)
    )
    counted = tuple(
        _withheld(about, point) if point.period in shut else _counting(about, point, names) for point in points
    )
    named = (change for change in own if readable.has(change.before) and readable.has(change.after))
    turns = tuple(_turn(request, about, change, names) for change in named)
    return Lineage(counted, turns, shut, not all(map(readable.has, past.of(about.subject))))


def _withheld(about: Asked, point: Point) -> Counting:
    return Counting(
        about.indicator,
        point.period,
        shown=words_of(Printed(None, ""), State.SUPPRESSED),
        value=None,
        unit=point.unit,
        maturity="",
        how=spoken(ELSEWHERE),
        known_on=max(fact.recorded_on for fact in point.parts),
        has_doubts=False,
        is_demo=any(fact.is_demo for fact in point.parts),
    )


def _turn(request: HttpRequest, about: Asked, change: Became, names: Mapping[Subject, str]) -> Turn:
    is_forerunner = change.after == about.subject
    other = change.before if is_forerunner else change.after
    href = link(request, "indicators:series", about.indicator, str(other))
    return Turn(names[other], href, change.on, is_forerunner, change.is_renaming, change.is_split)


def _counting(about: Asked, point: Point, names: Mapping[Subject, str]) -> Counting:
    facts = (*point.parts, *point.beside)
    printed = published(point.value, about.rule, open_rulebook().units(), point.unit)
    maturity = min((fact.maturity for fact in facts), key=_BY_WEIGHT.index, default=None)
    return Counting(
        about.indicator,
        point.period,
        shown=words_of(Printed(printed.value, ""), State.MISSING if point.value is None else State.VALUE),
        value=printed.value,
        unit=printed.unit,
        maturity=maturity_word(maturity) if maturity else "",
        how=_how(about.subject, point, names),
        known_on=max((fact.recorded_on for fact in facts), default=timezone.localdate()),
        has_doubts=bool(point.beside),
        is_demo=any(fact.is_demo for fact in facts),
    )


def _how(subject: Subject, point: Point, names: Mapping[Subject, str]) -> str:
    if point.reason is not None:
        return spoken(point.reason)
    if point.beside:
        return spoken(TOLD_TWICE)
    others = [_name(fact, names) for fact in point.parts if fact.cell.subject != subject]
    if len(others) == len(point.parts):
        return _("前身所报：%(names)s") % {"names": _("、").join(others)}
    return _("与前身之和：%(names)s") % {"names": _("、").join(others)}


def _name(fact: Fact, names: Mapping[Subject, str]) -> str:
    return names.get(fact.cell.subject, fact.cell.subject.code)
