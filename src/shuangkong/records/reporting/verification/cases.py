"""核查案件的办理: a case is opened on a return, and what happens to it is kept, journalled and replayed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require, visible
from shuangkong.records.people.access import may as may_do
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.competence import by_matter
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.store import one, returns, version
from shuangkong.records.reporting.telling import tell_case
from shuangkong.records.reporting.verification.another import filed_by, require_another
from shuangkong.records.reporting.verification.bodies import require_assignable
from shuangkong.records.reporting.verification.giving import cases_given, is_case_given
from shuangkong.records.reporting.verification.models import CaseEvent, VerificationCase
from shuangkong.reporting.alarms import Fate
from shuangkong.reporting.verification.standing import (
    EVENTS,
    HINDRANCES,
    OF_OFFICES,
    STATES,
    TOLD_UNIT,
    Event,
    EventKind,
    Standing,
    State,
    after,
    hindrance,
    may,
    opened,
    seen_by_unit,
    standing,
)
from shuangkong.rulebook import open_rulebook

#: What a case says of the findings it was about.
_FATES = {
    State.CONFIRMED: Fate.CLEARED, State.CLEARED: Fate.CLEARED, State.CORRECTED: Fate.CONFIRMED,
    State.FRAUD: Fate.CONFIRMED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as it stands; ``owned``: the return it is on; ``next``: what can happen; ``where`` it is, for whoever has
    it in hand or was given it: to a body that was given another case on the return it is not there."""

    id: int
    owned: ReturnRow
    standing: Standing
    events: tuple[tuple[Event, str], ...]

    @property
    def where(self) -> Where:
        return replace(self.owned.where, given=partial(is_case_given, self.id))

    @property
    def next(self) -> tuple[EventKind, ...]:
        """What an office can do next; a unit answers by ``answer_case``."""
        return tuple(kind for kind in may(self.standing) if kind is not EventKind.ANSWER)

    @property
    def may_be_answered(self) -> bool:
        return self.is_told and EventKind.ANSWER in may(self.standing)

    @property
    def is_told(self) -> bool:
        """Whether the unit knows of the case."""
        return bool(self.for_unit)

    @property
    def for_unit(self) -> tuple[tuple[Event, str], ...]:
        """What the unit reads of it, with its authors."""
        seen = set(map(id, seen_by_unit(event for event, _ in self.events)))
        return tuple((event, author) for event, author in self.events if id(event) in seen)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: its number, its return's, its state and since when."""

    id: int
    owned: int
    state: State
    since: date


def open_case(number: int, by: Acting, ground: str, codes: tuple[str, ...] = ()) -> int:
    """Opens a case on a return; returns its number. ~8 queries.

    Raises:
        Refused: there is no such return, the own body or the person filed it, nothing was handed in yet, or no ground
            is given.
        Forbidden: the person has no cases in hand there.
    """
    with transaction.atomic():
        row = _return(number)
        require(by, Action.VERIFICATION_COMMISSION, row.where)
        require_another(row, by)
        if not row.versions:
            raise Refused("RPT-968", "这份报表还没有报来，不能核查。", "Nothing was handed in yet to be verified.")
        event = Event(EventKind.OPEN, timezone.localdate(), ground.strip(), codes=codes)
        if not event.ground:
            raise Refused("RPT-969", "请写明立案理由。", "Say why the case is opened.", "ground")
        now = opened(event, is_administrative=not _is_statistical(row))
        case = VerificationCase.objects.create(owned_id=number, path=row.path, state=now.state, changed_on=event.on)
        _record(case, row, event, by)
    return case.pk


def act_on_case(number: int, by: Acting, event: Event) -> Standing:
    """Records what happened to a case. ~9 queries.

    Raises:
        Refused: there is no such case, the own body or the person filed its return, or it cannot happen as it stands:
            says why and what to do.
        Forbidden: the person may not verify it.
    """
    with transaction.atomic():
        case = VerificationCase.objects.select_for_update().filter(pk=number).first()
        if case is None:
            raise Refused("RPT-978", f"没有编号为 {number} 的核查案件。", f"There is no case {number}.")
        row = _return(case.owned_id)
        require(by, action_of(event.kind), replace(row.where, given=partial(is_case_given, number)))
        if event.kind is EventKind.ANSWER:
            raise Refused("RPT-967", "答复由单位自己写。", "Only the unit itself answers.", "kind")
        require_another(row, by)
        if event.kind is EventKind.CORRECT and version(row.id, event.version) is None:
            zh = f"没有第 {event.version or 0} 版。更正由单位自己报，请填它更正的一版。"
            en = f"There is no version {event.version or 0}: the unit corrects its return; name what it handed in."
            raise Refused("RPT-965", zh, en, "version")
        if event.kind is EventKind.ASSIGN:
            require_assignable(row, event, by)
        now = _happens(case, row, event, by)
        if event.kind in TOLD_UNIT:
            tell_case(case.pk, row, event, by)
    return now


def action_of(kind: EventKind) -> Action:
    """Which action of the table an event is: a body that was given the case looks and says what it found; to open,
    give, convict and close it is for whoever has it in hand."""
    return Action.VERIFICATION_COMMISSION if kind in OF_OFFICES else Action.RETURN_VERIFY


def next_by(found: CaseRow, by: Acting) -> tuple[EventKind, ...]:
    """What a person can do to a case next: nothing to one on what the own body or the person filed. 1 query."""
    kinds = tuple(kind for kind in found.next if may_do(by, action_of(kind), found.where))
    return kinds if kinds and not filed_by(found.owned, by) else ()


def seen_by(acting: Acting, action: Action = Action.VERIFICATION_READ) -> Q:
    """The condition on cases that a person may read: where he or she verifies or audits, or that were given."""
    return visible(
        acting, action, "owned__path", matters=by_matter("owned__form"),
        given=lambda bodies: Q(pk__in=cases_given(bodies)),
    )  # fmt: skip


def answer_case(number: int, by: Acting, text: str, document: str = "") -> Standing:
    """What the unit says to its case: an answer, or an objection to what was decided. ~8 queries.

    Raises:
        Refused: there is no such case that the unit knows of, it is closed, or nothing is said.
        Forbidden: the person does not act for the unit.
    """
    with transaction.atomic():
        case = VerificationCase.objects.select_for_update().filter(pk=number).first()
        found = case_of(number)
        if case is None or found is None or not found.is_told:
            raise Refused("RPT-978", f"没有编号为 {number} 的核查案件。", f"There is no case {number}.")
        require(by, Action.VERIFICATION_ANSWER, found.owned.where)
        event = Event(EventKind.ANSWER, timezone.localdate(), text.strip(), document.strip())
        return _happens(case, found.owned, event, by)


def _happens(case: VerificationCase, row: ReturnRow, event: Event, by: Acting) -> Standing:
    now = _standing(case, row)
    why = hindrance(now, event)
    if why is not None:
        said, word, state = HINDRANCES[why], EVENTS[event.kind], STATES[now.state]
        zh = f"案件“{state.zh}”，不能“{word.zh}”：{said.zh}。"
        raise Refused("RPT-964", zh, f"The case is “{state.en}”, so not “{word.en}”: {said.en}.")
    now = after(now, event)
    case.state, case.changed_on = now.state, event.on
    given = now.given
    case.given_to_id, case.given_from, case.given_until = (
        (given.body, given.since, given.until) if given else (None, None, None)
    )
    case.save(update_fields=["state", "changed_on", "given_to", "given_from", "given_until"])
    _record(case, row, event, by)
    return now


def cases_of_unit(reporter: int) -> tuple[CaseRow, ...]:
    """Every case on returns of a unit, the newest first. 3 queries a case and 1."""
    numbers = VerificationCase.objects.filter(owned__reporter=reporter).order_by("-pk").values_list("pk", flat=True)
    return tuple(found for number in numbers if (found := case_of(number)) is not None)


def case_of(number: int) -> CaseRow | None:
    """One case with all that happened; None where there is none. 3 queries."""
    case = VerificationCase.objects.filter(pk=number).first()
    row = None if case is None else one(case.owned_id)
    if case is None or row is None:
        return None
    events = _events(case)
    now = standing((event for event, _ in events), is_administrative=not _is_statistical(row))
    return None if now is None else CaseRow(case.pk, row, now, events)


def cases_below(path: str, states: tuple[State, ...] = ()) -> tuple[tuple[int, int, State], ...]:
    """(case, return, state) at and below a place, those changed last first. 1 query."""
    rows = VerificationCase.objects.filter(below(path))
    if states:
        rows = rows.filter(state__in=states)
    told = rows.order_by("-changed_on", "-pk").values_list("pk", "owned", "state")
    return tuple((number, owned, State(state)) for number, owned, state in told)


def cases(condition: Q) -> tuple[tuple[CaseLine, ReturnRow], ...]:
    """Cases that meet a condition with their returns, those changed last first. 3 queries."""
    lines = tuple(
        CaseLine(number, owned, State(state), changed)
        for number, owned, state, changed in VerificationCase.objects.filter(condition)
        .order_by("-changed_on", "-pk").values_list("pk", "owned", "state", "changed_on")
    )  # fmt: skip
    rows = {row.id: row for row in returns(Q(pk__in={each.owned for each in lines}))}
    return tuple((each, rows[each.owned]) for each in lines)


def newest_case(owned: int) -> CaseLine | None:
    """The case opened last on a return; None where there is none. 1 query."""
    case = VerificationCase.objects.filter(owned=owned).order_by("-pk").first()
    return None if case is None else CaseLine(case.pk, owned, State(case.state), case.changed_on)


def settled_fates() -> dict[tuple[object, object], Fate]:
    """(return, check code) → what a decided case found of it. 2 queries."""
    rows = VerificationCase.objects.filter(state__in=[*_FATES, State.CLOSED]).prefetch_related("events")
    found: dict[tuple[object, object], Fate] = {}
    for case in rows:
        events = sorted(case.events.all(), key=lambda each: each.pk)
        decided = [_DECIDED[kind] for each in events if (kind := EventKind(each.kind)) in _DECIDED]
        for event in events:
            for code in filter(None, event.codes.split("\n")):
                if decided:
                    found[case.owned_id, code] = _FATES[decided[-1]]
    return found


_DECIDED = {
    EventKind.CORRECT: State.CORRECTED, EventKind.CONFIRM: State.CONFIRMED, EventKind.CLEAR: State.CLEARED,
    EventKind.CONVICT: State.FRAUD,
}  # fmt: skip


def _return(number: int) -> ReturnRow:
    row = one(number)
    if row is None:
        raise Refused("RPT-910", f"没有编号为 {number} 的报表。", f"There is no return {number}.")
    return row


def _is_statistical(row: ReturnRow) -> bool:
    """By the nation's form; one that is no longer there counts as statistical, which protects the unit."""
    forms = open_rulebook().forms().over_time.get(row.form, ())
    return not forms or forms[-1].is_statistical


def _standing(case: VerificationCase, row: ReturnRow) -> Standing:
    now = standing((event for event, _ in _events(case)), is_administrative=not _is_statistical(row))
    if now is None:
        raise TypeError(f"case {case.pk}: expected an opening event")
    return now


def _events(case: VerificationCase) -> tuple[tuple[Event, str], ...]:
    """Every event with its author, in order."""
    return tuple(
        (
            Event(
                EventKind(each.kind), each.on, each.ground, each.document, tuple(filter(None, each.codes.split("\n"))),
                each.version, tuple(filter(None, each.people.split("\n"))), each.body_id, each.until,
            ),
            each.author,
        )
        for each in CaseEvent.objects.filter(case=case).order_by("pk")
    )  # fmt: skip


def _record(case: VerificationCase, row: ReturnRow, event: Event, by: Acting) -> None:
    written = by.act(
        f"verification.{event.kind.value}", f"verification/{case.pk}", ground=event.ground, document=event.document,
        after={"return": row.id, "codes": list(event.codes), "people": list(event.people), "version": event.version}
        | ({"body": event.body, "until": event.until} if event.body else {}),
    )  # fmt: skip
    number = journal.append(replace(written, place=row.path))
    CaseEvent.objects.create(
        case=case, kind=event.kind, on=event.on, ground=event.ground, document=event.document,
        codes="\n".join(event.codes), people="\n".join(event.people), version=event.version,
        body_id=event.body if event.kind is EventKind.ASSIGN else None, until=event.until, author=by.author,
        at=timezone.now(), journal=number,
    )  # fmt: skip
