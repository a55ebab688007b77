"""批量填报: the returns of many units at once, as drafts: all of them or none; signing is one act each (bulk_signing).

Only the unit, and whoever files for it by agreement, fills in; an office queries and never edits. Keeping touches the
drafts alone, in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import batched
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from shuangkong.core.finding import Finding, Severity
from shuangkong.core.period import Period
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.attaching import sealed_with
from shuangkong.records.reporting.checking import checked_many
from shuangkong.records.reporting.drafting import draft_content, require_bounded, said_so_far
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import Draft, Event, Return
from shuangkong.records.reporting.rows import ReturnRow, finding_key
from shuangkong.records.reporting.to_sign import to_sign, would_sign
from shuangkong.reporting.checks.run import Found
from shuangkong.reporting.content import Beside, Content
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED, EventKind, State
from shuangkong.reporting.refusals import refuse
from shuangkong.reporting.taking import Taken

#: Returns of one file, and how many of them are held against the checks: each takes some hundredths of a second.
MOST_RETURNS, CHECKED_AT_ONCE = 3_000, 200


#: What may be filled in, or corrected; forms and periods that are listed of what was accepted.
_OPEN, _LISTED = (*OWED, *IN_FORCE), 100
#: Rows of one statement; columns of a draft that filing anew changes.
_AT_ONCE, _KEPT = 200, ("content", "explained", "saved_by", "saved_at", "stamp")


@dataclass(frozen=True, slots=True)
class ToFile:
    """What a person may file of one form and period: ``form`` as most of the units have it, ``rows`` of those units;
    ``apart`` are units whose place has a form of its own."""

    form: Form
    period: Period
    rows: tuple[ReturnRow, ...]
    apart: tuple[ReturnRow, ...]

    @property
    def by_code(self) -> Mapping[str, ReturnRow]:
        return {row.reporter.code: row for row in self.rows}

    @property
    def names(self) -> Mapping[str, str]:
        """Code → name of the units."""
        return {row.reporter.code: row.reporter.name for row in self.rows}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one unit's rows of a file.

    Attributes:
        cells: how many places are told otherwise than before.
        faults: what of it cannot be taken; nothing of the file is kept while there is one.
        found: what the checks say to the return as it would stand; ``explained``: keys of what has a word already.
        is_checked: whether the checks were asked: ``cells`` are then places told otherwise, else places told.
        digest: mark of the return as it would be signed (to_sign); "" where the checks were not asked.
    """

    row: ReturnRow
    cells: int
    faults: tuple[Finding, ...]
    found: tuple[Found, ...] = ()
    explained: frozenset[str] = frozenset()
    is_checked: bool = True
    digest: str = ""

    def count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self._unsaid)

    @property
    def _unsaid(self) -> tuple[Found, ...]:
        """A word to what must be fixed settles nothing."""
        return tuple(
            each
            for each in self.found
            if each.severity is Severity.MUST_FIX or finding_key(each.code, each.place) not in self.explained
        )

    @property
    def open_findings(self) -> tuple[Found, ...]:
        """What stands in the way of signing it, gravest first."""
        return tuple(each for each in self._unsaid if each.severity is not Severity.NOTICE)

    @property
    def is_ready(self) -> bool:
        """Whether nothing stands in the way of signing it."""
        return self.is_checked and not (
            self.faults or self.count(Severity.MUST_FIX) or self.count(Severity.MUST_EXPLAIN)
        )


#: (form, period, returns that are owed, returns that may be corrected).
type Listed = tuple[str, str, int, int]


def owing(by: Acting) -> tuple[Listed, ...]:
    """All forms and periods of which the person has something to file, the newest period first. 2 queries."""
    return _listed(_counted(by).filter(owed__gt=0))


def correctable(by: Acting) -> tuple[tuple[Listed, ...], bool]:
    """Forms and periods of which nothing is owed and something may be corrected, the newest first; and whether there
    are more than are listed. 2 queries."""
    found = _listed(_counted(by).filter(owed=0)[: _LISTED + 1])
    return found[:_LISTED], len(found) > _LISTED


def _counted(by: Acting) -> Any:
    return (
        Return.objects.filter(store.readable(by, Action.RETURN_FILE), state__in=_OPEN)
        .values_list("form", "period", "first_month")
        .annotate(owed=Count("pk", filter=Q(state__in=OWED)), all=Count("pk"))
        .order_by("-first_month", "form")
    )


def _listed(rows: Any) -> tuple[Listed, ...]:
    return tuple((form, period, owed, whole - owed) for form, period, _, owed, whole in rows)


def to_file(by: Acting, form: str, period: str) -> ToFile:
    """The units that a person may file a form of a period for, or correct what was accepted of it. 3 queries.

    Raises:
        Refused: RPT-960, nothing of it is owed to be filed by the person.
    """
    condition = Q(form=form, period=period, state__in=_OPEN) & store.readable(by, Action.RETURN_FILE)
    found = store.returns(condition, "reporter__code", "pk", count=MOST_RETURNS)
    rows = [row for row in found if may(by, Action.RETURN_FILE, row.where)]
    if not rows:
        zh = "这张报表这一期没有归您填报的单位。请从列出的报表中选。"
        raise Refused("RPT-960", zh, "There is no unit that you file this form of this period for.", "form")
    when = Period.parse(period)
    laws = {row.id: form_at(form, when, row.reporter.region) for row in rows}
    editions = [law.edition for law in laws.values()]
    usual = max(laws.values(), key=lambda law: editions.count(law.edition))
    same = tuple(row for row in rows if laws[row.id].edition == usual.edition)
    apart = tuple(row for row in rows if laws[row.id].edition != usual.edition)
    return ToFile(usual, when, same, apart)


#: Unit code → finding (rows.finding_key) → what the unit says to it.
type Words = Mapping[str, Mapping[str, str]]


def tried(what: ToFile, told: Mapping[str, Taken], explained: Words = MappingProxyType({})) -> tuple[Verdict, ...]:
    """What would become of each unit: its slips, and what the checks say. Keeps nothing. A few queries for 200 units
    with drafts, some more for each that begins anew.

    Where there are many units, the first CHECKED_AT_ONCE that can be taken are held against the checks; the rest are
    when they are signed, as all are.
    """
    drafts, rows, left = _drafts(what), what.by_code, CHECKED_AT_ONCE
    files = sealed_with([row.id for row in what.rows])
    found: list[Verdict] = []
    asked: list[tuple[Form, Content, ReturnRow]] = []
    for code, taken in told.items():
        is_checked = not taken.findings and left > 0
        left -= is_checked
        row, kept = rows[code], drafts.get(rows[code].id)
        if not is_checked:
            found.append(Verdict(row, len(taken.changes), taken.findings, is_checked=False))
            continue
        verdict, content = _tried(row, what.form, taken, kept, explained.get(code, {}), files.get(row.id, ()))
        found.append(verdict)
        if content is not None:
            asked.append((what.form, content, row))
    judged = checked_many(asked)
    return tuple(replace(each, found=said.findings) if (said := judged.get(each.row.id)) else each for each in found)


def _tried(
    row: ReturnRow, form: Form, taken: Taken, kept: Draft | None, words: Mapping[str, str], files: tuple[Beside, ...]
) -> tuple[Verdict, Content | None]:
    """What would stand, and what the checks are to be asked of; None where it is of another edition."""
    stood = draft_content(row, kept)
    if stood.edition != form.edition:
        return Verdict(row, 0, (*taken.findings, _other_edition(row))), None
    content = taken.on(stood)
    told = {**said_so_far(row, kept), **words}
    said = frozenset(key for key, text in told.items() if text.strip())
    cells = sum(1 for _ in content.differences(stood))
    stands = stood if content.says_the_same(stood) else content  # as ``kept`` keeps it
    signed = would_sign(row, kept.base if kept else None, replace(stands, files=files), told)
    return Verdict(row, cells, taken.findings, (), said, digest=signed.mark), signed.content


def _other_edition(row: ReturnRow) -> Finding:
    return refuse("RPT-653", row.reporter.name, found=row.reporter.name)


def kept(
    what: ToFile, told: Mapping[str, Taken], by: Acting, document: str, explained: Words = MappingProxyType({})
) -> int:
    """Keeps the drafts of all units, or of none; returns how many were told otherwise. One row of the journal.

    Args:
        document: the SM3 of the file, or what names the call.

    Raises:
        Refused: RPT-961 something in it cannot be taken; or as drafting.save, of any of the units.
        Forbidden: the person may not file for one of the units.
    """
    faults = sum(len(each.findings) for each in told.values())
    if faults:
        zh = f"文件里有 {faults} 处不能采用，整个文件都没有存。请按试算的说明改好再报。"
        raise Refused("RPT-961", zh, f"{faults} places cannot be taken: nothing was kept. Correct them.", "file")
    rows = what.by_code
    for code in told:
        require(by, Action.RETURN_FILE, rows[code].where)
    with transaction.atomic():
        # Held before they are read: what a unit types meanwhile waits, and is not written over.
        held = Return.objects.select_for_update().filter(pk__in=[rows[code].id for code in told], state__in=_OPEN)
        states = dict(held.values_list("pk", "state"))
        drafts = _drafts(what)
        fresh: list[Draft] = []
        older: list[Draft] = []
        for code, taken in told.items():
            made = _draft(rows[code], what.form, taken, drafts.get(rows[code].id), by, explained.get(code, {}))
            if rows[code].id not in states:
                zh = f"{rows[code].reporter.name}的报表刚刚提交了，整个文件都没有存。请重新试算。"
                raise Refused("RPT-963", zh, "One of the returns was submitted meanwhile: try again.", "file")
            if made is not None:
                (older if made.pk else fresh).append(made)
        Draft.objects.bulk_create(fresh, batch_size=_AT_ONCE)
        Draft.objects.bulk_update(older, _KEPT, batch_size=_AT_ONCE)
        _begin([each.owned_id for each in fresh if states[each.owned_id] == State.OPEN], by)
        count = len(fresh) + len(older)
        if count:
            # Of drafts offices know nothing: the row stands at no place, so that none of them reads it.
            act = by.act("return.bulk", f"form/{what.form.id}/{what.period}", document=document, after={"units": count})
            journal.append(replace(act, place=""))
    return count


def _draft(
    row: ReturnRow, form: Form, taken: Taken, kept: Draft | None, by: Acting, words: Mapping[str, str]
) -> Draft | None:
    """The draft of a unit with its cells of the file; None where it says nothing new. Raises Refused as ``kept``."""
    stood = draft_content(row, kept)
    if stood.edition != form.edition:
        zh = f"{row.reporter.name}的草稿是按另一版表式填的，整个文件都没有存。请先在填表页换版。"
        raise Refused("RPT-962", zh, "A draft was begun on another edition of the form: move it first.", "file")
    content = taken.on(stood)
    before = said_so_far(row, kept) if kept is not None or row.versions else {}
    said = {key: text for key, text in {**before, **words}.items() if text.strip()}
    if content.says_the_same(stood) and not any(said.get(key, "") != before.get(key, "") for key in words):
        return None
    require_bounded(content, said)
    if kept is None:
        kept = Draft(owned_id=row.id, base=row.standing.in_force, stamp=0, edition=content.edition)
    kept.explained = json.dumps(said, ensure_ascii=False)
    kept.content, kept.saved_by, kept.saved_at = content.canonical.decode(), by.author, timezone.now()
    kept.stamp += 1
    return kept


def _begin(numbers: list[int], by: Acting) -> None:
    """From now on these are being filled in; to offices they stay what they were."""
    now, today = timezone.now(), timezone.localdate()
    for some in batched(numbers, _AT_ONCE):
        Return.objects.filter(pk__in=some).update(state=State.DRAFT, changed_at=now)
    Event.objects.bulk_create(
        [Event(owned_id=each, kind=EventKind.DRAFT, on=today, author=by.author, at=now, journal=0) for each in numbers],
        batch_size=_AT_ONCE,
    )


def to_explain(what: ToFile) -> tuple[tuple[ReturnRow, Found], ...]:
    """What is to be explained in the drafts and is not yet, of all of them. A few queries for 200 units."""
    drafts = _drafts(what)
    told = {row.id: to_sign(row, drafts[row.id]) for row in what.rows if row.id in drafts}
    same = [row for row in what.rows if row.id in told and told[row.id].content.edition == what.form.edition]
    judged = checked_many([(what.form, told[row.id].content, row) for row in same])
    return tuple(
        (row, found)
        for row in same
        for found in judged[row.id].of(Severity.MUST_EXPLAIN)
        if not told[row.id].said.get(finding_key(found.code, found.place), "").strip()
    )


def waiting(what: ToFile) -> tuple[tuple[ReturnRow, bool], ...]:
    """(return, whether a draft waits) of every unit. 1 query."""
    drafts = set(Draft.objects.filter(owned__in=[row.id for row in what.rows]).values_list("owned", flat=True))
    return tuple((row, row.id in drafts) for row in what.rows)


def _drafts(what: ToFile) -> Mapping[int, Draft]:
    rows = Draft.objects.filter(owned__in=[row.id for row in what.rows])
    return {row.owned_id: row for row in rows}
