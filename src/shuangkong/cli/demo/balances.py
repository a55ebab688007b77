"""虚构的能源平衡表: invented balances of the fictional county in the shape of the form, moved as its figures are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shuangkong.core.period import Period
from shuangkong.papers.tables import read_sheet
from shuangkong.records.facts.store import load_rows
from shuangkong.records.people.acting import Acting

#: After which word of the head the period stands.
_PERIOD = "时期"


def take_balances(folder: Path, by: Acting, years: int) -> Iterator[str]:
    """Loads every balance of a folder, the oldest first; yields what was refused, by its place on the sheet."""
    for path in sorted(folder.glob("*.csv")):
        sheet = read_sheet(path.read_bytes(), path.name)
        report = load_rows(
            _moved(sheet.rows, years),
            name=path.name,
            digest=sheet.digest,
            source=path.stem,
            by=by,
            is_dry_run=False,
            is_demo=True,
        )
        for verdict in report.verdicts:
            if verdict.verdict == "refused":
                yield f"{path.name}: {verdict.message.zh}"


def _moved(rows: Sequence[Sequence[str]], years: int) -> tuple[tuple[str, ...], ...]:
    title, head, *rest = rows
    at = head.index(_PERIOD) + 1
    moved = (*head[:at], str(Period.parse(head[at]).shifted(years)), *head[at + 1 :])
    return (tuple(title), moved, *map(tuple, rest))
