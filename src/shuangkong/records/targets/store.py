"""Rows ⇄ values of targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from shuangkong.core.span import Span
from shuangkong.plans.reading import Strength
from shuangkong.records.plans.earlier import version_at
from shuangkong.records.plans.library import plan
from shuangkong.records.targets.models import DecompositionRow, Target
from shuangkong.records.targets.rows import ShareRow, TargetRow


def targets(plan_id: int, version: int | None = None, until: date | None = None) -> tuple[TargetRow, ...]:
    """Targets of the version in force (or of an earlier one), in printed order, annex tables last. 1 query.

    ``until``: of the version in force at the end of that day, with the plan's head as it then stood. 7 queries.
    """
    wanted = version_at(until) if version is None else version
    return _stood(_rows(_all().filter(plan=plan_id, version=wanted)), until)


def target(target_id: int, until: date | None = None) -> TargetRow | None:
    """One target, of whatever version; None where that version was adopted after ``until``. 1 query, 7 as of a day."""
    rows = _stood(_rows(_all().filter(pk=target_id)), until)
    return rows[0] if rows else None


def targets_of_subject(
    indicators: Iterable[str], subject_kind: str, subject_code: str, until: date | None = None
) -> tuple[TargetRow, ...]:
    """Targets of a subject in the versions in force at the end of a day; the newest plan first. 1 query."""
    found = _all().filter(
        indicator__in=set(indicators),
        subject_kind=subject_kind,
        subject_code=subject_code,
        version=version_at(until),
    )
    return _rows(found.order_by("-plan__end_year", "ordinal"))


def targets_laid_on(
    subjects: Iterable[tuple[str, str]], places: Iterable[str], until: date | None = None
) -> tuple[TargetRow, ...]:
    """Targets that plans of some places, in the versions in force at the end of a day, print of (kind, code) subjects.

    The newest plan first, firm ones before others. 1 query.
    """
    wanted = set(subjects)
    found = _all().filter(
        plan__region__in=set(places),
        subject_kind__in={kind for kind, _ in wanted},
        subject_code__in={code for _, code in wanted},
        version=version_at(until),
    )
    rows = _rows(found.order_by("-plan__end_year", "-plan", "ordinal"))
    kept = (row for row in rows if (row.subject_kind, row.subject_code) in wanted)
    return tuple(sorted(kept, key=lambda row: row.strength != Strength.FIRM))


def _stood(rows: tuple[TargetRow, ...], until: date | None) -> tuple[TargetRow, ...]:
    """Targets of one plan with its head as it stood at the end of a day."""
    if until is None or not rows:
        return rows
    head = plan(rows[0].plan, until)
    if head is None:
        return ()
    return tuple(
        replace(
            row,
            plan_title=head.title,
            start_year=head.start_year,
            end_year=head.end_year,
            plan_base_year=head.base_year,
        )
        for row in rows
        if row.version <= head.version
    )


def shares(target_id: int) -> tuple[ShareRow, ...]:
    """How a target is shared out: children, then reserve and excluded lines. 1 query."""
    found = DecompositionRow.objects.select_related("child").filter(parent=target_id).order_by("ordinal")
    return tuple(
        ShareRow(
            parent=each.parent_id,
            child=each.child_id,
            kind=each.kind,
            name=each.name,
            subject_code=each.child.subject_code if each.child else "",
            value=each.value,
            note_zh=each.note_zh,
            note_en=each.note_en,
        )
        for each in found
    )


def _all() -> QuerySet[Target]:
    return Target.objects.select_related("plan").order_by("plan", "ordinal")


def _rows(found: QuerySet[Target]) -> tuple[TargetRow, ...]:
    return tuple(map(_row, found))


def _row(found: Target) -> TargetRow:
    place = (found.table_no, found.table_row, found.table_column)
    return TargetRow(
        id=found.pk,
        plan=found.plan_id,
        plan_title=found.plan.title,
        version=found.version,
        measure=found.measure_id,
        entry=found.entry_id,
        ordinal=found.ordinal,
        item_no=found.item_no,
        is_headline=found.is_headline,
        subject_kind=found.subject_kind,
        subject_code=found.subject_code,
        subject_name=found.subject_name,
        indicator=found.indicator,
        indicator_name=found.indicator_name,
        indicator_printed=found.indicator_printed,
        kind=found.kind,
        op=found.op,
        value=found.value,
        unit=found.unit,
        base_year=found.base_year,
        base_value=found.base_value,
        base_unit=found.base_unit,
        deadline=found.deadline,
        start_year=found.plan.start_year,
        end_year=found.plan.end_year,
        plan_base_year=found.plan.base_year,
        scope=found.scope,
        denominator=found.denominator,
        strength=found.strength,
        nature=found.nature,
        in_words=found.in_words,
        reserve=found.reserve,
        excluded=found.excluded,
        span=Span(found.span_start, found.span_end),
        value_span=Span(found.value_start, found.value_end),
        table=None if place[0] is None or place[1] is None or place[2] is None else (place[0], place[1], place[2]),
        is_demo=found.plan.is_demo,
        is_fictional=found.plan.is_fictional,
    )
