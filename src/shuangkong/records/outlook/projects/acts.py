"""办理: put on the list, revise, assign, dispatch, prove, link; each act is an event and a row of the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.indicators.emissions.codes import as_kept
from shuangkong.outlook.projects.told import (
    CONTENTS,
    Assignment,
    Content,
    EventKind,
    Linked,
    MonthTold,
    Particulars,
    Proof,
    Retracted,
    Revision,
)
from shuangkong.records.indicators.emissions.models import Reduction
from shuangkong.records.indicators.emissions.sheet import registered
from shuangkong.records.journal import store as journal
from shuangkong.records.outlook.projects import checks
from shuangkong.records.outlook.projects.kept import as_text, plain
from shuangkong.records.outlook.projects.models import KeyProject, KeyProjectEvent, KeyProjectEvidence
from shuangkong.records.outlook.projects.rows import KeyProjectRow, Registered, Said
from shuangkong.records.outlook.projects.store import project
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.tasks.evidence import LIMIT_FILES, digests, medium_of
from shuangkong.records.plans.tasks.models import TaskFile
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Enterprise, Region

#: Which action of the table of access each act is.
NEEDS: Mapping[EventKind, Action] = {
    EventKind.DISPATCH: Action.PROJECT_DISPATCH,
    EventKind.PROVE: Action.PROJECT_DISPATCH,
    EventKind.RETRACT: Action.PROJECT_DISPATCH,
    EventKind.ASSIGN: Action.PROJECT_REGISTER,
    EventKind.LINK: Action.PROJECT_REGISTER,
    EventKind.RELEASE: Action.PROJECT_REGISTER,
    EventKind.REVISE: Action.PROJECT_REGISTER,
    EventKind.END: Action.PROJECT_REGISTER,
    EventKind.WITHDRAW: Action.PROJECT_REGISTER,
}
#: Acts that say nothing without a reason.
NEED_TEXT = frozenset({EventKind.REVISE, EventKind.RETRACT, EventKind.RELEASE, EventKind.END, EventKind.WITHDRAW})


def register(wanted: Registered, by: Acting) -> int:
    """Puts a project on the list of a place and returns its number. ~25 queries.

    Raises:
        Refused: no such place or owner; something of it is wrong; the same measure at the same outlet is one already.
        Forbidden: the person puts nothing on the list there.
    """
    with transaction.atomic():
        place = Region.objects.select_for_update().filter(pk=wanted.region).first()
        if place is None:
            raise Refused("OUT-800", "请指明工程在哪个地区。", "Say in which place the project is.", "region")
        require(by, Action.PROJECT_REGISTER, Where(place.path))
        told = _as_registered(wanted.particulars, place.pk)
        checks.require_particulars(told, place.pk, place.path, timezone.localdate())
        body, enterprise, owner = _owner(wanted.owner.strip(), place)
        made = KeyProject.objects.create(
            region=place, path=place.path, body=body, enterprise=enterprise, owner=owner, registered_by=by.author,
            registered_at=timezone.now(),
        )  # fmt: skip
        _record(made, by, EventKind.REGISTER, timezone.localdate(), Said(told, wanted.text, wanted.document))
    return made.pk


def act(project_id: int, by: Acting, kind: EventKind, said: Said) -> int:
    """Records one act and returns the event's number. ~20 queries.

    Raises:
        Refused: there is none of that number, or no such act; it cannot happen any more; what it says is wrong; a
            reason is missing; a reduction is another project's.
        Forbidden: the person may not do this to it.
    """
    with transaction.atomic():
        held = KeyProject.objects.select_for_update().filter(pk=project_id).first()
        row = project(project_id)
        if held is None or row is None or kind not in NEEDS or not isinstance(said.content, CONTENTS[kind]):
            zh = f"没有编号为 {project_id} 的重点工程，或没有这种办法。"
            raise Refused("OUT-850", zh, f"There is no key project {project_id}, or no such act.")
        require(by, NEEDS[kind], row.where)
        if isinstance(said.content, Linked):
            # Two projects may claim one reduction at once: one at a time.
            Reduction.objects.select_for_update().filter(pk=said.content.reduction).first()
        day, today = said.on or timezone.localdate(), timezone.localdate()
        _require_possible(row, kind, said, day, today)
        _require_content(row, kind, said.content, today)
        event = _record(held, by, kind, day, said, row)
        _keep(event, said.files)
    return event.pk


def revision(row: KeyProjectRow, now: Particulars) -> Revision:
    """What is otherwise in ``now`` than in the project as it stands."""
    was, now = row.held.particulars, _as_registered(now, row.region)
    names = (field.name for field in fields(Particulars))
    return Revision(tuple(name for name in names if getattr(was, name) != getattr(now, name)), now)


def _as_registered(told: Particulars, region: str) -> Particulars:
    """With the source by the code that the ledger of emissions has it by. 3 queries where a source is told."""
    if not told.source.strip():
        return told
    typed = as_kept(told.source)
    _, code, _ = registered(region).get(typed, (None, typed, ""))
    return replace(told, source=code, outlet=as_kept(told.outlet))


def acts_allowed(row: KeyProjectRow, by: Acting) -> list[EventKind]:
    """What the person may do to it as it stands, in the order of NEEDS."""
    return [kind for kind in NEEDS if row.held.may(kind) and may(by, NEEDS[kind], row.where)]


def _owner(told: str, place: Region) -> tuple[Body | None, Enterprise | None, str]:
    """The body of that name of the place or the nearest above it, else the enterprise there of that code.

    4 queries. Raises Refused where there is neither.
    """
    line = place.path.strip(SEPARATOR).split(SEPARATOR)
    named = Body.objects.filter(region__in=line, name=told) if told else ()
    body = max(named, key=lambda each: line.index(each.region_id or ""), default=None)
    if body is not None:
        return body, None, body.name
    number = registered(place.pk).get(told, (None, "", ""))[0] if told else None
    if number is None:
        zh = "没有这个责任单位或企业。请填本地或上级责任单位的名称，或名录里企业的代码。"
        en = "Give the name of a body of the place or of one above it, or the code of an enterprise."
        raise Refused("OUT-810", zh, en, "owner")
    found = Enterprise.objects.select_related("body").get(pk=number)
    return found.body, found, found.name


def _require_possible(row: KeyProjectRow, kind: EventKind, said: Said, day: date, today: date) -> None:
    for holds, number, zh, en, field in (
        (row.held.may(kind), 851, "工程已撤销列入或结束调度，不能再办此事。",
         "It was withdrawn, or its dispatch has ended: this cannot happen any more.", ""),
        (said.text.strip() or not _needs_text(row, kind, said.content), 852,
         "请写明理由：更正、撤回和变更都要说明。", "Give the reason: what is changed or taken back needs one.", "text"),
        (day <= today, 853, "日期不能晚于今天。", "The day cannot be in the future.", "on"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"OUT-{number}", zh, en, field)


def _needs_text(row: KeyProjectRow, kind: EventKind, content: Content) -> bool:
    """Whether it takes back or changes what was said before."""
    match content:
        case MonthTold(month):
            return month in row.held.months
        case Proof(month):
            return month in row.held.proofs
        case Assignment(pollutant, year):
            return (pollutant, year) in row.held.assigned
    return kind in NEED_TEXT


def _require_content(row: KeyProjectRow, kind: EventKind, content: Content, today: date) -> None:
    match content:
        case Revision(changed, now):
            if not changed:
                raise Refused("OUT-854", "没有改动。", "Nothing is otherwise than before.")
            checks.require_particulars(now, row.region, row.path, today, row.id)
        case Assignment():
            checks.require_assignment(content, row)
        case MonthTold():
            checks.require_month(content, row, today)
        case Proof():
            checks.require_proof(content, row, today)
        case Retracted():
            checks.require_retracted(content, row)
        case Linked() if kind is EventKind.LINK:
            checks.require_link(content, row)
        case Linked():
            checks.require_released(content, row)


def _record(
    held: KeyProject, by: Acting, kind: EventKind, day: date, said: Said, row: KeyProjectRow | None = None
) -> KeyProjectEvent:
    told = {"on": day, **plain(said.content)}
    if said.files:
        told["files"] = digests(said.files)
    before = plain(row.held.particulars) if row is not None and kind is EventKind.REVISE else None
    written = by.act(
        f"project.{kind.value}", f"project/{held.pk}", ground=said.text.strip(), document=said.document.strip(),
        before=before, after=told,
    )  # fmt: skip
    reduction = said.content.reduction if isinstance(said.content, Linked) else None
    return KeyProjectEvent.objects.create(
        project=held, kind=kind, on=day, told=as_text(said.content), reduction_id=reduction, text=said.text.strip(),
        document=said.document.strip(), author=by.author, at=timezone.now(),
        journal=journal.append(replace(written, place=held.path)),
    )  # fmt: skip


def _keep(event: KeyProjectEvent, files: Sequence[Handed]) -> None:
    """Keeps the files of an act. Raises Refused for too many, or what is not taken (see tasks.evidence)."""
    if len(files) > LIMIT_FILES:
        raise Refused("TSK-204", f"一次最多 {LIMIT_FILES} 个文件。", f"At most {LIMIT_FILES} files at once.", "files")
    media = [medium_of(handed) for handed in files]
    for handed, medium in zip(files, media, strict=True):
        kept, _ = TaskFile.objects.get_or_create(
            sha256=hashlib.sha256(handed.content).hexdigest(),
            defaults={"medium": medium, "size_bytes": len(handed.content), "content": handed.content},
        )
        KeyProjectEvidence.objects.create(event=event, file=kept, name=handed.name)
