"""The list of duties of a key energy user: yes, no, and unknown where nothing says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from shuangkong.core.finding import Message
from shuangkong.reporting.content import Content, Entry, figure, words
from shuangkong.reporting.key_units.lines import checklist
from shuangkong.reporting.key_units.told import (
    DUTIES,
    Answer,
    Basis,
    Consumption,
    Duty,
    Limits,
    Line,
    Listed,
    Report,
    Told,
)

DAY = date(2026, 11, 1)
LIMITS = Limits(Decimal(10_000), Decimal(5_000), is_verified=True)
NOTHING = Told(LIMITS)


def line(told: Told, duty: Duty) -> Line:
    return next(each for each in checklist(told, DAY) if each.duty is duty)


def duties(posts: tuple[str, ...] = (), **cells: Entry) -> Told:
    """A return of duties; ``cells`` by address with _ for the dots of a table and a column."""
    entries = {address.replace("__", "."): entry for address, entry in cells.items()}
    content = Content(DUTIES, "2024-01-01", entries, {"post": posts})
    return Told(LIMITS, duties=content, period="2025", owned=7)


def used(value: int, *, is_whole: bool = True) -> Told:
    return replace(NOTHING, consumption=Consumption(Decimal(value), "2025", 5, is_whole))


def test_where_nothing_says_everything_is_unknown() -> None:
    lines = checklist(NOTHING, DAY)
    assert [each.duty for each in lines] == list(Duty)
    assert {each.answer for each in lines} == {Answer.UNKNOWN}
    assert {each.basis for each in lines} == {Basis.NOTHING}


@pytest.mark.parametrize(
    ("until", "has_lists", "answer"),
    [(None, True, Answer.YES), (date(2026, 11, 1), True, Answer.YES), (date(2026, 10, 31), True, Answer.NO)],
)
def test_a_list_holds_until_its_last_day(until: date | None, has_lists: bool, answer: Answer) -> None:
    entry = Listed(Message("万家", "Ten thousand"), date(2021, 1, 1), until, "2号")
    assert line(replace(NOTHING, listed=(entry,), has_lists=has_lists), Duty.LISTED).answer is answer


def test_who_is_on_no_list_is_not_listed_only_where_there_are_lists() -> None:
    assert line(replace(NOTHING, has_lists=True), Duty.LISTED).answer is Answer.NO


@pytest.mark.parametrize(
    ("value", "answer", "said"),
    [(10_000, Answer.YES, "10,000 吨标准煤以上"), (9_999, Answer.YES, "可以指定"), (5_000, Answer.YES, "可以指定"),
     (4_999, Answer.NO, "不到界限")],
)  # fmt: skip
def test_the_ranges_of_the_law(value: int, answer: Answer, said: str) -> None:
    found = line(used(value), Duty.TIER)
    assert (found.answer, found.basis, found.number) == (answer, Basis.RETURN, 5)
    assert said in found.said.zh


def test_part_of_a_year_below_the_limits_says_nothing_and_above_it_does() -> None:
    assert line(used(4_000, is_whole=False), Duty.TIER).answer is Answer.UNKNOWN
    assert line(used(12_000, is_whole=False), Duty.TIER).answer is Answer.YES


def test_limits_that_are_not_verified_say_so() -> None:
    told = replace(used(12_000), limits=replace(LIMITS, is_verified=False))
    assert "待核对" in line(told, Duty.TIER).said.zh


@pytest.mark.parametrize(("actual", "answer"), [("100", Answer.YES), ("100.01", Answer.NO)])
def test_a_budget_is_kept_or_not(actual: str, answer: Answer) -> None:
    told = duties(budget__whole__budget=figure("100"), budget__whole__actual=figure(actual))
    found = line(told, Duty.BUDGET)
    assert (found.answer, found.basis, found.number) == (answer, Basis.RETURN, 7)
    assert line(duties(), Duty.BUDGET).answer is Answer.UNKNOWN, "a return that does not tell of it says nothing"


@pytest.mark.parametrize(
    ("done", "until", "answer"),
    [("yes", "", Answer.YES), ("yes", "2026-11-01", Answer.YES), ("yes", "2026-10-31", Answer.NO),
     ("no", "", Answer.NO), ("", "", Answer.UNKNOWN)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("duty", "row"),
    [(Duty.LEDGER, "ledger"), (Duty.SYSTEM, "management_system"), (Duty.AUDIT, "audit"),
     (Duty.FOLLOW_UP, "audit_follow_up"), (Duty.METERS, "metering")],
)  # fmt: skip
def test_what_the_return_says_until_it_runs_out(duty: Duty, row: str, done: str, until: str, answer: Answer) -> None:
    cells = {f"duty__{row}__done": words(done), f"duty__{row}__until": words(until)} if done else {}
    assert line(duties(**cells), duty).answer is answer


@pytest.mark.parametrize(
    ("meters", "answer"),
    [((DAY, date(2027, 1, 1)), Answer.YES), ((DAY, None), Answer.UNKNOWN), ((None, date(2026, 10, 31)), Answer.NO)],
)
def test_meters_of_the_register_go_before_what_the_return_says(meters: tuple[date | None, ...], answer: Answer) -> None:
    told = replace(duties(duty__metering__done=words("yes")), meters=meters)
    found = line(told, Duty.METERS)
    assert (found.answer, found.basis) == (answer, Basis.METERS)


def test_a_manager_is_in_the_register_or_among_the_posts() -> None:
    post = {"post__1__post": words("1"), "post__1__name": words("张三")}
    assert line(replace(NOTHING, managers=("李四",)), Duty.MANAGER).basis is Basis.STAFF
    assert line(duties(posts=("1",), post__1__registered=words("yes"), **post), Duty.MANAGER).answer is Answer.YES
    assert line(duties(posts=("1",), post__1__registered=words("no"), **post), Duty.MANAGER).answer is Answer.NO
    assert line(duties(posts=("1",), post__1__post=words("3")), Duty.MANAGER).answer is Answer.NO


@pytest.mark.parametrize(
    ("received", "due", "answer"),
    [(date(2026, 3, 30), date(2026, 3, 31), Answer.YES), (None, date(2026, 10, 31), Answer.NO),
     (None, DAY, Answer.UNKNOWN), (None, None, Answer.UNKNOWN)],
)  # fmt: skip
def test_the_yearly_report(received: date | None, due: date | None, answer: Answer) -> None:
    report = Report("2025", 9, received, due, is_accepted=False, is_released=due is None)
    found = line(replace(NOTHING, report=report), Duty.REPORT)
    assert (found.answer, found.number) == (answer, 9)


@pytest.mark.parametrize(
    ("due", "is_released", "answer"),
    [(date(2026, 10, 31), False, Answer.NO), (DAY, False, Answer.UNKNOWN), (None, False, Answer.UNKNOWN),
     (date(2026, 10, 31), True, Answer.UNKNOWN)],
)  # fmt: skip
def test_a_report_that_was_sent_back_or_is_owed_no_more_is_not_in_place(
    due: date | None, is_released: bool, answer: Answer
) -> None:
    received = date(2026, 3, 30)
    report = Report("2025", 9, received, due, is_accepted=False, is_released=is_released, is_returned=not is_released)
    found = line(replace(NOTHING, report=report), Duty.REPORT)
    assert (found.answer, found.number) == (answer, 9)
    assert str(received) not in found.said.zh


def test_of_meters_that_one_may_not_read_nothing_is_said() -> None:
    found = line(replace(duties(duty__metering__done=words("yes")), meters=None), Duty.METERS)
    assert (found.answer, found.basis) == (Answer.UNKNOWN, Basis.NOTHING)


def test_an_assessment_that_goes_on_has_no_result() -> None:
    assert line(replace(NOTHING, assessed=("2025", "完成", 3)), Duty.ASSESSMENT).answer is Answer.YES
    assert line(replace(NOTHING, assessed=("2025", "", 3)), Duty.ASSESSMENT).answer is Answer.UNKNOWN
