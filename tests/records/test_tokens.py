"""Tokens of programmes: bound to one appointment, within scopes, to a day, revocable; only a digest is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden, Where, may, visible
from shuangkong.records.people.acting import Acting, acting, appoint, withdraw
from shuangkong.records.people.models import Person, Token
from shuangkong.records.people.passwords import change_password
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.people.tokens import TokenActing, make_token, revoke_token, token_acting, tokens_of
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body, BodyChange, Region
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Acting("root", Role.ADMINISTRATOR, paths=("/",))
HERE, THERE = Where("/990100/"), Where("/990200/")


@pytest.fixture
def li(db: None) -> Person:
    registry.save_regions([RegionRow("990100", "云桥县", "county"), RegionRow("990200", "南浦县", "county")])
    return Person.objects.create_user("li")


@pytest.fixture
def office(li: Person) -> Acting:
    """li acts for the plan office of one county."""
    body = Body.objects.create(region_id="990100", name="县发展改革局")
    appoint("li", Role.PLAN_OFFICE, ADMINISTRATOR, "任命", body.pk, "990100")
    found = acting(li, timezone.localdate())
    assert found is not None
    return found


def make(by: Acting, *scopes: Action, days: int = 30) -> str:
    return make_token(
        by, "报送系统", scopes or (Action.TASK_READ, Action.TASK_ASSIGN), timezone.localdate() + timedelta(days)
    )


def opened(token: str) -> TokenActing:
    found = token_acting(f"Bearer {token}")
    assert found is not None
    return found


def test_a_token_acts_as_its_maker_did_within_its_scopes(office: Acting) -> None:
    one = opened(make(office))
    assert (one.author, one.role, one.body, one.paths) == (office.author, office.role, office.body, office.paths)
    assert one.scopes == {Action.TASK_READ, Action.TASK_ASSIGN}
    assert may(one, Action.TASK_READ, HERE)
    assert not may(one, Action.TASK_READ, THERE), "the place of the appointment holds"
    assert may(office, Action.PLAN_READ, HERE)
    assert not may(one, Action.PLAN_READ, HERE), "beyond its scopes"
    assert not may(one, Action.PLAN_READ)
    assert [each.pk for each in Region.objects.filter(visible(one, Action.TASK_READ))] == ["990100"]
    assert not Region.objects.filter(visible(one, Action.PLAN_READ)).exists()


def test_no_token_goes_beyond_its_maker_nor_makes_another(office: Acting) -> None:
    with pytest.raises(Forbidden, match="PPL-144"):
        make(office, Action.TASK_READ, Action.REGISTRY_CHANGE)
    with pytest.raises(Forbidden, match="PPL-141"):
        make(opened(make(office, Action.TOKEN_HOLD)))
    assert Token.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 367])
def test_a_token_ends_within_a_year(office: Acting, days: int) -> None:
    with pytest.raises(Refused, match="PPL-145"):
        make(office, days=days)


def test_a_token_has_a_purpose_and_a_scope(office: Acting) -> None:
    until = timezone.localdate()
    with pytest.raises(Refused, match="PPL-142"):
        make_token(office, "  ", [Action.TASK_READ], until)
    with pytest.raises(Refused, match="PPL-143"):
        make_token(office, "报送系统", [], until)


def test_only_a_digest_is_kept(office: Acting) -> None:
    token = make(office)
    prefix, secret = token.split("_", 2)[1:]
    kept = str(list(Token.objects.values())) + str(journal.of_subject(f"token/{prefix}"))
    assert prefix in kept
    assert secret not in kept


def test_what_is_no_token_of_ours_opens_nothing(office: Acting) -> None:
    token = make(office)
    wrong = [None, "", "Bearer", "Bearer ", f"Basic {token}", token, f"Bearer {token}x", f"Bearer {token[:-1]}"]
    wrong += ["Bearer sk_", "Bearer sk__x", f"Bearer {token.rpartition('_')[0]}_", f"Bearer xx{token[2:]}"]
    assert [each for each in wrong if token_acting(each) is not None] == []
    assert opened(token)


def test_a_token_ends_with_its_last_day(office: Acting, monkeypatch: pytest.MonkeyPatch) -> None:
    token, today = make(office, days=3), timezone.localdate()
    for later, is_open in ((3, True), (4, False)):
        noon = datetime(today.year, today.month, today.day, 4, tzinfo=UTC) + timedelta(days=later)
        monkeypatch.setattr(timezone, "now", lambda noon=noon: noon)
        assert (token_acting(f"Bearer {token}") is not None) is is_open


def test_a_revoked_token_opens_nothing_at_once(office: Acting) -> None:
    token = make(office)
    one = opened(token)
    revoke_token(one.token, office)
    assert token_acting(f"Bearer {token}") is None
    with pytest.raises(Refused, match="PPL-146"):
        revoke_token(one.token, office)
    acts = [row.act for row in journal.of_subject(f"token/{token.split('_')[1]}")]
    assert acts == ["people.make_token", "people.revoke_token"]


def test_another_persons_token_is_revoked_by_who_may_withdraw_the_appointment(office: Acting) -> None:
    one = opened(make(office))
    with pytest.raises(Forbidden):
        revoke_token(one.token, Acting("wang", Role.PLAN_OFFICE, paths=("/990200/",)))
    with pytest.raises(Forbidden):
        revoke_token(one.token, Acting("wang", Role.DEPARTMENT, paths=("/990100/",)))
    revoke_token(one.token, Acting("wang", Role.PLAN_OFFICE, paths=("/990100/",)))


def test_a_token_falls_with_its_appointment_even_where_another_is_left(office: Acting, li: Person) -> None:
    token = make(office)
    assert office.appointment is not None
    appoint("li", Role.AUDITOR, ADMINISTRATOR, "兼任")
    withdraw(office.appointment, ADMINISTRATOR, "调离")
    assert acting(li, timezone.localdate()) is not None
    assert token_acting(f"Bearer {token}") is None


def test_a_token_of_an_inactive_person_opens_nothing(office: Acting, li: Person) -> None:
    token = make(office)
    Person.objects.filter(pk=li.pk).update(is_active=False)
    assert token_acting(f"Bearer {token}") is None


def test_a_call_costs_few_queries_and_one_write_a_day(office: Acting, django_assert_num_queries: Any) -> None:
    token = make(office)
    with django_assert_num_queries(2):  # the token with the appointments of its person; and the day
        opened(token)
    with django_assert_num_queries(1):
        opened(token)
    with django_assert_num_queries(1):
        assert token_acting(f"Bearer {token}x") is None


def test_a_token_of_an_heir_acts_for_what_became_it_as_its_person_does(office: Acting, li: Person) -> None:
    assert office.body is not None
    token, today = make(office), timezone.localdate()
    before = Body.objects.create(region_id=office.region, name="县经济局")
    BodyChange.objects.create(
        before=before, after_id=office.body, kind="merged", on=today, document="测试", decided_by="a",
        decided_at=timezone.now(),
    )  # fmt: skip
    now = acting(li, today)
    assert now is not None
    assert opened(token).bodies == now.bodies == {office.body, before.pk}


def test_the_owner_sees_what_it_may_and_when_it_was_used(office: Acting, li: Person) -> None:
    token = make(office)
    (before,) = tokens_of(li)
    assert (before.name, before.last_used_on, before.body_name) == ("报送系统", None, "县发展改革局")
    opened(token)
    (after,) = tokens_of(li)
    assert after.last_used_on == timezone.localdate()


def test_a_new_password_of_ones_own_ends_every_token(li: Person, office: Acting) -> None:
    li.set_password("旧的一句话 Old-1-sentence")
    li.save()
    token = make(office)
    told = "新的一句话 New-2-sentence"
    change_password(li, "旧的一句话 Old-1-sentence", told, told)
    assert token_acting(f"Bearer {token}") is None
    assert [row.act for row in journal.newest(Q(author="li"), 2)] == ["people.revoke_token", "people.change_password"]
