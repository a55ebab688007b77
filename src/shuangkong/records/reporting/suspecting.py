"""疑点和误报率: what the checks found over all returns, as an auditor asks for it: by unit, by check, by hand.

Read when asked or by the clock, never while a return is handed in. Whoever calls has asked whether the person may see
the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from shuangkong.core.finding import Message, Severity
from shuangkong.records.paths import below
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Role
from shuangkong.records.reporting.models import Agent, FoundFinding, Reporter, Version
from shuangkong.records.reporting.verification.cases import settled_fates
from shuangkong.reporting.alarms import Alarms, Fate, alarms
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.proxies import Filing, Limits, OneHand, one_hands
from shuangkong.reporting.suspicion import Point, Suspicion, Weights, suspicions

#: Verdicts of the desk on an explanation.
_ACCEPTED = "accepted"
_SIDES = "；"
_ALL = Q()
_COLUMNS = (
    "version__owned", "version__owned__path", "version__number", "version__owned__version",
    "version__owned__reporter__code", "version__owned__form", "version__owned__period", "code", "address", "severity",
    "zh", "en", "ground_zh", "ground_en", "explanation__verdict",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what became of it; ``owned``: the return it is of, ``path``: where that lies."""

    owned: int
    path: str
    unit: str
    form: str
    period: str
    code: str
    severity: Severity
    message: Message
    ground: Message
    fate: Fate
    is_newest: bool

    def point(self) -> Point:
        return Point(
            self.unit, self.form, self.period, self.code, self.severity, self.message, _sides(self.ground),
            is_answered=self.fate in (Fate.EXPLAINED, Fate.CORRECTED, Fate.CLEARED),
        )  # fmt: skip


def findings(path: str = "/", since: int = 0, among: Q = _ALL) -> tuple[Told, ...]:
    """Every finding in returns at and below a place, of periods that begin in a month or later. 3 queries.

    ``since``: months since January of the year 0, as core.period counts them; ``among``: a condition on findings. What
    a case of verification settled outweighs what the desk thought.
    """
    rows = (
        FoundFinding.objects.filter(below(path, "version__owned__path"), among, version__owned__first_month__gte=since)
        .order_by("version__owned", "version__number", "pk")
        .values_list(*_COLUMNS)
    )  # fmt: skip
    return tuple(_told(rows, settled_fates()))


def newest_month(among: Q = _ALL) -> int | None:
    """The first month of the newest period in which anything was found; None where nothing was. 1 query."""
    found: int | None = FoundFinding.objects.filter(among).aggregate(Max("version__owned__first_month"))[
        "version__owned__first_month__max"
    ]
    return found


def _told(rows: Iterable[tuple[object, ...]], settled: Mapping[tuple[object, object], Fate]) -> Iterator[Told]:
    """A finding is corrected where a later version of the return has it no more."""
    held = list(rows)
    by_version: dict[tuple[object, object], set[tuple[object, object]]] = defaultdict(set)
    for row in held:
        by_version[row[0], row[2]].add((row[7], row[8]))
    for row in held:
        owned, path, number, newest, unit, form, period, code, address, severity, zh, en, *ground, verdict = row
        is_newest = number == newest
        is_gone = not is_newest and (code, address) not in by_version[owned, newest]
        read = Fate.EXPLAINED if verdict == _ACCEPTED else Fate.CORRECTED if is_gone else Fate.OPEN
        yield Told(
            int(str(owned)), str(path), str(unit), str(form), str(period), str(code), Severity(str(severity)),
            Message(str(zh), str(en)), Message(*map(str, ground)), settled.get((owned, code), read),
            is_newest,
        )  # fmt: skip


def _sides(ground: Message) -> tuple[tuple[Message, str], ...]:
    """The figures that a ground sets side by side, each with its name."""
    pairs = zip(ground.zh.split(_SIDES), ground.en.split("; "), strict=False)
    return tuple((Message(zh, en), "") for zh, en in pairs if zh)


def alarm_counts(told: Iterable[Told]) -> tuple[Alarms, ...]:
    """How often each check was right; a notice counts only where something came of it."""
    counted = (each for each in told if each.severity is not Severity.NOTICE or each.fate is not Fate.OPEN)
    return alarms((each.code, each.fate) for each in counted)


def suspicion_list(told: Iterable[Told], weights: Weights) -> tuple[Suspicion, ...]:
    """Units by what speaks against their newest returns, weighed by how often the checks were right."""
    held = tuple(told)
    return suspicions((each.point() for each in held if each.is_newest), weights, alarm_counts(held))


def filings(path: str = "/", since: datetime | None = None) -> tuple[Filing, ...]:
    """Every first version signed at and below a place since an instant; those of registered agents by their agent.

    4 queries, and the contents of those alone that several units have alike.
    """
    rows = Version.objects.filter(below(path, "owned__path"), base=None)
    if since is not None:
        rows = rows.filter(signed_at__gte=since)
    groups, officials, alike = _groups(), _officials(), _alike(rows)
    told = rows.order_by("signed_at").values_list(
        "pk", "owned", "owned__reporter", "owned__reporter__code", "owned__form", "owned__period", "signed_at",
        "terminal", "filled_by", "signed_by",
    )  # fmt: skip
    return tuple(
        Filing(
            unit=code, form=form, period=period, at=at, terminal=terminal, account=filler, signatory=signer,
            group=groups.get(reporter, ""), figures_digest=alike.get(version, ""), owned=owned,
            is_official=bool(officials & {filler, signer}),
        )
        for version, owned, reporter, code, form, period, at, terminal, filler, signer in told
    )  # fmt: skip


def _groups() -> Mapping[int, str]:
    """Reporter → whoever files for it by right: the body of an agreement, or one that several units have. 2 queries."""
    shared = Reporter.objects.exclude(body=None).values("body").annotate(units=Count("pk")).filter(units__gt=1)
    rows = Reporter.objects.filter(body__in=shared.values("body")).values_list("pk", "body")
    found = {number: f"body {body}" for number, body in rows}
    agents = Agent.objects.filter(ends_on=None).values_list("reporter", "body")
    return found | {number: f"agent {body}" for number, body in agents}


def _officials() -> frozenset[str]:
    """Who has an office that queries and never fills in. 1 query."""
    rows = Appointment.objects.filter(role__in=_OFFICES, ends=None).values_list("person__username", flat=True)
    return frozenset(rows.distinct())


_OFFICES = (Role.PLAN_OFFICE, Role.DEPARTMENT, Role.REGION, Role.LEADING_GROUP, Role.AUDITOR)


def _alike(rows: QuerySet[Version]) -> Mapping[int, str]:
    """Version → digest of its figures, of those that another unit has signed word for word."""
    again = rows.values("digest").annotate(units=Count("owned__reporter", distinct=True)).filter(units__gt=1)
    found = rows.filter(digest__in=again.values("digest")).values_list("pk", "digest", "content")
    return {number: digest for number, digest, content in found if _figures(content) >= _FEWEST}


def _figures(content: str) -> int:
    return sum(entry.value is not None for entry in read_canonical(content).entries.values())


#: Fewer figures may well be alike.
_FEWEST = 5


def looks_like_one_hand(limits: Limits, path: str = "/", since: datetime | None = None) -> tuple[OneHand, ...]:
    """What was filed by one hand for many units, as far as terminals, accounts and figures show. 5 queries."""
    return one_hands(filings(path, since), limits)
