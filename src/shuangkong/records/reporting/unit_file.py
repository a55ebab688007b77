"""一企一档的内容: what the registers, the windows and the checks hold of one unit beside its returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.records.facts.scopes import Membership, memberships
from shuangkong.records.monitoring.models import Meter, Outlet
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import EnterpriseIdentifier
from shuangkong.records.reporting.boards import Tally, tallies
from shuangkong.records.reporting.models import Coverage, FoundFinding, Reminded, Return
from shuangkong.records.reporting.rows import FindingRow, ReporterRow
from shuangkong.records.reporting.store import finding_row
from shuangkong.reporting.reminders import Stage

_MOST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in the newest version of one return, as its unit explained it and the desk judged it."""

    owned: int
    form: str
    period: str
    row: FindingRow


@dataclass(frozen=True, slots=True)
class Covered:
    """That the unit owes a form beside its scopes, or does not though they say so."""

    form: str
    is_owing: bool
    starts_on: date
    ends_on: date | None
    ground: str


def timeliness(reporter: int, readable: Q) -> Tally:
    """All its returns together. 1 query."""
    return Tally.sum(tallies(readable & Q(reporter=reporter), ("reporter",), timezone.localdate()).values())


def found_in(reporter: int, readable: Q) -> tuple[Found, ...]:
    """What the newest versions say, gravest first in the newest period. 1 query."""
    rows = (
        _newest(reporter, readable)
        .select_related("explanation", "version__owned")
        .order_by("-version__owned__first_month", "version__owned__form", "pk")[:_MOST]
    )
    return tuple(
        Found(each.version.owned_id, each.version.owned.form, each.version.owned.period, finding_row(each))
        for each in rows
    )


def found_count(reporter: int, readable: Q) -> int:
    """How many there are of these in all. 1 query."""
    return _newest(reporter, readable).count()


def _newest(reporter: int, readable: Q) -> QuerySet[FoundFinding]:
    seen = Return.objects.filter(readable, reporter=reporter)
    mine = FoundFinding.objects.filter(version__owned__in=seen, version__number=F("version__owned__version"))
    return mine.exclude(severity=Severity.NOTICE)


def stays_of(row: ReporterRow) -> tuple[Membership, ...]:
    """Scopes that it belongs or belonged to. 1 query."""
    return memberships((row.kind, row.code))


def covered(reporter: int) -> tuple[Covered, ...]:
    """The newest decision on each form. 1 query."""
    newest = {each.form: each for each in Coverage.objects.filter(reporter=reporter).order_by("pk")}
    return tuple(
        Covered(each.form, each.is_owing, each.starts_on, each.ends_on, each.ground) for each in newest.values()
    )


def identifiers(row: ReporterRow) -> tuple[tuple[System, str], ...]:
    """Its numbers with other systems, that of its permit among them. 1 query, none for what is no enterprise."""
    if row.enterprise is None:
        return ()
    found = EnterpriseIdentifier.objects.filter(enterprise=row.enterprise, ended_at=None).order_by("system", "pk")
    return tuple((System(system), value) for system, value in found.values_list("system", "value"))


def outlets(row: ReporterRow) -> tuple[tuple[int, str, str, date | None], ...]:
    """(number, code, name, when it has to be connected) of what is watched there. 1 query."""
    if row.enterprise is None:
        return ()
    return tuple(
        Outlet.objects.filter(enterprise=row.enterprise).order_by("code").values_list("pk", "code", "name", "due_on")
    )


def meters(row: ReporterRow) -> tuple[tuple[int, str, str, str], ...]:
    """(number, name, carrier, unit) of its meters. 1 query."""
    if row.enterprise is None:
        return ()
    found = Meter.objects.filter(enterprise=row.enterprise).order_by("level", "name", "pk")
    return tuple(found.values_list("pk", "name", "carrier", "unit"))


def reminders(reporter: int, readable: Q, count: int = 20) -> tuple[tuple[int, str, str, Stage, date], ...]:
    """(return, form, period, occasion, day), the newest first. 1 query."""
    seen = Return.objects.filter(readable, reporter=reporter)
    rows = Reminded.objects.filter(owned__in=seen).order_by("-at", "-pk")[:count]
    told = rows.values_list("owned", "owned__form", "owned__period", "stage", "on")
    return tuple((owned, form, period, Stage(stage), on) for owned, form, period, stage, on in told)
