"""Appending to the journal and reading it. Nothing here changes or deletes."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.chain import START, seal
from shuangkong.records.journal.digest import sm3
from shuangkong.records.journal.models import JournalHead, JournalRow
from shuangkong.records.journal.rows import Act, Written
from shuangkong.records.paths import below
from shuangkong.records.statements import Outcome, Ready, Statement, insert, is_outermost, run, update

#: The columns that are sealed, besides the number and the digest before.
SEALED = ("at", "author", "body", "place", "act", "subject", "ground", "document", "before", "after")
#: What a row has for the number of its journal row while that is written: it must bear the row's own number, which only
#: the database knows. Both are written in one transaction.
UNWRITTEN = 0
_BATCH = 500
#: Of so many of the newest rows it is asked which acts they are of.
_LOOKED = 20_000


type Beside = Callable[[int], Sequence[Statement]]
#: Of the number and of what came of what was written first.
type After = Callable[[int, Sequence[Outcome]], Sequence[Statement]]


def append(act: Act, beside: Beside | None = None) -> int:
    """Writes one row and returns its number. Inside the caller's transaction: the act and its row stand or fall.

    ``beside``: of that number, what is written in one go with the row. The lock that all acts share is held from here
    to the end of the transaction: what can be written before is written before.
    """
    return append_all([act], beside)[-1]


def append_all(acts: Iterable[Act], beside: Beside | None = None) -> tuple[int, ...]:
    """Writes rows in their order and returns their numbers; ``beside`` of the last. 2 queries."""
    with transaction.atomic(savepoint=False):
        head = _locked_head(_HEAD.ask(pk=1))
        rows = _following(acts, head)
        run(*rows.written, *(beside(head.sequence) if beside else ()))
    return rows.numbers


def append_last(act: Act, first: Sequence[Statement], after: After) -> int:
    """Writes what is ``first``, then one row with what comes ``after`` it; returns the row's number. 2 queries.

    It is all that the caller's transaction does, begin and end on the way: the lock that all acts share is held from
    the end of the first query to that of the second. Whatever ``after`` raises undoes both.
    """
    is_whole = is_outermost()
    with transaction.atomic(savepoint=False):
        *told, found = run(*first, _HEAD.among(pk=1), opens=is_whole)
        head = _locked_head(found.rows)
        row = _following([act], head)
        run(*row.written, *after(head.sequence, told), closes=is_whole)
    return head.sequence


_HEAD = Ready(
    lambda pk: JournalHead.objects.select_for_update().filter(pk=pk).values_list("pk", "sequence", "digest"), pk=int
)


def _locked_head(rows: Sequence[tuple[Any, ...]]) -> JournalHead:
    """The head that was found; before the first row there is none, and it is made."""
    for number, sequence, digest in rows:
        return JournalHead(pk=number, sequence=sequence, digest=digest)
    made, _ = JournalHead.objects.select_for_update().get_or_create(pk=1, defaults={"sequence": 0, "digest": START})
    return made


type _Row = dict[str, Any]


class _Rows(NamedTuple):
    numbers: tuple[int, ...]
    written: list[Statement]


def _following(acts: Iterable[Act], head: JournalHead) -> _Rows:
    """What writes rows at the end of the chain, and moves the head, which is moved here already."""
    now = timezone.now().astimezone(UTC).isoformat(timespec="microseconds")
    rows = list(_sealed(acts, now, head))
    written = [insert(JournalRow, *batch) for batch in batched(rows, _BATCH)]
    return _Rows(tuple(row["sequence"] for row in rows), [*written, update(head, ("sequence", "digest"))])


def _sealed(acts: Iterable[Act], now: str, head: JournalHead) -> Iterable[_Row]:
    for act in acts:
        content = {name: _text(getattr(act, name, None)) for name in SEALED} | {"at": now}
        digest = seal(head.sequence + 1, content, head.digest, sm3)
        yield {**content, "sequence": head.sequence + 1, "previous": head.digest, "digest": digest}
        head.sequence, head.digest = head.sequence + 1, digest


def _text(value: object) -> str:
    """A text as it is, nothing as "", anything else as JSON with sorted names."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str | dict[str, Any]:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot be written in the journal")


def head() -> tuple[int, str]:
    """The newest number and digest, which papers print as an anchor; 0 and the start before the first row."""
    found = JournalHead.objects.first()
    return (found.sequence, found.digest) if found else (0, START)


def at_of(sequence: int) -> datetime | None:
    """When the row of a number was written; None where there is none. 1 query."""
    told = JournalRow.objects.filter(pk=sequence).values_list("at", flat=True).first()
    return None if told is None else datetime.fromisoformat(told)


def is_over(most: int, acts: Collection[str], since: datetime) -> bool:
    """Whether more than so many of the newest rows are of these acts and written since an instant.

    2 queries by number; a third where so many rows were written since, of whatever act.
    """
    last = head()[0]
    at = at_of(last - most)
    if at is None or at <= since:
        return False
    moment = since.astimezone(UTC).isoformat(timespec="microseconds")
    rows = JournalRow.objects.filter(pk__gt=last - _LOOKED, at__gt=moment, act__in=acts)
    return len(rows.order_by("-pk").values_list("pk")[: most + 1]) > most


def of_subject(subject: str, until: date | None = None) -> tuple[Written, ...]:
    """Rows about one subject, oldest first, as known at the end of the day ``until``."""
    return written(JournalRow.objects.filter(subject=subject, **_known_by(until)).order_by("sequence"))


def of_place(path: str, first: int = 0, count: int = 100) -> tuple[Written, ...]:
    """The newest rows of a place and all below it, leaving out the ``first`` newest."""
    found = JournalRow.objects.filter(below(path, "place")).order_by("-sequence")
    return written(found[first : first + count])


def newest(seen: Q, count: int, before: int | None = None, subject: str | None = None) -> tuple[Written, ...]:
    """The newest rows that meet a condition on ``place``, those before a number, about one subject. 1 query."""
    asked = {"sequence__lt": before, "subject": subject}
    found = JournalRow.objects.filter(seen, **{name: value for name, value in asked.items() if value is not None})
    return written(found.order_by("-sequence")[:count])


def done_after(until: date, act: str, subjects: Iterable[str]) -> frozenset[str]:
    """Those of the subjects to which an act was done after the end of a day. 1 query."""
    found = JournalRow.objects.filter(act=act, subject__in=list(subjects)).exclude(**_known_by(until))
    return frozenset(found.values_list("subject", flat=True))


def _known_by(until: date | None) -> dict[str, str]:
    """Moments are written in UTC in one form, so that their texts compare like the moments."""
    if until is None:
        return {}
    midnight = timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min))
    return {"at__lt": midnight.astimezone(UTC).isoformat(timespec="microseconds")}


def written(rows: Iterable[JournalRow]) -> tuple[Written, ...]:
    """Rows as values."""
    return tuple(
        Written(
            sequence=row.sequence,
            at=datetime.fromisoformat(row.at),
            author=row.author,
            body=row.body,
            place=row.place,
            act=row.act,
            subject=row.subject,
            ground=row.ground,
            document=row.document,
            before=row.before,
            after=row.after,
            digest=row.digest,
        )
        for row in rows
    )
