"""草稿: what a unit has filled in so far, kept cell by cell: what comes late or twice does no harm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.attaching import bear_all
from shuangkong.records.reporting.beginning import starting
from shuangkong.records.reporting.forms import edition_of, form_at
from shuangkong.records.reporting.models import Draft, Event, Explanation, Return, Version
from shuangkong.records.reporting.rows import ReturnRow, finding_key
from shuangkong.records.reporting.store import one
from shuangkong.records.texts import NUL
from shuangkong.reporting.content import Content, Entry, read_canonical
from shuangkong.reporting.forms.addresses import is_key, parse_address
from shuangkong.reporting.forms.model import Form
from shuangkong.reporting.life import IN_FORCE, OWED, EventKind, State
from shuangkong.reporting.moving import Moved, moved

#: What a draft may hold at most: a return of this size is no return.
MOST_ENTRIES, LONGEST_VALUE, LONGEST_EXPLANATION = 20_000, 2_000, 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSave:
    """What was typed since the last time.

    Attributes:
        entries: address → entry; MISSING empties the place. ``is_whole``: nothing but these stays.
        keys: open table → keys of its rows, in order; a row that is left out goes. Tables that are left out stay.
        explained: finding → what is said to it; "" takes it back.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    explained: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = False


def save(number: int, by: Acting, told: ToSave) -> int:
    """Keeps what was typed, nothing of it judged; returns the draft's stamp. ~8 queries. Not in the journal.

    Raises:
        Refused: there is no such return; it cannot be filled in as it stands; it is beyond measure.
        Forbidden: the person may not file for the unit.
    """
    with transaction.atomic():
        held = Return.objects.select_for_update().filter(pk=number).first()
        row = one(number)
        if held is None or row is None:
            raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
        require(by, Action.RETURN_FILE, row.where)
        if row.state not in (*OWED, *IN_FORCE):
            zh = "这份报表已提交或不再应报，不能填写。要改已提交的，请先撤回。"
            raise Refused("RPT-920", zh, "It has been submitted or is not due: it cannot be filled in.")
        kept = Draft.objects.filter(owned=held).first()
        stood = _empty(row) if told.is_whole else draft_content(row, kept)
        content = merged(stood, told)
        require_bounded(content, told.explained)
        form = edition_of(row.form, content.edition, Period.parse(row.period), row.reporter.region)
        require_rows(form, told, content)
        explained = {key: text for key, text in {**said_so_far(row, kept), **told.explained}.items() if text.strip()}
        now = timezone.now()
        said = {
            "edition": content.edition, "content": content.canonical.decode(), "saved_by": by.author, "saved_at": now,
            "explained": json.dumps(explained, ensure_ascii=False),
        }  # fmt: skip
        if kept is None:
            Draft.objects.create(owned=held, base=row.standing.in_force, **said)
            _begin(held, by)
            return 1
        for name, value in said.items():
            setattr(kept, name, value)
        kept.stamp += 1
        kept.save()
        return kept.stamp


def discard(number: int, by: Acting) -> None:
    """Throws the draft away: the return begins anew, or stands as accepted. Raises as ``save``."""
    with transaction.atomic():
        row = one(number)
        if row is None:
            raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
        require(by, Action.RETURN_FILE, row.where)
        Draft.objects.filter(owned=number).delete()
        bear_all(number)


def _begin(held: Return, by: Acting) -> None:
    """From now on it is being filled in; to offices it stays what it was."""
    if held.state == State.OPEN:
        now = timezone.now()
        held.state, held.changed_at = State.DRAFT, now
        held.save(update_fields=["state", "changed_at"])
        Event.objects.create(
            owned=held, kind=EventKind.DRAFT, on=timezone.localdate(), author=by.author, at=now, journal=0
        )


def merged(content: Content, told: ToSave) -> Content:
    """The content with what was typed."""
    if told.is_whole:
        content = Content(content.form, content.edition)
    for table, rows in told.keys.items():
        content = content.without_rows(table, set(content.rows(table)) - set(rows))
    content = content.with_entries(told.entries)
    keys = {table: rows for table, rows in {**content.keys, **told.keys}.items() if rows}
    return Content(content.form, content.edition, content.entries, keys)


def draft_content(row: ReturnRow, kept: Draft | None) -> Content:
    """What the draft says; without one the version signed last, else what a new return begins with.

    Raises ContentRefused where a draft was kept by an edition whose layout is unknown. At most 2 queries.
    """
    if kept is not None:
        return read_canonical(kept.content)
    if row.standing.version is not None or row.versions:
        found = base_of(row.id, row.standing.in_force if row.state in IN_FORCE else row.versions)
        if found is not None:
            return found
    return starting(row)


def on_edition_in_force(row: ReturnRow, content: Content) -> Moved | None:
    """What is filled in, on the edition of the form that is in force for the return; None where it stands on it.

    An edition that policy has no more is read by the one in force: what that does not have is left, and named.
    """
    period, region = Period.parse(row.period), row.reporter.region
    new = form_at(row.form, period, region)
    if content.edition == new.edition:
        return None
    old = edition_of(row.form, content.edition, period, region)
    return moved(content, old if old.edition == content.edition else replace(new, edition=content.edition), new)


def _empty(row: ReturnRow) -> Content:
    form = form_at(row.form, Period.parse(row.period), row.reporter.region)
    return Content(form.id, form.edition)


def base_of(number: int, which: int | None) -> Content | None:
    """The content of a version; None where there is none. 1 query."""
    if which is None:
        return None
    found = Version.objects.filter(owned=number, number=which).values_list("content", flat=True).first()
    return None if found is None else read_canonical(found)


def said_so_far(row: ReturnRow, kept: Draft | None) -> dict[str, str]:
    """Finding → what the unit says to it: with the draft, else with the version that it begins from. At most 1 query.

    What was explained once need not be typed again when a return is sent back.
    """
    if kept is not None:
        said: dict[str, str] = json.loads(kept.explained)
        return said
    which = row.standing.in_force if row.state in IN_FORCE else row.versions
    found = Explanation.objects.filter(finding__version__owned=row.id, finding__version__number=which or 0)
    told = found.values_list("finding__code", "finding__address", "text")
    return {finding_key(code, address): text for code, address, text in told}


def require_said(*, is_said: bool) -> None:
    """Raises Refused where nobody has said anything: ``is_said`` is whether content was sent or a draft is kept."""
    if not is_said:
        zh = "没有送来内容，也没有存过草稿，没有可签报的。请送全部栏目，或先存草稿。"
        raise Refused("RPT-927", zh, "Neither cells nor a draft: send the cells, or save a draft first.", "cells")


def require_rows(form: Form, told: ToSave, content: Content) -> None:
    """Raises Refused where open tables that were touched have more rows than they take, or rows without a sound key.

    What was kept before is measured together with what was told: pieces add up.
    """
    touched = {
        *told.keys,
        *(parsed.table for each in told.entries if "[" in each and (parsed := parse_address(each)) and parsed.is_open),
    }
    for name in sorted(touched):
        table = form.by_id.get(name)
        rows = {*content.rows(name), *told.keys.get(name, ())}
        if (table is None or table.open is None) and name not in told.keys:
            continue  # of an edition that policy has no more
        if table is None or table.open is None:
            zh = f"报表没有可增行的表“{name[:40]}”。请按报表的表名送行标识。"
            raise Refused("RPT-928", zh, f"The form has no open table {name[:40]}.", "keys")
        if len(rows) > table.open.most or len(told.keys.get(name, ())) > table.open.most:
            zh = f"“{table.name.zh}”至多 {table.open.most} 行，实为 {len(rows)} 行。请删减或与管理部门联系。"
            raise Refused("RPT-933", zh, f"{name} takes at most {table.open.most} rows, found {len(rows)}.", "keys")
        wrong = next((each for each in told.keys.get(name, ()) if not is_key(each)), None)
        if wrong is not None:
            zh = f"行标识“{wrong[:40]}”不能用：应为 1 至 60 个字的一行文字，不含方括号。"
            raise Refused("RPT-934", zh, f"“{wrong[:40]}” cannot name a row.", "keys")


def require_bounded(content: Content, explained: Mapping[str, str]) -> None:
    """Raises Refused for what no return is like."""
    values = [entry.value for entry in content.entries.values() if isinstance(entry.value, str)]
    too_long = any(len(each) > LONGEST_VALUE for each in values)
    too_long |= any(len(each) > LONGEST_EXPLANATION for each in explained.values())
    if too_long or len(content.entries) > MOST_ENTRIES:
        zh = f"内容过长：一栏最多 {LONGEST_VALUE} 字，说明最多 {LONGEST_EXPLANATION} 字，全表最多 {MOST_ENTRIES} 栏。"
        raise Refused("RPT-924", zh, "Too long or too many entries.", "content")
    if any(NUL in each for each in (*values, *explained.values(), *content.entries)):
        raise Refused("TXT-101", "内容里有不可见的空字符（U+0000）。", "The text holds a NUL sign.", "content")
