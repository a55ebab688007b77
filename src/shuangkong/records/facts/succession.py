"""沿革: the series of today's region or unit over the time of those that became it, where figures may be added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from shuangkong.core.fact import Cell, Fact, State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.formula import Aggregation
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.dictionary import subjects
from shuangkong.records.facts.models import Subject as SubjectColumns
from shuangkong.records.facts.models import SubjectChange
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Region, RegionChange
from shuangkong.records.registry.tree import Change

_YEAR = 12


class Because(StrEnum):
    """Why a period of a series has no figure."""

    UNTOLD = "untold"
    SPLIT = "split"
    NOT_ADDITIVE = "not_additive"
    DURING = "during"


_WORDS = {
    Because.UNTOLD: Message("有前身没有报数", "of some that became it nothing was told"),
    Because.SPLIT: Message(
        "前身分给了几家，不知各得多少", "one that became it was split among several; nobody told the shares"
    ),
    Because.NOT_ADDITIVE: Message(
        "该指标不能相加，须用各前身的分子分母重算",
        "the indicator cannot be added: compute it anew from what it is made of",
    ),
    Because.DURING: Message("变更发生在这一时期内", "the change falls within the period"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One period: the figure with the facts it is made of, or why there is none."""

    period: Period
    value: Decimal | None
    unit: str
    parts: tuple[Fact, ...]
    because: Because | None = None

    @property
    def reason(self) -> Message | None:
        return _WORDS[self.because] if self.because else None


@dataclass(frozen=True, slots=True)
class _Step:
    before: str
    after: str
    on: date
    is_renaming: bool = False


@dataclass(frozen=True, slots=True)
class _Past:
    """All changes among subjects of one kind up to a day, and the first day of those known to have begun on one."""

    steps: tuple[_Step, ...]
    births: Mapping[str, date]

    def parts(self, code: str, day: date) -> tuple[str, ...]:
        """Whom the subject was made of on a day: itself, and what became it or its parts later."""
        found, edge = [code], [code]
        while edge:
            here = edge.pop()
            before = [step.before for step in self.steps if step.after == here and step.on > day]
            edge += [each for each in before if each not in found]
            found += [each for each in before if each not in found]
        return tuple(found)

    def is_unborn(self, code: str, day: date) -> bool:
        """Whether it is known that the subject did not exist on a day: it began later, or by a renaming."""
        later = [step for step in self.steps if step.after == code and step.on > day]
        return self.births.get(code, date.min) > day or (bool(later) and all(step.is_renaming for step in later))

    def is_changing(self, parts: Sequence[str], period: Period) -> bool:
        """Whether one of the parts was made into another within the period."""
        return any(step.after in parts and _first_day(period) < step.on <= _last_day(period) for step in self.steps)

    def is_split(self, parts: Sequence[str], period: Period) -> bool:
        """Whether one of the parts went to somebody else too, later than the period."""
        day = _last_day(period)
        return any(step.before in parts and step.after not in parts for step in self.steps if step.on > day)


def series(
    subject: Subject,
    indicator: str,
    periods: Iterable[Period],
    in_space: Aggregation,
    on: date,
    as_of: date | None = None,
) -> tuple[Point, ...]:
    """The figures of what the subject is ``on`` a day, for periods before and after it became so.

    A period before a change is the sum of those that it was made of: itself too, unless it is known to have begun
    later or told as not applicable. Restated figures (of the new territory for an old year) must not stand beside
    those of the parts. 2 queries for the past, and those of answering.facts_for.
    """
    past = _past(subject.kind, on)
    parts = {period: past.parts(subject.code, _last_day(period)) for period in periods}
    every = {(code, period) for period, codes in parts.items() for code in codes}
    facts = facts_for((Cell(Subject(subject.kind, code), indicator, period) for code, period in every), as_of)
    told = {(cell.subject.code, cell.period): fact for cell, fact in facts.items()}
    return tuple(_point(period, codes, told, past, in_space) for period, codes in parts.items())


def _point(
    period: Period,
    parts: Sequence[str],
    told: Mapping[tuple[str, Period], Fact],
    past: _Past,
    in_space: Aggregation,
) -> Point:
    there = [told[each, period] for each in parts if (each, period) in told]
    found = tuple(fact for fact in there if fact.state is not State.NOT_APPLICABLE)
    day = _last_day(period)
    is_lacking = any((each, period) not in told and not past.is_unborn(each, day) for each in parts)
    because = None
    if past.is_changing(parts, period):
        because = Because.DURING
    elif past.is_split(parts, period):
        because = Because.SPLIT
    elif is_lacking or not found or any(fact.state is not State.VALUE for fact in found):
        because = Because.UNTOLD
    elif len(found) > 1 and (in_space is not Aggregation.SUM or len({fact.unit for fact in found}) > 1):
        because = Because.NOT_ADDITIVE
    value = None if because else sum((fact.value for fact in found if fact.value is not None), Decimal(0))
    return Point(period, value, found[0].unit if found else "", found, because)


def _past(kind: str, on: date) -> _Past:
    if kind == "region":
        steps = RegionChange.objects.filter(on__lte=on).values_list("before_id", "after_id", "on")
        made = tuple(_Step(*step) for step in steps)
        births = Region.objects.filter(pk__in={step.after for step in made}, starts_on__isnull=False)
        return _Past(made, dict(births.values_list("pk", "starts_on")))  # type: ignore[arg-type]
    rows = SubjectChange.objects.filter(on__lte=on, before__kind=kind)
    found = rows.values_list("before__code", "after__code", "on", "kind")
    return _Past(tuple(_Step(one, other, day, how == Change.RENAMED) for one, other, day, how in found), {})


def _first_day(period: Period) -> date:
    return date(period.first_month // _YEAR, period.first_month % _YEAR + 1, 1)


def _last_day(period: Period) -> date:
    after = period.first_month + period.months
    return date.fromordinal(date(after // _YEAR, after % _YEAR + 1, 1).toordinal() - 1)


def succeed(before: Subject, after: Subject, change: Change, on: date, document: str, by: Acting) -> None:
    """Records that a unit or institution was renamed, merged or split into another on a day.

    Regions are the registry's (tree.succeed_region).

    Raises:
        Refused: no document, one of the two is not registered, kinds differ, or they would follow in a circle.
        Forbidden: one of them lies outside the person's places.
    """
    _require(bool(document.strip()), "FCT-305", "请写明依据文件。", "Name the document that it rests on.")
    same = before.kind == after.kind and before.kind != "region"
    _require(same, "FCT-306", "前后两者应为同一类对象，地区在名录中变更。", "Both must be of one kind, and no regions.")
    numbers = subjects([(each.kind, each.code) for each in (before, after)])
    for each in (before, after):
        known = (each.kind, each.code) in numbers
        _require(known, "FCT-304", f"没有登记 {each}。请先登记。", f"{each} is not registered. Register it first.")
    circle = before == after or after.code in _past(before.kind, date.max).parts(before.code, date.min)
    _require(not circle, "FCT-307", f"{after} 已是 {before} 的前身。", f"{after} became {before} already.")
    regions = SubjectColumns.objects.filter(pk__in=numbers.values()).values_list("region", flat=True)
    paths = registry.paths(regions)
    for path in paths.values() or (registry.WHOLE,):
        require(by, Action.ACTUAL_LOAD, Where(path))
    with transaction.atomic():
        SubjectChange.objects.create(
            before_id=numbers[before.kind, before.code], after_id=numbers[after.kind, after.code], kind=change, on=on,
            document=document, decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        what = {"after": after.code, "kind": change.value, "on": on}
        act = by.act("subject.succeed", f"{before.kind}/{before.code}", document=document, after=what)
        journal.append(replace(act, place=next(iter(paths.values()), registry.WHOLE)))


def _require(holds: bool, code: str, zh: str, en: str) -> None:
    if not holds:
        raise Refused(code, zh, en)
