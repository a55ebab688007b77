"""核查机构: who may verify whom: qualification, conflicts of interest, re-checks and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from string import ascii_uppercase

from shuangkong.core.check import Check
from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding, Message

_HUNDRED = 100


class Step(StrEnum):
    """What is done about a body, the mildest first."""

    WARN = "warn"
    SUSPEND = "suspend"
    REMOVE = "remove"


STEPS: Mapping[Step, Message] = {
    Step.WARN: Message("警告并限期整改", "warned, to mend its ways by a day"),
    Step.SUSPEND: Message("暂停承接核查", "no new verifications for a time"),
    Step.REMOVE: Message("移出名录", "removed from the register"),
}


def _begins(industry: str, sectors: tuple[str, ...]) -> bool:
    """Whether a code lies in one of the sectors; of either the letter of the section may be left out."""
    return any(industry.startswith(each) or _is_within(industry, each) for each in sectors)


def _is_within(industry: str, sector: str) -> bool:
    """The same where one of the two has a letter and the other has none."""
    if industry[:1].isalpha() == sector[:1].isalpha():
        return False
    plain = sector[1:] if sector[:1].isalpha() else sector
    return bool(plain) and industry.lstrip(ascii_uppercase).startswith(plain)


@dataclass(frozen=True, slots=True)
class Qualification:
    """``sectors``: industry codes that it covers, by their beginnings, with or without the letter of the section
    (``C30``, ``30``); empty: all."""

    validity: Validity
    sectors: tuple[str, ...] = ()

    def covers(self, industry: str, day: date) -> bool:
        return self.validity.holds_on(day) and (not self.sectors or _begins(industry, self.sectors))


@dataclass(frozen=True, slots=True)
class Service:
    """A body or one of its people did something for a unit until a day: consulting, audit, verification, employment."""

    kind: str
    unit: str
    until: date
    person: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """A verification body as the register has it.

    Attributes:
        holdings: units that it has a share in, or that have one in it, or of one group with it.
        services: what it did for units; ``verified``: unit → the years it verified.
        suspended: while it may take no verification.
    """

    id: str
    name: Message
    qualifications: tuple[Qualification, ...] = ()
    holdings: frozenset[str] = frozenset()
    services: tuple[Service, ...] = ()
    verified: Mapping[str, tuple[int, ...]] | None = None
    suspended: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """A verification that a body is to do; ``team``: people of it, ``year``: whose figures."""

    unit: str
    industry: str
    year: int
    day: date
    team: tuple[str, ...]


def check_assignment(body: Body, asked: Assignment, checks: Mapping[str, Check]) -> tuple[Finding, ...]:
    """What stands against giving the verification to the body."""
    return tuple(_Assigning(body, asked, checks).findings())


@dataclass(frozen=True, slots=True)
class _Assigning:
    body: Body
    asked: Assignment
    checks: Mapping[str, Check]

    def findings(self) -> Iterator[Finding]:
        body, asked = self.body, self.asked
        if not any(each.covers(asked.industry, asked.day) for each in body.qualifications):
            yield self.said("RPT-801", industry=asked.industry)
        if any(each.holds_on(asked.day) for each in body.suspended):
            yield self.said("RPT-802")
        if asked.unit in body.holdings:
            yield self.said("RPT-803")
        for service in body.services:
            if service.unit == asked.unit and service.kind != "verification":
                yield from self.served(service)
        run = years_in_a_row((body.verified or {}).get(asked.unit, ()), asked.year)
        if run >= (most := self.limit("RPT-806", "years")):
            yield self.said("RPT-806", run=run, most=most)
        if len(set(asked.team)) < (least := self.limit("RPT-807", "people")):
            yield self.said("RPT-807", found=len(set(asked.team)), least=least)

    def served(self, service: Service) -> Iterator[Finding]:
        """A service too short a time ago; a person's only where that person is to verify."""
        code = "RPT-805" if service.person else "RPT-804"
        if service.person and service.person not in self.asked.team:
            return
        years = self.limit(code, "years")
        if (self.asked.day - service.until).days < 365 * years:
            yield self.said(code, until=service.until, years=years, who=service.person, kind=service.kind)

    def limit(self, code: str, name: str) -> Decimal:
        return self.checks[code].limit_on(name, self.asked.day)

    def said(self, code: str, **filled: object) -> Finding:
        check, name = self.checks[code], self.body.name
        zh = check.message.zh.format(body=name.zh, unit=self.asked.unit, **filled)
        en = check.message.en.format(body=name.en, unit=self.asked.unit, **filled)
        return Finding(code, check.severity, name.zh, Message(zh, en))


def years_in_a_row(verified: Iterable[int], year: int) -> int:
    """How many years without a break the body verified the unit before ``year``."""
    known, count = set(verified), 0
    while year - 1 - count in known:
        count += 1
    return count


@dataclass(frozen=True, slots=True)
class Recheck:
    """What a body verified and what a second look found, in one unit; None: the second look is not done."""

    unit: str
    year: int
    on: date
    verified: Decimal
    found: Decimal | None
    is_untrue: bool = False


def deviation_pct(recheck: Recheck) -> Decimal | None:
    """How far the body was off, in % of what the second look found; None where that is nothing or not known."""
    if not recheck.found:
        return None
    return abs(recheck.verified - recheck.found) * _HUNDRED / abs(recheck.found)


def check_rechecks(
    body: Body, rechecks: Iterable[Recheck], checks: Mapping[str, Check], day: date
) -> tuple[Finding, ...]:
    """What second looks say of a body, and whether enough were made."""
    told, found = tuple(rechecks), []
    most = checks["RPT-811"].limit_on("pct", day)
    for each in told:
        off = deviation_pct(each)
        if each.is_untrue:
            found.append(_of_body(body, checks["RPT-813"], unit=each.unit, year=each.year))
        elif off is not None and off > most:
            found.append(
                _of_body(body, checks["RPT-811"], unit=each.unit, year=each.year, off=round(off, 1), most=most)
            )
    share = checks["RPT-812"].limit_on("pct", day)
    done = sum(each.found is not None for each in told)
    if told and done * _HUNDRED < share * len(told):
        found.append(_of_body(body, checks["RPT-812"], done=done, count=len(told), share=share))
    return tuple(found)


def step_due(rechecks: Iterable[Recheck], checks: Mapping[str, Check], day: date) -> Step | None:
    """What is due: an untrue report removes; so many deviations suspend, fewer warn; None: nothing."""
    told = tuple(rechecks)
    if any(each.is_untrue for each in told):
        return Step.REMOVE
    check = checks["RPT-811"]
    most = check.limit_on("pct", day)
    count = sum((off := deviation_pct(each)) is not None and off > most for each in told)
    if count >= check.limit_on("suspends", day):
        return Step.SUSPEND
    return Step.WARN if count else None


def _of_body(body: Body, check: Check, **filled: object) -> Finding:
    zh = check.message.zh.format(body=body.name.zh, **filled)
    en = check.message.en.format(body=body.name.en, **filled)
    return Finding(check.code, check.severity, body.name.zh, Message(zh, en))
