"""机关办什么: review, return, accept, approve, lock, extend, exempt …; each an event and a row of the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Severity
from shuangkong.core.horizon import DECIDED_AHEAD, is_near, years
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.store import paths
from shuangkong.records.reporting import telling
from shuangkong.records.reporting.flowing import flow
from shuangkong.records.reporting.later import hold_anew, later_findings
from shuangkong.records.reporting.limits import redo_by
from shuangkong.records.reporting.models import Event, Explanation, Return
from shuangkong.records.reporting.own_filed import barred_as_own
from shuangkong.records.reporting.petition_settling import Settled, settle, settled
from shuangkong.records.reporting.reminding import note_urged
from shuangkong.records.reporting.rows import ReturnRow, VersionRow, unjudged
from shuangkong.records.reporting.store import keep_standing, one, standing_of, version
from shuangkong.records.reporting.summing import lock_named_by, lock_places
from shuangkong.reporting.life import EVENTS, STATES, EventKind, State
from shuangkong.reporting.life import Event as LifeEvent
from shuangkong.reporting.life_standing import after
from shuangkong.reporting.life_standing import may as may_stand
from shuangkong.reporting.petitions import PetitionEvent

#: Which action of the table of access each act is.
NEEDS: Mapping[EventKind, Action] = {
    EventKind.REVIEW: Action.RETURN_REVIEW,
    EventKind.ACCEPT: Action.RETURN_REVIEW,
    EventKind.RETURN: Action.RETURN_REVIEW,
    EventKind.APPROVE: Action.RETURN_APPROVE,
    EventKind.SEND_BACK: Action.RETURN_APPROVE,
    EventKind.REMIND: Action.RETURN_REVIEW,
    EventKind.EXTEND: Action.RETURN_REVIEW,
    EventKind.HOLD: Action.RETURN_REVIEW,
    EventKind.RELEASE: Action.RETURN_REVIEW,
    EventKind.STOP: Action.RETURN_REVIEW,
    EventKind.EXEMPT: Action.RETURN_REVIEW,
    EventKind.REQUIRE: Action.RETURN_REVIEW,
    EventKind.CANCEL: Action.WINDOW_OPEN,
    EventKind.LOCK: Action.WINDOW_OPEN,
    EventKind.UNLOCK: Action.WINDOW_OPEN,
    EventKind.RECALL: Action.RETURN_SIGN,
}
#: Acts that say nothing without a reason.
NEED_GROUND = frozenset(
    {
        EventKind.RETURN, EventKind.SEND_BACK, EventKind.EXTEND, EventKind.HOLD, EventKind.STOP, EventKind.EXEMPT,
        EventKind.REQUIRE, EventKind.CANCEL, EventKind.UNLOCK,
    }
)  # fmt: skip
#: Acts that set a day.
NEED_DAY = frozenset({EventKind.EXTEND})
_TOLD_UNIT = frozenset({EventKind.RETURN, EventKind.REMIND, EventKind.EXTEND})


@dataclass(frozen=True, slots=True)
class Said:
    """What is said with an act; ``due`` the new last day; ``verdicts`` finding → whether its explanation holds;
    ``version`` the one that was read: where another stands now, nothing is done. None: whichever stands, unless
    ``names_version``: who acts from a page always says what was read."""

    ground: str = ""
    document: str = ""
    due: date | None = None
    verdicts: Mapping[int, bool] = field(default_factory=dict)
    version: int | None = None
    names_version: bool = False


def act(number: int, by: Acting, kind: EventKind, said: Said | None = None) -> None:
    """Records one act of an office, or that the signatory takes a version back. ~15 queries.

    Raises:
        Refused: there is no such return or act; it cannot happen as it stands; a reason or a day is missing; an
            explanation is not judged yet; since it was signed something was found that must be fixed; an approval
            leaves a level out; another version stands than the one read.
        Forbidden: the person may not do this to it.
    """
    said = said or Said()
    with transaction.atomic():
        lock_places([number])
        held = Return.objects.select_for_update().filter(pk=number).first()
        row = one(number)
        if held is None or row is None:
            raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
        if kind not in NEEDS:
            zh = f"没有这种办法“{kind.value}”。应为 {'、'.join(NEEDS)}。"
            raise Refused("RPT-932", zh, f"No such act: expected one of {', '.join(NEEDS)}.", "kind")
        require(by, NEEDS[kind], where_of(row, kind))
        _require_sound(row, kind, said)
        require_another(row, by, kind)
        _require_right(row, kind)
        _judge(row, by, kind, said)
        if kind is EventKind.RETURN and row.standing.kept is None:  # a correction is owed by no day
            last = redo_by(row.standing, said.due, row.reporter.region, timezone.localdate())
            said = replace(said, due=last)
        now = after(standing_of(held), _event(row, kind, said))
        keep_standing(held, now)
        held.was_final = held.was_final or now.is_whole
        held.save()
        is_otherwise = now.in_force != row.standing.in_force
        if is_otherwise or kind is EventKind.ACCEPT or (kind is EventKind.APPROVE and now.is_whole):
            flow(held, row, by)
        asked = settled(held.pk, row.standing, kind, now)
        settle(asked, by, _record(held, row, by, kind, said, asked), said.ground)
        if kind is EventKind.REMIND:
            note_urged(row, by)
        if kind in _TOLD_UNIT or PetitionEvent.GRANT in asked:
            telling.tell(row, kind, said.ground, said.due, by)


def approve_all(
    numbers: Iterable[int], by: Acting, ground: str = "", read: Mapping[int, int | None] | None = None
) -> int:
    """Approves each at its next level, whole or not at all; returns how many. Raises as ``act``.

    ``read``: return → the version that was read; None where nobody read any. All are locked at once, the lowest number
    first: two who approve the same in another order do not wait for one another.
    """
    told = sorted(set(numbers))
    with transaction.atomic():
        lock_places(told)
        list(Return.objects.select_for_update().filter(pk__in=told).order_by("pk").values_list("pk"))
        lock_named_by(told)
        for number in told:
            act(
                number,
                by,
                EventKind.APPROVE,
                Said(ground, version=(read or {}).get(number), names_version=read is not None),
            )
    return len(told)


def where_of(row: ReturnRow, kind: EventKind) -> Where:
    """Where an act is done: an approval at the place of the next level, a lock where the window was opened."""
    if kind is EventKind.APPROVE:
        return Where(_path(row, row.next_level), matter=row.where.matter)
    if kind is EventKind.SEND_BACK:
        last = row.next_level or row.chain[-1] if row.chain else ""
        return Where(_path(row, last), matter=row.where.matter)
    if kind in (EventKind.LOCK, EventKind.UNLOCK):
        return Where(_path(row, row.chain[-1] if row.chain else ""))
    return row.where_signed if kind is EventKind.RECALL else row.where


def _path(row: ReturnRow, code: str) -> str:
    """The path of a region that a return lies in; that of nowhere for none."""
    before, found, _ = row.path.partition(f"/{code}/")
    return f"{before}{found}" if code and found else "/?/"


def acts_allowed(row: ReturnRow, by: Acting, stands: VersionRow | None = None) -> list[EventKind]:
    """What the person may do to it as it stands, in the order of NEEDS; ``stands``: the version that stands, where it
    is known already. Nothing that would be refused because the own body or the person filed it. 1 query at most."""
    kinds = [kind for kind in NEEDS if may_stand(row.standing, kind) and may(by, NEEDS[kind], where_of(row, kind))]
    if _BY_ANOTHER.isdisjoint(kinds) or barred_as_own(row, by, stands) is None:
        return kinds
    return [kind for kind in kinds if kind not in _BY_ANOTHER]


def _event(row: ReturnRow, kind: EventKind, said: Said) -> LifeEvent:
    level = row.standing.level + 1 if kind is EventKind.APPROVE else 0
    return LifeEvent(kind, timezone.localdate(), row.standing.version, level, said.due)


def _require_sound(row: ReturnRow, kind: EventKind, said: Said) -> None:
    today = timezone.localdate()
    if said.names_version and said.version is None and row.standing.version is not None:
        zh = "没有说明您看的是第几版，没有办理。请打开这份报表，看过再办。"
        raise Refused("RPT-937", zh, "It does not say which version was read; nothing was done. Read it first.")
    if said.version is not None and said.version != row.standing.version:
        now = row.standing.version or "—"
        zh = f"您看的是第 {said.version} 版，现在是第 {now} 版，没有办理。请看过现在的一版再办。"
        en = f"You read version {said.version}; {now} stands now, and nothing was done. Read it first."
        raise Refused("RPT-918", zh, en)
    if not may_stand(row.standing, kind):
        state = STATES[row.state if row.state is not State.DRAFT else State.OPEN]
        zh = f"这份报表现在是“{state.zh}”，不能“{EVENTS[kind].zh}”。请刷新页面，看它现在到了哪一步。"
        en = f"The return is “{state.en}”: “{EVENTS[kind].en}” cannot happen now. Load the page anew."
        raise Refused("RPT-911", zh, en)
    if kind in NEED_GROUND and not said.ground.strip():
        raise Refused("RPT-912", "请写明理由，填报单位会看到。", "Give the reason; the unit will read it.", "ground")
    if kind in NEED_DAY and said.due is None:
        raise Refused("RPT-913", "请写明新的截止日。", "Give the new last day.", "due")
    if said.due is not None and (said.due < today or not is_near(said.due, today, DECIDED_AHEAD)):
        until = years(today, DECIDED_AHEAD)[1]
        zh = f"截止日不能早于今天，也不能晚于 {until} 年底。"
        raise Refused("RPT-914", zh, f"The last day cannot be past, nor after {until}.", "due")


#: What nobody does to what the own body, or the same person as another, filed; nor does anybody give it more days.
_BY_ANOTHER = frozenset(
    {
        EventKind.REVIEW, EventKind.ACCEPT, EventKind.RETURN, EventKind.APPROVE, EventKind.SEND_BACK, EventKind.EXTEND,
        EventKind.HOLD, EventKind.STOP, EventKind.EXEMPT,
    }
)  # fmt: skip


def require_another(row: ReturnRow, by: Acting, kind: EventKind) -> None:
    """Nobody reviews, approves or puts off what the own body filed. 1 query. Raises Refused."""
    why = barred_as_own(row, by) if kind in _BY_ANOTHER else None
    if why is not None:
        raise why


#: What says that a version is right.
_HOLDS = frozenset({EventKind.ACCEPT, EventKind.APPROVE})


def _require_right(row: ReturnRow, kind: EventKind) -> None:
    """Nothing is accepted or approved of which was found since it was signed that it must be fixed. 1 query.

    Before that is said the return is held against what stands beside it now: what was wrong there may be put right, and
    the clock may not have come to it yet.
    """
    if kind not in _HOLDS:
        return
    found = [each for rows in later_findings(Q(owned=row.id)).values() for each in rows]
    if any(each.severity is Severity.MUST_FIX for each in found):
        found = [*hold_anew(row.id)]
    wrong = [each for each in found if each.severity is Severity.MUST_FIX]
    if wrong:
        codes, word = "、".join(dict.fromkeys(each.code for each in wrong)), EVENTS[kind]
        zh = (
            f"{row.reporter.name}：提交以后又查出 {len(wrong)} 处必须改正（{codes}），不能“{word.zh}”。"
            "请看报表上“提交后对照出的问题”，退回修改；对照的数有误的，先更正那个数，再来办理。"
        )
        en = f"{row.reporter.name}: {len(wrong)} things were found since that must be fixed ({codes}): return it."
        raise Refused("RPT-939", zh, en)


def _judge(row: ReturnRow, by: Acting, kind: EventKind, said: Said) -> None:
    """Keeps the verdicts on explanations; nothing is accepted with one that waits or was refused. 3 queries."""
    if kind not in (EventKind.ACCEPT, EventKind.RETURN):
        return
    waits = version(row.id, row.standing.version)
    found = waits.findings if waits else ()
    known = {each.id for each in found if each.explanation is not None}
    now = timezone.now()
    for finding, holds in said.verdicts.items():
        if finding in known:
            Explanation.objects.filter(finding=finding).update(
                verdict="accepted" if holds else "refused", judged_by=by.author, judged_at=now, reason=said.ground
            )
    if kind is EventKind.ACCEPT:
        waiting = [each for each in unjudged(found) if each.id not in said.verdicts]
        refused = [each for each in found if _is_refused(each.id, each.explanation, said)]
        if waiting:
            codes = "、".join(each.code for each in waiting)
            zh = f"还有 {len(waiting)} 条说明没有认定（{codes}）。请逐条认定后再接收，或退回修改。"
            raise Refused("RPT-915", zh, f"Explanations wait to be judged: {codes}.", "verdicts")
        if refused:
            codes = "、".join(each.code for each in refused)
            zh = f"有说明没有被认可（{codes}），不能接收。请退回修改。"
            raise Refused("RPT-916", zh, f"An explanation was refused ({codes}): return it instead.", "verdicts")


def _is_refused(number: int, explanation: object, said: Said) -> bool:
    if number in said.verdicts:
        return not said.verdicts[number]
    return getattr(explanation, "verdict", "") == "refused"


def _record(held: Return, row: ReturnRow, by: Acting, kind: EventKind, said: Said, asked: Settled) -> Event:
    """The event and its row of the journal, which names what was asked for and is granted with it."""
    level, region = (row.standing.level + 1, row.next_level) if kind is EventKind.APPROVE else (0, "")
    after_ = {
        "state": held.state, "version": row.standing.version, "level": level or None, "due": said.due,
        "verdicts": {str(number): holds for number, holds in said.verdicts.items()} or None,
        "petition": next((number for number, _ in asked.get(PetitionEvent.GRANT, ())), None),
    }  # fmt: skip
    written = by.act(
        f"return.{kind.value}", f"return/{held.pk}", ground=said.ground.strip(), document=said.document.strip(),
        before={"state": row.state.value}, after={name: value for name, value in after_.items() if value is not None},
    )  # fmt: skip
    number = journal.append(replace(written, place=held.path))
    return Event.objects.create(
        owned=held, kind=kind, on=timezone.localdate(), version=row.standing.version, level=level, region=region,
        due=said.due, ground=said.ground.strip(), document=said.document.strip(), author=by.author,
        at=timezone.now(), journal=number,
    )  # fmt: skip


def places_of(row: ReturnRow) -> dict[str, str]:
    """Code → path of the regions that approve it. 1 query."""
    return paths(row.chain)
