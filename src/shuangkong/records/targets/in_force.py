"""以下达的为准: where an adopted decomposition lays a share on a subject, that judges it, else what is printed.

A row that counts by its share keeps the printed figure beside it, so that a difference is seen and never silent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.span import Span
from shuangkong.core.trace import Step
from shuangkong.plans.reading import Kind, Strength
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.models import DecompositionShare
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead
from shuangkong.records.targets.goals import converted
from shuangkong.records.targets.rows import Assigned, TargetRow
from shuangkong.rulebook import Rulebook
from shuangkong.targets.trajectory import LAID_DOWN

_NOWHERE, _ONE = Span(0, 0), Decimal(1)


@dataclass(frozen=True, slots=True)
class InForce:
    """A share of an adopted decomposition."""

    head: DecompositionHead
    share: AssignedShare

    @property
    def dues(self) -> Mapping[int, Decimal]:
        """Year → what is due by its end, in the terms of the target: of an increment the totals less the base."""
        is_increment = self.head.kind is Kind.CAP_INCREMENT
        before = (self.share.base or Decimal(0)) if is_increment else Decimal(0)
        return {each.year: each.due - before for each in self.share.years}

    def speaks_of(self, row: TargetRow) -> bool:
        """Whether it is the promise that a plan prints: same subject, indicator, arithmetic and last year, firm."""
        own = (self.share.subject.kind, self.share.subject.code, self.head.indicator, self.head.kind)
        printed = (row.subject_kind, row.subject_code, row.indicator, Kind(row.kind))
        return own == printed and self.head.end_year == end_of(row) and row.strength == Strength.FIRM

    def assigned(self, ratio: Decimal, printed: Decimal | None) -> Assigned:
        """As a row carries it; ``ratio``: what one of its unit is in that of the row."""
        head, share = self.head, self.share
        return Assigned(
            decomposition=head.id,
            share=share.id,
            place=head.region_name,
            since=head.standing.since,
            printed=printed,
            dues={year: due * ratio for year, due in self.dues.items()},
            is_laid_down=bool(share.years) and all(each.formula == LAID_DOWN for each in share.years),
            steps=share.steps,
        )


def in_force(condition: Q, as_of: date | None = None) -> tuple[InForce, ...]:
    """Shares that meet a condition, of decompositions as they stood at the end of a day, the newest adoption first.

    5 queries, more for a past day; 1 where there are none.
    """
    asked = DecompositionShare.objects.filter(condition, value__isnull=False)
    numbers = set(asked.values_list("scenario__decomposition", flat=True))
    if not numbers:
        return ()
    heads = {each.id: each for each in store.decompositions(Q(pk__in=numbers), as_of)}
    found = (InForce(heads[each.decomposition], each) for each in store.shares_in_force(heads.values(), condition))
    kept = (each for each in found if each.share.value is not None)
    return tuple(sorted(kept, key=lambda each: (each.head.standing.since or date.min, each.share.id), reverse=True))


def of_subjects(subjects: Iterable[tuple[str, str]]) -> Q:
    """The condition on shares that they are laid on one of these (kind, code)."""
    by_kind: dict[str, set[str]] = {}
    for kind, code in subjects:
        by_kind.setdefault(kind, set()).add(code)
    conditions = (Q(subject_kind=kind, subject_code__in=codes) for kind, codes in sorted(by_kind.items()))
    return reduce(or_, conditions, Q(pk__in=()))


def counted(rows: Iterable[TargetRow], held: Iterable[InForce], rulebook: Rulebook) -> Iterator[TargetRow]:
    """The rows as they count, in their order: by the newest share that speaks of them, else as printed."""
    by_subject = _by_subject(held)
    for row in rows:
        speaking = (each for each in by_subject.get((row.subject_kind, row.subject_code), ()) if each.speaks_of(row))
        told = ((each, converted(_ONE, each.head.unit, row.unit, rulebook)) for each in speaking)
        share, ratio = next(((each, ratio) for each, ratio in told if ratio is not None), (None, None))
        yield row if share is None or ratio is None else _by_share(row, share, ratio)


def _by_subject(held: Iterable[InForce]) -> Mapping[tuple[str, str], list[InForce]]:
    found: dict[tuple[str, str], list[InForce]] = {}
    for each in held:
        found.setdefault((each.share.subject.kind, each.share.subject.code), []).append(each)
    return found


def _by_share(row: TargetRow, share: InForce, ratio: Decimal) -> TargetRow:
    value = (share.share.value or Decimal(0)) * ratio
    is_same_base = row.base_year in (None, share.head.base_year)
    return replace(
        row,
        value=value,
        base_year=share.head.base_year,
        base_value=row.base_value if is_same_base else None,
        assigned=share.assigned(ratio, row.value if row.value != value else None),
    )


def alone(held: Iterable[InForce], rows: Collection[TargetRow]) -> Iterator[TargetRow]:
    """Shares that no printed target speaks of, as targets of their receivers; of one promise the newest alone."""
    printed = {_promise(row) for row in rows}
    for each in held:
        row = row_of(each)
        if _promise(row) not in printed:
            printed.add(_promise(row))
            yield row


def _promise(row: TargetRow) -> tuple[Subject, str, str, int | None]:
    return Subject(row.subject_kind, row.subject_code), row.indicator, str(row.kind), end_of(row)


def row_of(each: InForce) -> TargetRow:
    """A share as a target: its number is that of the share, below zero, so that no printed target has it."""
    head, share = each.head, each.share
    return TargetRow(
        id=-share.id, plan=head.plan or 0, plan_title=head.plan_title, version=0, measure=None, entry=0, ordinal=0,
        item_no="", is_headline=False, subject_kind=share.subject.kind, subject_code=share.subject.code,
        subject_name=share.name, indicator=head.indicator, indicator_name=head.indicator_name,
        indicator_printed=head.indicator_name, kind=str(head.kind), op=str(head.op), value=share.value or Decimal(0),
        unit=head.unit, base_year=head.base_year, base_value=None, base_unit="", deadline=str(head.end_year),
        start_year=None, end_year=head.end_year, plan_base_year=head.base_year, scope="", denominator="",
        strength=str(Strength.FIRM), nature=head.nature, in_words=False, reserve=None, excluded="", span=_NOWHERE,
        value_span=_NOWHERE, table=None, is_demo=head.is_demo, is_fictional=head.is_fictional,
        assigned=each.assigned(_ONE, None),
    )  # fmt: skip


def end_of(row: TargetRow) -> int | None:
    """The last year of a promise; that of the plan where the target names none."""
    dated = row.deadline[:4]
    return int(dated) if dated.isdigit() else row.end_year


def assigned_steps(row: TargetRow) -> tuple[Step, ...]:
    """How it came about that a row counts by a share; nothing where it counts as printed."""
    told = row.assigned
    if told is None:
        return ()
    shown = () if told.printed is None else (("方案所印", told.printed),)
    name = Message(f"以{told.place}分解下达的目标为准", f"Judged by what {told.place} assigned")
    return (*told.steps, Step(name, "V", (*shown, ("V", row.value)), row.value, row.unit))
