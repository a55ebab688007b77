"""疑点和误报率: what the checks found over all returns, as an auditor asks for it: by unit and by check.

Read when asked or by the clock, never while a return is handed in. Whoever calls has asked whether the person may see
the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Max, Q

from shuangkong.core.finding import Message, Severity
from shuangkong.records.paths import below
from shuangkong.records.reporting.found_rows import message_of
from shuangkong.records.reporting.later import later_findings
from shuangkong.records.reporting.models import FoundFinding, LaterFinding
from shuangkong.records.reporting.verification.cases import settled_fates
from shuangkong.reporting.alarms import Alarms, Fate, alarms
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
