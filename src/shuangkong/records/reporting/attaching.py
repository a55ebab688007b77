"""附件: files beside a return, with its draft until that is signed; then with the version, for good.

A version may leave out what one before it was signed with; that one keeps it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import LIMIT_FILES, medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.models import Attachment
from shuangkong.records.reporting.store import one
from shuangkong.reporting.content import Beside
from shuangkong.reporting.life import IN_FORCE, OWED

_MOST = 30
#: What the next version is sealed with.
_BORNE = Q(left_out=None)


def attach(number: int, files: Sequence[Handed], by: Acting) -> None:
    """Keeps files with the draft. ~4 queries a file.

    Raises:
        Refused: there is no such return; it is not being filled in; too many files, or what is not taken.
        Forbidden: the person may not file for the unit.
    """
    with transaction.atomic():
        _require_open(number, by)
        there = Attachment.objects.filter(_BORNE, owned=number).count()
        if not files or len(files) > LIMIT_FILES or there + len(files) > _MOST:
            zh = f"一次 1 至 {LIMIT_FILES} 个文件，一份报表最多 {_MOST} 个。"
            raise Refused("RPT-925", zh, f"1 to {LIMIT_FILES} files at once, {_MOST} in all.", "files")
        media = [medium_of(handed) for handed in files]
        for handed, medium in zip(files, media, strict=True):
            kept, _ = TaskFile.objects.get_or_create(
                sha256=hashlib.sha256(handed.content).hexdigest(),
                defaults={"medium": medium, "size_bytes": len(handed.content), "content": handed.content},
            )
            Attachment.objects.create(
                owned_id=number, file=kept, name=handed.name, added_by=by.author, added_at=timezone.now()
            )


def detach(number: int, file: int, by: Acting) -> None:
    """Takes a file from the draft; one that was signed stays with its versions, and the next is signed without it.
    Raises as ``attach``."""
    with transaction.atomic():
        _require_open(number, by)
        Attachment.objects.filter(owned=number, version=None, pk=file).delete()
        Attachment.objects.filter(_BORNE, owned=number, pk=file).update(left_out=0)


def take_back(number: int, file: int, by: Acting) -> None:
    """The next version is signed with a file after all that was to be left out. Raises as ``attach``."""
    with transaction.atomic():
        _require_open(number, by)
        bear_all(number, file)


def bear_all(number: int, *files: int) -> None:
    """No file that was signed is to be left out any more, or not these."""
    mine = Q(pk__in=files) if files else Q()
    Attachment.objects.filter(mine, owned=number, left_out=0).update(left_out=None)


def _require_open(number: int, by: Acting) -> None:
    row = one(number)
    if row is None or row.state not in (*OWED, *IN_FORCE):
        zh, en = (
            "这份报表已经提交或不再应报，不能填写。",
            "It has been submitted or is not due: it cannot be filled in.",
        )
        raise Refused("RPT-920", zh, en)
    require(by, Action.RETURN_FILE, row.where)


@dataclass(frozen=True, slots=True)
class FilesBeside:
    """What the next version is sealed with, in the order in which the files came; of these the rows that no version
    was signed with yet, and the rows that it leaves out for the first time."""

    sealed: tuple[Beside, ...] = ()
    new: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


def beside(number: int) -> FilesBeside:
    """The files beside a return. 1 query."""
    borne = Attachment.objects.filter(_BORNE | Q(left_out=0), owned=number).order_by("pk")
    rows = list(borne.values_list("pk", "version", "left_out", "name", "file__sha256"))
    return FilesBeside(
        tuple(Beside(name, digest) for _, _, left, name, digest in rows if left is None),
        tuple(pk for pk, version, left, _, _ in rows if version is None and left is None),
        tuple(pk for pk, _, left, _, _ in rows if left is not None),
    )


def sealed_with(numbers: Sequence[int]) -> dict[int, tuple[Beside, ...]]:
    """Return → the files that its next version is sealed with; those without any are left out. 1 query."""
    found: dict[int, tuple[Beside, ...]] = {}
    borne = Attachment.objects.filter(_BORNE, owned__in=numbers).order_by("pk")
    for number, name, digest in borne.values_list("owned", "name", "file__sha256"):
        found[number] = (*found.get(number, ()), Beside(name, digest))
    return found


def content_of(number: int, file: int, *, with_draft: bool) -> tuple[str, bytes] | None:
    """Name and bytes of a file of a return; those of the draft only for the unit. 1 query."""
    mine = Q() if with_draft else Q(version__isnull=False)
    found = Attachment.objects.select_related("file").filter(mine, owned=number, pk=file).first()
    return (found.name, bytes(found.file.content)) if found else None
