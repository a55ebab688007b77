"""统计范围: who belongs to a scope (规上, 规下) from when to when, and units that are met before they tell anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.core.fact import Subject as FactSubject
from shuangkong.core.finding import Message
from shuangkong.indicators.scopes import Scope
from shuangkong.records.facts.dictionary import met_anew, registered
from shuangkong.records.facts.models import ScopeMembership, Subject, SubjectWithdrawal
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.standing import standing
from shuangkong.records.facts.subject_codes import require_code
from shuangkong.records.facts.subject_order import require_alive
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.rulebook import open_rulebook

#: 规模以上: the scope of those whose sum the statistics hold above-scale industry against. What it is called, and what
#: scopes there are beside it, is policy (facts/scopes).
ABOVE_DESIGNATED_SIZE = "above_designated_size"


@dataclass(frozen=True, slots=True)
class Stay:
    """What a row says; ``ends_on`` is the last day, None where it goes on."""

    scope: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A stay in a scope; ``ends_on`` is the last day, None where it goes on."""

    subject: SubjectRow
    scope: str
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def register(rows: Iterable[SubjectRow], document: str, by: Acting) -> int:
    """Registers units, institutions and departments so that figures can be told of them; returns how many are new.

    Raises:
        Refused: a code cannot be loaded or addressed, or is another's; a row names no region that is known, or no
            document is named.
        Forbidden: one lies outside the person's places.
    """
    wanted = tuple(rows)
    _require_document(document)
    paths = registry.paths(row.region for row in wanted)
    for row in wanted:
        require_code(row.code)
        if row.region not in paths:
            zh = f"“{row.name}”所在地区代码“{row.region}”不在名录中。请先写对地区代码。"
            raise Refused("FCT-301", zh, f"“{row.name}”: there is no region {row.region}. Correct the code.", "region")
        require(by, Action.ACTUAL_LOAD, Where(paths[row.region]))
    there = registered(row.key for row in wanted)
    _require_same(wanted, by)
    fresh = list({row.key: row for row in wanted if row.key not in there}.values())
    with transaction.atomic():
        met_anew(fresh)
        journal.append_all(
            replace(by.act("subject.register", f"{row.kind}/{row.code}", document=document), place=paths[row.region])
            for row in fresh
        )
    return len(fresh)


def _require_same(wanted: Iterable[SubjectRow], by: Acting) -> None:
    """Whoever is registered keeps name and region; both are told to those alone who may read them. 2 queries."""
    told = {row.key: row for row in wanted}
    rows = Subject.objects.filter(code__in=[row.code for row in told.values()], withdrawals=None)
    for row in map(_subject, rows):
        if row.key not in told or row == told[row.key]:
            continue
        path = registry.paths([row.region]).get(row.region, registry.WHOLE)
        is_shown = may(by, Action.ACTUAL_READ, Where(path))
        zh, en = (f"“{row.name}”（{row.region}）",) * 2 if is_shown else ("另一对象", "another")
        raise Refused(
            "FCT-309",
            f"代码 {row.code} 已登记给{zh}，应为没有用过的代码。请核对代码；更名的另登记新代码并记为更名。",
            f"The code {row.code} is that of {en}; expected one not yet used. Check it; where the unit bears a new "
            "name, register a new code and record a renaming.",
            "code",
        )


def enter(subject: tuple[str, str], scope: str, on: date, document: str, by: Acting) -> None:
    """From ``on`` the subject belongs to the scope.

    Raises:
        Refused: it is not known, has ended, belongs to it or to one that excludes it then or later, there is no such
            scope where it lies, or no document is named.
        Forbidden: it lies outside the person's places.
    """
    number, place, region = _reached(subject, document, by)
    _require_apart(_scope(scope, region, on), memberships(subject), on, region)
    require_alive(FactSubject(*subject), on + timedelta(days=1))
    _record(number, place, subject, Stay(scope, on, None), document, by)


def leave(subject: tuple[str, str], scope: str, on: date, document: str, by: Acting) -> None:
    """From ``on`` the subject no longer belongs to the scope: its last day was the one before. Raises as ``enter``."""
    number, place, region = _reached(subject, document, by)
    _scope(scope, region, on)
    found = next((each for each in memberships(subject) if each.scope == scope and each.holds(on)), None)
    if found is None or found.starts_on >= on or found.ends_on is not None:
        raise Refused("FCT-303", "该日不在此范围内，或已登记退出。", "It does not belong to it, or has left.", "on")
    require_alive(FactSubject(*subject), on)
    _record(number, place, subject, Stay(scope, found.starts_on, on - timedelta(days=1)), document, by)


def withdraw_stay(
    subject: tuple[str, str], scope: str, on: date, document: str, by: Acting, *, is_leaving: bool
) -> None:
    """Records that it was wrong to say that a subject entered (or left) a scope on a day; past days still know it.

    Raises:
        Refused: as ``enter``; FCT-315: there is no such act that stands.
        Forbidden: it lies outside the person's places.
    """
    number, place, region = _reached(subject, document, by)
    wanted = _scope(scope, region, on)
    rows = ScopeMembership.objects.filter(standing("membership"), subject_id=number, scope=scope)
    said = Q(ends_on=on - timedelta(days=1)) if is_leaving else Q(starts_on=on)
    with transaction.atomic():
        wrong = list(rows.filter(said))
        if not wrong:
            raise Refused("FCT-315", "没有这样一项作数的记录。", "There is no such act that stands.", "on")
        if is_leaving:
            stays = memberships(subject)
            first = wrong[0].starts_on
            others = [each for each in stays if (each.scope, each.starts_on) != (scope, first)]
            _require_apart(wanted, others, first, region)
        SubjectWithdrawal.objects.bulk_create(
            SubjectWithdrawal(membership=row, document=document, decided_by=by.author, decided_at=timezone.now())
            for row in wrong
        )
        what = {"scope": scope, "on": on, "is_leaving": is_leaving}
        act = by.act("subject.withdraw", "/".join(subject), document=document, before=what)
        journal.append(replace(act, place=place))


def scope_names() -> dict[str, Message]:
    """Of every scope of the nation by its id."""
    return {key: each.name for key, each in open_rulebook().scopes().items()}


def _scopes(region: str, on: date) -> Mapping[str, Scope]:
    """By the law of a place on a day."""
    book = open_rulebook()
    return book.scopes(book.layer_of(region, on))


def _scope(scope: str, region: str, on: date) -> Scope:
    known = _scopes(region, on)
    if scope not in known:
        zh = "、".join(f"{each.name.zh}（{key}）" for key, each in known.items())
        en = f"expected one of {', '.join(known)}"
        raise Refused(
            "FCT-314", f"没有统计范围“{scope[:40]}”，应为：{zh}。", f"No scope “{scope[:40]}”: {en}.", "scope"
        )
    return known[scope]


def _require_apart(scope: Scope, stays: Iterable[Membership], on: date, region: str) -> None:
    """Nobody is in two scopes at a time that exclude one another, nor twice in one."""
    known = _scopes(region, on)
    for each in stays:
        other = known.get(each.scope)
        is_apart = each.scope == scope.id if other is None else scope.is_apart_from(other)
        if is_apart and (each.ends_on is None or on <= each.ends_on):
            name, until = other.name if other else Message(each.scope, each.scope), each.ends_on or ""
            raise Refused(
                "FCT-302",
                f"自 {on} 起与已登记的{name.zh}（{each.starts_on}—{until}）重叠。请先登记退出，或撤销那一项。",
                f"From {on} it would overlap a stay, {name.en} {each.starts_on}–{until}. Record first that it left, "
                "or withdraw that act.",
                "on",
            )


def memberships(subject: tuple[str, str], as_of: date | None = None) -> tuple[Membership, ...]:
    """Every stay of a subject, as known by the end of a day, by first day. 1 query."""
    kind, code = subject
    return _stays(ScopeMembership.objects.filter(standing("membership", as_of), subject__kind=kind, subject__code=code))


def members(scope: str, day: date, as_of: date | None = None) -> tuple[SubjectRow, ...]:
    """Who belongs to a scope on a day, as known by the end of another, by code. 1 query."""
    found = (each.subject for each in stays(scope, as_of=as_of) if each.holds(day))
    return tuple(sorted(found, key=lambda row: row.key))


def stays(*scopes: str, as_of: date | None = None) -> tuple[Membership, ...]:
    """Every stay in some scopes, as known by the end of a day, by first day. 1 query."""
    return _stays(ScopeMembership.objects.filter(standing("membership", as_of), scope__in=scopes))


def _stays(found: QuerySet[ScopeMembership]) -> tuple[Membership, ...]:
    """The newest row of each subject, scope and first day."""
    rows = {(row.subject_id, row.scope, row.starts_on): row for row in found.select_related("subject").order_by("pk")}
    stays = (Membership(_subject(row.subject), row.scope, row.starts_on, row.ends_on) for row in rows.values())
    return tuple(sorted(stays, key=lambda stay: stay.starts_on))


def _subject(found: Subject) -> SubjectRow:
    return SubjectRow(found.kind, found.code, found.name, found.region)


def _reached(subject: tuple[str, str], document: str, by: Acting) -> tuple[int, str, str]:
    """The number of a subject, the path of where it lies and the code of that region; raises as ``enter``."""
    _require_document(document)
    number = registered([subject]).get(subject)
    if number is None:
        zh = f"没有登记 {subject[0]} {subject[1]}。请先登记。"
        raise Refused("FCT-304", zh, f"{subject[0]} {subject[1]} is not registered. Register it first.", "subject")
    region = Subject.objects.values_list("region", flat=True).get(pk=number)
    place = registry.paths([region]).get(region, registry.WHOLE)
    require(by, Action.ACTUAL_LOAD, Where(place))
    return number, place, region


def _record(number: int, place: str, subject: tuple[str, str], stay: Stay, document: str, by: Acting) -> None:
    with transaction.atomic():
        ScopeMembership.objects.create(
            subject_id=number, scope=stay.scope, starts_on=stay.starts_on, ends_on=stay.ends_on, document=document,
            decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        what = {"scope": stay.scope, "from": stay.starts_on, "until": stay.ends_on}
        act = by.act("subject.scope", "/".join(subject), document=document, after=what)
        journal.append(replace(act, place=place))


def _require_document(document: str) -> None:
    if not document.strip():
        raise Refused("FCT-305", "请写明依据文件。", "Name the document that it rests on.", "document")
