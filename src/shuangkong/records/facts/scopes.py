"""统计范围: who belongs to a scope (规上, 规下) from when to when, and units that are met before they tell anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from shuangkong.records.facts.dictionary import met, subjects
from shuangkong.records.facts.models import ScopeMembership, Subject
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry

#: 规模以上, as units are counted in the statistics.
ABOVE_DESIGNATED_SIZE = "above_designated_size"
BELOW_DESIGNATED_SIZE = "below_designated_size"


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
    """Registers units, institutions and departments so that figures can be told of them; returns how many.

    Raises:
        Refused: a row names no region that is known, or no document is named.
        Forbidden: one lies outside the person's places.
    """
    wanted = tuple(rows)
    _require_document(document)
    paths = registry.paths(row.region for row in wanted)
    for row in wanted:
        if row.region not in paths:
            zh = f"“{row.name}”所在地区代码“{row.region}”不在名录中。请先写对地区代码。"
            raise Refused("FCT-301", zh, f"“{row.name}”: there is no region {row.region}. Correct the code.", "region")
        require(by, Action.ACTUAL_LOAD, Where(paths[row.region]))
    with transaction.atomic():
        met(wanted)
        journal.append_all(
            replace(by.act("subject.register", f"{row.kind}/{row.code}", document=document), place=paths[row.region])
            for row in wanted
        )
    return len(wanted)


def enter(subject: tuple[str, str], scope: str, on: date, document: str, by: Acting) -> None:
    """From ``on`` the subject belongs to the scope.

    Raises:
        Refused: it is not known, belongs to it on that day already, or no document is named.
        Forbidden: it lies outside the person's places.
    """
    if any(each.holds(on) for each in memberships(subject) if each.scope == scope):
        raise Refused("FCT-302", "该日已在此范围内。", "It belongs to the scope on that day already.", "on")
    _record(subject, scope, on, None, document, by)


def leave(subject: tuple[str, str], scope: str, on: date, document: str, by: Acting) -> None:
    """From ``on`` the subject no longer belongs to the scope: its last day was the one before. Raises as ``enter``."""
    found = next((each for each in memberships(subject) if each.scope == scope and each.holds(on)), None)
    if found is None or found.starts_on >= on:
        raise Refused("FCT-303", "该日不在此范围内。", "It does not belong to the scope on that day.", "on")
    _record(subject, scope, found.starts_on, on - timedelta(days=1), document, by)


def memberships(subject: tuple[str, str], as_of: date | None = None) -> tuple[Membership, ...]:
    """Every stay of a subject, as known by the end of a day, by first day. 1 query."""
    kind, code = subject
    return _stays(ScopeMembership.objects.filter(known_by(as_of, "decided_at"), subject__kind=kind, subject__code=code))


def members(scope: str, day: date, as_of: date | None = None) -> tuple[SubjectRow, ...]:
    """Who belongs to a scope on a day, as known by the end of another, by code. 1 query."""
    return tuple(sorted((each.subject for each in stays(scope, as_of) if each.holds(day)), key=lambda row: row.key))


def stays(scope: str, as_of: date | None = None) -> tuple[Membership, ...]:
    """Every stay in a scope, as known by the end of a day, by first day. 1 query."""
    return _stays(ScopeMembership.objects.filter(known_by(as_of, "decided_at"), scope=scope))


def _stays(found: QuerySet[ScopeMembership]) -> tuple[Membership, ...]:
    """The newest row of each subject, scope and first day."""
    rows = {(row.subject_id, row.scope, row.starts_on): row for row in found.select_related("subject").order_by("pk")}
    stays = (Membership(_subject(row.subject), row.scope, row.starts_on, row.ends_on) for row in rows.values())
    return tuple(sorted(stays, key=lambda stay: stay.starts_on))


def _subject(found: Subject) -> SubjectRow:
    return SubjectRow(found.kind, found.code, found.name, found.region)


def _record(
    subject: tuple[str, str], scope: str, starts_on: date, ends_on: date | None, document: str, by: Acting
) -> None:
    _require_document(document)
    number = subjects([subject]).get(subject)
    if number is None:
        zh = f"没有登记 {subject[0]} {subject[1]}。请先登记。"
        raise Refused("FCT-304", zh, f"{subject[0]} {subject[1]} is not registered. Register it first.", "subject")
    path = registry.paths([Subject.objects.values_list("region", flat=True).get(pk=number)])
    place = next(iter(path.values()), registry.WHOLE)
    require(by, Action.ACTUAL_LOAD, Where(place))
    with transaction.atomic():
        ScopeMembership.objects.create(
            subject_id=number, scope=scope, starts_on=starts_on, ends_on=ends_on, document=document,
            decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        what = {"scope": scope, "from": starts_on, "until": ends_on}
        act = by.act("subject.scope", "/".join(subject), document=document, after=what)
        journal.append(replace(act, place=place))


def _require_document(document: str) -> None:
    if not document.strip():
        raise Refused("FCT-305", "请写明依据文件。", "Name the document that it rests on.", "document")
