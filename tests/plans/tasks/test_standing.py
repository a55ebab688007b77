"""How a task stands: the table of transitions, the clock, the rounds of recurring duties."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuangkong.plans.tasks.events import TRANSITIONS, Event, EventKind, Grade, State, may_happen
from shuangkong.plans.tasks.recurrence import Recurrence, due_day, recurrence_of, rounds
from shuangkong.plans.tasks.standing import CannotHappen, Clock, Standing, Thresholds, clock, standing

DUE = date(2030, 6, 30)
DAYS = Thresholds(due_soon=15, silent=60)


def at(day: int, kind: EventKind, **said: object) -> Event:
    return Event(kind, date(2030, 1, 1) + timedelta(days=day), **said)  # type: ignore[arg-type]


ASSIGNED = at(0, EventKind.ASSIGN)


def test_a_report_counts_once_it_is_accepted() -> None:
    report = at(10, EventKind.REPORT, body=3, grade=Grade.ON_TRACK, percent=Decimal(30))
    waiting = standing(DUE, [ASSIGNED, report])
    assert (waiting.state, waiting.grade, waiting.percent) == (State.REPORTED, Grade.NOT_STARTED, None)
    accepted = standing(DUE, [ASSIGNED, report, at(12, EventKind.ACCEPT)])
    assert (accepted.state, accepted.grade, accepted.percent) == (State.ACTIVE, Grade.ON_TRACK, Decimal(30))


def test_a_returned_report_leaves_the_grade_as_it_was() -> None:
    report = at(10, EventKind.REPORT, grade=Grade.DONE, percent=Decimal(100))
    now = standing(DUE, [ASSIGNED, report, at(12, EventKind.RETURN)])
    assert (now.state, now.grade, now.finished_on) == (State.RETURNED, Grade.NOT_STARTED, None)


def test_a_task_is_done_on_the_day_it_was_reported_done() -> None:
    report = at(10, EventKind.REPORT, grade=Grade.DONE)
    now = standing(DUE, [ASSIGNED, report, at(40, EventKind.ACCEPT)])
    assert (now.state, now.percent, now.finished_on) == (State.DONE, Decimal(100), report.on)
    assert clock(now, date(2031, 1, 1), DAYS) is Clock.OVER


def test_stopped_days_do_not_count() -> None:
    now = standing(DUE, [ASSIGNED, at(10, EventKind.STOP), at(40, EventKind.RESUME)])
    assert now.due == DUE + timedelta(days=30)
    stopped = standing(DUE, [ASSIGNED, at(10, EventKind.STOP)])
    assert clock(stopped, DUE + timedelta(days=400), DAYS) is Clock.STOPPED


def test_a_person_may_reopen_what_was_done() -> None:
    done = [ASSIGNED, at(1, EventKind.REPORT, grade=Grade.DONE), at(2, EventKind.ACCEPT)]
    now = standing(DUE, [*done, at(3, EventKind.STATE, grade=Grade.BEHIND)])
    assert (now.state, now.grade, now.finished_on, now.percent) == (State.ACTIVE, Grade.BEHIND, None, None)
    told = standing(DUE, [*done, at(3, EventKind.STATE, grade=Grade.BEHIND, percent=Decimal(60))])
    assert told.percent == Decimal(60)


@pytest.mark.parametrize("before", [[], [at(1, EventKind.REPORT)], [at(1, EventKind.REPORT), at(2, EventKind.RETURN)]])
def test_a_stop_leaves_no_trace_but_the_later_due_day(before: list[Event]) -> None:
    was = standing(DUE, [ASSIGNED, *before])
    now = standing(DUE, [ASSIGNED, *before, at(5, EventKind.STOP), at(9, EventKind.RESUME)])
    assert now == replace(was, due=DUE + timedelta(days=4), heard_on=at(9, EventKind.RESUME).on)


def test_a_report_that_waited_through_a_stop_can_be_accepted() -> None:
    said = [at(1, EventKind.REPORT, grade=Grade.DONE), at(5, EventKind.STOP), at(9, EventKind.RESUME)]
    assert standing(DUE, [ASSIGNED, *said, at(10, EventKind.ACCEPT)]).state is State.DONE


@pytest.mark.parametrize(("days", "says"), [(0, Clock.WAITING), (1, Clock.LATE)])
def test_a_report_in_time_is_not_late_however_long_its_judgement_takes(days: int, says: Clock) -> None:
    report = Event(EventKind.REPORT, DUE + timedelta(days=days), grade=Grade.DONE)
    better = Event(EventKind.REPORT, DUE + timedelta(days=days + 5), grade=Grade.DONE)
    for events in ([ASSIGNED, report], [ASSIGNED, report, better]):
        assert clock(standing(DUE, events), DUE + timedelta(days=40), DAYS) is says
    returned = standing(DUE, [ASSIGNED, report, Event(EventKind.RETURN, DUE + timedelta(days=2))])
    assert clock(returned, DUE + timedelta(days=40), DAYS) is Clock.LATE


def test_what_a_report_says_of_the_past_moves_no_clock() -> None:
    told = DUE + timedelta(days=30)
    report = Event(EventKind.REPORT, DUE - timedelta(days=5), grade=Grade.DONE, told_on=told)
    waits = standing(DUE, [ASSIGNED, report])
    assert (clock(waits, told, DAYS), waits.heard_on) == (Clock.LATE, told)
    assert standing(DUE, [ASSIGNED, report, Event(EventKind.ACCEPT, told)]).finished_on == told


def test_an_extension_is_asked_for_and_granted_or_declined() -> None:
    asked = [ASSIGNED, at(9, EventKind.ASK, due=DUE + timedelta(days=30))]
    assert standing(DUE, asked).asked_due == DUE + timedelta(days=30)
    assert standing(DUE, asked).due == DUE
    declined = standing(DUE, [*asked, at(10, EventKind.DECLINE)])
    assert (declined.asked_due, declined.due, declined.extensions) == (None, DUE, 0)
    granted = standing(DUE, [*asked, at(10, EventKind.EXTEND, due=DUE + timedelta(days=20))])
    assert (granted.asked_due, granted.due, granted.extensions) == (None, DUE + timedelta(days=20), 1)


def test_a_document_moves_a_due_day_either_way_and_that_is_no_extension() -> None:
    for days in (-30, 30):
        now = standing(DUE, [ASSIGNED, at(9, EventKind.REDATE, due=DUE + timedelta(days=days))])
        assert (now.due, now.extensions) == (DUE + timedelta(days=days), 0)


def test_nobody_is_hurried_while_the_office_has_the_report() -> None:
    for kind in (EventKind.REMIND, EventKind.CIRCULATE):
        assert not may_happen(State.REPORTED, kind)
        assert may_happen(State.ACTIVE, kind)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (DUE - timedelta(days=16), Clock.SILENT),
        (DUE - timedelta(days=15), Clock.DUE_SOON),
        (DUE, Clock.DUE_SOON),
        (DUE + timedelta(days=1), Clock.LATE),
        (date(2030, 3, 2), Clock.CALM),
        (date(2030, 3, 3), Clock.SILENT),
    ],
)
def test_the_clock_by_the_day(day: date, says: Clock) -> None:
    assert clock(standing(DUE, [ASSIGNED]), day, DAYS) is says


def test_who_waits_for_a_judgement_is_not_silent() -> None:
    now = standing(None, [ASSIGNED, at(1, EventKind.REPORT, grade=Grade.ON_TRACK)])
    assert clock(now, date(2032, 1, 1), DAYS) is Clock.WAITING


def test_every_state_is_reached_and_the_last_are_final() -> None:
    assert set(TRANSITIONS.values()) | {State.DONE} == set(State)
    assert not [kind for kind in EventKind if may_happen(State.CANCELLED, kind)]
    assert {kind for kind in EventKind if may_happen(State.STOPPED, kind)} == {
        EventKind.RESUME, EventKind.REDATE, EventKind.SHARE, EventKind.CANCEL,
    }  # fmt: skip


EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(EventKind),
        on=st.dates(date(2030, 1, 1), date(2031, 1, 1)),
        grade=st.sampled_from(Grade),
        due=st.dates(date(2031, 1, 2), date(2032, 1, 1)),
    ),
    max_size=12,
)


@given(EVENTS)
def test_whatever_happens_the_table_decides(events: list[Event]) -> None:
    """No event slips through that the table does not have, and none is refused that it has."""
    taken: list[Event] = [ASSIGNED]
    for event in events:
        before = standing(DUE, taken)
        state = before.state
        if may_happen(state, event.kind):
            taken.append(event)
            now = standing(DUE, taken)
            resumed = before.before_stop if event.kind is EventKind.RESUME else None
            assert now.state in (resumed or TRANSITIONS[state, event.kind], State.DONE)
        else:
            with pytest.raises(CannotHappen):
                standing(DUE, [*taken, event])


@given(EVENTS, st.dates(date(2030, 1, 1), date(2033, 1, 1)))
def test_the_clock_always_says_something(events: list[Event], day: date) -> None:
    now = Standing(due=DUE, heard_on=date(2030, 1, 1))
    for event in events:
        if may_happen(now.state, event.kind):
            now = standing(DUE, [ASSIGNED, event]) if may_happen(State.ASSIGNED, event.kind) else now
    assert clock(now, day, DAYS) in Clock


@pytest.mark.parametrize(
    ("printed", "means"),
    [
        ("每年", Recurrence.YEARLY),
        ("每季度", Recurrence.QUARTERLY),
        ("每半年", Recurrence.HALF_YEARLY),
        ("每月", Recurrence.MONTHLY),
        ("定期", Recurrence.REGULAR),
        ("", Recurrence.NONE),
    ],
)
def test_printed_words_of_recurrence(printed: str, means: Recurrence) -> None:
    assert recurrence_of(printed) is means


def test_rounds_lie_within_and_end_with_their_period() -> None:
    found = rounds(Recurrence.QUARTERLY, date(2030, 4, 1), date(2031, 3, 31))
    assert [(each.period, each.due) for each in found] == [
        ("2030-Q2", date(2030, 6, 30)),
        ("2030-Q3", date(2030, 9, 30)),
        ("2030-Q4", date(2030, 12, 31)),
        ("2031-Q1", date(2031, 3, 31)),
    ]
    assert rounds(Recurrence.REGULAR, date(2030, 1, 1), date(2035, 1, 1)) == ()
    assert [each.period for each in rounds(Recurrence.HALF_YEARLY, date(2030, 1, 1), date(2030, 12, 30))] == ["2030-H1"]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2030", date(2030, 12, 31)),
        ("2030-02", date(2030, 2, 28)),
        ("2030-06-15", date(2030, 6, 15)),
        ("", None),
        ("每年", None),
        ("2030-13", None),
        ("2030-02-30", None),
    ],
)
def test_the_last_day_that_a_deadline_means(printed: str, day: date | None) -> None:
    assert due_day(printed) == day
