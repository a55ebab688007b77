"""填报和提交: a draft is kept cell by cell, a version is signed for good; the same version twice is one version.

Submitting touches its own rows alone. The lock that all acts share, that of the journal's head, is taken last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.checking import checked
from shuangkong.records.reporting.drafting import base_of, draft_content, said_so_far
from shuangkong.records.reporting.forms import edition_of
from shuangkong.records.reporting.models import Attachment, Draft, Event, Explanation, FoundFinding, Return, Version
from shuangkong.records.reporting.rows import Receipt, ReturnRow, finding_key
from shuangkong.records.reporting.store import STANDING, agents_of, keep_standing, return_row, standing_of
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import Content
from shuangkong.reporting.correction import Conflict, rebased
from shuangkong.reporting.life import IN_FORCE, STATES, WAITING, EventKind
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life_standing import after, may

_FIRST_PLACES, _SHOWN = 200, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSubmit:
    """What is signed. Without ``content`` it is the draft.

    Attributes:
        explained: finding (rows.finding_key) → what the unit says to it; beside those kept with the draft.
        ground: why a correction is made; needed then.
        base: the version that a correction was made from; without it the one in force.
        channel, terminal: how it came: page, file or api; the address it came from.
    """

    content: Content | None = None
    explained: Mapping[str, str] = field(default_factory=dict)
    ground: str = ""
    base: int | None = None
    channel: str = "page"
    terminal: str = ""


class NotReady(Refused):
    """What stands in the way of signing; ``findings`` say where."""

    def __init__(self, code: str, zh: str, en: str, findings: tuple[Found, ...]) -> None:
        super().__init__(code, zh, en, "content")
        self.findings = findings


class NoSuchReturn(Refused):
    """There is no return of that number."""


def submit(
    number: int, by: Acting, told: ToSubmit, filled: Callable[[ReturnRow], Content | None] | None = None
) -> Receipt:
    """Signs a version. ~14 queries; the return is read once.

    ``filled`` is asked first, with the return as it stands: it may refuse the caller, and says what is signed in place
    of ``told.content``.

    Raises:
        NotReady: something must be fixed, or explained and is not.
        Refused: there is no such return; nothing can be submitted as it stands; a correction without a ground, or one
            that changes what was changed meanwhile.
        Forbidden: the person may not sign for the unit.
    """
    with transaction.atomic():
        held = locked(number)
        row = _row_for(held, by)
        if filled is not None:
            told = replace(told, content=filled(row))
        require(by, Action.RETURN_SIGN, row.where_signed)
        kept = None if told.content is not None else Draft.objects.filter(owned=held).first()
        content = told.content or draft_content(row, kept)
        is_newest = row.standing.version == held.versions  # a correction that was returned is not what stands
        if held.digest == content.digest and is_newest and row.state in (*WAITING, *IN_FORCE):
            return _again(held)
        kind = _kind(row, told)
        form = edition_of(held.form, content.edition, Period.parse(held.period), row.reporter.region)
        if kind is EventKind.CORRECT:
            content = _corrected(row, told, kept, content)
        said = said_so_far(row, kept) if told.content is None else {}
        explained = {**said, **told.explained}
        found = checked(form, content, row).findings
        _require_ready(found, explained)
        return _write(held, row, by, kind, _Signed(told, content, found, explained, kept))


def locked(number: int) -> Return:
    """The row of a return, held until the transaction ends. Raises Refused. 1 query."""
    found = Return.objects.select_for_update(of=("self",)).select_related("reporter__region", "window")
    held = found.filter(pk=number).first()
    if held is None:
        raise NoSuchReturn("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
    return held


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
        raise Refused("RPT-911", zh, f"The return is “{state.en}”: it cannot be submitted now.")
    if kind is EventKind.CORRECT and not told.ground.strip():
        raise Refused(
            "RPT-921", "更正已接收的报表，请写明理由。", "Say why the accepted return is corrected.", "ground"
        )
    return kind


def _corrected(row: ReturnRow, told: ToSubmit, kept: Draft | None, content: Content) -> Content:
    """What a correction says where another one was accepted since it was begun. 2 queries then."""
    base = told.base or (kept.base if kept else None) or row.standing.in_force
    if base == row.standing.in_force:
        return content
    began, now = base_of(row.id, base), base_of(row.id, row.standing.in_force)
    if began is None or now is None:
        raise Refused("RPT-922", f"没有第 {base} 版。", f"There is no version {base}.", "base")
    try:
        entries = rebased(began.entries, content.entries, now.entries)
    except Conflict as conflict:
        cells = "、".join(conflict.addresses[:5])
        zh = f"这些栏目在您改的同时已被另一次更正改过：{cells}。请刷新页面，看过现在的数再改。"
        raise Refused("RPT-923", zh, f"Changed meanwhile: {cells}. Load anew and look.", "content") from None
    return Content(content.form, content.edition, entries, {**now.keys, **content.keys})


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


def _write(held: Return, row: ReturnRow, by: Acting, kind: EventKind, signed: _Signed) -> Receipt:
    """The version with what was found, how the return stands, and last of all the row of the journal."""
    now, today, content = timezone.now(), timezone.localdate(), signed.content
    number, told = held.versions + 1, signed.told
    keep_standing(held, after(standing_of(held), LifeEvent(kind, today, number)))
    held.versions, held.digest = number, content.digest
    made = Version.objects.create(
        owned=held, number=number, edition=content.edition, content=content.canonical.decode(), digest=content.digest,
        base=row.standing.in_force, ground=told.ground.strip(), channel=told.channel, terminal=told.terminal,
        filled_by=signed.kept.saved_by if signed.kept else by.author, signed_by=by.author, signed_at=now,
    )  # fmt: skip
    _keep_findings(made, signed, by)
    Attachment.objects.filter(owned=held, version=None).update(version=number)
    if signed.kept is not None:
        signed.kept.delete()
    held.save(update_fields=[*STANDING, "versions", "digest", "changed_at"])
    act = by.act(
        f"return.{kind.value}", f"return/{held.pk}", ground=told.ground.strip(), document=content.digest,
        after={"version": number, "channel": told.channel, "findings": len(signed.found)},
    )  # fmt: skip
    written = journal.append(replace(act, place=held.path))
    Event.objects.create(
        owned=held, kind=kind, on=today, version=number, ground=told.ground.strip(), author=by.author, at=now,
        journal=written,
    )  # fmt: skip
    return Receipt(number, content.digest, now, True, written)


def _keep_findings(made: Version, signed: _Signed, by: Acting) -> None:
    """What was found, and what is said to it. None to two queries."""
    if not signed.found:
        return
    rows = FoundFinding.objects.bulk_create(
        FoundFinding(
            version=made, code=each.code, severity=each.severity.value, address=each.place[:_FIRST_PLACES],
            zh=each.message.zh, en=each.message.en, ground_zh=each.ground.zh if each.ground else "",
            ground_en=each.ground.en if each.ground else "",
        )
        for each in signed.found
    )  # fmt: skip
    said = ((row, signed.explained.get(finding_key(row.code, row.address), "").strip()) for row in rows)
    Explanation.objects.bulk_create(Explanation(finding=row, text=text, author=by.author) for row, text in said if text)


def _again(held: Return) -> Receipt:
    """The receipt of the version that says the same. 2 queries."""
    made = Version.objects.get(owned=held, number=held.versions)
    written = Event.objects.filter(owned=held, version=made.number).order_by("pk").values_list("journal", flat=True)
    Draft.objects.filter(owned=held).delete()
    return Receipt(made.number, made.digest, made.signed_at, False, written.first() or 0)
