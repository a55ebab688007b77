"""What a client sends next: registered, version compared, configured, then data, each again until it is accepted.

Pure: whoever holds the line hands answers in and is told the next message. A message that was refused or never
answered is sent again, later each time; nothing is dropped. A client that is refused again and again begins anew: it
registers, compares the version, tells its configuration, then sends its data again. Where the centre gives it no other
number, it goes on with the one it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shuangkong.protocols.nhjc.messages import is_accepted, is_answer

#: Between a refusal and the next try: doubled each time, from and up to.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
#: Failures since data were last accepted, at which a client begins anew: each so many of them, refused or unanswered.
REFUSALS, SILENCES = 3, 12


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
        refused: how many messages failed since data were last accepted, or since it was first registered.
        not_before: when it is tried again.
        reason: what the centre said to the last try that failed.
        configured: what was configured last, as its keeper knows it again.
        is_silent: the last try was not answered at all; else it was accepted or refused.
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
    configured: str = ""
    is_silent: bool = False

    def address(self, fallback: str) -> str:
        """Where the step's message goes: what the centre told, else ``fallback``."""
        return dict(self.addresses).get(ADDRESSES.get(self.step, ""), fallback)

    def may_send(self, now: datetime) -> bool:
        """Whether it is time."""
        return self.not_before is None or now >= self.not_before


def answered(session: Session, told: Any, now: datetime) -> Session:
    """The session after an answer; ``told`` is None where the line gave none."""
    if not is_accepted(told) and not (session.step is Step.VERSION and isinstance(told, dict) and "dicVersion" in told):
        return _failed(session, told, now)
    done = replace(session, not_before=None, reason="", is_silent=False)
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
            return replace(done, refused=0)


def changed(session: Session) -> Session:
    """After what is sent, or which meters send it, has changed: configured anew before the next data."""
    return replace(session, step=Step.CONFIGURE) if session.device else session


def _failed(session: Session, told: Any, now: datetime) -> Session:
    refused = session.refused + 1
    reason = str(told.get("responseMessage", "")) if isinstance(told, dict) else "无应答 no answer"
    wait = min(FIRST_WAIT * 2 ** min(session.refused, 16), LONGEST_WAIT)
    later = replace(session, refused=refused, not_before=now + wait, reason=reason[:200], is_silent=not is_answer(told))
    if session.step is Step.REGISTER:
        # A centre that gives no number again may still know the one it gave.
        return replace(later, step=Step.VERSION) if session.device else later
    if refused % (REFUSALS if is_answer(told) else SILENCES) == 0:
        return replace(later, step=Step.REGISTER, dictionary="")
    return later


def _registered(session: Session, told: Mapping[str, Any]) -> Session:
    addresses = tuple(
        (name, value) for name, value in sorted(told.items()) if name.endswith("URL") and isinstance(value, str)
    )
    device = str(told.get("deviceId", "") or session.device)
    kept = session.key if device == session.device else ""
    return replace(
        session,
        step=Step.VERSION,
        # Only who had no number begins to count anew: else a centre that registers and refuses would be asked for ever.
        refused=session.refused if session.device else 0,
        dictionary="",
        device=device,
        key=str(told.get("secretKey", "") or kept),
        addresses=addresses or session.addresses,
        upload_time=str(told.get("uploadTime", "") or session.upload_time),
    )
