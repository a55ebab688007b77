"""附件: files beside a return, with its draft until that is signed; then with the version, for good."""

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


def attach(number: int, files: Sequence[Handed], by: Acting) -> None:
    """Keeps files with the draft. ~4 queries a file.

    Raises:
        Refused: there is no such return; it is not being filled in; too many files, or what is not taken.
        Forbidden: the person may not file for the unit.
    """
    with transaction.atomic():
        row = one(number)
        if row is None or row.state not in (*OWED, *IN_FORCE):
            raise Refused(
                "RPT-920",
                "这份报表已经提交或不再应报，不能填写。",
                "It has been submitted or is not due: it cannot be filled in.",
            )
        require(by, Action.RETURN_FILE, row.where)
        there = Attachment.objects.filter(owned=number, version=None).count()
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
    """Takes a file from the draft; what was signed stays. Raises as ``attach``."""
    row = one(number)
    if row is None:
        raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
    require(by, Action.RETURN_FILE, row.where)
    Attachment.objects.filter(owned=number, version=None, pk=file).delete()


@dataclass(frozen=True, slots=True)
class FileBeside:
    """A file beside a return; ``is_new``: no version was signed with it yet."""

    number: int
    is_new: bool
    sealed: Beside


def beside(number: int) -> tuple[FileBeside, ...]:
    """Every file beside a return, in the order in which they came: the next version is sealed with them. 1 query."""
    rows = Attachment.objects.filter(owned=number).order_by("pk").values_list("pk", "version", "name", "file__sha256")
    return tuple(FileBeside(pk, version is None, Beside(name, digest)) for pk, version, name, digest in rows)


def content_of(number: int, file: int, *, with_draft: bool) -> tuple[str, bytes] | None:
    """Name and bytes of a file of a return; those of the draft only for the unit. 1 query."""
    mine = Q() if with_draft else Q(version__isnull=False)
    found = Attachment.objects.select_related("file").filter(mine, owned=number, pk=file).first()
    return (found.name, bytes(found.file.content)) if found else None
