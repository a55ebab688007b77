"""Appending to the journal and reading it. Nothing here changes or deletes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.chain import START, seal
from shuangkong.records.journal.digest import sm3
from shuangkong.records.journal.models import JournalHead, JournalRow
from shuangkong.records.journal.rows import Act, Written
from shuangkong.records.paths import below

#: The columns that are sealed, besides the number and the digest before.
SEALED = ("at", "author", "body", "place", "act", "subject", "ground", "document", "before", "after")
#: What a row has for the number of its journal row while that is written: it must bear the row's own number, which only
#: the database knows. Both are written in one transaction.
UNWRITTEN = 0
_BATCH = 500


def append(act: Act) -> int:
    """Writes one row and returns its number. Inside the caller's transaction: the act and its row stand or fall."""
    return append_all([act])[-1]


def append_all(acts: Iterable[Act]) -> tuple[int, ...]:
    """Writes rows in their order and returns their numbers. 3 queries and one per 500 rows."""
    now = timezone.now().astimezone(UTC).isoformat(timespec="microseconds")
    with transaction.atomic():
        head, _ = JournalHead.objects.select_for_update().get_or_create(pk=1, defaults={"sequence": 0, "digest": START})
        rows = list(_sealed(acts, now, head))
        JournalRow.objects.bulk_create(rows, batch_size=_BATCH)
        head.save()
    return tuple(row.sequence for row in rows)


def _sealed(acts: Iterable[Act], now: str, head: JournalHead) -> Iterable[JournalRow]:
    for act in acts:
        said = asdict(act)
        content = {name: _text(said.get(name)) for name in SEALED} | {"at": now}
        digest = seal(head.sequence + 1, content, head.digest, sm3)
        yield JournalRow(sequence=head.sequence + 1, previous=head.digest, digest=digest, **content)
        head.sequence, head.digest = head.sequence + 1, digest


def _text(value: object) -> str:
    """A text as it is, nothing as "", anything else as JSON with sorted names."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(f"{type(value).__name__} cannot be written in the journal")


def head() -> tuple[int, str]:
    """The newest number and digest, which papers print as an anchor; 0 and the start before the first row."""
    found = JournalHead.objects.first()
    return (found.sequence, found.digest) if found else (0, START)


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
