"""跟踪: what a receiver has reached year by year, beside what its path asks, and the path that would catch up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from django.http import HttpRequest

from shuangkong.core.span import Span
from shuangkong.plans.reading import Kind
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.making import path_of
from shuangkong.records.targets.decomposition.rows import AssignedShare, DecompositionHead, YearDue
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.remarks import Remarks
from shuangkong.targets.decomposition.task import Receiver
from shuangkong.targets.status import Standing, standing
from shuangkong.web.targets.course import courses_of


def reached(request: HttpRequest, head: DecompositionHead, share: AssignedShare) -> dict[int, Decimal]:
    """Year → what was told of the receiver, in the terms of its path; years that nobody told of are absent. 2 queries.

    Of an increment the path asks for totals: what was used more is added to the base.
    """
    row = _row(head, share)
    if row is None:
        return {}
    [course] = courses_of(request, [row])
    points = course.progress.points if course.progress else ()
    more = share.base or Decimal(0) if head.kind is Kind.CAP_INCREMENT else Decimal(0)
    return {point.year: point.reached + more for point in points if point.reached is not None}


def stands(head: DecompositionHead, due: YearDue, told: Decimal) -> Standing:
    """Whether what was reached in a year is what the path asks by its end."""
    ahead = due.due - told if head.promise().wants_less else told - due.due
    return standing(due.year == head.end_year, ahead >= 0, is_next_due_done=False)


def caught_up(head: DecompositionHead, share: AssignedShare, told: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """What each year left must bring where the path begins anew at the last figure told: the promise stays as it is.
    Empty where nothing is told, or no year is left. 1 query.
    """
    last = max((year for year in told if head.base_year < year < head.end_year), default=None)
    scenario = next((row for row in store.scenarios(head.id) if row.id == share.scenario), None)
    if last is None or scenario is None:
        return {}
    receiver = Receiver(subject=share.subject, name=share.name, base=share.base)
    anew = replace(scenario.wanted, start_year=last, reached={share.subject: told[last]}, given_years={})
    remarks = Remarks({check.code: check for check in open_rulebook().checks("targets")})
    found = path_of(head.promise(), receiver, share.value, anew, remarks)
    return {each.year: each.due for each in found.years}


def _row(head: DecompositionHead, share: AssignedShare) -> TargetRow | None:
    """The share as a target of its receiver; None where it has no value."""
    if share.value is None:
        return None
    nowhere = Span(0, 0)
    return TargetRow(
        id=share.id, plan=head.plan or 0, plan_title=head.plan_title, version=0, measure=None, entry=0, ordinal=0,
        item_no="", is_headline=False, subject_kind=share.subject.kind, subject_code=share.subject.code,
        subject_name=share.name, indicator=head.indicator, indicator_name=head.indicator_name,
        indicator_printed=head.indicator_name, kind=head.kind, op=head.op, value=share.value, unit=head.unit,
        base_year=head.base_year, base_value=share.base, base_unit=head.base_unit, deadline=str(head.end_year),
        start_year=None, end_year=head.end_year, plan_base_year=head.base_year, scope="", denominator="",
        strength="firm", nature=head.nature, in_words=False, reserve=None, excluded="", span=nowhere,
        value_span=nowhere, table=None, is_demo=head.is_demo, is_fictional=head.is_fictional,
    )  # fmt: skip
