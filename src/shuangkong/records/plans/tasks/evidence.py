"""佐证材料: files handed in with a report, checked by what they are, kept once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from shuangkong.records.plans.tasks.content import medium_by_content
from shuangkong.records.plans.tasks.models import Evidence, TaskEvent, TaskFile
from shuangkong.records.plans.tasks.rows import FileRow, Handed
from shuangkong.records.refusal import Refused

LIMIT_BYTES = 20 * 1024**2
LIMIT_FILES = 10


def medium_of(handed: Handed) -> str:
    """What a file is by its content. Raises Refused for what is not taken, too large or named as something else."""
    if not handed.content:
        raise Refused("TSK-201", f"{handed.name}：文件是空的。", f"{handed.name} is empty.", "files")
    if len(handed.content) > LIMIT_BYTES:
        size = LIMIT_BYTES // 1024**2
        raise Refused("TSK-202", f"{handed.name}：超过 {size} MB。", f"{handed.name} is over {size} MB.", "files")
    ending = handed.name.rpartition(".")[2].lower()
    medium = medium_by_content(handed.content, ending)
    if medium is not None:
        return medium
    raise Refused(
        "TSK-203",
        f"{handed.name}：只收 pdf、docx、xlsx、pptx、ofd、zip、jpg、png，内容须与扩展名相符，不含宏和程序。",
        f"{handed.name}: pdf, docx, xlsx, pptx, ofd, zip, jpg or png, with the content that its name says, and without"
        " macros or programmes.",
        "files",
    )


def keep(event: TaskEvent, files: Sequence[Handed]) -> None:
    """Keeps the files of a report. Raises Refused as ``medium_of``, or for too many."""
    if len(files) > LIMIT_FILES:
        raise Refused("TSK-204", f"一次最多 {LIMIT_FILES} 个文件。", f"At most {LIMIT_FILES} files at once.", "files")
    media = [medium_of(handed) for handed in files]
    for handed, medium in zip(files, media, strict=True):
        kept, _ = TaskFile.objects.get_or_create(
            sha256=hashlib.sha256(handed.content).hexdigest(),
            defaults={"medium": medium, "size_bytes": len(handed.content), "content": handed.content},
        )
        Evidence.objects.create(event=event, file=kept, name=handed.name)


def digests(files: Sequence[Handed]) -> list[tuple[str, str]]:
    """Name and SHA-256 of each file as it would be kept."""
    return [(each.name, hashlib.sha256(each.content).hexdigest()) for each in files]


def content(evidence_id: int) -> tuple[FileRow, bytes, int] | None:
    """A file with its bytes and the task it belongs to; None where there is none."""
    found = Evidence.objects.select_related("file", "event").filter(pk=evidence_id).first()
    return (file_row(found), bytes(found.file.content), found.event.task_id) if found else None


def file_row(found: Evidence) -> FileRow:
    """One file of evidence without its bytes."""
    return FileRow(found.pk, found.name, found.file.medium, found.file.size_bytes, found.file.sha256)
