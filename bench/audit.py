"""How much of what people found in the given plans the audit finds, and whether it accuses falsely."""

from __future__ import annotations

from collections.abc import Iterator

from bench.audit_recall import recalls
from bench.ground import Row

TITLE = "Audit against the hand-made checks that do not hold"
NOTE = (
    "A finding matches a check when it names the same place and shares a figure, a quotation or words with it, or two "
    "figures or two places anywhere: generous, so read the list that `python bench/audit_recall.py` prints."
)


def rows() -> Iterator[Row]:
    for found in recalls():
        hits = sum(match is not None for _, match in found.matches)
        yield Row(f"recall: {found.plan}", f"{hits} of {len(found.matches)} ({found.share:.0%})", "≥ 80 %")
        alarms = f"{len(found.false_alarms)} of {len(found.must_fix)}"
        yield Row(f"must_fix findings that match no hand-made check: {found.plan}", alarms, "0 false alarms")
