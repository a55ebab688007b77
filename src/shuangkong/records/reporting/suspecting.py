"""疑点和误报率: what the checks found over all returns, as an auditor asks for it: by unit, by check, by hand.

Read when asked or by the clock, never while a return is handed in. Whoever calls has asked whether the person may see
the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Max, Q

from shuangkong.core.finding import Message, Severity
from shuangkong.records.paths import below
from shuangkong.records.reporting.models import Agent, FoundFinding, Version
from shuangkong.records.reporting.verification.cases import settled_fates
from shuangkong.reporting.alarms import Alarms, Fate, alarms
from shuangkong.reporting.content import read_canonical
from shuangkong.reporting.proxies import Filing, Limits, OneHand, one_hands
from shuangkong.reporting.suspicion import Point, Suspicion, Weights, suspicions

#: Verdicts of the desk on an explanation.
_ACCEPTED = "accepted"
_SIDES = "；"
_ALL = Q()


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with what became of it; ``owned``: the return it is of."""

    owned: int
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
        .values_list(
            "version__owned", "version__number", "version__owned__version", "version__owned__reporter__code",
            "version__owned__form", "version__owned__period", "code", "address", "severity", "zh", "en", "ground_zh",
            "ground_en", "explanation__verdict",
        )
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
        by_version[row[0], row[1]].add((row[6], row[7]))
    for row in held:
        owned, number, newest, unit, form, period, code, address, severity, zh, en, ground_zh, ground_en, verdict = row
        is_newest = number == newest
        is_gone = not is_newest and (code, address) not in by_version[owned, newest]
        read = Fate.EXPLAINED if verdict == _ACCEPTED else Fate.CORRECTED if is_gone else Fate.OPEN
        yield Told(
            int(str(owned)), str(unit), str(form), str(period), str(code), Severity(str(severity)),
            Message(str(zh), str(en)), Message(str(ground_zh), str(ground_en)), settled.get((owned, code), read),
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

    2 queries. Contents are read: by the clock, not while somebody waits.
    """
    rows = Version.objects.filter(below(path, "owned__path"), base=None)
    if since is not None:
        rows = rows.filter(signed_at__gte=since)
    agents = _agents()
    told = rows.order_by("signed_at").values_list(
        "owned__reporter", "owned__reporter__code", "owned__form", "owned__period", "signed_at", "terminal",
        "filled_by", "signed_by", "content",
    )  # fmt: skip
    return tuple(
        Filing(
            unit=code, form=form, period=period, at=at, terminal=terminal, account=filler, signatory=signer,
            group=agents.get(reporter, ""), figures_digest=_digest(content),
        )
        for reporter, code, form, period, at, terminal, filler, signer, content in told
    )  # fmt: skip


def _agents() -> Mapping[int, str]:
    """Reporter → the body that files for it by agreement."""
    return {row: f"agent {body}" for row, body in Agent.objects.filter(ends_on=None).values_list("reporter", "body")}


def _digest(content: str) -> str:
    """Of the figures alone; empty where there are too few to be copied from anywhere."""
    figures = sorted(
        f"{address} {entry.value}" for address, entry in read_canonical(content).entries.items() if entry.value
    )
    return sha256("\n".join(figures).encode()).hexdigest() if len(figures) >= _FEWEST else ""


#: Fewer figures may well be alike.
_FEWEST = 5


def looks_like_one_hand(limits: Limits, path: str = "/", since: datetime | None = None) -> tuple[OneHand, ...]:
    """What was filed by one hand for many units, as far as terminals, accounts and figures show. 2 queries."""
    return one_hands(filings(path, since), limits)
