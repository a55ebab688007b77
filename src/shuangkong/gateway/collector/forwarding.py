"""Sending what is owed to a centre: registered, configured when settings change, then figures till accepted.

A centre that refuses is asked again, later each time, and in the end from the beginning (``protocols.nhjc.session``).
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from shuangkong.gateway.collector.keeping import Kept, Owed
from shuangkong.gateway.collector.plan import Centre, Plan
from shuangkong.protocols.nhjc.codes import read_code
from shuangkong.protocols.nhjc.messages import Every, Item, Source, is_accepted, write_data
from shuangkong.protocols.nhjc.profile import Auth, Profile
from shuangkong.protocols.nhjc.session import Session, Step, answered, changed

#: Figures of one message; steps of one visit, so that a centre that always answers cannot hold the collector.
MOST, STEPS = 1000, 100
PATIENCE = 15
_ANSWER_BYTES = 1 << 20


def forward(plan: Plan, centre: Centre, kept: Kept, now: datetime) -> Session:
    """Goes on with a centre until nothing is owed, it refuses, or ``STEPS`` are done; ``now`` is local time."""
    session, configured = kept.session(centre.name), _digest(plan, centre.profile)
    for _ in range(STEPS):
        if not session.may_send(now):
            break
        owed: list[Owed] = []
        if session.step is Step.DATA and session.configured != configured:
            session = changed(session)
        if session.step is Step.DATA:
            owed = kept.owed(centre.name, _due(session, centre, now), MOST)
            if not owed:
                break
        told = _post(session.address(centre.register_url), _message(plan, centre, session, owed, now), centre)
        if session.step is Step.DATA and is_accepted(told):
            kept.set_accepted(centre.name, owed)
        if session.step is Step.CONFIGURE and is_accepted(told):
            session = replace(session, configured=configured)
        session = answered(session, told, now)
        kept.set_session(centre.name, session)
    return session


def _due(session: Session, centre: Centre, now: datetime) -> Every:
    """Figures of days and more wait for the hour that the centre gave; hours never wait."""
    try:
        due = time.fromisoformat(session.upload_time) if session.upload_time else centre.day_time
    except ValueError:
        due = centre.day_time
    return Every.YEAR if now.time() >= due else Every.REAL_TIME


def _message(plan: Plan, centre: Centre, session: Session, owed: list[Owed], now: datetime) -> dict[str, Any]:
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


def _configuration(plan: Plan, profile: Profile, session: Session) -> dict[str, Any]:
    rows = _items(plan, profile)
    return {"deviceId": session.device, "enterpriseCode": plan.enterprise, "collectItemConfig": rows}


def _digest(plan: Plan, profile: Profile) -> str:
    """By which a configuration is known again."""
    return sha256(json.dumps(_items(plan, profile), ensure_ascii=False).encode()).hexdigest()


def _items(plan: Plan, profile: Profile) -> list[dict[str, str]]:
    return [
        {
            "name": f"{meter.name} {item.name}",
            "dataCode": item.code.dashed if profile.is_dashed else item.code.plain,
            "inputType": str(int(Source.METER)),
            "statType": str(int(every)),
            "scope": str(int(item.code.scope)),
        }
        for meter in plan.meters
        for item in meter.items
        for every in (Every.REAL_TIME, Every.DAY, Every.MONTH)
    ]


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
    return Item(code, amount.value, amount.every, amount.starts, Source.METER, code.scope, amount.is_valid)


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
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8"})
        response = connection.getresponse()
        told = response.read(_ANSWER_BYTES)
    except (OSError, HTTPException) as fault:
        return {"responseMessage": f"{type(fault).__name__} {fault}"[:200]}
    finally:
        connection.close()
    try:
        return json.loads(told)
    except ValueError:
        return {"responseMessage": f"HTTP {response.status} {told[:100].decode(errors='replace')}"}
