"""疑点和误报率: what the checks found over all returns, as an auditor asks for it: by unit, by check, by hand.

Read when asked or by the clock, never while a return is handed in. Whoever calls has asked whether the person may see
the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import batched

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from shuangkong.core.finding import Message, Severity
from shuangkong.records.paths import below
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Role
from shuangkong.records.reporting.found_rows import message_of
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.models import Agent, FiguresRead, FoundFinding, LaterFinding, Reporter, Version
from shuangkong.records.reporting.verification.cases import settled_fates
from shuangkong.reporting.alarms import Alarms, Fate, alarms
from shuangkong.reporting.content import Origin, read_figures
from shuangkong.reporting.forms.model import SubjectKind
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
    """Every finding in returns at and below a place, of periods that begin in a month or later. 4 queries.

    ``since``: months since January of the year 0, as core.period counts them; ``among``: a condition on findings. What
    a case of verification settled outweighs what the desk thought.
    """
    rows = (
        FoundFinding.objects.filter(below(path, "version__owned__path"), among, version__owned__first_month__gte=since)
        .order_by("version__owned", "version__number", "pk")
        .values_list(*_COLUMNS)
    )  # fmt: skip
    settled = settled_fates()
    return (*_told(rows, settled), *(_later(path, since, settled) if among == _ALL else ()))


def _later(path: str, since: int, settled: Mapping[tuple[object, object], Fate]) -> Iterator[Told]:
    """What was found in the versions that stand only after they were signed. 1 query."""
    for owned, rows in later_findings(below(path, "owned__path") & Q(owned__first_month__gte=since)).items():
        for each in rows:
            yield Told(
                owned.pk, owned.path, owned.reporter.code, owned.form, owned.period, each.code, each.severity,
                each.message, each.ground or Message("", ""), settled.get((owned.pk, each.code), Fate.OPEN),
                is_newest=True,
            )  # fmt: skip


def newest_month(among: Q = _ALL) -> int | None:
    """The first month of the newest period in which anything was found; None where nothing was. 2 queries."""
    found = FoundFinding.objects.filter(among).aggregate(Max("version__owned__first_month"))
    later = LaterFinding.objects.aggregate(Max("owned__first_month"))
    months = [each for each in (*found.values(), *later.values()) if each is not None]
    return max(months, default=None)


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
            message_of(str(zh), str(en)), message_of(*map(str, ground)), settled.get((owned, code), read),
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
    """Every first version a unit signed at and below a place since an instant; an agent's by right as its agent's.

    What a region or a department files is its officials' own. 6 queries, and the contents of those not read before.
    """
    rows = Version.objects.filter(below(path, "owned__path"), base=None).exclude(owned__reporter__kind__in=_NO_UNITS)
    if since is not None:
        rows = rows.filter(signed_at__gte=since)
    rights, officials, alike = _rights(), _officials(), _alike(rows)
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
    """Version → digest of its figures, of those whose figures another unit has signed for the same form."""
    told = list(rows.values_list("pk", "owned__reporter", "owned__form", "digest"))
    figures = _figures({sealed: number for number, _, _, sealed in told})
    units: dict[tuple[str, str], set[int]] = defaultdict(set)
    for _, reporter, form, sealed in told:
        units[form, figures[sealed]].add(reporter)
    return {
        number: figures[sealed]
        for number, _, form, sealed in told
        if figures[sealed] and len(units[form, figures[sealed]]) > 1
    }


def _figures(wanted: Mapping[str, int]) -> Mapping[str, str]:
    """Digest as sealed → that of the figures; ``wanted``: the former → a version of it. 1 query, 3 a 500 new ones.

    Of more new ones than a tick reads the oldest have their turn; what is not read yet is like nothing.
    """
    known = FiguresRead.objects.filter(version__gte=min(wanted.values(), default=0)).values_list("sealed", "figures")
    found = {sealed: figures for sealed, figures in known.iterator() if sealed in wanted}
    fresh = sorted(number for sealed, number in wanted.items() if sealed not in found)[:_A_TICK]
    for some in batched(fresh, _BATCH):
        rows = [
            FiguresRead(sealed=sealed, figures=_figures_digest(content), version=number)
            for number, sealed, content in Version.objects.filter(pk__in=some).values_list("pk", "digest", "content")
        ]
        FiguresRead.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["sealed"], update_fields=["version"]
        )
        found |= {each.sealed: each.figures for each in rows}
    return dict.fromkeys(wanted, "") | found


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
    """What was filed by one hand for many units, as far as terminals, accounts and figures show. ~7 queries."""
    return one_hands(filings(path, since), limits)
