"""谁该报: who owes a form at the end of a period at a place: members of its scopes, and who is named one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.core.source_code import number_of, source_code
from shuangkong.indicators.forerunners import Forerunners
from shuangkong.records.facts.belonging import Belonging, belongings
from shuangkong.records.facts.models import Subject as SubjectColumns
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import history
from shuangkong.records.paths import SEPARATOR, below, is_below
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier, Region
from shuangkong.records.registry.store import paths
from shuangkong.records.reporting.levels import of_levels
from shuangkong.records.reporting.listed import listed
from shuangkong.records.reporting.models import Coverage, Reporter
from shuangkong.records.reporting.places import enterprises_then, ever_below, places_then
from shuangkong.records.reporting.wanted import Wanted, kept
from shuangkong.reporting.forms.model import Form
from shuangkong.rulebook import open_rulebook


def owing(form: Form, day: date, path: str) -> frozenset[int]:
    """Numbers of those who owe a form on a day at a place and below it: where they were on that day. New members of
    scopes, and regions and departments of its levels, become reporters.

    ~16 queries.
    """
    by_scope = registered(scope_members(form, day, path))
    by_level = kept(of_levels(form, day, path)).values()
    named = stated(form.id, day)
    outside = ~Q(pk__in=[number for number, is_owing in named.items() if not is_owing])
    also = [number for number, is_owing in named.items() if is_owing]
    found = list(Reporter.objects.filter(Q(pk__in=[*by_scope, *by_level, *also]), outside))
    then = places_then(found, day)
    closed = _closed((row for row in found if row.pk not in also), day)
    return frozenset(row.pk for row in found if is_below(then[row.pk], path) and row.pk not in closed)


def _closed(rows: Iterable[Reporter], day: date) -> frozenset[int]:
    """Of some reporters those whose enterprise had been closed by a day. 1 query."""
    by_enterprise = {row.enterprise_id: row.pk for row in rows if row.enterprise_id is not None}
    then = enterprises_then(by_enterprise, day)
    return frozenset(by_enterprise[number] for number, each in then.items() if not each.is_open)


def stated(form: str, day: date) -> dict[int, bool]:
    """Reporter → whether it owes the form on a day, where that was said of it alone. 1 query."""
    rows = Coverage.objects.filter(form=form, starts_on__lte=day).order_by("pk")
    newest = {row.reporter_id: row for row in rows}
    return {number: row.is_owing for number, row in newest.items() if row.ends_on is None or day <= row.ends_on}


def scope_members(form: Form, day: date, path: str) -> tuple[SubjectRow, ...]:
    """Who belongs to a scope of the form on a day, at a place or once there: entered, or on a published list that the
    scope names. Of whoever became another by then, those that it became do in its stead, though nobody entered them.
    6 queries, and 5 where the scope names lists."""
    if not form.scopes:
        return ()
    past = history(None, day)
    rows: dict[tuple[str, str], SubjectRow] = {}
    heirs: set[tuple[str, str]] = set()
    for each in _belonging(form.scopes, past, day, path).values():
        rows |= {row.key: row for row in each.members(day)}
        heirs |= _heirs(each, past, day)
    rows |= {row.key: row for row in _known(heirs - rows.keys())}
    known, near = paths(row.region for row in rows.values()), _codes(ever_below(path))
    return tuple(row for row in rows.values() if is_below(known.get(row.region, ""), path) or row.code in near)


def _belonging(scopes: Collection[str], past: Forerunners, day: date, path: str) -> dict[str, Belonging]:
    """Scope → who was entered into it, and whom lists that it names by the law of a place hold on a day."""
    book = open_rulebook()
    law = book.scopes(book.layer_of(path.strip(SEPARATOR).rpartition(SEPARATOR)[2], day))
    return {
        scope: replace(each, stays=(*each.stays, *listed(scope, law[scope].registers if scope in law else (), day)))
        for scope, each in belongings(scopes, past).items()
    }


def _heirs(belonging: Belonging, past: Forerunners, day: date) -> set[tuple[str, str]]:
    """Kind and code of whom the members that are gone became, as far as these are not gone themselves."""
    gone = (Subject(*each.subject.key) for each in belonging.stays if each.holds(day))
    became = {after for each in gone if past.is_gone(each, day) for after in past.after(each)}
    return {(each.kind, each.code) for each in became if not past.is_gone(each, day)}


def _known(keys: Iterable[tuple[str, str]]) -> list[SubjectRow]:
    """Registered subjects. 1 query, none where none is asked for."""
    wanted = set(keys)
    found = SubjectColumns.objects.filter(code__in=[code for _, code in wanted]) if wanted else ()
    return [SubjectRow(row.kind, row.code, row.name, row.region) for row in found if (row.kind, row.code) in wanted]


def _codes(enterprises: frozenset[int]) -> frozenset[str]:
    """The codes by which statistics know some enterprises. 1 query."""
    known = EnterpriseIdentifier.objects.filter(
        system__in=(System.STATISTICS, System.ENERGY), enterprise__in=enterprises, ended_at=None
    )
    return frozenset(known.values_list("value", flat=True)) | {source_code(number) for number in enterprises}


def registered(rows: Iterable[SubjectRow]) -> list[int]:
    """Numbers of the reporters that subjects are; who is new becomes one, who moved or was renamed is kept as it is
    now. ~6 queries."""
    wanted = _with_enterprises(tuple(rows))
    return list(kept(wanted).values())


def of_enterprises(found: Iterable[Enterprise]) -> list[Wanted]:
    """Enterprises as reporters, under their source codes."""
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


def nobody(form: Form, place: str) -> Message:
    """What is said where a form is opened and nobody is found to owe it: who does, what to do."""
    if form.levels:
        zh = (
            f"窗口已开，但没有应报单位：{form.name.zh}由规定级别的地区或部门填报，{place}没有登记这样的地区。"
            "请先登记行政区划，再更新名单。"
        )
        return Message(zh, f"Opened, but nobody owes it: no region of the levels that report is registered in {place}.")
    law = open_rulebook().scopes()
    names = [law[each].name if each in law else Message(each, each) for each in form.scopes]
    of, of_en = "、".join(f"“{each.zh}”" for each in names), ", ".join(each.en for each in names)
    is_listed = any(law[each].registers for each in form.scopes if each in law)
    how = (
        "把名录导入或登记（重点用能单位名单、重点排污单位名录），或把单位列入这个范围"
        if is_listed
        else "把单位列入这个范围"
    )
    how_en = "Take in the published list, or enter units into the scope" if is_listed else "Enter units into the scope"
    zh = (
        f"窗口已开，但没有应报单位：{form.name.zh}由{of}填报，到报告期末{place}没有单位在这个范围里。"
        f"请先{how}；个别单位可在企业档案里定为应报。登记以后名单每天自动更新，也可以马上更新名单。"
    )
    en = f"Opened, but nobody owes it: no unit in {place} belongs to {of_en}. {how_en}; the list follows every day."
    return Message(zh, en)


def owed_at(forms: Iterable[Form], day: date, path: str) -> frozenset[str]:
    """Ids of those forms that somebody at a place or below it is there to owe on a day; nobody becomes a reporter by
    that. ~12 queries whatever the number of forms."""
    told = {each.id: each for each in forms}
    levels = set(Region.objects.filter(below(path)).order_by().values_list("level", flat=True).distinct())
    # One row a form comes of them, however many units are named: this is asked with every opening of the board.
    named = Coverage.objects.filter(
        below(path, "reporter__path"), Q(ends_on=None) | Q(ends_on__gte=day), form__in=list(told), is_owing=True,
        starts_on__lte=day,
    )  # fmt: skip
    found = set(named.order_by().values_list("form", flat=True).distinct())
    found |= {each.id for each in told.values() if levels & set(each.levels)}
    scopes = {scope for each in told.values() if each.id not in found for scope in each.scopes}
    there = _with_members(scopes, day, path) if scopes else frozenset()
    return frozenset(found | {each.id for each in told.values() if there & set(each.scopes)})


def _with_members(scopes: Iterable[str], day: date, path: str) -> frozenset[str]:
    """Those scopes that anybody at a place belongs to on a day. ~10 queries."""
    past = history(None, day)
    members = {scope: each.members(day) for scope, each in _belonging(tuple(scopes), past, day, path).items()}
    known = paths(row.region for rows in members.values() for row in rows)
    return frozenset(
        scope for scope, rows in members.items() if any(is_below(known.get(row.region, ""), path) for row in rows)
    )
