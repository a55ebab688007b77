"""一封消息: what is handed to a channel, and what the channel says became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person.

    Attributes:
        key: what it is known by; the same key is never sent twice.
        to: the person's address in that channel: e-mail, mobile number or member id.
        subject: one line that says it all.
        lines: what it tells, each line complete in itself.
        link: the page that shows more; "" where nobody said where the site is.
    """

    key: str
    to: str
    subject: str
    lines: tuple[str, ...]
    link: str


class Outcome(StrEnum):
    """What became of a letter. All but WAITING are the end of it."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    REFUSED = "refused"  # the peer will never take it
    GIVEN_UP = "given_up"  # tried too often
    DOUBTFUL = "doubtful"  # it may have arrived: never sent again by itself
    DROPPED = "dropped"  # the person no longer wants it, or may no longer have it


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel says of one attempt: WAITING is a fault after which it certainly did not arrive."""

    outcome: Outcome
    said: str = ""
