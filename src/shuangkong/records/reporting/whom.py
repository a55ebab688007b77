"""谁该报: who owes a form at the end of a period at a place: members of its scopes, and who is named one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.core.source_code import number_of
from shuangkong.records.facts.belonging import belongings
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import history
from shuangkong.records.paths import below, is_below
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier
from shuangkong.records.registry.store import paths
from shuangkong.records.reporting.models import Coverage, Reporter
from shuangkong.reporting.forms.model import Form


@dataclass(frozen=True, slots=True)
class Wanted:
    """One who is to be a reporter, before it has a number."""

    kind: str
    code: str
    name: str
    region: str
    path: str
    body: int | None = None
    enterprise: int | None = None
    industry: str = ""
    is_fictional: bool = False


def owing(form: Form, day: date, path: str) -> frozenset[int]:
    """Numbers of those who owe a form on a day at a place and below it. New members of scopes become reporters.

    ~10 queries.
    """
    by_scope = registered(scope_members(form, day, path))
    named = stated(form.id, day)
    outside = ~Q(pk__in=[number for number, is_owing in named.items() if not is_owing])
    also = [number for number, is_owing in named.items() if is_owing]
    found = Reporter.objects.filter(Q(pk__in=by_scope) | Q(pk__in=also), outside, below(path))
    return frozenset(found.values_list("pk", flat=True))


def stated(form: str, day: date) -> dict[int, bool]:
    """Reporter → whether it owes the form on a day, where that was said of it alone. 1 query."""
    rows = Coverage.objects.filter(form=form, starts_on__lte=day).order_by("pk")
    newest = {row.reporter_id: row for row in rows}
    return {number: row.is_owing for number, row in newest.items() if row.ends_on is None or day <= row.ends_on}


def scope_members(form: Form, day: date, path: str) -> tuple[SubjectRow, ...]:
    """Who belongs to a scope of the form on a day; whoever became another by then is gone. 4 queries."""
    if not form.scopes:
        return ()
    past = history(None, day)
    rows = {row.key: row for each in belongings(form.scopes, past).values() for row in each.members(day)}
    known = paths(row.region for row in rows.values())
    return tuple(row for row in rows.values() if is_below(known.get(row.region, ""), path))


def registered(rows: Iterable[SubjectRow]) -> list[int]:
    """Numbers of the reporters that subjects are; who is new becomes one, who moved or was renamed is kept as it is
    now. ~6 queries."""
    wanted = _with_enterprises(tuple(rows))
    return list(kept(wanted).values())


def kept(wanted: Iterable[Wanted]) -> dict[tuple[str, str], int]:
    """Kind and code → number of the reporter, brought up to date. 3 queries."""
    told = {(each.kind, each.code): each for each in wanted}
    there = {
        (row.kind, row.code): row
        for row in Reporter.objects.filter(code__in=[code for _, code in told])
        if (row.kind, row.code) in told
    }
    fresh = [_made(each) for key, each in told.items() if key not in there]
    moved = [row for key, row in there.items() if _brought_up(row, told[key])]
    Reporter.objects.bulk_create(fresh)
    Reporter.objects.bulk_update(moved, ["name", "region", "path", "body", "enterprise", "industry"], batch_size=100)
    return {(row.kind, row.code): row.pk for row in (*there.values(), *fresh)}


def _made(each: Wanted) -> Reporter:
    return Reporter(
        kind=each.kind, code=each.code, name=each.name, region_id=each.region, path=each.path, body_id=each.body,
        enterprise_id=each.enterprise, industry=each.industry, is_fictional=each.is_fictional,
    )  # fmt: skip


def _brought_up(row: Reporter, each: Wanted) -> bool:
    """Takes over what is otherwise now; whether anything is. What is not known any more stays."""
    now = {
        "name": each.name, "region_id": each.region, "path": each.path, "body_id": each.body or row.body_id,
        "enterprise_id": each.enterprise or row.enterprise_id, "industry": each.industry or row.industry,
    }  # fmt: skip
    moved = {name: value for name, value in now.items() if getattr(row, name) != value}
    for name, value in moved.items():
        setattr(row, name, value)
    return bool(moved)


def of_enterprises(found: Iterable[Enterprise]) -> list[Wanted]:
    """Enterprises as reporters, under their source codes."""
    from shuangkong.core.source_code import source_code

    return [
        Wanted("unit", source_code(each.pk), each.name, each.region_id, each.region.path, each.body_id, each.pk,
               each.industry, each.is_fictional)
        for each in found
    ]  # fmt: skip


def _with_enterprises(rows: tuple[SubjectRow, ...]) -> list[Wanted]:
    """Each with the enterprise that its code names, by our own number or by that of the statistics."""
    codes = [row.code for row in rows]
    held = EnterpriseIdentifier.objects.filter(
        system__in=(System.STATISTICS, System.ENERGY), value__in=codes, ended_at=None
    )
    by_code = dict(held.values_list("value", "enterprise_id"))
    by_code |= {code: number for code in codes if (number := number_of(code)) is not None}
    known = {each.pk: each for each in Enterprise.objects.select_related("region").filter(pk__in=by_code.values())}
    where = paths(row.region for row in rows)
    return [_wanted(row, known.get(by_code.get(row.code, 0)), where.get(row.region, "")) for row in rows]


def _wanted(row: SubjectRow, found: Enterprise | None, path: str) -> Wanted:
    if found is None:
        return Wanted(row.kind, row.code, row.name, row.region, path)
    return Wanted(
        row.kind, row.code, found.name, found.region_id, found.region.path, found.body_id, found.pk, found.industry,
        found.is_fictional,
    )  # fmt: skip


def is_gone(kind: str, code: str, day: date) -> bool:
    """Whether a reporter had become another by a day. 2 queries."""
    return history(None, day).is_gone(Subject(kind, code), day)
