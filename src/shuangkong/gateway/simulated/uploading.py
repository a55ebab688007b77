"""Energy meters that upload as the access end of a unit does (NHJC): register, configure, then hours till accepted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from shuangkong.gateway.simulated.counts import Counts
from shuangkong.gateway.simulated.running import Play, station_clock
from shuangkong.monitoring.simulated.counter import hourly_kwh
from shuangkong.monitoring.simulated.site import Site
from shuangkong.protocols.nhjc.codes import ItemCode
from shuangkong.protocols.nhjc.messages import Every, Item, Source, is_accepted, write_data
from shuangkong.protocols.nhjc.profile import Profile
from shuangkong.protocols.nhjc.session import Session, Step, answered

PATIENCE_S, PAUSE_S, LATE_S = 15, 2.0, 60
_ANSWER_BYTES = 1 << 20
#: Class, type and use of electricity that is bought (NECC-NHJC-02; the type as in the statistical list).
_CLASS, _ELECTRICITY, _BOUGHT = "01", "3300", "10"


@dataclass(frozen=True, slots=True)
class Unit:
    """A key energy-using unit with its meters; the first of them is that of the whole plant."""

    enterprise: str
    region: str
    meters: tuple[Site, ...]


def units(meters: Sequence[Site], told: Sequence[tuple[str, str]]) -> tuple[Unit, ...]:
    """Gives the meters to units (credit code and region) in turn."""
    return tuple(Unit(code, region, tuple(meters[at :: len(told)])) for at, (code, region) in enumerate(told))


def item_code(place: int) -> ItemCode:
    """The code under which the ``place``-th meter of a unit uploads, from 0."""
    return ItemCode("00", "00", f"{place:04d}", _CLASS, _ELECTRICITY, _BOUGHT)


def figures(unit: Unit, day: date, until: datetime | None = None) -> Iterator[Item]:
    """Hours of a day of all meters of a unit; ``until``: none that ends later."""
    for place, meter in enumerate(unit.meters):
        code = item_code(place)
        for hour, used in hourly_kwh(meter, day):
            starts = datetime.combine(day, time(hour))
            if until is None or starts + timedelta(hours=1) <= until:
                value = Decimal(str(used))
                yield Item(code, value, Every.REAL_TIME, starts, Source.METER, code.scope, is_valid=True)


async def upload(unit: Unit, url: str, profile: Profile, play: Play, counts: Counts) -> None:
    """Uploads the days of history, then each hour when it is over; again until the centre accepts."""
    session, sent = Session(), ""
    day = play.first or station_clock().date()
    while True:
        now = station_clock()
        rows = [each for each in figures(unit, day, now) if each.starts.isoformat() > sent]
        if rows:
            session = await _accepted(session, unit, url, profile, rows, counts)
            sent = max(each.starts.isoformat() for each in rows)
        if play.last is not None and not play.is_live and day >= play.last:
            return
        if day < now.date():
            day += timedelta(days=1)
        else:
            await asyncio.sleep(3600 - (now.minute * 60 + now.second) + LATE_S)


async def _accepted(
    session: Session, unit: Unit, url: str, profile: Profile, rows: list[Item], counts: Counts
) -> Session:
    """Goes through the steps until the figures are accepted."""
    while True:
        now = station_clock()
        if not session.may_send(now):
            await asyncio.sleep(PAUSE_S)
            continue
        step, message = session.step, _message(session, unit, profile, rows, now)
        counts.sent += 1
        told = await asyncio.to_thread(_post, session.address(url), message)
        taken = is_accepted(told)
        counts.acknowledged += taken
        counts.resent += not taken
        session = answered(session, told, now)
        if step is Step.DATA and taken:
            return session


def _message(session: Session, unit: Unit, profile: Profile, rows: list[Item], now: datetime) -> dict[str, Any]:
    match session.step:
        case Step.REGISTER:
            return {"enterpriseCode": unit.enterprise, "region": unit.region}
        case Step.VERSION:
            return {"deviceId": session.device}
        case Step.CONFIGURE:
            return {
                "deviceId": session.device,
                "enterpriseCode": unit.enterprise,
                "collectItemConfig": [
                    {
                        "name": meter.name,
                        "dataCode": item_code(place).dashed,
                        "inputType": str(int(Source.METER)),
                        "statType": str(int(Every.REAL_TIME)),
                        "scope": str(int(item_code(place).scope)),
                    }
                    for place, meter in enumerate(unit.meters)
                ],
            }
        case Step.DATA:
            key = bytes.fromhex(session.key) if session.key else None
            return write_data(session.device, unit.enterprise, rows, replace(profile, key=key), now)


def _post(url: str, content: Mapping[str, Any]) -> Any:
    """The answer as JSON; None where there was none."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_S)
    body = json.dumps(content, ensure_ascii=False).encode()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        return json.loads(connection.getresponse().read(_ANSWER_BYTES))
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
