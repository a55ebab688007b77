"""Units ask, offices answer: who may, one at a time, what an act makes of it, what stands in journal and history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import returns_site as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.notices.models import Notice
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans.tasks.rows import Handed
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.clock import keep_ready
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Event, Petition, Reporter, Return, Window
from shuangkong.records.reporting.petitions import (
    Answer,
    PetitionRow,
    ToAsk,
    answer,
    answerable,
    ask,
    count_of,
    file_of,
    petition,
    withdraw,
)
from shuangkong.records.reporting.putting_off import put_off
from shuangkong.records.reporting.store import one
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.life import State
from shuangkong.reporting.petitions import PetitionKind as P
from shuangkong.reporting.petitions import PetitionState

pytestmark = pytest.mark.django_db
GROUND = "设备检修，数据下周才齐"
WISHED = site.DUE + timedelta(days=10)


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        yield site.settle()


def asked(number: int, kind: P = P.EXTEND, who: str = "one-reporter") -> int:
    return ask(number, ToAsk(kind, GROUND, WISHED if kind is P.EXTEND else None), site.by(who))


def found(number: int) -> PetitionRow:
    row = petition(number)
    assert row is not None
    return row


def refused(code: str, number: int, told: ToAsk, who: str = "one-reporter") -> None:
    with pytest.raises(Refused) as refusal:
        ask(number, told, site.by(who))
    assert refusal.value.code == code


def test_asking_moves_no_day_and_is_in_the_journal(held: site.Site) -> None:
    before = Return.objects.values().get(pk=held.one)
    row = found(asked(held.one))
    assert Return.objects.values().get(pk=held.one) == before
    assert (row.kind, row.state, row.due, row.waits) == (P.EXTEND, PetitionState.OPEN, WISHED, True)
    written = JournalRow.objects.get(sequence=row.journal)
    assert (written.act, written.subject, written.ground) == ("petition.ask", f"return/{held.one}", GROUND)
    assert written.place == before["path"]


def test_granted_the_return_has_the_day_and_both_know_of_each_other(held: site.Site) -> None:
    number = asked(held.one)
    notices = Notice.objects.count()
    answer(number, Answer(is_granted=True), site.by("statistics"))
    row, last = found(number), Event.objects.filter(owned=held.one).order_by("pk").last()
    assert last is not None
    assert (last.kind, last.due, last.ground) == (K.EXTEND, WISHED, GROUND), "the ground of the unit is kept"
    assert (row.state, row.answered_by, row.answered_in) == (PetitionState.GRANTED, "statistics", last.journal)
    assert Petition.objects.get(pk=number).event == last
    assert f'"petition": {number}' in JournalRow.objects.get(sequence=last.journal).after
    told = one(held.one)
    assert told is not None
    assert told.standing.due == WISHED
    assert Notice.objects.count() == notices + 1


def test_an_office_may_give_another_day_and_its_own_ground(held: site.Site) -> None:
    number = asked(held.one)
    sooner = site.DUE + timedelta(days=3)
    answer(number, Answer(True, "只延三天", "某办〔3〕号", sooner), site.by("statistics"))
    last = Event.objects.filter(owned=held.one).latest("pk")
    assert (last.due, last.ground, last.document) == (sooner, "只延三天", "某办〔3〕号")
    assert found(number).answer == "只延三天"


def test_nobody_has_fewer_days_for_having_asked_for_more(held: site.Site) -> None:
    number, window = asked(held.one), Window.objects.get().pk
    put_off(window, WISHED - timedelta(days=1), site.by("province"), "系统停机")
    assert found(number).waits, "a day more was wished for"
    for due in (None, WISHED - timedelta(days=1), site.DUE + timedelta(days=1)):
        Petition.objects.filter(pk=number).update(due=due or site.DUE)
        with pytest.raises(Refused) as refusal:
            answer(number, Answer(is_granted=True, due=due), site.by("statistics"))
        assert refusal.value.code == "RPT-715"
    assert found(number).waits
    answer(number, Answer(is_granted=True, due=WISHED), site.by("statistics"))
    told = one(held.one)
    assert told is not None
    assert told.standing.due == WISHED


def test_what_a_window_put_off_gives_to_all_nobody_waits_for(held: site.Site) -> None:
    number, exempt = asked(held.one), asked(held.one, P.EXEMPT)
    put_off(Window.objects.get().pk, WISHED, site.by("province"), "系统停机")
    [written] = JournalRow.objects.filter(act="window.put_off")
    row = found(number)
    assert (row.state, row.answered_by, row.answered_in) == (PetitionState.LAPSED, "province", written.sequence)
    assert found(exempt).waits


def test_what_is_not_owed_is_not_asked_about(held: site.Site) -> None:
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    with CaptureQueriesContext(connection) as told:
        act(held.one, site.by("statistics"), K.ACCEPT)
    assert not [each for each in told.captured_queries if "petition" in each["sql"]]


@pytest.mark.parametrize(("kind", "state"), [(P.HOLD, State.OPEN), (P.STOP, State.STOPPED), (P.EXEMPT, State.EXEMPT)])
def test_the_others_are_granted_by_the_acts_of_their_names(held: site.Site, kind: P, state: State) -> None:
    answer(asked(held.one, kind), Answer(is_granted=True), site.by("statistics"))
    told = one(held.one)
    assert told is not None
    assert told.state is state
    assert (told.standing.held_on is not None) == (kind is P.HOLD)


def test_refused_with_a_reason_the_unit_is_told_and_may_ask_again(held: site.Site) -> None:
    number = asked(held.one)
    with pytest.raises(Refused) as silent:
        answer(number, Answer(is_granted=False), site.by("statistics"))
    assert silent.value.code == "RPT-706"
    before = Return.objects.values().get(pk=held.one)
    answer(number, Answer(False, "数据应已齐"), site.by("statistics"))
    assert (found(number).state, found(number).answer) == (PetitionState.REFUSED, "数据应已齐")
    assert Return.objects.values().get(pk=held.one) == before
    assert Notice.objects.latest("pk").text == "数据应已齐"
    assert JournalRow.objects.filter(act="petition.refuse", subject=f"return/{held.one}").count() == 1
    with pytest.raises(Refused) as late:
        answer(number, Answer(is_granted=True), site.by("statistics"))
    assert late.value.code == "RPT-704"
    assert found(asked(held.one)).waits


def test_one_of_a_kind_waits_at_a_time(held: site.Site) -> None:
    asked(held.one)
    refused("RPT-702", held.one, ToAsk(P.EXTEND, GROUND, WISHED), "one-signatory")
    assert found(asked(held.one, P.EXEMPT)).waits, "of another kind"
    assert Petition.objects.filter(owned=held.one).count() == 2


def test_a_unit_takes_its_own_back(held: site.Site) -> None:
    number = asked(held.one)
    for who in ("other-reporter", "statistics", "county"):
        with pytest.raises(Forbidden):
            withdraw(number, site.by(who))
    withdraw(number, site.by("one-signatory"))
    assert found(number).state is PetitionState.WITHDRAWN
    with pytest.raises(Refused) as twice:
        withdraw(number, site.by("one-signatory"))
    assert twice.value.code == "RPT-704"


def test_only_the_own_unit_asks_and_only_who_reviews_the_form_answers(held: site.Site) -> None:
    for who in ("other-reporter", "statistics", "county", "leader"):
        with pytest.raises(Forbidden):
            asked(held.one, who=who)
    number = asked(held.one)
    for who in ("one-signatory", "other-signatory", "next", "leader"):
        with pytest.raises(Forbidden):
            answer(number, Answer(is_granted=True), site.by(who))
    assert Petition.objects.filter(answerable(site.by("statistics"))).count() == 1
    for who in ("next", "leader", "one-signatory"):
        assert count_of(answerable(site.by(who))) == 0, who


def test_no_body_answers_itself_nor_does_who_asked_as_another(held: site.Site) -> None:
    own = site.by("statistics")
    Reporter.objects.filter(returns=held.one).update(body=own.body)
    number = asked(held.one, who="statistics")
    assert count_of(answerable(own)) == 0
    for told in (Answer(is_granted=True), Answer(False, "不行")):
        with pytest.raises(Refused) as refusal:
            answer(number, told, own)
        assert refusal.value.code == "RPT-917"
    with pytest.raises(Refused) as direct:
        act(held.one, own, K.EXTEND, Said(GROUND, due=WISHED))
    assert direct.value.code == "RPT-917", "nor without having been asked"
    assert found(number).waits
    second = asked(held.other, who="other-reporter")
    assert count_of(answerable(own)) == 1
    Petition.objects.filter(pk=second).update(author="statistics")
    assert count_of(answerable(own)) == 0, "what nobody but another answers does not wait for the own answer"
    with pytest.raises(Refused) as same:
        answer(second, Answer(is_granted=True), own)
    assert same.value.code == "RPT-705"


def test_what_is_asked_is_said_soundly(held: site.Site) -> None:
    refused("RPT-707", held.one, ToAsk(P.STOP, "  "))
    refused("RPT-708", held.one, ToAsk(P.EXTEND, GROUND))
    refused("RPT-708", held.one, ToAsk(P.EXTEND, GROUND, site.DUE))
    refused("RPT-708", held.one, ToAsk(P.EXTEND, GROUND, date.max))
    with pytest.raises(Refused) as far:
        act(held.one, site.by("statistics"), K.EXTEND, Said(GROUND, due=date.max))
    assert far.value.code == "RPT-914"
    refused("RPT-709", held.one, ToAsk(P.STOP, GROUND, WISHED))
    refused("RPT-910", 10**9, ToAsk(P.STOP, GROUND))
    refused("TSK-203", held.one, ToAsk(P.STOP, GROUND, files=(Handed("a.exe", b"MZ"),)))
    many = (Handed("a.pdf", b"%PDF-1.4"), Handed("b.pdf", b"%PDF-1.4"))
    refused("RPT-710", held.one, ToAsk(P.STOP, GROUND, files=many))
    assert not Petition.objects.exists()


def test_a_file_beside_it_is_kept(held: site.Site) -> None:
    paper = b"%PDF-1.4 a notice of the power cut\n%%EOF"
    number = ask(held.one, ToAsk(P.STOP, GROUND, files=(Handed("停电通知.pdf", paper),)), site.by("one-reporter"))
    assert file_of(number) == ("停电通知.pdf", paper)
    assert file_of(asked(held.one)) is None


def test_an_act_of_the_office_grants_what_waits_and_ends_the_rest(held: site.Site) -> None:
    put_off, exempt = asked(held.one), asked(held.one, P.EXEMPT)
    act(held.one, site.by("statistics"), K.EXEMPT, Said("免报"))
    assert (found(put_off).state, found(exempt).state) == (PetitionState.LAPSED, PetitionState.GRANTED)


def test_what_came_meanwhile_lapses_by_the_clock_once_and_offers_nothing_to_answer(held: site.Site) -> None:
    number = asked(held.one)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    assert count_of(answerable(site.by("statistics"))) == 0
    with pytest.raises(Refused) as moot:
        answer(number, Answer(is_granted=True), site.by("statistics"))
    assert moot.value.code == "RPT-704"
    refused("RPT-701", held.one, ToAsk(P.STOP, GROUND))
    for _ in range(2):
        keep_ready()
    assert found(number).state is PetitionState.LAPSED
    [written] = JournalRow.objects.filter(act="petition.lapse")
    assert (written.author, written.subject) == ("system", f"return/{held.one}")


def test_sent_back_before_the_clock_came_what_was_asked_before_lapses_too(held: site.Site) -> None:
    number = asked(held.one)
    save(held.one, site.by("one-reporter"), ToSave(entries=site.told()))
    submit(held.one, site.by("one-signatory"), ToSubmit())
    act(held.one, site.by("statistics"), K.RETURN, Said("请核对"))
    assert found(number).state is PetitionState.LAPSED
    assert timezone.localdate() <= site.DUE
    assert found(asked(held.one)).waits


def test_an_agent_asks_for_the_unit(held: site.Site) -> None:
    """Who files for a unit by agreement asks for it, too."""
    from shuangkong.records.reporting.models import Agent

    body = site.by("other-reporter").body
    assert body is not None
    Agent.objects.create(
        reporter=Return.objects.get(pk=held.one).reporter, body_id=body, starts_on=timezone.localdate(), ground="协议",
        decided_by="x", decided_at=timezone.now(), journal=0,
    )  # fmt: skip
    assert found(asked(held.one, who="other-reporter")).waits
