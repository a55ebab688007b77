"""Sending what is owed to a centre: registered, configured when settings change, then figures till accepted.

A centre that refuses is asked again, later each time, and in the end from the beginning (``protocols.nhjc.session``).
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR, socket
from threading import Timer
from typing import Any, Protocol
from urllib.parse import urlsplit

from shuangkong.gateway.collector.keeping import Kept, Owed
from shuangkong.gateway.collector.plan import Centre
from shuangkong.protocols.nhjc.codes import read_code
from shuangkong.protocols.nhjc.messages import Every, Item, Meant, is_accepted, is_answer, write_data
from shuangkong.protocols.nhjc.profile import Auth, Profile
from shuangkong.protocols.nhjc.session import Session, Step, answered, changed

#: Figures of one message; messages of one visit, so that a centre that always answers does not hold it for ever.
MOST, STEPS = 1000, 100
#: Parts that a refused message of one item is taken into.
PARTS = 10
#: Seconds that a centre has for each word of its answer, and for all of it.
PATIENCE, LONGEST = 15, 60
_ANSWER_BYTES = 1 << 20


class Sender(Protocol):
    """For which unit is sent: a collector's own, or one that uploaded to a site that passes it on."""

    @property
    def enterprise(self) -> str:
        """Credit code."""

    @property
    def region(self) -> str:
        """Six digits."""

    def meant(self) -> Sequence[Meant]:
        """What it sends, as the centre is told before."""


def forward(plan: Sender, centre: Centre, kept: Kept, now: datetime) -> Session:
    """Goes on with a centre until nothing is owed, it refuses, or ``STEPS`` are done; ``now`` is local time."""
    session, configured = kept.session(centre.name), _digest(plan, centre.profile)
    visit = _Visit(plan, centre, kept, now, STEPS)
    while visit.left > 0 and session.may_send(now):
        owed: list[Owed] = []
        if session.step is Step.DATA and session.configured != configured:
            session = changed(session)
        if session.step is Step.DATA:
            owed = kept.owed(centre.name, _due(session, centre, now), MOST, now)
            if not owed:
                break
        told = visit.send(session, owed)
        if session.step is Step.DATA and not is_accepted(told) and is_answer(told) and len(owed) > 1:
            told = visit.take_apart(session, owed) or told
        if session.step is Step.CONFIGURE and is_accepted(told):
            session = replace(session, configured=configured)
        session = answered(session, told, now)
        kept.set_session(centre.name, session)
    return session


@dataclass(slots=True)
class _Visit:
    """One visit to a centre; ``left``: how many messages it may still take."""

    plan: Sender
    centre: Centre
    kept: Kept
    now: datetime
    left: int

    def send(self, session: Session, owed: list[Owed]) -> Any:
        """What the centre says to the next message; figures that it accepts are kept as such."""
        self.left -= 1
        address = session.address(self.centre.register_url)
        told = _post(address, _message(self.plan, self.centre, session, owed, self.now), self.centre)
        if owed and is_accepted(told):
            self.kept.set_accepted(self.centre.name, owed)
        return told

    def take_apart(self, session: Session, owed: list[Owed], *, is_part: bool = False) -> Any:
        """Sends the parts of a message that was refused, so that one figure holds up no others.

        Returns:
            The last answer that accepts a part; None where no part is accepted: then it is not for single figures.
        """
        taken, refused = None, []
        for part in _parts(owed):
            if self.left <= 0:
                return taken
            told = self.send(session, part)
            if is_accepted(told):
                taken = told
            elif is_answer(told):
                refused.append(part)
            else:
                return taken
        for part in refused if taken is not None or is_part else ():
            if len(part) == 1:
                self.kept.set_aside(self.centre.name, part[0], self.now)
            else:
                self.take_apart(session, part, is_part=True)
        return taken


def _parts(owed: list[Owed]) -> list[list[Owed]]:
    """By item where there are several: what is wrong is mostly wrong with one of them."""
    of_code: dict[str, list[Owed]] = {}
    for each in owed:
        of_code.setdefault(each.code, []).append(each)
    if len(of_code) > 1:
        return list(of_code.values())
    size = -(-len(owed) // PARTS)
    return [owed[at : at + size] for at in range(0, len(owed), size)]


def _due(session: Session, centre: Centre, now: datetime) -> Every:
    """Figures of days and more wait for the hour that the centre gave; hours never wait."""
    try:
        due = time.fromisoformat(session.upload_time) if session.upload_time else centre.day_time
    except ValueError:
        due = centre.day_time
    return Every.YEAR if now.time() >= due else Every.REAL_TIME


def _message(plan: Sender, centre: Centre, session: Session, owed: list[Owed], now: datetime) -> dict[str, Any]:
    token = {centre.profile.token_field: centre.token} if centre.profile.auth is Auth.TOKEN else {}
    match session.step:
        case Step.REGISTER:
            return token | {"enterpriseCode": plan.enterprise, "region": plan.region}
        case Step.VERSION:
            return token | {"deviceId": session.device}
        case Step.CONFIGURE:
            return token | _configuration(plan, centre.profile, session)
        case Step.DATA:
            figures = (_item(each) for each in owed)
            return token | write_data(session.device, plan.enterprise, figures, _sealing(centre, session), now)


def _configuration(plan: Sender, profile: Profile, session: Session) -> dict[str, Any]:
    rows = _items(plan, profile)
    return {"deviceId": session.device, "enterpriseCode": plan.enterprise, "collectItemConfig": rows}


def _digest(plan: Sender, profile: Profile) -> str:
    """By which a configuration is known again."""
    return sha256(json.dumps(_items(plan, profile), ensure_ascii=False).encode()).hexdigest()


def _items(plan: Sender, profile: Profile) -> list[dict[str, str]]:
    return [_row(each, profile) for each in plan.meant()]


def _row(meant: Meant, profile: Profile) -> dict[str, str]:
    row = {"name": meant.name, "dataCode": meant.code.dashed if profile.is_dashed else meant.code.plain}
    if meant.source is not None:
        row["inputType"] = str(int(meant.source))
    if meant.every is not None:
        row["statType"] = str(int(meant.every))
    row["scope"] = str(int(meant.code.scope))
    bounds = (("dataValueMin", meant.lowest), ("dataValueMax", meant.highest))
    return row | {name: f"{bound:f}" for name, bound in bounds if bound is not None}


def _sealing(centre: Centre, session: Session) -> Profile:
    try:
        key = bytes.fromhex(session.key) if session.key else None
    except ValueError:
        key = None
    return replace(centre.profile, key=key)


def _item(owed: Owed) -> Item:
    code = read_code(owed.code)
    if code is None:  # pragma: no cover - only codes of the settings are kept
        raise ValueError(owed.code)
    amount = owed.amount
    return Item(code, amount.value, amount.every, amount.starts, owed.source, code.scope, amount.is_valid)


def _post(url: str, content: Mapping[str, Any], centre: Centre) -> Any:
    """The answer as JSON; None where there was none. The certificate must fit the centre's own authority, if named."""
    parts = urlsplit(url)
    host, path = parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: HTTPConnection = (
        HTTPSConnection(
            host, parts.port, timeout=PATIENCE, context=ssl.create_default_context(cafile=centre.ca or None)
        )
        if parts.scheme == "https"
        else HTTPConnection(host, parts.port, timeout=PATIENCE)
    )
    body = json.dumps(content, ensure_ascii=False).encode()
    cut = Timer(LONGEST, lambda: _cut(held))
    cut.daemon = True
    try:
        connection.connect()
        # A connection lets go of its socket before the answer's body is read.
        held = connection.sock
        cut.start()
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        response = connection.getresponse()
        told = response.read(_ANSWER_BYTES)
    except (OSError, HTTPException) as fault:
        return {"responseMessage": f"{type(fault).__name__} {fault}"[:200]}
    finally:
        cut.cancel()
        connection.close()
    try:
        return json.loads(told)
    except ValueError:
        return {"responseMessage": f"HTTP {response.status} {told[:100].decode(errors='replace')}"}


def _cut(held: socket) -> None:
    """Ends a line whose other end sends a byte now and then, for ever."""
    with suppress(OSError):
        held.shutdown(SHUT_RDWR)
