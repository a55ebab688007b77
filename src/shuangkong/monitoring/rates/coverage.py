"""覆盖率: who must install and connect what by when, and who did; over the four objects that plans name."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shuangkong.core.check import Check
from shuangkong.core.finding import Finding, Message
from shuangkong.monitoring.findings import NOT_CONNECTED, finding
from shuangkong.monitoring.ground import Ground
from shuangkong.monitoring.rates.share import Share
from shuangkong.monitoring.reading import Media


class Thing(StrEnum):
    """What is to be covered."""

    KEY_DISCHARGER = "key_discharger"
    RIVER_OUTLET = "river_outlet"
    PARK = "park"
    MOBILE_SOURCE = "mobile_source"


THINGS: Mapping[Thing, Message] = {
    Thing.KEY_DISCHARGER: Message("重点排污单位", "key dischargers"),
    Thing.RIVER_OUTLET: Message("重点入河排污口", "key outlets into rivers"),
    Thing.PARK: Message("工业园区", "industrial parks"),
    Thing.MOBILE_SOURCE: Message("移动源", "mobile sources"),
}


@dataclass(frozen=True, slots=True)
class Duty:
    """Which factors a sort of thing must measure and send, and by when."""

    thing: Thing
    media: Media | None
    industries: tuple[str, ...]
    factors: tuple[str, ...]
    due_on: date
    ground: Ground

    def binds(self, thing: Thing, media: Media | None, industry: str, day: date) -> bool:
        """Whether it is in force for such a thing on a day (it may be due later)."""
        digits = industry.lstrip("ABCDEFGHIJKLMNOPQRST")
        return (
            self.thing is thing
            and (self.media is None or self.media is media)
            and (not self.industries or any(digits.startswith(code) for code in self.industries))
            and self.ground.validity.holds_on(day)
        )


def duties_of(
    duties: Iterable[Duty], thing: Thing, media: Media | None, industry: str, day: date
) -> Mapping[str, date]:
    """Factor → the earliest day by which a thing must be connected for it; what names no factor is under ``""``."""
    found: dict[str, date] = {}
    for duty in duties:
        if duty.binds(thing, media, industry, day):
            for factor in duty.factors or ("",):
                found[factor] = min(found.get(factor, duty.due_on), duty.due_on)
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing (or one factor of it) that somebody must cover.

    Attributes:
        due_on: by when; ``installed_on``, ``connected_on``: when; None: not yet.
        ended_on: it closed or left the list; from the day after on it is not counted. None: it stands.
    """

    name: str
    thing: Thing
    due_on: date
    installed_on: date | None = None
    connected_on: date | None = None
    ended_on: date | None = None

    def is_due(self, day: date) -> bool:
        """Whether it counts on a day: due by then, and not ended."""
        return self.due_on <= day and (self.ended_on is None or day <= self.ended_on)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one sort of thing, or all together.

    Attributes:
        told: on the register on the day, due or not; ``due``: due by then.
        installed, connected: of those due. ``ahead``: connected before they are due; not in the rates.
    """

    told: int
    due: int
    installed: int
    connected: int
    ahead: int

    @property
    def installation(self) -> Share:
        return Share(self.installed, self.due)

    @property
    def connection(self) -> Share:
        return Share(self.connected, self.due)


def coverage(standings: Iterable[Standing], day: date) -> Coverage:
    """Counts on a day."""
    told = [each for each in standings if each.ended_on is None or day <= each.ended_on]
    due = [each for each in told if each.is_due(day)]
    return Coverage(
        told=len(told),
        due=len(due),
        installed=sum(_is_by(each.installed_on, day) for each in due),
        connected=sum(_is_by(each.connected_on, day) for each in due),
        ahead=sum(not each.is_due(day) and _is_by(each.connected_on, day) for each in told),
    )


def by_thing(standings: Iterable[Standing], day: date) -> Mapping[Thing, Coverage]:
    """Of each of the four, those without any included: nothing due is not 100 %."""
    told = tuple(standings)
    return {thing: coverage((each for each in told if each.thing is thing), day) for thing in Thing}


def grouped[K: Hashable](standings: Iterable[tuple[K, Standing]], day: date) -> Mapping[K, Coverage]:
    """By region, industry or whatever keys them, in the order first met."""
    held: dict[K, list[Standing]] = {}
    for key, each in standings:
        held.setdefault(key, []).append(each)
    return {key: coverage(each, day) for key, each in held.items()}


def overdue(checks: Mapping[str, Check], standings: Iterable[Standing], day: date) -> tuple[Finding, ...]:
    """A finding for each that is due and not connected, the longest overdue first."""
    late = sorted(
        (each for each in standings if each.is_due(day) and not _is_by(each.connected_on, day)),
        key=lambda each: (each.due_on, each.name),
    )
    return tuple(
        finding(
            checks,
            NOT_CONNECTED,
            each.name,
            name=each.name,
            due=each.due_on,
            day=day,
            standing="已安装，未联网" if _is_by(each.installed_on, day) else "未安装",
            standing_en="installed, not connected" if _is_by(each.installed_on, day) else "not installed",
        )
        for each in late
    )


def _is_by(done_on: date | None, day: date) -> bool:
    return done_on is not None and done_on <= day
