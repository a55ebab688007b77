"""审核结果入库: what the checks found in a version, as rows, with what the unit says to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import batched

from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.models import Explanation, FoundFinding, Version
from shuangkong.records.statements import Statement, insert
from shuangkong.reporting.checks.run import Found

_LONGEST_PLACE, _AT_ONCE = 200, 500


def finding_rows(found: Iterable[Found]) -> list[FoundFinding]:
    """What was found, of a version whose number is not known yet."""
    return [
        FoundFinding(
            code=each.code, severity=each.severity.value, address=each.place[:_LONGEST_PLACE],
            zh=each.message.zh, en=each.message.en, ground_zh=each.ground.zh if each.ground else "",
            ground_en=each.ground.en if each.ground else "",
        )
        for each in found
    ]  # fmt: skip


def written_at_once(rows: Sequence[FoundFinding]) -> list[Statement]:
    """What writes rows to which nothing is said."""
    return [insert(*batch) for batch in batched(rows, _AT_ONCE)]


def explain(made: Version, rows: Sequence[FoundFinding], said: Iterable[str], by: Acting) -> None:
    """Writes rows with what is said to each, "" for nothing: explanations name theirs. 2 queries."""
    for each in rows:
        each.version = made
    FoundFinding.objects.bulk_create(rows)
    told = zip(rows, said, strict=True)
    Explanation.objects.bulk_create(Explanation(finding=row, text=text, author=by.author) for row, text in told if text)
