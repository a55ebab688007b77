"""审核结果入库: what the checks found in a version, as rows, with what the unit says to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import batched

from shuangkong.core.finding import Message
from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting.models import Explanation, FoundFinding
from shuangkong.records.statements import Statement, insert
from shuangkong.reporting.checks.older import english_units
from shuangkong.reporting.checks.run import Found
from shuangkong.rulebook import Rulebook, open_rulebook

_LONGEST_PLACE, _AT_ONCE = 200, 500


def finding_rows(found: Iterable[Found]) -> list[dict[str, str]]:
    """What was found, attribute → value, of a version whose number is not known yet."""
    return [
        {
            "code": each.code, "severity": each.severity.value, "address": each.place[:_LONGEST_PLACE],
            "zh": each.message.zh, "en": each.message.en, "ground_zh": each.ground.zh if each.ground else "",
            "ground_en": each.ground.en if each.ground else "",
        }
        for each in found
    ]  # fmt: skip


def message_of(zh: str, en: str) -> Message:
    """The words of a row; what was kept before units were told in English is put so as it is read."""
    return Message(zh, _units(open_rulebook())(en))


def ground_of(zh: str, en: str) -> Message | None:
    """Its ground; None where it has none."""
    return message_of(zh, en) if zh else None


@lru_cache(maxsize=4)
def _units(book: Rulebook) -> Callable[[str], str]:
    return english_units(book.units())


def written_at_once(version: int, rows: Sequence[Mapping[str, str]]) -> list[Statement]:
    """What writes rows of a version, to which nothing is said."""
    told = [{**row, "version_id": version} for row in rows]
    return [insert(FoundFinding, *batch) for batch in batched(told, _AT_ONCE)]


def explain(version: int, rows: Sequence[Mapping[str, str]], said: Iterable[str], by: Acting) -> None:
    """Writes rows with what is said to each, "" for nothing: explanations name theirs. 2 queries."""
    made = FoundFinding.objects.bulk_create(FoundFinding(version_id=version, **row) for row in rows)
    told = zip(made, said, strict=True)
    Explanation.objects.bulk_create(Explanation(finding=row, text=text, author=by.author) for row, text in told if text)
