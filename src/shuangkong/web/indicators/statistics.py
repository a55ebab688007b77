"""部门统计: of each indicator the newest figure, told or computed, the target that a plan sets, and what is lacking."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date

from django.utils import timezone

from shuangkong.core.fact import Cell, Evidence, Maturity, Measure, Origin, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine.leaves import is_demo, maturity_of
from shuangkong.indicators.engine.printing import kept
from shuangkong.indicators.formula import Indicator, Role
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.facts.store import observations
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.looking import ComputedRow
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.targets.store import targets_of_subject
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.status import Standing
from shuangkong.web.indicators.counting import Counting, counting
from shuangkong.web.targets.course import Course, course, last_over

#: So many of the newest years told are looked at for what formulas yield.
_LOOKED_BACK = 3
_FULFILLED = frozenset({Standing.MET, Standing.AHEAD, Standing.ON_SCHEDULE})
_FAILED = frozenset({Standing.MISSED, Standing.BEHIND})


@dataclass(frozen=True, slots=True)
class Statistic:
    """One indicator of one subject.

    Attributes:
        latest: the newest figure of a whole year, else of the newest period; None where there is none.
        course: the target of the newest plan that sets one.
        missing_since: the first whole year without a figure; None where the last whole year has one, or nothing was
            ever told: ``latest`` tells the two apart.
    """

    rule: Indicator
    latest: Counting | None
    course: Course | None
    missing_since: int | None

    @property
    def is_fulfilled(self) -> bool | None:
        """Whether the year judged fulfils what the target asks by then; None where nothing can be judged."""
        standing = self.course.standing if self.course else Standing.NO_DATA
        return True if standing in _FULFILLED else False if standing in _FAILED else None


def of_field(field: str, subject: Subject, on: date) -> tuple[Indicator, ...]:
    """Indicators of a field of statistics in a place on a day, those with a definition first, then by id."""
    found = [rule for rule in _rules(subject, on) if rule.field == field]
    return tuple(sorted(found, key=lambda rule: (rule.definition is None, rule.id)))


def of_evaluation(subject: Subject, on: date) -> tuple[Indicator, ...]:
    """Indicators that the evaluation of a place counts on a day: control, then supporting, in the document's order."""
    found = [(role, rule) for rule in _rules(subject, on) if (role := rule.role_on(on))]
    return tuple(
        rule for role, rule in sorted(found, key=lambda each: (each[0].role is not Role.CONTROL, each[0].rank))
    )


def _rules(subject: Subject, on: date) -> Collection[Indicator]:
    """Those of the layer of a region on a day."""
    book = open_rulebook()
    return book.indicator_rules(book.layer_of(subject.code, on)).values()


def statistics(
    rules: Collection[Indicator], subject: Subject, today: date, as_of: date | None = None, year: int | None = None
) -> tuple[Statistic, ...]:
    """Each indicator of a subject as known at the end of a day, in the order given; each year by the law of its day.

    Computed anew, so that what was told a moment ago counts: 5 queries, and 4 for each step of formulas (as many more
    for each further layer of rules that the years are under).

    Args:
        year: figures and judgement of this year alone; None: the newest.
    """
    ids = [rule.id for rule in rules]
    told = observations(ids, [(subject.kind, subject.code)], as_of)
    last = (as_of or today).year - 1
    laws = Laws(Territory())
    computed = _computed(rules, subject, {year} if year else _recent_years(told, last), as_of, laws)
    counted: dict[str, list[Counting]] = {}
    for each in counting(told, computed, laws):
        if year is None or each.period.year == year:
            counted.setdefault(each.indicator, []).append(each)
    judged = _courses(ids, subject, told, [_as_told(each, laws) for each in computed], as_of, year)
    return tuple(
        Statistic(rule, newest, judged.get(rule.id), _missing_since(newest, last))
        for rule in rules
        for newest in [_newest(counted.get(rule.id, ()))]
    )


def _recent_years(told: Iterable[ObservationRow], last: int) -> set[int]:
    """The last whole year, the one under way, and the newest years told, where formulas may have a figure."""
    years = {period.year for row in told if (period := Period.parse(row.period)).is_year}
    return {last, last + 1, *sorted(years)[-_LOOKED_BACK:]}


def _computed(
    rules: Iterable[Indicator], subject: Subject, years: Collection[int], as_of: date | None, laws: Laws
) -> tuple[ComputedRow, ...]:
    """What formulas yield for whole years, told ones left out."""
    cells = [Cell(subject, rule.id, Period(year)) for rule in rules if rule.formulas for year in sorted(years)]
    engines = {
        layer: engine_for(under, laws.territory, laws.law(layer), as_of)
        for layer, under in laws.by_layer(cells).items()
    }
    figures = (engines[laws.layer_of(cell.subject, cell.period)].figure(cell) for cell in cells)
    found = [figure for figure in figures if figure.fact is None]
    return tuple(
        ComputedRow(
            cell=each.cell,
            state=each.state,
            value=each.value,
            maturity=maturity_of(each),
            has_doubts=bool(each.doubts),
            is_demo=is_demo(each),
            rulebook=laws.version,
            computed_at=timezone.now(),
        )
        for each in found
    )


def _newest(found: Iterable[Counting]) -> Counting | None:
    """Of those with a figure; whole years before parts of years."""
    valued = [each for each in found if each.value is not None]
    return max(valued, key=lambda each: (each.period.is_year, each.period), default=None)


def _missing_since(newest: Counting | None, last: int) -> int | None:
    return newest.period.year + 1 if newest is not None and newest.period.year < last else None


def _courses(
    ids: Collection[str],
    subject: Subject,
    told: Iterable[ObservationRow],
    computed: Iterable[ObservationRow],
    as_of: date | None,
    year: int | None,
) -> Mapping[str, Course]:
    """The course of the newest target of each indicator; a computed year stands where none was told."""
    book, rows = open_rulebook(), list(told)
    known = {(row.indicator, row.period) for row in rows if row.measure is Measure.LEVEL and row.value is not None}
    rows += [each for each in computed if each.state is State.VALUE and (each.indicator, each.period) not in known]
    found: dict[str, Course] = {}
    for target in targets_of_subject(ids, subject.kind, subject.code, as_of):
        if target.indicator not in found:
            about = [row for row in rows if row.indicator == target.indicator]
            made = course(target, about, book, last_over(as_of))
            found[target.indicator] = made if year is None else made.judged_at(year)
    return found


def _as_told(row: ComputedRow, laws: Laws) -> ObservationRow:
    """A computed figure in the shape of a told one, in its display unit, so that a target can be held against it."""
    rule = laws.rule(row.cell)
    printed = kept(row.value, rule, open_rulebook().units(), rule.unit if rule else "")
    return ObservationRow(
        indicator=row.cell.indicator,
        subject_kind=row.cell.subject.kind,
        subject_code=row.cell.subject.code,
        subject_name="",
        period=str(row.cell.period),
        measure=Measure.LEVEL,
        state=row.state,
        value=printed.value,
        unit=printed.unit,
        maturity=row.maturity or Maturity.FLASH,
        source="",
        note="",
        origin=Origin.ESTIMATE,
        evidence=Evidence.STATISTICAL,
        id=-1,
        is_demo=row.is_demo,
        recorded_at=row.computed_at.astimezone(UTC),
        recorded_by="",
        supersedes=None,
    )
