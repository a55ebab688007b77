"""填报和提交: a draft is kept cell by cell, a version is signed for good; the same version twice is one version.

Submitting touches its own rows alone. The lock that all acts share, that of the journal's head, is taken last, and
what is read and checked before is held by no lock at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.again import receipt_again, says_the_newest
from shuangkong.records.reporting.attaching import FilesBeside, beside
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import draft_content, require_said, said_so_far
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.found_rows import explain, finding_rows, written_at_once
from shuangkong.records.reporting.limits import require_over
from shuangkong.records.reporting.models import (
    Attachment,
    Draft,
    Event,
    Reporter,
    Return,
    Version,
    Window,
)
from shuangkong.records.reporting.rows import Receipt, ReturnRow, finding_key
from shuangkong.records.reporting.store import STANDING, agents_of, keep_standing, return_row, standing_of
from shuangkong.records.reporting.to_sign import ToSign, as_corrected, require_as_shown
from shuangkong.records.statements import (
    Outcome,
    Ready,
    Statement,
    change,
    insert,
    is_outermost,
    remove,
    row_of,
    run,
    update,
)
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import Content
from shuangkong.reporting.life import IN_FORCE, STATES, WAITING, EventKind
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life_standing import after, may

_SHOWN = 8
#: As PostgreSQL and SQLite name the constraint that a version of a number is signed once.
_VERSION_ONCE = re.compile(r"version_once|reporting_version\.owned_id")
#: How often a return is read anew that somebody changed while it was checked.
_TRIALS = 5
#: The columns of a return that signing changes.
_SIGNED = (*STANDING, "versions", "digest", "changed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSubmit:
    """What is signed. Without ``content`` it is the draft.

    Attributes:
        explained: finding (rows.finding_key) → what the unit says to it; beside those kept with the draft.
        ground: why a correction is made; needed then.
        base: the version that a correction was made from; without it the one in force.
        shown: mark of what the signatory was shown (to_sign.mark_of); what says something else now is not signed.
        channel, terminal: how it came: page, file or api; the address it came from.
    """

    content: Content | None = None
    explained: Mapping[str, str] = field(default_factory=dict)
    ground: str = ""
    base: int | None = None
    shown: str = ""
    channel: str = "page"
    terminal: str = ""


class NotReady(Refused):
    """What stands in the way of signing; ``findings`` say where."""

    def __init__(self, code: str, zh: str, en: str, findings: tuple[Found, ...]) -> None:
        super().__init__(code, zh, en, "content")
        self.findings = findings


class NoSuchReturn(Refused):
    """There is no return of that number."""


class _Overtaken(Exception):
    """The return or its draft changed between the reading and the writing."""


def submit(
    number: int, by: Acting, told: ToSubmit, filled: Callable[[ReturnRow], Content | None] | None = None
) -> Receipt:
    """Signs a version. ~7 queries; the return is read once, and read anew where somebody changes it meanwhile.

    ``filled`` is asked first, with the return as it stands: it may refuse the caller, and says what is signed in place
    of ``told.content``. Reading and checking hold no lock: what is written, is written only onto what was read.

    Raises:
        NotReady: something must be fixed, or explained and is not.
        Refused: there is no such return; nothing can be submitted as it stands, or before its period is over; a
            correction without a ground, or one that changes what was changed meanwhile.
        Forbidden: the person may not sign for the unit.
    """
    for _ in range(_TRIALS):
        with suppress(_Overtaken):
            return _submitted(number, by, told, filled)
    raise Refused(
        "RPT-929", "这份报表正被别人修改。请刷新页面后再提交。", "Somebody else is changing the return: load it anew."
    )


def _submitted(
    number: int, by: Acting, told: ToSubmit, filled: Callable[[ReturnRow], Content | None] | None
) -> Receipt:
    held, has_files = _found(number)
    row = _row_for(held, by)
    if filled is not None:
        told = replace(told, content=filled(row))
    require(by, Action.RETURN_SIGN, row.where_signed)
    kept = None if told.content is not None else Draft.objects.filter(owned=held).first()
    files = beside(held.pk) if has_files else FilesBeside()
    content = replace(told.content or draft_content(row, kept), files=files.sealed)
    is_newest = row.standing.version == held.versions  # a correction that was returned is not what stands
    if is_newest and row.state in (*WAITING, *IN_FORCE) and says_the_newest(held, content):
        return receipt_again(held, content)
    is_said = told.content is not None or kept is not None or told.channel != "api"
    require_said(is_said=is_said)
    kind = _kind(row, told)
    period = Period.parse(held.period)
    form = edition_of(held.form, content.edition, period, row.reporter.region)
    require_over(form, period)
    if kind is EventKind.CORRECT:
        content = as_corrected(row, told.base or (kept.base if kept else None), content)
    said = said_so_far(row, kept) if told.content is None else {}
    explained = {**said, **told.explained}
    require_as_shown(ToSign(content, explained, row.standing.in_force), told.shown)
    found = checked(form, content, row).findings
    _require_ready(found, explained)
    try:
        return _write(held, row, by, kind, _Signed(told, content, found, explained, kept, files))
    except IntegrityError as clash:
        if _VERSION_ONCE.search(str(clash)) is None:
            raise
        raise _Overtaken from clash  # somebody signed a version of the same number first


def _found(number: int) -> tuple[Return, bool]:
    """The row of a return with its reporter, region and window, and whether files are beside it. 1 query.

    Raises NoSuchReturn.
    """
    rows = _RETURN.ask(number=number)
    if not rows:
        raise NoSuchReturn("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
    told = iter(rows[0])
    held, reporter, region, window = (dict(zip(names, told, strict=False)) for names in _COLUMNS.values())
    unit = row_of(Reporter, reporter, region=row_of(Region, region))
    return row_of(Return, held, reporter=unit, window=row_of(Window, window)), bool(next(told))


def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(each.attname for each in model._meta.concrete_fields)


_COLUMNS: dict[Any, tuple[str, ...]] = {each: _columns(each) for each in (Return, Reporter, Region, Window)}
_RETURN = Ready(
    lambda number: Return.objects.filter(pk=number).values_list(
        *(
            f"{path}{name}"
            for path, names in zip(("", "reporter__", "reporter__region__", "window__"), _COLUMNS.values(), strict=True)
            for name in names
        ),
        Exists(Attachment.objects.filter(owned=OuterRef("pk"))),
    ),
    number=int,
)


def _row_for(held: Return, by: Acting) -> ReturnRow:
    """The return as a value; who files for the unit is asked only of whoever is not the unit."""
    if held.reporter.body_id in by.bodies:
        return return_row(held)
    return return_row(held, agents_of([held.reporter_id]).get(held.reporter_id, {}))


def _kind(row: ReturnRow, told: ToSubmit) -> EventKind:
    kind = EventKind.CORRECT if row.state in IN_FORCE else EventKind.SUBMIT
    if not may(row.standing, kind):
        state = STATES[row.state]
        zh = f"这份报表现在是“{state.zh}”，不能提交。审核中的，请等审核结果，或请审核机关退回。"
        raise Refused("RPT-935", zh, f"The return is “{state.en}”: it cannot be submitted now.")
    if kind is EventKind.CORRECT and not told.ground.strip():
        raise Refused(
            "RPT-921", "更正已接收的报表，请写明理由。", "Say why the accepted return is corrected.", "ground"
        )
    return kind


def _require_ready(found: Iterable[Found], explained: Mapping[str, str]) -> None:
    wrong = tuple(each for each in found if each.severity is Severity.MUST_FIX)
    if wrong:
        zh, en = f"还有 {len(wrong)} 处必须改正", f"{len(wrong)} places must be corrected first"
        raise NotReady("RPT-930", f"{zh}（{_places(wrong)}）。改后再提交。", f"{en} ({_places(wrong)}).", wrong)
    silent = tuple(
        each
        for each in found
        if each.severity is Severity.MUST_EXPLAIN and not explained.get(finding_key(each.code, each.place), "").strip()
    )
    if silent:
        zh, en = f"还有 {len(silent)} 处须改正或说明", f"{len(silent)} places are to be corrected or explained"
        raise NotReady("RPT-931", f"{zh}（{_places(silent)}）。", f"{en} ({_places(silent)}).", silent)


def _places(found: tuple[Found, ...]) -> str:
    """The first of them, for whoever has no panel to look at."""
    shown = "；".join(finding_key(each.code, each.place) for each in found[:_SHOWN])
    return f"{shown} …" if len(found) > _SHOWN else shown


@dataclass(frozen=True, slots=True)
class _Signed:
    """All that goes into a version."""

    told: ToSubmit
    content: Content
    found: tuple[Found, ...]
    explained: Mapping[str, str]
    kept: Draft | None
    files: FilesBeside


def _write(held: Return, row: ReturnRow, by: Acting, kind: EventKind, signed: _Signed) -> Receipt:
    """The version with what was found, how the return stands, and last of all the row of the journal.

    All of it is sealed and put into statements before the transaction begins: where one writes at a time, nobody waits
    for that. Raises _Overtaken where the return or its draft is no longer what was read.
    """
    now, today, content = timezone.now(), timezone.localdate(), signed.content
    number, told, ground = held.versions + 1, signed.told, signed.told.ground.strip()
    stood = {name: getattr(held, name) for name in ("state", "versions", "changed_at", "path")}
    keep_standing(held, after(standing_of(held), LifeEvent(kind, today, number)))
    held.versions, held.digest = number, content.digest
    made = {
        "owned_id": held.pk, "number": number, "edition": content.edition, "content": content.canonical.decode(),
        "digest": content.digest, "base": row.standing.in_force, "ground": ground, "channel": told.channel,
        "terminal": told.terminal, "filled_by": signed.kept.saved_by if signed.kept else by.author,
        "signed_by": by.author, "signed_at": now,
    }  # fmt: skip
    first = [update(held, _SIGNED, **stood), _without_draft(held, signed), insert(Version, made, returning=True)]
    first += [change(Attachment, {"version": number}, pk=each, version=None) for each in signed.files.new]
    first += [change(Attachment, {"left_out": number}, pk=each, left_out=0) for each in signed.files.left_out]
    findings = finding_rows(signed.found)
    said = [signed.explained.get(finding_key(each["code"], each["address"]), "").strip() for each in findings]
    act = by.act(
        f"return.{kind.value}", f"return/{held.pk}", ground=ground, document=content.digest,
        after={"version": number, "channel": told.channel, "findings": len(signed.found)},
    )  # fmt: skip
    happened = {
        "owned_id": held.pk, "kind": kind, "on": today, "version": number, "ground": ground, "author": by.author,
        "at": now,
    }  # fmt: skip

    def beside_row(written: int, came: Sequence[Outcome]) -> list[Statement]:
        told = written_at_once(_signed_as(came, signed), findings) if came else []
        return [insert(Event, {**happened, "journal": written}), *told]

    with transaction.atomic():
        if any(said):  # what is said to a finding bears its number: both are written before the lock that all share
            explain(_signed_as(run(*first, opens=is_outermost()), signed), findings, said, by)
            first = []
        written = journal.append_last(replace(act, place=held.path), first, beside_row)
    return Receipt(number, content.digest, now, True, written)


def _without_draft(held: Return, signed: _Signed) -> Statement:
    """What is signed takes the place of the draft: of the one that was read, or of an older one, that no form prefers
    later."""
    if signed.told.content is None and signed.kept is not None:
        return remove(Draft, pk=signed.kept.pk, stamp=signed.kept.stamp)
    return remove(Draft, owned=held.pk)


def _signed_as(came: Sequence[Outcome], signed: _Signed) -> int:
    """The number of the version that was written.

    Raises _Overtaken: the return, its draft or what was sealed with it has changed meanwhile.
    """
    changed, draft, inserted, *attached = came
    is_other = signed.kept is not None and draft.touched != 1
    if changed.touched != 1 or is_other or any(each.touched != 1 for each in attached):
        raise _Overtaken
    number: int = inserted.rows[0][0]
    return number
