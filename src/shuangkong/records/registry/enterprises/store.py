"""Rows → values of the register of enterprises. Access is the caller's condition: ``readable``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from shuangkong.core.credit_code import plain_credit_code
from shuangkong.core.source_code import number_of
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.enterprises.rows import (
    EnterpriseEventKind,
    EnterpriseEventRow,
    EnterpriseRow,
    IdentifierRow,
    ParticularsRow,
    SuccessionRow,
    System,
)
from shuangkong.records.registry.models import (
    Enterprise,
    EnterpriseAlias,
    EnterpriseChange,
    EnterpriseEvent,
    EnterpriseIdentifier,
)

#: What of the particulars an event can move.
_MOVED = ("name", "credit_code", "region_id", "industry", "body_id", "is_open")


def readable(acting: Acting, action: Action = Action.ENTERPRISE_READ) -> Q:
    """The condition that a person may see an enterprise: its place, or that the person acts for it."""
    return visible(acting, action, "region__path", "body")


def where_is(row: EnterpriseRow) -> Where:
    """Where an enterprise is, and who acts for it."""
    return Where(row.path, frozenset({row.body}) if row.body is not None else frozenset())


def enterprises(condition: Q, first: int = 0, count: int | None = None) -> tuple[EnterpriseRow, ...]:
    """Enterprises that meet a condition, each record that means another left out, by number. 2 queries."""
    means = meanings()
    found = Enterprise.objects.select_related("region").filter(condition).exclude(pk__in=list(means)).order_by("pk")
    return tuple(_row(each, each.pk, means) for each in found[first : None if count is None else first + count])


def number_of_enterprises(condition: Q) -> int:
    """How many ``enterprises`` would give. 2 queries."""
    return Enterprise.objects.filter(condition).exclude(pk__in=list(meanings())).count()


def enterprises_on(condition: Q, day: date) -> tuple[EnterpriseRow, ...]:
    """As ``enterprises``, as it was on a past day and known at its end. 2 queries."""
    means = meanings(day)
    newest = EnterpriseEvent.objects.filter(known_by(day, "at"), enterprise=OuterRef("enterprise"), on__lte=day)
    found = EnterpriseEvent.objects.select_related("region", "enterprise").filter(
        condition, pk=Subquery(newest.order_by("-on", "-pk").values("pk")[:1])
    )
    kept = found.exclude(enterprise__in=list(means)).order_by("enterprise")
    return tuple(_row(each, each.enterprise_id, means) for each in kept)


def enterprise(number: int | None, until: date | None = None) -> EnterpriseRow | None:
    """One enterprise, now or on a past day. 2 queries."""
    if number is None:
        return None
    if until is not None:
        return next(iter(_any_on(number, until)), None)
    found = Enterprise.objects.select_related("region").filter(pk=number).first()
    return _row(found, found.pk, meanings()) if found else None


def _any_on(number: int, day: date) -> tuple[EnterpriseRow, ...]:
    found = EnterpriseEvent.objects.select_related("region", "enterprise").filter(
        known_by(day, "at"), enterprise=number, on__lte=day
    )
    return tuple(_row(each, number, meanings(day)) for each in found.order_by("-on", "-pk")[:1])


def asked_for(words: str) -> Q:
    """The condition that an enterprise is meant by words: part of a name it has or had, one of its codes or numbers.

    2 queries.
    """
    wanted = words.strip()
    named = EnterpriseEvent.objects.filter(name__icontains=wanted).values("enterprise")
    numbered = EnterpriseIdentifier.objects.filter(value=wanted, ended_at=None).values("enterprise")
    by_code = Q(credit_code=plain_credit_code(wanted)) & ~Q(credit_code="")
    return _meant(Q(pk=number_of(wanted)) | Q(pk__in=named) | by_code | Q(pk__in=numbered))


def known_to(system: System) -> Q:
    """The condition that another system has a number for an enterprise. 2 queries."""
    held = EnterpriseIdentifier.objects.filter(system=system, ended_at=None)
    return _meant(Q(pk__in=held.values("enterprise")))


def _meant(condition: Q) -> Q:
    """The condition, or that another record which meets it means the enterprise."""
    means = meanings()
    others = Enterprise.objects.filter(condition, pk__in=list(means)).values_list("pk", flat=True)
    return condition | Q(pk__in={means[each] for each in others})


def called(words: str, region: str) -> EnterpriseRow | None:
    """The one enterprise that a code names, or an exact name at a place; the record it means. None for none or several.

    At most 4 queries.
    """
    wanted = words.strip()
    number, means = number_of(wanted), meanings()
    named = Q(pk=number) if number is not None else Q(credit_code=plain_credit_code(wanted)) & ~Q(credit_code="")
    found = set(Enterprise.objects.filter(named).values_list("pk", flat=True)) or set(
        Enterprise.objects.filter(region=region, name=wanted).values_list("pk", flat=True)
    )
    meant = {means.get(each, each) for each in found}
    return enterprise(meant.pop()) if len(meant) == 1 else None


def meanings(until: date | None = None) -> dict[int, int]:
    """Record → record it means, for those that a decision in force moves, followed to the end. 1 query."""
    decided = EnterpriseAlias.objects.filter(known_by(until, "decided_at")).order_by("pk")
    newest = dict(decided.values_list("enterprise_id", "same_as_id"))
    moved = {each: to for each, to in newest.items() if to is not None}
    return {each: _end(each, moved) for each in moved}


def _end(each: int, moved: Mapping[int, int]) -> int:
    """Follows decisions to the last; circles cannot be recorded."""
    while each in moved:
        each = moved[each]
    return each


def records_of(number: int, until: date | None = None) -> tuple[int, ...]:
    """The record and those that mean it. 1 query."""
    return (number, *sorted(each for each, to in meanings(until).items() if to == number))


def history(number: int, until: date | None = None) -> tuple[EnterpriseEventRow, ...]:
    """What an enterprise was, in the order of its days; of every record that means it. 2 queries."""
    found = EnterpriseEvent.objects.select_related("region").filter(
        known_by(until, "at"), enterprise__in=records_of(number, until)
    )
    rows, last = list[EnterpriseEventRow](), dict[int, EnterpriseEvent]()
    for each in found.order_by("on", "pk"):
        rows.append(_event_row(each, last.get(each.enterprise_id)))
        last[each.enterprise_id] = each
    return tuple(rows)


def former_names(number: int, until: date | None = None) -> tuple[str, ...]:
    """Names that the enterprise had, or that its other records bear, the oldest first. 4 queries."""
    now = enterprise(number, until)
    names = dict.fromkeys(each.particulars.name for each in history(number, until))
    return tuple(name for name in names if now is None or name != now.name)


def identifiers(numbers: Iterable[int], until: date | None = None) -> dict[int, tuple[IdentifierRow, ...]]:
    """Record → numbers that hold, its own and those of the records that mean it. 2 queries."""
    means, wanted = meanings(until), set(numbers)
    of = {each: each for each in wanted} | {each: to for each, to in means.items() if to in wanted}
    holds = Q(ended_at=None) if until is None else ~known_by(until, "ended_at") | Q(ended_at=None)
    found = EnterpriseIdentifier.objects.filter(known_by(until, "decided_at") & holds, enterprise__in=list(of))
    told: dict[int, list[IdentifierRow]] = {each: [] for each in wanted}
    for each in found.order_by("system", "value"):
        told[of[each.enterprise_id]].append(identifier_row(each))
    return {each: tuple(rows) for each, rows in told.items()}


def identified(system: System, value: str) -> EnterpriseRow | None:
    """The enterprise that another system knows by a number. At most 4 queries."""
    found = EnterpriseIdentifier.objects.filter(system=system, value=value.strip(), ended_at=None).first()
    return enterprise(meanings().get(found.enterprise_id, found.enterprise_id)) if found else None


def successions(number: int) -> tuple[SuccessionRow, ...]:
    """What became of an enterprise and what it came from, the newest first. 1 query."""
    found = EnterpriseChange.objects.select_related("before", "after").filter(Q(before=number) | Q(after=number))
    return tuple(
        SuccessionRow(
            row.before_id, row.before.name, row.after_id, row.after.name, row.kind, row.on, row.document,
            row.decided_by,
        )
        for row in found.order_by("-on", "-pk")
    )  # fmt: skip


def identifier_row(found: EnterpriseIdentifier) -> IdentifierRow:
    """A row of the table as a value."""
    return IdentifierRow(
        found.pk, found.enterprise_id, System(found.system), found.value, found.ground, found.decided_by,
        found.decided_at, found.ended_at,
    )  # fmt: skip


def particulars_of(found: Enterprise | EnterpriseEvent) -> ParticularsRow:
    """What a row of either table says the enterprise is."""
    return ParticularsRow(found.name, found.region_id, found.credit_code, found.industry)


def _row(found: Enterprise | EnterpriseEvent, number: int, means: Mapping[int, int]) -> EnterpriseRow:
    is_fictional = found.is_fictional if isinstance(found, Enterprise) else found.enterprise.is_fictional
    return EnterpriseRow(
        id=number,
        particulars=particulars_of(found),
        region_name=found.region.name,
        path=found.region.path,
        body=found.body_id,
        is_open=found.is_open,
        is_fictional=is_fictional,
        same_as=means.get(number, number),
    )


def _event_row(found: EnterpriseEvent, before: EnterpriseEvent | None) -> EnterpriseEventRow:
    moved = [name for name in _MOVED if before is not None and getattr(before, name) != getattr(found, name)]
    return EnterpriseEventRow(
        id=found.pk,
        enterprise=found.enterprise_id,
        kind=EnterpriseEventKind(found.kind),
        on=found.on,
        particulars=particulars_of(found),
        region_name=found.region.name,
        body=found.body_id,
        changed=tuple(name.removesuffix("_id") for name in moved),
        ground=found.ground,
        document=found.document,
        author=found.author,
        at=found.at,
        journal=found.journal,
    )
