"""Values of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be written down.

    Attributes:
        author: the user name of the person who acts; "system" for a clock.
        act: what was done, as ``plan.adopt`` or ``task.accept``.
        subject: what it was done to, as ``task/17``.
        body: the organisation acted for, as ``body/3``; "" where a person acts for none.
        place: path of the region concerned; "" for the whole site.
        ground: why, in the person's own words.
        document: number or SHA-256 of the document it rests on.
        before, after: what stood and what stands, as plain values; None where there is nothing to compare.
    """

    author: str
    act: str
    subject: str
    body: str = ""
    place: str = ""
    ground: str = ""
    document: str = ""
    before: object = None
    after: object = None


@dataclass(frozen=True, slots=True)
class Written:
    """One row as it stands in the journal; ``before`` and ``after`` are JSON texts or ""."""

    sequence: int
    at: datetime
    author: str
    body: str
    place: str
    act: str
    subject: str
    ground: str
    document: str
    before: str
    after: str
    digest: str
