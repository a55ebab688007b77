"""What a client sends next: registered, version compared, configured, then data, each again until it is accepted.

Pure: whoever holds the line hands answers in and is told the next message. A message that was refused or never
answered is sent again, later each time; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shuangkong.protocols.nhjc.messages import is_accepted

#: Between a refusal and the next try: doubled each time, from and up to.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


class Step(StrEnum):
    """Where the client stands; in this order."""

    REGISTER = "register"
    VERSION = "version"
    CONFIGURE = "configure"
    DATA = "data"


#: Which address of the register's answer a step goes to.
ADDRESSES = {Step.VERSION: "loadDicVersionURL", Step.CONFIGURE: "centerInfoURL", Step.DATA: "centerDataURL"}


@dataclass(frozen=True, slots=True)
class Session:
    """A client towards one centre.

    Attributes:
        step: what is sent next.
        device: number that the centre gave.
        key: hexadecimal SM4 key that it gave, or nothing.
        addresses: names of addresses → addresses, as it gave them.
        upload_time: time of day that it gave.
        dictionary: version of the dictionary that it last told.
        refused: how often in a row the step failed.
        not_before: when it is tried again.
        reason: what the centre said to the last try that failed.
    """

    step: Step = Step.REGISTER
    device: str = ""
    key: str = ""
    addresses: tuple[tuple[str, str], ...] = ()
    upload_time: str = ""
    dictionary: str = ""
    refused: int = 0
    not_before: datetime | None = None
    reason: str = ""

    def address(self, fallback: str) -> str:
        """Where the step's message goes: what the centre told, else ``fallback``."""
        return dict(self.addresses).get(ADDRESSES.get(self.step, ""), fallback)

    def may_send(self, now: datetime) -> bool:
        """Whether it is time."""
        return self.not_before is None or now >= self.not_before


def answered(session: Session, told: Any, now: datetime) -> Session:
    """The session after an answer; ``told`` is None where the line gave none."""
    if not is_accepted(told) and not (session.step is Step.VERSION and isinstance(told, dict) and "dicVersion" in told):
        wait = min(FIRST_WAIT * 2 ** min(session.refused, 16), LONGEST_WAIT)
        reason = str(told.get("responseMessage", "")) if isinstance(told, dict) else "无应答 no answer"
        return replace(session, refused=session.refused + 1, not_before=now + wait, reason=reason[:200])
    done = replace(session, refused=0, not_before=None, reason="")
    match session.step:
        case Step.REGISTER:
            return _registered(done, told)
        case Step.VERSION:
            told_version = str(told.get("dicVersion", ""))
            known = done.dictionary == told_version
            return replace(done, step=Step.DATA if known else Step.CONFIGURE, dictionary=told_version)
        case Step.CONFIGURE:
            return replace(done, step=Step.DATA)
        case Step.DATA:
            return done


def changed(session: Session) -> Session:
    """After what is sent, or which meters send it, has changed: configured anew before the next data."""
    return replace(session, step=Step.CONFIGURE) if session.device else session


def _registered(session: Session, told: Mapping[str, Any]) -> Session:
    addresses = tuple(
        (name, value) for name, value in sorted(told.items()) if name.endswith("URL") and isinstance(value, str)
    )
    return replace(
        session,
        step=Step.VERSION,
        device=str(told.get("deviceId", "")),
        key=str(told.get("secretKey", "") or ""),
        addresses=addresses,
        upload_time=str(told.get("uploadTime", "") or ""),
    )
