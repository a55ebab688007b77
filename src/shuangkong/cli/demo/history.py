"""演示的历史: what the invented stations told before the demo began, in the log of frames as it came in its time.

Written before the gateway opens the log: each frame bears when its station sent it, so that what came in time counts as
come in time. From today on the stations speak to the gateway itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import batched
from pathlib import Path

from shuangkong.gateway.listening.connection import Verdict
from shuangkong.gateway.simulated.running import ZONE
from shuangkong.monitoring.simulated.answering import Station
from shuangkong.monitoring.simulated.playing import MEANS, METER_HOURS, METER_WORDS, said_on
from shuangkong.monitoring.simulated.site import Kind, Site
from shuangkong.protocols.hj212.codes import Codes
from shuangkong.readings.evidence import Kind as RecordKind
from shuangkong.readings.evidence import Log
from shuangkong.readings.evidence.files import segment_numbers
from shuangkong.readings.evidence.record import pack

#: Minutes are told of so long before today; of the days before only hours and days.
MINUTES = timedelta(days=1)
#: Records that are made durable together.
_GROUP = 2_000
#: How long a frame is on its way.
_ON_THE_WAY = timedelta(seconds=1)
_COARSE = tuple(word for word in MEANS if word != "minute_data")
#: What loggers of outlets tell beside: lines of their log, that they started.
_BESIDE = ("field_information", "logger_start")


def write_history(folder: Path, sites: Sequence[Site], codes: Codes, first: date, now: datetime) -> int:
    """Writes what the sites sent from ``first`` to ``now`` (local time); returns how many frames.

    None where the log holds something: what was told is told.
    """
    if segment_numbers(folder):
        return 0
    told = sorted(_frames(sites, codes, first, now), key=lambda each: each[0])
    log = Log(folder)
    try:
        for group in batched(told, _GROUP):
            log.write([_record(at, number, frame) for at, number, frame in group])
    finally:
        log.close()
    return len(told)


def _frames(sites: Sequence[Site], codes: Codes, first: date, now: datetime) -> Iterator[tuple[datetime, int, bytes]]:
    """When a frame came, from which site, its bytes."""
    for number, site in enumerate(sites, start=1):
        station, day = Station(site, codes), first
        while day <= now.date():
            for said in said_on(site, day, _words(site, day, now.date())):
                if said.at <= now - _ON_THE_WAY:
                    for frame in station.frames(said):
                        yield said.at + _ON_THE_WAY, number, frame
            day += timedelta(days=1)


def _words(site: Site, day: date, today: date) -> tuple[str, ...]:
    if day < today - MINUTES:
        return METER_HOURS if site.kind is Kind.METER else (*_COARSE, *_BESIDE)
    return METER_WORDS if site.kind is Kind.METER else (*MEANS, *_BESIDE)


def _record(at: datetime, number: int, frame: bytes) -> bytes:
    # Numbers of connections are moments: so small a one never comes again.
    return pack(RecordKind.FRAME, frame, round(at.replace(tzinfo=ZONE).timestamp() * 1e9), number, int(Verdict.KNOWN))
