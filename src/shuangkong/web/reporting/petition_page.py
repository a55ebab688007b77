"""申请怎么显示: what a unit asked for, with its answer, on the page of its return, at the desk and among its duties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.records.people.acting import Acting
from shuangkong.records.reporting import store
from shuangkong.records.reporting.petitions import PetitionRow, answerable, count_of, may_answer, petitions
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.reporting.petitions import (
    EVENTS,
    KINDS,
    STATES,
    WISH_A_DAY,
    PetitionEvent,
    PetitionKind,
    PetitionState,
    may_be_asked,
)
from shuangkong.web.reporting.words import form_word, only_first, period_word
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import spoken

#: Petitions that the desk lists, and signs of their grounds that it shows.
_MOST, _BRIEF = 200, 60
#: What ended a petition that leaves no event of the return behind.
_ENDS = {
    PetitionState.REFUSED: PetitionEvent.REFUSE,
    PetitionState.WITHDRAWN: PetitionEvent.WITHDRAW,
    PetitionState.LAPSED: PetitionEvent.LAPSE,
}


def section(
    row: ReturnRow, told: tuple[PetitionRow, ...], names: Mapping[str, str], by: Acting, *, is_own: bool
) -> dict[str, Any]:
    """What the page of a return says of petitions and lets the person do. No query."""
    asked = may_be_asked(row.standing, [each.kind for each in told if each.state is PetitionState.OPEN])
    return {
        "petitions": [
            {
                "row": each, "kind": spoken(KINDS[each.kind]), "state": spoken(STATES[each.state]),
                "by": names.get(each.author, each.author), "is_open": each.state is PetitionState.OPEN,
                "answered_by": "" if each.answered_by == "system" else names.get(each.answered_by, each.answered_by),
                "may_answer": may_answer(row, each, by), "may_withdraw": is_own and each.waits,
                "wishes_a_day": each.kind in WISH_A_DAY,
            }
            for each in told
        ],
        "may_ask": [(kind.value, spoken(KINDS[kind])) for kind in asked] if is_own else [],
    }  # fmt: skip


def lines(told: Iterable[PetitionRow], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """What stands of petitions in the history of a return; what was granted stands there as the act that it is."""
    found = []
    for each in told:
        kind = spoken(KINDS[each.kind])
        found.append(_line(PetitionEvent.ASK, kind, each.at, each.ground, names.get(each.author, each.author)))
        if each.state in _ENDS and each.answered_at is not None:
            by = names.get(each.answered_by, each.answered_by)
            found.append(_line(_ENDS[each.state], kind, each.answered_at, each.answer, by))
    return found


def _line(event: PetitionEvent, kind: str, at: object, ground: str, by: str) -> dict[str, Any]:
    label = _("%(event)s（%(kind)s）") % {"event": spoken(EVENTS[event]), "kind": kind}
    return {"told": {"at": at, "ground": ground}, "label": label, "by": "" if by == "system" else by}


def open_count(by: Acting, condition: Q | None = None) -> int:
    """How many petitions wait for a person's answer. 1 query."""
    return count_of(answerable(by) & (condition or Q()))


def waiting_words(rows: Iterable[ReturnRow]) -> Mapping[int, str]:
    """Return → what was asked for and waits. 1 query."""
    found: dict[int, str] = {}
    for each in petitions(Q(owned__in=[row.id for row in rows], state=PetitionState.OPEN), "pk"):
        if each.waits:
            found[each.owned] = "、".join(filter(None, (found.get(each.owned, ""), spoken(KINDS[each.kind]))))
    return found


def desk_table(request: HttpRequest, by: Acting) -> tuple[Table, int]:
    """Petitions that wait for a person's answer, the oldest first, and how many there are. 1 query where there is none,
    else 3; 1 more where they are not all listed."""
    condition = answerable(by)
    told = petitions(condition, "pk", count=_MOST + 1)
    count = len(told) if len(told) <= _MOST else count_of(condition)
    shown = told[:_MOST]
    rows = {row.id: row for row in store.returns(Q(pk__in=[each.owned for each in shown]))} if shown else {}
    columns = (
        Column("unit", _("填报单位")), Column("form", _("报表")), Column("period", _("报告期")),
        Column("kind", _("申请什么")), Column("ground", _("理由")), Column("due", _("现在的截止日")),
        Column("wished", _("希望延到")), Column("asked", _("申请时间")),
    )  # fmt: skip
    lines_ = tuple(_row(request, rows[each.owned], each) for each in shown if each.owned in rows)
    return Table(
        "petitions", _("等我答复的申请"), columns, lines_, empty=_("没有等待答复的申请。"),
        is_demo=any(row.is_demo for row in rows.values()), note=only_first(len(shown), count),
    ), count  # fmt: skip


def _row(request: HttpRequest, row: ReturnRow, told: PetitionRow) -> Row:
    last = row.standing.owed_by or row.standing.due
    brief = told.ground if len(told.ground) <= _BRIEF else f"{told.ground[:_BRIEF]}…"
    return Row(
        (
            text_cell(row.reporter.name, href=f"{link(request, 'reporting:return', row.id)}#petitions"),
            text_cell(form_word(row)),
            Cell(period_word(row.period), row.period),
            text_cell(spoken(KINDS[told.kind])),
            text_cell(brief),
            Cell(last.isoformat() if last else "—", last),
            Cell(told.due.isoformat() if told.due else "—", told.due),
            text_cell(f"{timezone.localtime(told.at):%Y-%m-%d %H:%M}"),
        )
    )


def kind_of(text: str) -> PetitionKind | None:
    """What a form asks for; None for what is no kind."""
    return next((each for each in PetitionKind if each == text), None)
