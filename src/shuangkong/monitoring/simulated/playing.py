"""The day of a site as messages in the order in which its logger sends them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial

from shuangkong.monitoring.simulated.means import Day, Means, told_day
from shuangkong.monitoring.simulated.noise import one
from shuangkong.monitoring.simulated.site import Kind, Manner, Site
from shuangkong.monitoring.simulated.speaking import instant_items, log_items, mean_items, meter_items
from shuangkong.monitoring.simulated.troubles import DAY_S, clock_error_s, is_silent, outage_until
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.protocols.hj212.message import Item
from shuangkong.protocols.hj212.times import format_time

_DAYS_KEPT = 512
_METER_S, _HEARTBEAT_S, _TAIL_S = 900, 300, 25
#: Shares of messages sent twice, of days with a line in the log, of days with a start of the logger.
_RESENT_SHARE, _LOG_SHARE, _START_SHARE = 0.02, 0.15, 0.01
#: Commands that carry means, by name, with what of a day they carry.
MEANS: dict[str, Callable[[Day], Means]] = {
    "minute_data": lambda told: told.minutes,
    "hour_data": lambda told: told.hours,
    "day_data": lambda told: told.day,
}
#: What the history of a meter tells: its counter each quarter of an hour, or where that is too much each hour.
METER_WORDS, METER_HOURS = ("field_information",), ("meter_hours",)
EVERYTHING = ("realtime_data", *MEANS, "field_information", "heartbeat", "logger_start")


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a site.

    Attributes:
        at: when it is sent, by the true clock.
        word: name of its command.
        time: its DataTime, by the true clock; None: it has none.
        clock_error_s: how far the logger's clock was wrong when it was made.
        items: its data area without DataTime.
        is_resent: it is sent again, or later than it was due.
    """

    at: datetime
    word: str
    time: datetime | None
    clock_error_s: int
    items: tuple[Item, ...]
    is_resent: bool = False


@lru_cache(maxsize=_DAYS_KEPT)
def day_of(site: Site, day: date) -> Day:
    """The day of an outlet; the last ones asked for are kept."""
    return told_day(site, day)


def said_on(site: Site, day: date, words: tuple[str, ...] = EVERYTHING) -> list[Said]:
    """Returns what a site sends of the commands ``words`` about ``day``, by time of sending.

    The day's own means are sent when it is over: the last of them after the next midnight. What a silence swallows is
    not here; what an outage held back is sent at its end, marked as sent again.
    """
    return _said(_Wanted(site, day, 0, 2 * DAY_S), words)


def said_between(site: Site, first: datetime, last: datetime, words: tuple[str, ...] = EVERYTHING) -> list[Said]:
    """Returns what a site sends from ``first`` on and before ``last``, by time of sending."""
    said = []
    day = first.date() - timedelta(days=1)
    while day <= last.date():
        begins = datetime.combine(day, time())
        wanted = _Wanted(site, day, _seconds(first - begins), _seconds(last - begins))
        if wanted.until > 0 and wanted.since < DAY_S + _TAIL_S:
            said += _said(wanted, words)
        day += timedelta(days=1)
    said.sort(key=lambda each: each.at)
    return said


def _seconds(span: timedelta) -> int:
    return -(-span // timedelta(seconds=1))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Messages about one day of a site that are sent at seconds of that day from ``since`` on, before ``until``."""

    site: Site
    day: date
    since: int
    until: int

    @property
    def begins(self) -> datetime:
        """The midnight with which the day begins, on the station's own clock."""
        return datetime.combine(self.day, time())


def _said(wanted: _Wanted, words: tuple[str, ...]) -> list[Said]:
    said = [each for word in words for each in _SPEAKERS[word](wanted)]
    if Manner.RESENDS in wanted.site.manners:
        said += [_again(each) for each in said if one(wanted.site.seed, each.at, each.word, "again") < _RESENT_SHARE]
    said.sort(key=lambda each: each.at)
    return said


def _placed(
    wanted: _Wanted, second: int, word: str, about: int | None, make: Callable[[], list[Item]], lag: int = 0
) -> Iterator[Said]:
    """A message due at a second of the day, unless silence swallows it or an outage holds it back.

    Args:
        about: second of the day that it tells of; None: it has no DataTime.
        make: gives its items.
        lag: seconds that the logger takes to send it.
    """
    site, day = wanted.site, wanted.day
    within = min(second, DAY_S - 1)
    until = outage_until(site, day, within)
    due = second + lag if until is None else until + 5
    if not wanted.since <= due < wanted.until or is_silent(site, day, within):
        return
    if until is not None and word in ("heartbeat", "logger_start"):
        return
    begins = wanted.begins
    told = None if about is None else begins + timedelta(seconds=about)
    error = clock_error_s(site, day)
    yield Said(begins + timedelta(seconds=due), word, told, error, tuple(make()), is_resent=until is not None)


def _again(said: Said) -> Said:
    return Said(said.at + timedelta(seconds=20), said.word, said.time, said.clock_error_s, said.items, is_resent=True)


def _realtime(wanted: _Wanted) -> Iterator[Said]:
    site = wanted.site
    if site.kind is Kind.METER:
        return
    told = day_of(site, wanted.day)
    # Each logger at a second of its own: not all at once on the minute.
    lag = site.seed % site.realtime_s
    for at, second in enumerate(range(0, DAY_S, site.realtime_s)):
        yield from _placed(wanted, second, "realtime_data", second, partial(instant_items, site, told, at), lag)


def _means(word: str) -> Callable[[_Wanted], Iterator[Said]]:
    def speak(wanted: _Wanted) -> Iterator[Said]:
        site = wanted.site
        if site.kind is Kind.METER:
            return
        means = MEANS[word](day_of(site, wanted.day))
        starts = means.seconds.tolist()
        ends = [*starts[1:], DAY_S]
        # Loggers send a little after the end of the period, each at its own second.
        lag = 1 + site.number % _TAIL_S
        for at, second in enumerate(starts):
            yield from _placed(wanted, ends[at] + lag, word, second, partial(mean_items, site, means, at))

    return speak


def _information(wanted: _Wanted) -> Iterator[Said]:
    site, day = wanted.site, wanted.day
    if site.kind is Kind.METER:
        for second in range(0, DAY_S, _METER_S):
            at = wanted.begins + timedelta(seconds=second)
            yield from _placed(wanted, second, "field_information", second, partial(meter_items, site, at))
    elif one(site.seed, day, "log") < _LOG_SHARE:
        second = 9 * 3600 + int(3600 * one(site.seed, day, "log at"))
        at = wanted.begins + timedelta(seconds=second)
        yield from _placed(wanted, second, "field_information", second, partial(log_items, site, at))


def _meter_hours(wanted: _Wanted) -> Iterator[Said]:
    site = wanted.site
    for second in range(0, DAY_S, 3600) if site.kind is Kind.METER else ():
        at = wanted.begins + timedelta(seconds=second)
        yield from _placed(wanted, second, "field_information", second, partial(meter_items, site, at))


def _heartbeat(wanted: _Wanted) -> Iterator[Said]:
    if wanted.site.edition is Edition.V2025:
        for second in range(wanted.site.number % _HEARTBEAT_S, DAY_S, _HEARTBEAT_S):
            yield from _placed(wanted, second, "heartbeat", None, list)


def _start(wanted: _Wanted) -> Iterator[Said]:
    site, day = wanted.site, wanted.day
    if site.edition is not Edition.V2005 and one(site.seed, day, "start") < _START_SHARE:
        second = int(DAY_S * one(site.seed, day, "start at"))
        restarted = wanted.begins + timedelta(seconds=second - 180)
        items: list[Item] = [(("RestartTime", format_time(restarted)),)]
        yield from _placed(wanted, second, "logger_start", second, lambda: items)


_SPEAKERS: dict[str, Callable[[_Wanted], Iterator[Said]]] = {
    "realtime_data": _realtime,
    **{word: _means(word) for word in MEANS},
    "field_information": _information,
    "meter_hours": _meter_hours,
    "heartbeat": _heartbeat,
    "logger_start": _start,
}
