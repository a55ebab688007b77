"""一手多报: who filed for whom, as far as terminals, accounts, signatories and figures show one hand.

Read by the clock, never while a return is handed in. Of a year of returns only those are loaded that can be a sign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import batched
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shuangkong.records.paths import below
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Role
from shuangkong.records.reporting.models import Agent, FiguresRead, Reporter, Version
from shuangkong.reporting.content import Origin, read_figures
from shuangkong.reporting.forms.model import SubjectKind
from shuangkong.reporting.proxies import Filing, Limits, OneHand, one_hands


def filings(path: str = "/", since: datetime | None = None, limits: Limits | None = None) -> tuple[Filing, ...]:
    """Every first version a unit signed at and below a place since an instant; an agent's by right as its agent's.

    What a region or a department files is its officials' own. With ``limits`` the database leaves out whatever can be
    no sign of one hand: of a year of returns a few are loaded. ~9 queries, and the contents of those not read before.
    """
    rows = Version.objects.filter(below(path, "owned__path"), base=None).exclude(owned__reporter__kind__in=_NO_UNITS)
    if since is not None:
        rows = rows.filter(signed_at__gte=since)
    rights, officials, alike = _rights(), _officials(), _alike(rows)
    if limits is not None:
        rows = rows.filter(_worth(rows, limits, officials, alike))
    told = rows.order_by("signed_at").values_list(
        "pk", "owned", "owned__reporter", "owned__reporter__code", "owned__form", "owned__period", "signed_at",
        "terminal", "filled_by", "signed_by",
    )  # fmt: skip
    return tuple(
        Filing(
            unit=code, form=form, period=period, at=at, terminal=terminal, account=filler, signatory=signer,
            group=rights.group(reporter, {filler, signer}, timezone.localdate(at)),
            figures_digest=alike.get(version, ""), owned=owned, is_official=bool(officials & {filler, signer}),
        )
        for version, owned, reporter, code, form, period, at, terminal, filler, signer in told
    )  # fmt: skip


def _worth(rows: QuerySet[Version], limits: Limits, officials: frozenset[str], alike: Mapping[int, str]) -> Q:
    """The condition that a version shares its terminal, account or signatory with as many units as a sign takes, or
    its figures with another unit, or that an official filed it."""
    terminals = _shared(rows, "terminal", min(limits.terminal, limits.burst))
    found = Q(terminal__in=terminals) | Q(filled_by__in=_shared(rows, "filled_by", limits.account))
    found |= Q(signed_by__in=_shared(rows, "signed_by", limits.signatory))
    if officials:
        found |= Q(filled_by__in=sorted(officials)) | Q(signed_by__in=sorted(officials))
    return found | Q(pk__in=list(alike)) if alike else found


def _shared(rows: QuerySet[Version], column: str, least: int) -> QuerySet[Version, Any]:
    """What stands in a column in returns of so many units, counted in the database."""
    counted = rows.exclude(**{column: ""}).order_by().values(column)
    many = counted.annotate(units=Count("owned__reporter__code", distinct=True)).filter(units__gte=least)
    found: QuerySet[Version, Any] = many.values(column)
    return found


#: Whose returns are filled in by officials.
_NO_UNITS = (SubjectKind.REGION.value, SubjectKind.DEPARTMENT.value)


@dataclass(frozen=True, slots=True)
class _Rights:
    """Who files for whom by right.

    Attributes:
        bodies: reporter → (body, what it is called, from, until): of an agreement, or a body that several units have.
        own: reporter → its own body; ``people``: body → user names of those who act or acted for it.
    """

    bodies: Mapping[int, list[tuple[int, str, date, date | None]]]
    own: Mapping[int, int]
    people: Mapping[int, set[str]]

    def group(self, reporter: int, hands: set[str], day: date) -> str:
        """Whose filing it is by right: one hand at least is of that body, and none of a third; "" for nobody's."""
        own = self.people.get(self.own.get(reporter, 0), set())
        for body, name, starts, ends in self.bodies.get(reporter, ()):
            there = self.people.get(body, set())
            if starts <= day and (ends is None or day <= ends) and hands & there and hands <= there | own:
                return name
        return ""


def _rights() -> _Rights:
    """3 queries."""
    found: dict[int, list[tuple[int, str, date, date | None]]] = defaultdict(list)
    shared = Reporter.objects.exclude(body=None).values("body").annotate(units=Count("pk")).filter(units__gt=1)
    for number, body in Reporter.objects.filter(body__in=shared.values("body")).values_list("pk", "body"):
        found[number].append((body, f"body {body}", date.min, None))
    own = dict(Reporter.objects.exclude(body=None).filter(agents__isnull=False).values_list("pk", "body"))
    for number, body, starts, ends in Agent.objects.values_list("reporter", "body", "starts_on", "ends_on"):
        found[number].append((body, f"agent {body}", starts, ends))
    bodies = {body for held in found.values() for body, *_ in held} | set(own.values())
    people: dict[int, set[str]] = defaultdict(set)
    acted = Appointment.objects.filter(body__isnull=False, ends=None).values_list("body", "person__username")
    for body, name in acted.distinct().iterator() if bodies else ():
        if body in bodies:
            people[body].add(name)
    return _Rights(found, own, people)


def _officials() -> frozenset[str]:
    """Who has an office that queries and never fills in. 1 query."""
    rows = Appointment.objects.filter(role__in=_OFFICES, ends=None).values_list("person__username", flat=True)
    return frozenset(rows.distinct())


_OFFICES = (Role.PLAN_OFFICE, Role.DEPARTMENT, Role.REGION, Role.LEADING_GROUP, Role.AUDITOR)


def _alike(rows: QuerySet[Version]) -> Mapping[int, str]:
    """Version → digest of its figures, of those whose figures another unit has signed for the same form.

    Which contents are alike is found in the database; only those are loaded. 3 queries and 1 a 500 alike.
    """
    _read_fresh(rows)
    read = FiguresRead.objects.exclude(figures="")
    repeated = read.order_by().values("figures").annotate(times=Count("pk")).filter(times__gt=1).values("figures")
    of_many = rows.order_by().values("digest").annotate(units=Count("owned__reporter", distinct=True))
    same = of_many.filter(units__gt=1).values("digest")
    figures = dict(read.filter(Q(figures__in=repeated) | Q(sealed__in=same)).values_list("sealed", "figures"))
    told: list[tuple[int, int, str, str]] = []
    for some in batched(sorted(figures), _BATCH):
        told += rows.filter(digest__in=some).values_list("pk", "owned__reporter", "owned__form", "digest")
    units: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _, reporter, form, sealed in told:
        units[form, figures[sealed]].add(reporter)
    return {number: figures[sealed] for number, _, form, sealed in told if len(units[form, figures[sealed]]) > 1}


def _read_fresh(rows: QuerySet[Version]) -> None:
    """Keeps of contents that nobody has read what their figures are. 1 query, 3 a 500 new ones.

    Of more new ones than a tick reads the oldest have their turn; what is not read yet is like nothing.
    """
    unread = rows.filter(~Exists(FiguresRead.objects.filter(sealed=OuterRef("digest")))).order_by("pk")
    fresh = dict(reversed(list(unread.values_list("digest", "pk")[:_A_TICK])))
    for some in batched(sorted(fresh.values()), _BATCH):
        read = [
            FiguresRead(sealed=sealed, figures=_figures_digest(content), version=number)
            for number, sealed, content in Version.objects.filter(pk__in=some).values_list("pk", "digest", "content")
        ]
        FiguresRead.objects.bulk_create(
            read, update_conflicts=True, unique_fields=["sealed"], update_fields=["version"]
        )


def is_unread(since: datetime) -> bool:
    """Whether figures of versions signed since an instant are still to be read. 1 query."""
    read = FiguresRead.objects.filter(sealed=OuterRef("digest"))
    rows = Version.objects.filter(~Exists(read), base=None, signed_at__gte=since)
    return rows.exclude(owned__reporter__kind__in=_NO_UNITS).exists()


def _figures_digest(content: str) -> str:
    """Of the figures alone, whatever is 0 left out: not where they came from, no texts, no files; "" for too few.

    What the system itself filled in is alike in many: it makes none a copy.
    """
    held = [each for each in read_figures(content) if each[1] != "0"]
    if sum(origin is not Origin.PREFILLED for _, _, origin in held) < _FEWEST:
        return ""
    return sha256("\n".join(f"{address} {digits}" for address, digits, _ in held).encode()).hexdigest()


#: Fewer figures may well be alike. Contents are read so many at a time, and so many new ones a tick.
_FEWEST, _BATCH, _A_TICK = 5, 500, 10_000


def looks_like_one_hand(limits: Limits, path: str = "/", since: datetime | None = None) -> tuple[OneHand, ...]:
    """What was filed by one hand for many units, as far as terminals, accounts and figures show. ~10 queries."""
    return one_hands(filings(path, since, limits), limits)
