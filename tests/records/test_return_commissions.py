"""What a case gives to a verification body its people read and handle; nothing else, and only while it may work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import returns_site as site
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.people.access import Forbidden, Where, may, visible
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import store
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.verification.bodies import acts_for, enter, register_body, registered
from shuangkong.records.reporting.verification.cases import act_on_case, case_of, cases, next_by, open_case, seen_by
from shuangkong.records.reporting.verification.giving import commissions, whose_people_now
from shuangkong.records.reporting.verification.known import Known
from shuangkong.reporting.verification.standing import OF_OFFICES, Event, EventKind, State

pytestmark = pytest.mark.django_db
COUNTY = f"/{site.PROVINCE}/{site.CITY}/{site.COUNTY}/"
BODY, RIVAL = "云川核查有限公司", "云台核查有限公司"


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """Both units' returns were handed in; a verifier of a registered body, and one of another, at the same place."""
    with kept(django_db_blocker):
        made = site.settle()
        for number, who in ((made.one, "one"), (made.other, "other")):
            save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told()))
            submit(number, site.by(f"{who}-signatory"), ToSubmit())
        for name, body in (("verifier", BODY), ("rival", RIVAL)):
            site._person(name, Role.VERIFIER, body, site.COUNTY)
        yield made


def body_of(name: str = BODY, code: str = "91980000MA00000001") -> int:
    """The registered body, qualified, for which the people of the body of its name act."""
    by = site.by("statistics")
    number = register_body(code, name, COUNTY, by, "名录公告")
    enter(number, Known.QUALIFICATION, {"from": "2024-01-01", "sectors": "C30 C31"}, by, "资质证书")
    enter(number, Known.ACTING, {"body": name, "from": "2024-01-01"}, by, "备案")
    return number


def event(kind: EventKind, **said: object) -> Event:
    plain = {"ground": "委托书", "people": ("王", "李")}
    return Event(kind, timezone.localdate(), **(plain | said))  # type: ignore[arg-type]


def given(held: site.Site, body: int, **said: object) -> int:
    case = open_case(held.one, site.by("statistics"), "抽查")
    act_on_case(case, site.by("statistics"), event(EventKind.ASSIGN, body=body, **said))
    return case


def seen(name: str = "verifier") -> set[int]:
    """Returns that a person reads: by the list, and the same one by one."""
    by = site.by(name)
    listed = {row.id for row in store.returns(store.readable(by))}
    assert listed == {row.id for row in store.returns(Q()) if may(by, Action.RETURN_READ, row.where)}
    assert {row.id for row in store.reporters(store.reporters_readable(by))} == {
        row.reporter_id for row in Return.objects.filter(pk__in=listed)
    }
    assert store.count_of(store.countable(by)) == len(listed)
    return listed


def test_what_lies_at_the_place_is_not_given(held: site.Site) -> None:
    assert seen() == set()
    body = body_of()
    case = open_case(held.one, site.by("statistics"), "抽查")
    assert seen() == set()
    assert not cases(seen_by(site.by("verifier")))
    act_on_case(case, site.by("statistics"), event(EventKind.ASSIGN, body=body))
    assert seen() == {held.one}
    assert seen("rival") == set()
    assert [line.id for line, _row in cases(seen_by(site.by("verifier")))] == [case]
    assert not cases(seen_by(site.by("rival")))


def test_another_case_on_the_same_return_stays_out_of_sight(held: site.Site) -> None:
    case = given(held, body_of())
    inner = open_case(held.one, site.by("statistics"), "内部线索")
    by = site.by("verifier")
    assert [line.id for line, _row in cases(seen_by(by))] == [case]
    found = case_of(inner)
    assert found is not None
    assert not may(by, Action.VERIFICATION_READ, found.where)
    with pytest.raises(Forbidden):
        act_on_case(inner, by, event(EventKind.NOTE))


def test_a_body_looks_and_says_what_it_found_and_no_more(held: site.Site) -> None:
    case, by = given(held, body_of()), site.by("verifier")
    found = case_of(case)
    assert found is not None
    assert EventKind.RELEASE in next_by(found, site.by("statistics"))
    assert set(next_by(found, by)) == set(found.next) - OF_OFFICES
    act_on_case(case, by, event(EventKind.NOTE, ground="过磅单少两张"))
    act_on_case(case, by, event(EventKind.VISIT))
    for kind in (EventKind.CONVICT, EventKind.CLOSE, EventKind.RELEASE, EventKind.ASSIGN):
        with pytest.raises(Forbidden):
            act_on_case(case, by, event(kind, document="文"))
    with pytest.raises(Forbidden):
        open_case(held.one, by, "再查")
    act_on_case(case, by, event(EventKind.CONFIRM))
    act_on_case(case, site.by("statistics"), event(EventKind.CLOSE))
    assert seen() == set(), "it ends with the case"


def test_it_is_taken_back_and_runs_out(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    today = timezone.localdate()
    body = body_of()
    case = given(held, body, until=today + timedelta(days=2))
    by = site.by("verifier")
    with monkeypatch.context() as later:
        later.setattr(timezone, "localdate", lambda *_: today + timedelta(days=3))
        assert not store.returns(store.readable(by))
    assert seen() == {held.one}
    act_on_case(case, site.by("statistics"), event(EventKind.RELEASE))
    assert seen() == set()
    found = case_of(case)
    assert found is not None
    assert found.standing.given is None
    assert EventKind.RELEASE not in found.next
    with pytest.raises(Refused, match=r"RPT-964.*截止日早于"):
        act_on_case(
            case, site.by("statistics"),
            event(EventKind.ASSIGN, body=body, until=today - timedelta(days=1), document="x"),
        )  # fmt: skip


def test_given_to_another_it_is_gone_for_the_first(held: site.Site) -> None:
    case = given(held, body_of())
    act_on_case(
        case, site.by("statistics"), event(EventKind.ASSIGN, body=body_of(RIVAL, "91980000MA00000002"), document="改派")
    )
    assert (seen(), seen("rival")) == (set(), {held.one})


TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("kind", "told", "code"),
    [
        (Known.SUSPENSION, {"from": f"{TODAY}", "until": f"{TODAY}"}, "RPT-802"),
        (Known.REMOVAL, {"from": f"{TODAY}"}, "RPT-802"),
        (Known.HOLDING, {"unit": "{unit}"}, "RPT-803"),
        (Known.SERVICE, {"unit": "{unit}", "kind": "consulting", "until": f"{TODAY}"}, "RPT-804"),
        (Known.SERVICE, {"unit": "{unit}", "kind": "employed", "until": f"{TODAY}", "person": "王"}, "RPT-805"),
    ],
)
def test_what_comes_to_stand_against_the_body_closes_it(
    held: site.Site, kind: Known, told: dict[str, str], code: str
) -> None:
    body, unit = body_of(), Return.objects.get(pk=held.one).reporter.code
    case, by = given(held, body), site.by("verifier")
    assert seen() == {held.one}
    enter(body, kind, {key: value.format(unit=unit) for key, value in told.items()}, site.by("county"), "查实")
    assert seen() == set()
    assert [bar.code for each in commissions(by.bodies) for bar in each.bars] == [code]
    with pytest.raises(Forbidden):
        act_on_case(case, by, event(EventKind.NOTE))
    assert not cases(seen_by(by))


def test_what_was_explained_when_it_was_given_does_not_close_it(held: site.Site) -> None:
    body, unit = body_of(), Return.objects.get(pk=held.one).reporter.code
    served = {"unit": unit, "kind": "consulting", "until": f"{TODAY - timedelta(days=9)}"}
    enter(body, Known.SERVICE, served, site.by("statistics"), "合同")
    given(held, body, document="回避说明1")
    assert seen() == {held.one}
    enter(body, Known.SERVICE, served | {"kind": "audit"}, site.by("statistics"), "合同")
    assert seen() == set(), "nobody explained the second"


def test_a_qualification_that_ran_out_closes_it(held: site.Site, monkeypatch: pytest.MonkeyPatch) -> None:
    by = site.by("statistics")
    body = register_body("91980000MA00000003", BODY, COUNTY, by, "名录公告")
    enter(body, Known.QUALIFICATION, {"from": "2024-01-01", "until": f"{TODAY}"}, by, "资质证书")
    enter(body, Known.ACTING, {"body": BODY, "from": "2024-01-01"}, by, "备案")
    given(held, body)
    assert seen() == {held.one}
    verifier = site.by("verifier")
    monkeypatch.setattr(timezone, "localdate", lambda *_: TODAY + timedelta(days=1))
    assert not store.returns(store.readable(verifier))


def test_the_link_has_days_and_is_of_one_registered_body(held: site.Site) -> None:
    body, by = body_of(), site.by("statistics")
    given(held, body)
    other = register_body("91980000MA00000004", RIVAL, COUNTY, by, "名录公告")
    with pytest.raises(Refused, match=f"RPT-999.*{BODY}"):
        enter(other, Known.ACTING, {"body": BODY, "from": f"{TODAY}"}, by, "备案")
    with pytest.raises(Refused, match="RPT-998"):
        enter(other, Known.ACTING, {"body": "没有这家", "from": f"{TODAY}"}, by, "备案")
    with pytest.raises(Refused, match="RPT-997"):
        enter(other, Known.ACTING, {"body": RIVAL, "from": f"{TODAY}", "until": "2020-01-01"}, by, "备案")
    with pytest.raises(Forbidden):
        enter(body, Known.QUALIFICATION, {"from": "2020-01-01"}, site.by("verifier"), "自己说的")
    yesterday = f"{TODAY - timedelta(days=1)}"
    enter(body, Known.ACTING, {"body": BODY, "from": "2024-01-01", "until": yesterday}, by, "不再备案")
    link = acts_for(body)
    assert link is not None
    assert not link.holds
    assert seen() == set()
    enter(other, Known.ACTING, {"body": BODY, "from": f"{TODAY}"}, by, "备案")
    assert seen() == set(), "what was given to the first is not the second's"
    assert [each.id for each in registered(whose_people_now(site.by("verifier").bodies))] == [other]


def test_a_link_is_not_entered_ahead(held: site.Site) -> None:
    """It would shut out at once whom the one that holds lets in."""
    body = body_of()
    given(held, body)
    for who in (BODY, RIVAL):
        with pytest.raises(Refused, match="RPT-898"):
            enter(
                body,
                Known.ACTING,
                {"body": who, "from": f"{TODAY + timedelta(days=40)}"},
                site.by("statistics"),
                "备案",
            )
    assert seen() == {held.one}


def test_whoever_links_the_body_anew_hands_nobody_what_was_given(held: site.Site) -> None:
    body = body_of()
    case = given(held, body)
    enter(body, Known.ACTING, {"body": BODY, "from": "2023-01-01"}, site.by("county"), "备案")
    assert seen() == {held.one}, "the same people, from another day"
    enter(body, Known.ACTING, {"body": RIVAL, "from": f"{TODAY}"}, site.by("county"), "备案")
    assert (seen(), seen("rival")) == (set(), set())
    assert commissions(site.by("rival").bodies) == ()
    act_on_case(case, site.by("statistics"), event(EventKind.ASSIGN, body=body, document="改派"))
    assert (seen(), seen("rival")) == (set(), {held.one})


@pytest.mark.parametrize("decided", [EventKind.CONFIRM, EventKind.CLEAR, EventKind.CONVICT])
def test_it_is_taken_back_when_the_case_is_decided(held: site.Site, decided: EventKind) -> None:
    case, by = given(held, body_of()), site.by("statistics")
    act_on_case(case, by, event(EventKind.VISIT))
    act_on_case(case, by, event(decided, document="认定书"))
    assert seen() == {held.one}
    found = case_of(case)
    assert found is not None
    assert EventKind.RELEASE in next_by(found, by)
    act_on_case(case, by, event(EventKind.RELEASE))
    assert seen() == set()


def test_what_is_known_of_a_body_is_read_once_for_all_its_cases(
    held: site.Site,
) -> None:
    body, by = body_of(), site.by("statistics")
    given(held, body)
    bodies = site.by("verifier").bodies
    with CaptureQueriesContext(connection) as one:
        assert len(commissions(bodies)) == 1
    for number in (held.one, held.other, held.other):
        act_on_case(open_case(number, by, "抽查"), by, event(EventKind.ASSIGN, body=body))
    with CaptureQueriesContext(connection) as four:
        assert len(commissions(bodies)) == 4
    assert len(four) == len(one)


def test_the_table_says_given_and_nothing_by_place(held: site.Site) -> None:
    by = site.by("verifier")
    for action in (Action.RETURN_READ, Action.RETURN_VERIFY, Action.VERIFICATION_READ):
        assert may(by, action)
        assert not may(by, action, Where(COUNTY, by.bodies))
        assert may(by, action, Where("", given=lambda bodies: bodies == by.bodies))
        assert not Return.objects.filter(visible(by, action))
        assert Return.objects.filter(visible(by, action, given=lambda _: Q(pk=held.other))).count() == 1
    assert not may(by, Action.VERIFICATION_COMMISSION)


def test_a_closed_case_given_once_is_none_any_more(held: site.Site) -> None:
    case = given(held, body_of())
    for kind in (EventKind.VISIT, EventKind.CONFIRM, EventKind.CLOSE):
        act_on_case(case, site.by("statistics"), event(kind))
    found = case_of(case)
    assert found is not None
    assert (found.standing.state, found.standing.given) == (State.CLOSED, None)
    assert seen() == set()
