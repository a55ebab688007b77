"""The file of a unit beside its returns: who enters and decides, what came of promises, plans, reminders, leaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import returns_site as site
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from test_return_evidence import owed, reporter

from entries_told import SOUND
from kept import kept
from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES
from shuangkong.records.facts.dictionary import met, written
from shuangkong.records.facts.models import Load, Observation, Word
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.models import Meter
from shuangkong.records.notices.models import Notice, NoticeBody
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders.models import Reminder
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import entry_reminding, store
from shuangkong.records.reporting.entry_planning import plan_reviews
from shuangkong.records.reporting.entry_reminding import remind_of_entries
from shuangkong.records.reporting.entry_store import EntryRow, entries, entry, history, paper_of, readable
from shuangkong.records.reporting.file_entries import ToTell, act, enter, events_for, judge
from shuangkong.records.reporting.key_user import duties_of
from shuangkong.records.reporting.models import FileEntry, FileEntryEvent
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.reporting.entry_kinds import EntryKind as K
from shuangkong.reporting.entry_life import EntryEvent as E
from shuangkong.reporting.entry_life import EntryState as S
from shuangkong.reporting.entry_life import Happened, standing_of
from shuangkong.reporting.key_units.told import Answer, Basis, Duty, Line

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
SOON = f"{TODAY + timedelta(days=100)}"
TCE = "吨标准煤"
WHOLE_YEAR = "comprehensive_consumption_total"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def unit(made: site.Site, key: str = "one") -> ReporterRow:
    [row] = store.reporters(Q(pk=reporter(made, key).pk))
    return row


def made(at: site.Site, kind: K, who: str = "one-reporter", key: str = "one", **more: str) -> int:
    told = {**SOUND[kind], **({"due": SOON} if "due" in SOUND[kind] else {}), **more}
    return enter(kind, unit(at, key), ToTell(told), site.by(who))


def row(number: int) -> EntryRow:
    found = entry(number)
    assert found is not None
    return found


def does(number: int, event: E, who: str, ground: str = "", **told: str) -> EntryRow:
    act(number, event, ToTell(told, ground), site.by(who))
    return row(number)


def refusal(number: int, event: E, who: str, ground: str = "", **told: str) -> str:
    with pytest.raises(Refused) as refused:
        act(number, event, ToTell(told, ground), site.by(who))
    return refused.value.code


DONE = {"done_on": f"{TODAY}", "achieved_tce": "99.5", "evidence": "改造前后电表"}


def test_advice_is_followed_up_by_both_sides(held: site.Site) -> None:
    number = made(held, K.ADVICE)
    assert refusal(number, E.FINISH, "county", **DONE) == "PPL-201", "an office does not say it for the unit"
    assert refusal(number, E.FINISH, "one-reporter", **DONE | {"achieved_tce": ""}) == "RPT-724"
    assert refusal(number, E.FINISH, "one-reporter", **DONE | {"done_on": SOON}) == "RPT-729"
    assert refusal(number, E.CONFIRM, "county") == "RPT-721", "nothing is confirmed before it is reported"
    assert does(number, E.FINISH, "one-reporter", **DONE).standing.state is S.DONE
    assert refusal(number, E.CONFIRM, "one-reporter") == "PPL-201"
    assert refusal(number, E.SEND_BACK, "county", due=SOON) == "RPT-722", "what comes back needs its reason"
    again = does(number, E.SEND_BACK, "county", "没有计量记录", due=SOON)
    assert (again.standing.state, again.standing.due) == (S.WORK, date.fromisoformat(SOON))
    does(number, E.FINISH, "one-reporter", **DONE)
    assert does(number, E.CONFIRM, "city").standing.state is S.CLOSED
    [told] = Notice.objects.filter(kind="entry", thing=number)
    assert told.title.endswith("退回"), "the unit is told what it has to do again, and of nothing else"
    events = history(number)
    assert [each.event for each in events] == [E.ENTER, E.FINISH, E.SEND_BACK, E.FINISH, E.CONFIRM]
    assert standing_of(K.ADVICE, (Happened(each.event, each.told) for each in events)) == row(number).standing
    written = JournalRow.objects.get(sequence=events[2].journal)
    assert (written.act, written.subject, written.ground) == ("entry.send_back", f"file_entry/{number}", "没有计量记录")


def test_refused_acts_leave_nothing_behind(held: site.Site) -> None:
    number = made(held, K.ADVICE)
    before = (FileEntryEvent.objects.count(), JournalRow.objects.count())
    bad = Handed("程序.exe", b"MZ")
    with pytest.raises(Refused):
        act(number, E.FINISH, ToTell(DONE, files=(bad,)), site.by("one-reporter"))
    with pytest.raises(Refused):
        enter(
            K.ADVICE, unit(held), ToTell(dict(SOUND[K.ADVICE]) | {"due": SOON}, files=(bad,)), site.by("one-reporter")
        )
    assert (FileEntryEvent.objects.count(), JournalRow.objects.count()) == before
    assert row(number).standing.state is S.OPEN


def test_nobody_sees_or_touches_another_units_file(held: site.Site) -> None:
    number = made(held, K.UNDERTAKING)
    seen = {
        name: number in {each.id for each in entries(readable(site.by(name)))}
        for name in ("one-reporter", "one-signatory", "other-reporter", "county", "city", "next", "statistics")
    }
    assert seen == {
        "one-reporter": True, "one-signatory": True, "other-reporter": False, "county": True, "city": True,
        "next": False, "statistics": False,
    }, "the statistics office is in charge of none of it"  # fmt: skip
    for stranger in ("other-reporter", "next", "statistics"):
        assert events_for(row(number), site.by(stranger)) == ()
        with pytest.raises(Forbidden):
            act(number, E.STRIKE, ToTell({}, "误"), site.by(stranger))
        with pytest.raises(Forbidden):
            enter(K.UNDERTAKING, unit(held), ToTell(SOUND[K.UNDERTAKING]), site.by(stranger))
    with pytest.raises(Forbidden):
        made(held, K.EVALUATION)  # a unit does not evaluate itself
    with pytest.raises(Forbidden):
        made(held, K.METERING)


def test_nobody_decides_as_the_office_on_what_is_of_the_own_body(held: site.Site) -> None:
    number = made(held, K.ADVICE)
    body = unit(held).body
    assert body is not None
    Person.objects.create_user("insider")
    appoint("insider", Role.PLAN_OFFICE, site.ADMIN, site.GROUND, body, site.COUNTY)
    assert refusal(number, E.STRIKE, "insider", "误") == "RPT-726"
    with pytest.raises(Refused) as refused:
        made(held, K.EVALUATION, "insider")
    assert refused.value.code == "RPT-726"
    assert E.STRIKE not in events_for(row(number), site.by("insider"))


def test_papers_stay_with_what_they_came_with(held: site.Site) -> None:
    paper = Handed("承诺书.pdf", b"%PDF-1.7\n%%EOF")
    number = enter(K.UNDERTAKING, unit(held), ToTell(SOUND[K.UNDERTAKING], files=(paper,)), site.by("one-signatory"))
    [[(kept_as, name)]] = [each.papers for each in history(number)]
    assert name == "承诺书.pdf"
    assert paper_of(number, kept_as) == (paper.name, paper.content)
    assert paper_of(made(held, K.UNDERTAKING), kept_as) is None, "of another entry it is not there"


def accepted(
    at: site.Site, value: str, evidence: Evidence = Evidence.ADMINISTRATIVE, form: str = "utilisation_report"
) -> int:
    """A figure as an accepted return tells it."""
    number, who = owed(form, "2025", reporter(at), {}), reporter(at)
    load = Load.objects.create(
        name=f"return/{number}/1/preliminary", sha256="", source="年报", rows_new=1, rows_changed=0, rows_same=0,
        loaded_at=timezone.now(), loaded_by="t",
    )  # fmt: skip
    Observation.objects.create(
        indicator_id=written(Word.INDICATOR, {WHOLE_YEAR})[WHOLE_YEAR],
        subject_id=met([SubjectRow(who.kind, who.code, who.name, who.region_id)])[who.kind, who.code],
        first_month=Period.parse("2025").first_month, months=12, measure=MEASURES.number(Measure.LEVEL),
        state=STATES.number(State.VALUE), origin=ORIGINS.number(Origin.REPORTED),
        maturity=MATURITIES.number(Maturity.PRELIMINARY), evidence=EVIDENCES.number(evidence), value=Decimal(value),
        unit_id=written(Word.UNIT, {TCE})[TCE], source_id=written(Word.SOURCE, {"年报"})["年报"], load=load,
    )  # fmt: skip
    return number


def promise(at: site.Site, **more: str) -> int:
    return made(at, K.UNDERTAKING, indicator=WHOLE_YEAR, promised="1", unit="万吨标准煤", **more)


def test_a_promise_is_held_against_the_accepted_return(held: site.Site) -> None:
    number = promise(held)
    with pytest.raises(Refused) as nothing:
        judge(number, site.by("county"))
    assert nothing.value.code == "RPT-731"
    owned = accepted(held, "10000.5")
    assert judge(number, site.by("county")) is False
    last = history(number)[-1]
    assert (last.event, last.told["result"]) == (E.BREAK, "1.00005"), "in the unit that was promised in"
    assert (last.told["source"], last.told["return"]) == ("年报", f"{owned}"), "the number apart from the words"
    assert refusal(number, E.KEEP, "county", "年报", source="年报", **{"return": "1"}) == "RPT-724", "nobody types it"
    assert row(number).standing.state is S.BROKEN
    floor = promise(held, bound="at_least")
    assert judge(floor, site.by("county")) is True
    with pytest.raises(Forbidden):
        judge(promise(held), site.by("one-reporter"))


def test_statistics_carry_no_act_against_a_unit(held: site.Site) -> None:
    number = promise(held)
    accepted(held, "20000", Evidence.STATISTICAL)
    with pytest.raises(Refused) as refused:
        judge(number, site.by("county"))
    assert refused.value.code == "RPT-733"
    assert row(number).standing.state is S.OPEN


def test_what_an_indicator_cannot_be_compared_with_is_refused(held: site.Site) -> None:
    for more, field in (({"unit": "吨"}, "unit"), ({"indicator": "no_such"}, "indicator")):
        with pytest.raises(Refused) as refused:
            made(held, K.UNDERTAKING, **{"indicator": WHOLE_YEAR, "unit": "吨标准煤"} | more)
        assert (refused.value.code, refused.value.field) == ("RPT-724", field)


def test_a_result_that_is_entered_must_say_what_is_said_of_it(held: site.Site) -> None:
    number = made(held, K.UNDERTAKING)
    assert refusal(number, E.KEEP, "county", "年报", result="10001", source="年报") == "RPT-724"
    assert refusal(number, E.KEEP, "county", result="9999", source="年报") == "RPT-722"
    assert does(number, E.KEEP, "county", "年报", result="9999", source="年报").standing.state is S.KEPT
    assert does(number, E.BREAK, "county", "更正", result="10001", source="更正的年报").standing.state is S.BROKEN


def lines(at: site.Site) -> dict[Duty, Line]:
    owed("key_unit_duty", "2025", reporter(at), {})
    return {each.duty: each for each in duties_of(unit(at), Q(), TODAY, filed=Q())}


def test_the_checklist_reads_the_register(held: site.Site) -> None:
    assert lines(held)[Duty.COMMITMENT].answer is Answer.UNKNOWN
    first = made(held, K.UNDERTAKING, period=f"{TODAY.year + 1}")
    line = lines(held)[Duty.COMMITMENT]
    assert (line.answer, line.basis) == (Answer.YES, Basis.ENTRIES)
    does(first, E.BREAK, "county", "年报", source="年报")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.NO
    does(first, E.STRIKE, "county", "登记错了单位")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.UNKNOWN, "what was struck says nothing"
    advice = made(held, K.ADVICE)
    assert lines(held)[Duty.FOLLOW_UP].answer is Answer.UNKNOWN
    FileEntry.objects.filter(pk=advice).update(due=TODAY - timedelta(days=1))
    assert lines(held)[Duty.FOLLOW_UP].answer is Answer.NO, "its last day is past"
    does(advice, E.FINISH, "one-reporter", **DONE)
    does(advice, E.CONFIRM, "county")
    assert lines(held)[Duty.FOLLOW_UP].answer is Answer.YES
    system = made(held, K.SYSTEM)
    assert lines(held)[Duty.SYSTEM].answer is Answer.YES
    FileEntry.objects.filter(pk=system).update(due=TODAY - timedelta(days=1))
    assert lines(held)[Duty.SYSTEM].answer is Answer.NO


def test_old_promises_and_those_without_a_result_decide_nothing(held: site.Site) -> None:
    old = made(held, K.UNDERTAKING, period=f"{TODAY.year - 2}")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.UNKNOWN, "its year is long over"
    does(old, E.BREAK, "county", "年报", source="年报")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.UNKNOWN, "nor is it held against the unit for ever"
    last = made(held, K.UNDERTAKING, period=f"{TODAY.year - 1}")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.UNKNOWN, "its year is over, nobody says what came of it"
    does(last, E.KEEP, "county", "年报", source="年报")
    assert lines(held)[Duty.COMMITMENT].answer is Answer.YES


def test_advice_of_an_audit_of_last_year_is_entered_with_its_own_day(held: site.Site) -> None:
    past = f"{TODAY - timedelta(days=200)}"
    number = made(held, K.ADVICE, reported_on=f"{TODAY - timedelta(days=300)}", due=past)
    assert row(number).is_late(TODAY)
    assert refusal(number, E.EXTEND, "county", "设备到货晚", due=past) == "RPT-725", "a new day is one to come"
    for kind, due in ((K.METERING, past), (K.ADVICE, f"{TODAY.year + 9}-01-01")):
        with pytest.raises(Refused) as refused:
            made(held, kind, "county", due=due)
        assert refused.value.code == "RPT-725"


def test_reviews_are_planned_once_a_year_and_keep_what_they_saw(held: site.Site) -> None:
    codes = [unit(held, key).code for key in ("one", "other")]
    said = ToTell(dict(SOUND[K.METERING]) | {"due": SOON})
    path = unit(held).path
    assert len(plan_reviews(path, codes[:1], said, site.by("city")).made) == 1
    planned = plan_reviews(path, codes, said, site.by("county"))
    assert (len(planned.made), planned.there) == (1, 1)
    for wrong, code in ((["X"], "RPT-736"), ([], "RPT-737")):
        with pytest.raises(Refused) as refused:
            plan_reviews(path, wrong, said, site.by("county"))
        assert refused.value.code == code
    with pytest.raises(Refused):
        plan_reviews(path, codes, said, site.by("next"))
    [number] = planned.made
    with CaptureQueriesContext(connection) as asked:
        plan_reviews(path, codes, said, site.by("county"))
    sql = [each["sql"] for each in asked.captured_queries]
    begun = next(at for at, each in enumerate(sql) if each.startswith(("SAVEPOINT", "BEGIN")))
    assert 'FROM "reporting_reporter"' in sql[begun + 1], "who plans at the same time waits for the units' rows"
    assert not any('FROM "reporting_fileentry"' in each for each in sql[:begun]), "and reads what is there after that"
    assert any('FROM "reporting_fileentry"' in each for each in sql[begun:])
    for name, until in (("过期", TODAY - timedelta(days=1)), ("有效", TODAY), ("没说", None)):
        Meter.objects.create(
            enterprise_id=held.enterprises["other"], name=name, carrier="electricity", unit="kWh", level=1,
            starts_on=date(2024, 1, 1), calibrated_until=until,
        )  # fmt: skip
    found = does(number, E.FAULTY, "county", on=f"{TODAY}", findings="一只过期", due=SOON)
    assert found.standing.state is S.WORK
    told = history(number)[-1].told
    assert (told["meters"], told["run_out"], told["unsaid"]) == ("3", "1", "1")
    does(number, E.RECTIFY, "other-reporter", "已送检", done_on=f"{TODAY}")
    assert does(number, E.CONFIRM, "county").standing.state is S.CLOSED


def test_units_are_reminded_once_for_each_occasion(held: site.Site) -> None:
    number = made(held, K.ADVICE, due=f"{TODAY + timedelta(days=1)}")
    made(held, K.UNDERTAKING, period=f"{TODAY.year}")
    assert remind_of_entries(TODAY) == 1, "what came of a promise is for the office to say"
    assert remind_of_entries(TODAY) == 0
    late = TODAY + timedelta(days=2)
    assert (remind_of_entries(late), remind_of_entries(late)) == (1, 0)
    told = Notice.objects.filter(kind="entry", thing=number).order_by("pk")
    assert [("将于" in each.title, "还没有办结" in each.title) for each in told] == [(True, False), (False, True)]
    does(number, E.FINISH, "one-reporter", **DONE)
    remind_of_entries(late)
    assert not NoticeBody.objects.filter(notice__kind="entry", lapsed_at=None).exists(), "what is done waits for nobody"
    assert Decimal(history(number)[-1].told["achieved_tce"]) == Decimal("99.5")


def test_what_cannot_be_told_of_one_holds_up_no_other(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (made(held, K.ADVICE, due=f"{TODAY + timedelta(days=1)}") for _ in range(2))
    tell = entry_reminding.tell_entry

    def failing(number: int, *args: Any, **more: Any) -> int | None:
        if number == first:
            raise ValueError(number)
        return tell(number, *args, **more)

    with monkeypatch.context() as broken:
        broken.setattr(entry_reminding, "tell_entry", failing)
        assert remind_of_entries(TODAY) == 1
    assert [each.thing for each in Notice.objects.filter(kind="entry")] == [second]
    assert remind_of_entries(TODAY) == 1, "the next time it is told"


def test_the_clock_reads_what_there_is_to_tell_alone(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    made(held, K.UNDERTAKING, period=f"{TODAY.year}")
    made(held, K.METERING, "county", due=f"{TODAY}")
    system = made(held, K.SYSTEM, due=f"{TODAY + timedelta(days=1)}")
    late = TODAY + timedelta(days=2)
    assert remind_of_entries(late) == 1, "that it has run out"
    monkeypatch.setattr(entry_reminding, "_occasion", None)
    assert remind_of_entries(late + timedelta(days=90)) == 0, "of none of them anything is asked"
    assert entry(system) is not None


def test_a_day_that_was_changed_takes_the_clocks_reminder_with_it(held: site.Site) -> None:
    number = made(held, K.ADVICE, due=f"{TODAY + timedelta(days=1)}")
    remind_of_entries(TODAY)
    does(number, E.EXTEND, "county", "设备到货晚", due=SOON)
    remind_of_entries(TODAY)
    waits = NoticeBody.objects.filter(notice__kind="entry", lapsed_at=None)
    assert [each.notice.title.endswith("改期限") for each in waits] == [True]


def test_what_an_office_did_is_told_until_it_is_acknowledged(held: site.Site) -> None:
    promised, struck = made(held, K.UNDERTAKING), made(held, K.ADVICE, due=f"{TODAY + timedelta(days=1)}")
    assert remind_of_entries(TODAY) == 1
    does(promised, E.BREAK, "county", "年报", source="年报")
    does(struck, E.STRIKE, "county", "登记错了单位")
    planned = made(held, K.METERING, "county")
    assert remind_of_entries(TODAY) == 0
    waits = NoticeBody.objects.filter(notice__kind="entry", lapsed_at=None).values_list("notice__thing", flat=True)
    assert sorted(waits) == sorted((promised, struck, planned)), "of each what the office did, the clock's no more"
    remind_all(timezone.now())
    told = Reminder.objects.filter(kind="notice", ended_at=None, person__username="one-reporter")
    assert told.count() == 3
    remind_of_entries(TODAY + timedelta(days=30))
    assert waits.count() == 3
