"""The way from rows to a target's progress: one target, the figures told of it, the law's schedule → its course."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from shuangkong.core.fact import Maturity, Measure, State
from shuangkong.core.period import Period
from shuangkong.plans.reading import Kind
from shuangkong.records.facts import store as facts
from shuangkong.records.facts.rows import ObservationRow
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.goals import converted, goal_of, plain_id, schedule_of
from shuangkong.records.targets.in_force import counted, in_force, of_subjects
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.targets.goal import Actual
from shuangkong.targets.progress import DECLINING, Point, Progress, progress
from shuangkong.targets.status import Standing
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import scope_of

#: The levels between which percentage points lie.
PER_CENT = "%"
_SETTLED = tuple(Maturity)


@dataclass(frozen=True, slots=True)
class Course:
    """A target with its progress.

    ``told`` are the figures of its indicator and subject, parts of years among them; ``unfit`` those whose unit does
    not fit. ``counts_fall``: what is counted as progress is a fall (下降率, percentage points promised downwards).
    ``is_hidden``: its figures are not the person's to read.
    """

    target: TargetRow
    progress: Progress | None
    told: tuple[ObservationRow, ...]
    unfit: tuple[ObservationRow, ...]
    counts_fall: bool = False
    is_hidden: bool = False

    @property
    def standing(self) -> Standing:
        return self.progress.standing if self.progress else Standing.NO_DATA

    @property
    def latest(self) -> Point | None:
        return self.progress.latest if self.progress else None

    @property
    def is_verified(self) -> bool:
        """Whether a person has compared every rule that the year judged rests on with its document."""
        steps = self.latest.steps if self.latest else ()
        return all(step.clause is None or step.clause.is_verified for step in steps)

    @property
    def newest(self) -> ObservationRow | None:
        """The least settled of the figures that the year judged rests on: tells the maturity and the as-of day.

        Where nothing is judged, the youngest row told.
        """
        if self.latest is None:
            return max(self.told, key=lambda row: row.period, default=None)
        return self.resting_on(self.latest.year)

    def resting_on(self, year: int) -> ObservationRow | None:
        """The least settled of the figures of a year."""
        rows = [row for row in self.told if row.period == str(year) and row.state is State.VALUE]
        return min((row for row in rows if row not in self.unfit), key=_settled, default=None)

    def judged_at(self, year: int) -> Course:
        """The same course as it stood at the end of one year; without a figure of that year nothing is judged."""
        if self.progress is None:
            return self
        point = next((each for each in self.progress.points if each.year == year and each.reached is not None), None)
        standing = point.standing if point else Standing.NO_DATA
        return replace(self, progress=replace(self.progress, latest=point, standing=standing))


def _settled(row: ObservationRow) -> int:
    return _SETTLED.index(row.maturity)


def courses_of(request: HttpRequest, targets: Sequence[TargetRow]) -> tuple[Course, ...]:
    """Courses as whoever asks may see them, in the period and as of the day that the address names. 2 queries."""
    scope = scope_of(request)
    hidden = hidden_from(acting_of(request), {(target.subject_kind, target.subject_code) for target in targets})
    return courses(targets, scope.year, scope.as_of, hidden)


def hidden_from(by: Acting, subjects: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
    """Subjects whose figures the person may not read: regions go by their place, sectors and units by their plan."""
    if not may(by, Action.ACTUAL_READ):
        return subjects
    paths = registry.paths(code for kind, code in subjects if kind == "region")
    return {
        (kind, code)
        for kind, code in subjects
        if kind == "region" and not may(by, Action.ACTUAL_READ, Where(paths.get(code, "")))
    }


def courses(
    targets: Sequence[TargetRow],
    until: int | None = None,
    as_of: date | None = None,
    hidden: Set[tuple[str, str]] = frozenset(),
) -> tuple[Course, ...]:
    """Courses of many targets, each as it counts: by the share in force where one is adopted, else as printed.

    Figures later than the year ``until``, told after the day ``as_of`` or of ``hidden`` subjects are not looked at. 1
    query for figures; for shares 1 where there are none, else 5.
    """
    return courses_counted(as_they_count(targets, as_of, open_rulebook()), until, as_of, hidden)


def courses_counted(
    targets: Sequence[TargetRow],
    until: int | None = None,
    as_of: date | None = None,
    hidden: Set[tuple[str, str]] = frozenset(),
) -> tuple[Course, ...]:
    """Courses of targets that are given as they count. 1 query."""
    rulebook, over = open_rulebook(), last_over(as_of)
    indicators = sorted({target.indicator for target in targets})
    subjects = {(target.subject_kind, target.subject_code) for target in targets} - hidden
    told: dict[tuple[str, str, str], list[ObservationRow]] = {}
    for row in facts.observations(indicators, subjects, as_of) if subjects else ():
        if until is None or Period.parse(row.period).year <= until:
            told.setdefault((row.indicator, row.subject_kind, row.subject_code), []).append(row)
    found = (
        course(target, told.get((target.indicator, target.subject_kind, target.subject_code), ()), rulebook, over)
        for target in targets
    )
    return tuple(
        replace(each, is_hidden=True) if (each.target.subject_kind, each.target.subject_code) in hidden else each
        for each in found
    )


def as_they_count(targets: Sequence[TargetRow], as_of: date | None, rulebook: Rulebook) -> tuple[TargetRow, ...]:
    """By their shares in force (records.targets.in_force); those that carry one are not looked up again."""
    subjects = {(each.subject_kind, each.subject_code) for each in targets if each.assigned is None}
    held = in_force(of_subjects(subjects), as_of) if subjects else ()
    return tuple(counted(targets, held, rulebook) if held else targets)


def last_over(as_of: date | None) -> int:
    """The last year that is over on a day; None: today."""
    return (as_of or timezone.localdate()).year - 1


def course(target: TargetRow, told: Iterable[ObservationRow], rulebook: Rulebook, over: int | None = None) -> Course:
    """One target and the figures of its indicator and subject. ``over``: the last year that is over (progress)."""
    rows = tuple(told)
    unit = _level_unit(target, rows)
    goal = goal_of(target, unit, rulebook)
    if goal is None:
        return Course(target, None, rows, ())
    whole_years = [row for row in rows if row.state is State.VALUE and Period.parse(row.period).is_year]
    actuals = {row.id: _actual(row, target, unit, rulebook) for row in whole_years}
    known = [actual for actual in actuals.values() if actual is not None]
    unfit = tuple(row for row in whole_years if actuals[row.id] is None)
    schedule = schedule_of(goal, plain_id(target), unit, rulebook)
    counts_fall = goal.kind is Kind.REDUCTION_RATE or (goal.kind is Kind.POINT_GAIN and goal.is_fall)
    return Course(target, progress(goal, known, schedule, over), rows, unfit, counts_fall)


def _level_unit(target: TargetRow, rows: Sequence[ObservationRow]) -> str:
    """The printed unit that levels are brought to: the target's own; for a rate, that of its base value or figures.

    Percentage points lie between levels in per cent.

    Never a base unit: levels are rounded as printed (吨标准煤/万元 to four places) before a ratio is formed.
    """
    if Kind(target.kind) is Kind.POINT_GAIN:
        return PER_CENT
    if Kind(target.kind) not in DECLINING:
        return target.unit
    return target.base_unit or next((row.unit for row in rows if row.measure == Measure.LEVEL), "")


def _actual(row: ObservationRow, target: TargetRow, level_unit: str, rulebook: Rulebook) -> Actual | None:
    value = row.value
    if value is not None and row.measure in (Measure.LEVEL, Measure.AMOUNT):
        is_points = row.measure is Measure.AMOUNT and Kind(target.kind) is Kind.POINT_GAIN
        value = converted(value, row.unit, target.unit if is_points else level_unit, rulebook)
    return None if value is None else Actual(int(row.period), row.measure, value)
