"""依据: the document on which a rule or a figure rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """``id``: the file name in ``policy/<layer>/sources/``; ``number``: of the document or standard, may be empty.

    ``english``: the title as English pages say it, our own rendering; "" where nobody has rendered it.
    """

    id: str
    title: str
    number: str
    issuer: str
    issued_on: date | None
    is_verified: bool
    english: str = ""
