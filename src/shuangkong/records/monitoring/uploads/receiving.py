"""收件: bodies of readings that others upload: each is known again, has a number for good, stands in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.uploads.models import ReadingUpload
from shuangkong.records.people.access import visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

_MOST = 500


@dataclass(frozen=True, slots=True)
class Received:
    """An upload's number, and how often it was sent; ``kept`` of it by now."""

    number: int
    times: int
    kept: int


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One upload as it stands; ``refused`` "" where it could be read."""

    id: int
    author: str
    form: str
    digest: str
    size: int
    rows: int
    kept: int
    refused: str
    first_at: datetime
    last_at: datetime
    times: int
    journal: int | None


def receive(by: Acting, digest: str, form: str, size: int) -> Received:
    """Gives an upload its number; the same bytes of the same sender keep theirs. 2–3 queries."""
    now = timezone.now()
    with transaction.atomic():
        row, is_new = ReadingUpload.objects.get_or_create(
            author=by.author, appointment=by.appointment or 0, digest=digest,
            defaults={
                "form": form, "size": size, "first_at": now, "last_at": now, "body": by.body,
                "place": by.paths[0] if by.paths else "",
            },
        )  # fmt: skip
        if not is_new:
            ReadingUpload.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now)
        return Received(row.pk, row.times + (not is_new), row.kept)


def settle(number: int, by: Acting, rows: int, kept: int, refused: str = "") -> None:
    """What became of an upload; written into the journal where that is not what it says already. 2–5 queries."""
    with transaction.atomic():
        row = ReadingUpload.objects.select_for_update().get(pk=number)
        if row.journal is not None and (row.rows, row.kept, row.refused) == (rows, kept, refused):
            return
        what = {"rows": rows, "kept": kept, "digest": row.digest, "bytes": row.size}
        what |= {"refused": refused} if refused else {}
        row.journal = journal.append(by.act("monitoring.upload", f"reading_upload/{number}", after=what))
        row.rows, row.kept, row.refused = rows, kept, refused
        row.save(update_fields=("rows", "kept", "refused", "journal"))


def readable(by: Acting) -> Q:
    """The condition that a person may see an upload: where it may see what is watched, and its own body's."""
    return visible(by, Action.MONITORING_READ, "place", "body")


def uploads(condition: Q) -> tuple[UploadRow, ...]:
    """The newest first. 1 query."""
    names = UploadRow.__dataclass_fields__
    rows = ReadingUpload.objects.filter(condition).order_by("-last_at", "-pk")[:_MOST]
    return tuple(UploadRow(**{name: getattr(each, name) for name in names}) for each in rows)
