"""沿革: the series of today's region or unit over the time of those that became it, where figures may be added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import CharField, DateField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from shuangkong.core.fact import Cell, Fact, Measure, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.forerunners import REASONS, Became, Because, Forerunners, Joining
from shuangkong.indicators.formula import Aggregation
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.dictionary import registered
from shuangkong.records.facts.looking import observations
from shuangkong.records.facts.models import ScopeMembership, SubjectChange, SubjectWithdrawal
from shuangkong.records.facts.models import Subject as SubjectColumns
from shuangkong.records.facts.standing import standing
from shuangkong.records.facts.subject_order import require_in_order
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import RegionChange
from shuangkong.records.registry.tree import Change


@dataclass(frozen=True, slots=True)
class Point:
    """One period: the figure with the facts it is made of, or why there is none; ``beside``: told too, not added."""

    period: Period
    value: Decimal | None
    unit: str
    parts: tuple[Fact, ...]
    because: Because | None = None
    beside: tuple[Fact, ...] = ()

    @property
    def reason(self) -> Message | None:
        return REASONS[self.because] if self.because else None


def series(
    subject: Subject,
    indicator: str,
    periods: Iterable[Period],
    in_space: Aggregation,
    on: date,
    as_of: date | None = None,
) -> tuple[Point, ...]:
    """The figures of what the subject is ``on`` a day, for periods before and after it became so.

    A period before a change is made of what those told that the subject was made of (indicators.forerunners). 1 query
    for the past, and those of answering.facts_for.
    """
    found = history(as_of, on)
    cells = [Cell(subject, indicator, period) for period in periods]
    every = {replace(cell, subject=each) for cell in cells for each in (subject, *found.of(subject))}
    told = {cell: fact for cell, fact in facts_for(every, as_of).items() if fact.state is not State.MISSING}
    return tuple(_point(cell, told, found.joining(cell, in_space, told.__contains__)) for cell in cells)


def joined_series(
    subject: Subject, indicator: str, in_space: Aggregation, past: Forerunners, as_of: date | None = None
) -> tuple[Point, ...]:
    """The periods whose figure is not the subject's own alone, of all that anybody was told of whom it was made of.

    1 query, and those of answering.facts_for.
    """
    everyone = (subject, *past.of(subject))
    if len(everyone) == 1:
        return ()
    rows = observations([indicator], [(each.kind, each.code) for each in everyone], as_of)
    periods = sorted({Period.parse(row.period) for row in rows if row.measure is Measure.LEVEL})
    cells = [Cell(subject, indicator, period) for period in periods]
    every = {replace(cell, subject=each) for cell in cells for each in everyone}
    told = {cell: fact for cell, fact in facts_for(every, as_of).items() if fact.state is not State.MISSING}
    found = ((cell, past.joining(cell, in_space, told.__contains__)) for cell in cells)
    return tuple(_point(cell, told, joining) for cell, joining in found if joining is not None)


def _point(cell: Cell, told: Mapping[Cell, Fact], joining: Joining | None) -> Point:
    if joining is None:
        joining = Joining((cell,)) if cell in told else Joining(because=Because.UNTOLD)
    beside = tuple(told[each] for each in joining.beside)
    there = tuple(told[each] for each in joining.parts)
    if joining.because is not None:
        return Point(cell.period, None, "", there, joining.because, beside)
    found = tuple(fact for fact in there if fact.state is not State.NOT_APPLICABLE)
    if not found or any(fact.value is None for fact in found) or len({fact.unit for fact in found}) > 1:
        return Point(cell.period, None, "", found, Because.UNTOLD, beside)
    value = sum((fact.value for fact in found if fact.value is not None), Decimal(0))
    return Point(cell.period, value, found[0].unit, found, None, beside)


def history(as_of: date | None = None, on: date | None = None) -> Forerunners:
    """Who became whom up to a day (today where none is given), as known by the end of another. 1 query.

    A unit that was entered in a scope only later was not there before, so far as statistics know.
    """
    until = on or as_of or timezone.localdate()
    first_entered = (
        ScopeMembership.objects.filter(standing("membership", as_of), subject=OuterRef("after"))
        .order_by("starts_on")
        .values("starts_on")[:1]
    )
    region, day = Value("region", CharField()), DateField()
    of_units = SubjectChange.objects.filter(standing("change", as_of), on__lte=until).values_list(
        "before__kind", "before__code", "after__kind", "after__code", "on", "kind",
        Subquery(first_entered, output_field=day),
    )  # fmt: skip
    of_regions = RegionChange.objects.filter(known_by(as_of, "decided_at"), on__lte=until).values_list(
        region, "before_id", region, "after_id", "on", Value("", CharField()), "after__starts_on"
    )
    changes, births = [], {}
    for kind, code, after_kind, after_code, changed_on, how, begins in of_units.union(of_regions, all=True):
        after = Subject(after_kind, after_code)
        changes.append(Became(Subject(kind, code), after, changed_on, how == Change.RENAMED, how == Change.SPLIT))
        if begins is not None:
            births[after] = begins
    return Forerunners(tuple(sorted(changes, key=lambda each: (each.on, each.before))), births)


def is_changed_since(moment: datetime) -> bool:
    """Whether anybody became another since, or no longer did: by what was recorded, or by a day that has come.

    Also by when a successor was entered in a scope, which tells when it began. 4 queries.
    """
    recorded = Q(decided_at__gt=moment)
    has_come = Q(on__gt=timezone.localdate(moment), on__lte=timezone.localdate())
    asked: tuple[QuerySet[Any], ...] = (
        SubjectChange.objects.filter(recorded | has_come),
        RegionChange.objects.filter(recorded | has_come),
        SubjectWithdrawal.objects.filter(recorded),
        ScopeMembership.objects.filter(recorded, subject__in=SubjectChange.objects.values("after")),
    )
    return any(each.exists() for each in asked)


def succeed(before: Subject, after: Subject, change: Change, on: date, document: str, by: Acting) -> None:
    """Records that a unit or institution was renamed, merged or split into another on a day.

    Regions are the registry's (tree.succeed_region).

    Raises:
        Refused: no document, one of the two is not registered, kinds differ, they would follow in a circle, it is on
            record already, or contradicts what is.
        Forbidden: one of them lies outside the person's places.
    """
    numbers, place = _reached(before, after, document, by)
    circle = before == after or after in history(on=date.max).of(before)
    _require(not circle, "FCT-307", f"{after} 已是 {before} 的前身。", f"{after} became {before} already.")
    with transaction.atomic():
        require_in_order(*numbers, change, on)
        SubjectChange.objects.create(
            before_id=numbers[0], after_id=numbers[1], kind=change, on=on,
            document=document, decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        what = {"after": after.code, "kind": change.value, "on": on}
        act = by.act("subject.succeed", f"{before.kind}/{before.code}", document=document, after=what)
        journal.append(replace(act, place=place))


def withdraw_change(before: Subject, after: Subject, change: Change, on: date, document: str, by: Acting) -> None:
    """Records that it was wrong to record a change: from now on it never was; past days still know it.

    Raises:
        Refused: as ``succeed``; FCT-315: there is no such change that stands.
        Forbidden: one of them lies outside the person's places.
    """
    (first, second), place = _reached(before, after, document, by)
    with transaction.atomic():
        found = SubjectChange.objects.filter(
            standing("change"), before_id=first, after_id=second, kind=change, on=on
        ).first()
        if found is None:
            raise Refused("FCT-315", "没有这样一项作数的记录。", "There is no such act that stands.", "on")
        SubjectWithdrawal.objects.create(
            change=found, document=document, decided_by=by.author, decided_at=timezone.now()
        )
        what = {"after": after.code, "kind": change.value, "on": on}
        act = by.act("subject.withdraw", f"{before.kind}/{before.code}", document=document, before=what)
        journal.append(replace(act, place=place))


def _reached(before: Subject, after: Subject, document: str, by: Acting) -> tuple[tuple[int, int], str]:
    """The numbers of the two, and the path of where they lie; raises as ``succeed``."""
    _require(bool(document.strip()), "FCT-305", "请写明依据文件。", "Name the document that it rests on.")
    same = before.kind == after.kind and before.kind != "region"
    _require(same, "FCT-306", "前后两者应为同一类对象，地区在名录中变更。", "Both must be of one kind, and no regions.")
    numbers = registered([(each.kind, each.code) for each in (before, after)])
    for each in (before, after):
        known = (each.kind, each.code) in numbers
        _require(known, "FCT-304", f"没有登记 {each}。请先登记。", f"{each} is not registered. Register it first.")
    regions = SubjectColumns.objects.filter(pk__in=numbers.values()).values_list("region", flat=True)
    paths = registry.paths(regions)
    for path in paths.values() or (registry.WHOLE,):
        require(by, Action.ACTUAL_LOAD, Where(path))
    pair = (numbers[before.kind, before.code], numbers[after.kind, after.code])
    return pair, next(iter(paths.values()), registry.WHOLE)


def _require(holds: bool, code: str, zh: str, en: str) -> None:
    if not holds:
        raise Refused(code, zh, en)
