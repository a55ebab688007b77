"""封印留存: number and seal of the newest row, written down once a day outside the database.

Whoever rewrites the database whole cannot rewrite what lies elsewhere: the file is to be backed up apart from it, and
its newest line is shown to whoever reads the journal.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from shuangkong.records.journal.store import head


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest number and its seal, as they were on a day."""

    on: date
    sequence: int
    digest: str


def anchors_file() -> Path:
    return Path(settings.VAR) / "anchors" / "journal.tsv"


def keep_anchor(on: date) -> bool:
    """Writes down the newest row of a day, once; returns whether it did. Nothing while the journal is empty."""
    sequence, digest = head()
    if not sequence or any(each.on >= on for each in anchors()[-1:]):
        return False
    path = anchors_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{on.isoformat()}\t{sequence}\t{digest}\n".encode())
    finally:
        os.close(handle)
    return True


def anchors() -> tuple[Anchor, ...]:
    """Every anchor kept, oldest first. Raises ValueError where the file is not as it was written."""
    path = anchors_file()
    if not path.is_file():
        return ()
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(Anchor(date.fromisoformat(on), int(sequence), digest) for on, sequence, digest in rows)
