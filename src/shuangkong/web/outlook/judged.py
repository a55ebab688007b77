"""按规定判定: the targets of a place in a period, each by the rule in force there on the period's last day.

A target counts by the share that an adopted decomposition lays on its subject, else as the plan prints it. Changes of
intensities and levels of totals are those that the statistics engine finds; every other target is judged by its own
path (targets.progress). All as known at the end of a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangkong.core.fact import Cell, Evidence, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.engine.leaves import told_facts
from shuangkong.outlook.barometer.issue import Content, Line, Part, compared, steps_of
from shuangkong.outlook.barometer.judging import Judgement, judge
from shuangkong.outlook.barometer.level import Level
from shuangkong.outlook.barometer.listing import Listing, listing_of
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.records.facts.evidence import may_carry_act
from shuangkong.records.targets.in_force import assigned_steps
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.indicators.known import Known, known
from shuangkong.web.outlook.basis import ANY, DECLINE, Bases, Basis, unit_of
from shuangkong.web.targets.course import Course, courses_counted

#: Documents that an issue names; more would not be read.
_MOST_SOURCES = 6
_STATISTICAL = Message(
    "所用的是统计数据，不得作为对该单位处理的依据（统计法）；要处理，须另有行政数据",
    "Told for statistics: no act against the unit may rest on it (Statistics Law); that takes administrative evidence",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``before``: (indicator, subject) → level in the period ``compared_with``."""

    place: str
    home: str
    period: Period
    as_of: date | None = None
    before: Mapping[tuple[str, Subject], Level] | None = None
    compared_with: Period | None = None


def content_of(asked: Asked, groups: Sequence[Sequence[TargetRow]]) -> Content:
    """The barometer of targets as they count, group by group (chosen.every_group), the place itself first in each.

    A fixed number of queries, whatever the number of targets.
    """
    every = [target for group in groups for target in group]
    judging = _Judging(asked, open_rulebook(), every)
    parts = tuple(_part(judging, group) for group in groups if group)
    sources = sorted({*judging.sources(), *(row.source for each in judging.courses.values() for row in each.told)})
    return Content(asked.place, asked.period, parts, asked.compared_with, tuple(sources[:_MOST_SOURCES]))


def _part(judging: _Judging, group: Sequence[TargetRow]) -> Part:
    lines = sorted((judging.line(judging.courses[target.id]) for target in group), key=_weight)
    return Part(group[0].indicator, group[0].indicator_name, tuple(lines))


def _weight(line: Line) -> tuple[bool, int, Subject]:
    level = len(Level) + 1 if line.level is None else int(line.level)
    return not line.is_whole, level, line.subject


class _Judging:
    """All that the levels of these targets rest on, found once."""

    def __init__(self, asked: Asked, book: Rulebook, targets: Sequence[TargetRow]) -> None:
        self.asked, self.book, self.bases = asked, book, Bases(book, asked.period)
        until = asked.period.year if asked.period.is_year else asked.period.year - 1
        self.courses: Mapping[int, Course] = {
            each.target.id: each.judged_at(asked.period.year) for each in courses_counted(targets, until, asked.as_of)
        }
        counting = (each.target for each in self.courses.values())
        self.cells = tuple(dict.fromkeys(cell for target in counting for cell in self.bases.cells(target)))
        self.seen: Known = known(self.cells, asked.as_of)

    def sources(self) -> Iterator[str]:
        """Documents that the figures come from."""
        return (fact.source for cell in self.cells for fact in told_facts(self.seen.figure(cell)))

    def line(self, course: Course) -> Line:
        """One target with its level."""
        target = course.target
        subject, basis = Subject(target.subject_kind, target.subject_code), self.bases.of(course, self.seen)
        rule, judgement = self._judged(subject, basis)
        found = compared(rule.figures, basis.given, basis.shown)
        figures = self.bases.printed((found.required, found.achieved), rule.id, target)
        required, achieved = figures if basis.cause is None else (None, None)
        own = course.latest.steps if course.latest and rule.id in (ANY, DECLINE) else ()
        judged = steps_of(judgement) if judgement else ()
        shown = tuple(each for each in found.steps if each not in judged) if basis.shown else ()
        told = target.assigned
        return Line(
            target=target.id, subject=subject, name=target.subject_name,
            is_whole=target.subject_code == self.asked.home, rule=rule.id,
            level=judgement.level if judgement else None, cause=judgement.cause if judgement else basis.cause,
            last=(self.asked.before or {}).get((target.indicator, subject)),
            required=required, achieved=achieved, unit=unit_of(rule.id, target),
            steps=(*assigned_steps(target), *own, *judged, *shown),
            doubts=tuple(dict.fromkeys(self._doubts(course, basis, judgement))),
            share=told.share if told else None, assigned_by=told.place if told else "",
            promised=target.value, printed=told.printed if told else None,
        )  # fmt: skip

    def _judged(self, subject: Subject, basis: Basis) -> tuple[Rule, Judgement | None]:
        """By the rule of the place that the subject is or lies in; a unit lies in the place that is looked at."""
        is_placed = listing_of(subject.kind) is Listing.REGIONS or "/" in subject.code
        place = subject.code.partition("/")[0] if is_placed and subject.code else self.asked.home
        day = self.asked.period.last_day
        rule = self.book.outlook(self.book.layer_of(place, day)).barometer[basis.rule]
        if basis.cause is not None:
            return rule, None
        cell = Cell(subject, rule.id, self.asked.period)
        return rule, judge(rule, cell, basis.given, self.book.upwards(place, day), basis.told)

    def _doubts(self, course: Course, basis: Basis, judgement: Judgement | None) -> Iterator[Message]:
        """What must be known of a level: of its rule, and of the figures that it rests on."""
        yield from judgement.figure.doubts if judgement else ()
        yield from (doubt for figure in basis.told.values() for doubt in figure.doubts)
        if listing_of(course.target.subject_kind) is Listing.UNITS and _is_statistical(course, basis.told.values()):
            yield _STATISTICAL


def _is_statistical(course: Course, told: Iterable[Figure]) -> bool:
    """Whether anything that a unit is judged by was told for statistics."""
    if not all(may_carry_act(fact) for figure in told for fact in told_facts(figure)):
        return True
    row = course.resting_on(course.latest.year) if course.latest else None
    return row is not None and row.evidence is Evidence.STATISTICAL
