"""Pages of persons and appointments: who may give what to whom, and nobody to oneself."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people import second_factor
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.acting import Acting, acting, actings, appoint
from shuangkong.records.people.models import Person, SignIn
from shuangkong.records.people.persons import (
    grant,
    link_identity,
    make_person,
    persons,
    reset_factor,
    reset_password,
    set_active,
    take_back,
)
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.people.sign_ins import sign_ins
from shuangkong.records.people.throttling import Limit
from shuangkong.records.people.tokens import make_token, token_acting
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Body
from shuangkong.records.registry.rows import RegionRow

pytestmark = pytest.mark.django_db

SYSTEM = Acting("system", Role.ADMINISTRATOR, paths=("/",))


@pytest.fixture
def office() -> Body:
    rows = [("990000", "清河市", "city", None), ("990100", "云桥县", "county", "990000")]
    registry.save_regions(RegionRow(*row) for row in (*rows, ("990200", "南浦县", "county", "990000")))
    return Body.objects.create(region_id="990100", name="县发展改革局")


def person(name: str, role: Role | None = None, region: str | None = None, body: int | None = None) -> Person:
    made = Person.objects.create_user(name, password=None)
    if role is not None:
        appoint(name, role, SYSTEM, "任命", body, region)
    return made


def as_now(one: Person) -> Acting:
    found = acting(one, timezone.localdate())
    assert found is not None
    return found


def browser(one: Person) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(one)
    return client


@pytest.fixture
def root(office: Body) -> Person:
    return person("root", Role.ADMINISTRATOR)


@pytest.fixture
def chief(office: Body) -> Person:
    """The plan office of one county."""
    return person("chief", Role.PLAN_OFFICE, "990100", office.pk)


def test_a_person_is_made_appointed_and_withdrawn_through_the_pages(root: Person, office: Body) -> None:
    client = browser(root)
    told = client.post("/people/new/", {"username": "li", "name": "李工"}).content.decode()
    li = Person.objects.get(username="li")
    assert "只显示这一次" in told
    page = client.get(f"/people/{li.pk}/", {"region": "云桥县"}).content.decode()
    assert "县发展改革局" in page
    asked = {"role": "department", "region": "990100", "body": office.pk, "ground": "任命文件"}
    assert client.post(f"/people/{li.pk}/appoint/", asked).status_code == 302
    (now,) = actings(li, timezone.localdate())
    assert (now.role, now.body_name) == (Role.DEPARTMENT, "县发展改革局")
    assert client.post(f"/people/{li.pk}/appointments/{now.appointment}/withdraw/", {"ground": ""}).status_code == 422
    client.post(f"/people/{li.pk}/appointments/{now.appointment}/withdraw/", {"ground": "调离"})
    assert actings(li, timezone.localdate()) == ()
    acts = [(row.act, row.author) for row in journal.of_subject("person/li")]
    assert acts == [("people.make", "root"), ("people.appoint", "root"), ("people.withdraw", "root")]


def test_an_office_gives_only_what_lies_below_it(chief: Person, office: Body) -> None:
    by, li = as_now(chief), person("li")
    Person.objects.filter(pk=li.pk).update(made_in="990100")
    elsewhere = Body.objects.create(region_id="990200", name="另一县的局")
    grant(li, Role.DEPARTMENT, by, "任命", office.pk, "990100")
    refused: list[tuple[Role, int | None, str | None]] = [
        (Role.ADMINISTRATOR, None, None),
        (Role.ADMINISTRATOR, None, "990100"),
        (Role.AUDITOR, None, "990100"),
        (Role.PLAN_OFFICE, None, "990000"),
        (Role.PLAN_OFFICE, None, "990200"),
        (Role.DEPARTMENT, elsewhere.pk, "990100"),
    ]
    for role, body, region in refused:
        with pytest.raises(Forbidden):
            grant(li, role, by, "任命", body, region)
    assert len(actings(li, timezone.localdate())) == 1


def test_an_office_has_no_hold_over_those_above_or_beside_it(chief: Person, root: Person, office: Body) -> None:
    by = as_now(chief)
    beside = person("beside", Role.PLAN_OFFICE, "990200")
    auditor = person("auditor", Role.AUDITOR, "990100")
    for each in (root, beside, auditor):
        for act in (reset_password, reset_factor):
            with pytest.raises(Forbidden):
                act(each, by, "依据")
        with pytest.raises(Forbidden):
            set_active(each, False, by, "依据")
        with pytest.raises(Forbidden):
            take_back(as_now(each).appointment or 0, by, "依据")
    assert browser(chief).get(f"/people/{root.pk}/").status_code == 404
    below = person("below", Role.DEPARTMENT, "990100", office.pk)
    assert reset_password(below, by, "遗忘")


def test_nobody_decides_about_oneself(root: Person, office: Body) -> None:
    by = as_now(root)
    with pytest.raises(Refused, match="PPL-155"):
        grant(root, Role.PLAN_OFFICE, by, "兼任", office.pk, "990100")
    with pytest.raises(Refused, match="PPL-155"):
        take_back(by.appointment or 0, by, "辞任")
    with pytest.raises(Refused, match="PPL-155"):
        set_active(root, False, by, "停用")


def test_one_who_is_stopped_is_out_everywhere_at_once(root: Person, office: Body) -> None:
    li = person("li", Role.DEPARTMENT, "990100", office.pk)
    client = browser(li)
    own = as_now(li)
    token = make_token(own, "报送", [Action.TASK_READ], timezone.localdate())
    set_active(li, False, as_now(root), "离职")
    assert client.get("/people/me/").status_code == 302
    assert token_acting(f"Bearer {token}") is None
    set_active(li, True, as_now(root), "返岗")
    assert client.get("/people/me/").status_code == 302, "the old session is gone for good"


def test_who_may_not_read_persons_sees_none_by_any_address(root: Person, office: Body) -> None:
    client = browser(person("li", Role.DEPARTMENT, "990100", office.pk))
    for path in ("", "new/", "rules/", "sign-ins/", f"{root.pk}/"):
        assert client.get(f"/people/{path}").status_code == 403
    for path in ("appoint/", "change/", "appointments/1/withdraw/"):
        assert client.post(f"/people/{root.pk}/{path}", {"act": "password"}).status_code == 403


def test_an_auditor_reads_everything_and_changes_nothing(root: Person) -> None:
    client = browser(person("auditor", Role.AUDITOR))
    assert "root" in client.get("/people/").content.decode()
    assert client.get(f"/people/{root.pk}/").status_code == 200
    assert client.get("/people/sign-ins/").status_code == 200
    assert client.post(f"/people/{root.pk}/change/", {"act": "password", "ground": "x"}).status_code == 403
    assert client.get("/people/rules/").status_code == 403


def test_sign_ins_are_seen_as_far_as_the_journal_is(root: Person, chief: Person, office: Body) -> None:
    person("li", Role.DEPARTMENT, "990100", office.pk)
    for each in (root, chief, Person.objects.get(username="li"), None):
        SignIn.objects.create(person=each, at=timezone.now(), means="password", outcome="success")
    assert {row.person for row in sign_ins(as_now(root))} == {"root", "chief", "li", ""}
    assert {row.person for row in sign_ins(as_now(chief))} == {"chief", "li"}


def test_switching_the_appointment(root: Person, office: Body) -> None:
    li = person("li", Role.DEPARTMENT, "990100", office.pk)
    appoint("li", Role.AUDITOR, SYSTEM, "兼任")
    auditor, department = actings(li, timezone.localdate())
    client = browser(li)
    assert client.get("/people/").status_code == 200, "the newest, unless one chooses"
    client.post("/people/me/act-as/", {"appointment": department.appointment})
    assert client.get("/people/").status_code == 403
    others = as_now(root).appointment
    client.post("/people/me/act-as/", {"appointment": others})
    assert client.get("/people/").status_code == 403, "nobody takes another's"
    client.post("/people/me/act-as/", {"appointment": auditor.appointment})
    assert client.get("/people/").status_code == 200


def test_the_rule_of_second_factors_is_decided_for_the_whole_site(root: Person, chief: Person) -> None:
    client = browser(root)
    assert client.post("/people/rules/", {"roles": ["auditor"], "ground": ""}).status_code == 422
    client.post("/people/rules/", {"roles": ["auditor", "administrator"], "ground": "安全规定"})
    client.post("/people/rules/", {"roles": ["auditor"], "ground": "改定"})
    assert second_factor.required_roles() == {Role.AUDITOR}
    (_, last) = journal.of_subject("people/roles")
    assert (last.before, last.after) == ('["administrator", "auditor"]', '["auditor"]')
    with pytest.raises(Forbidden):
        second_factor.require_of_roles([], as_now(chief), "方便")


def test_a_token_is_made_shown_once_and_revoked_through_the_pages(chief: Person) -> None:
    client = browser(chief)
    until = str(timezone.localdate())
    page = client.post("/people/me/tokens/", {"name": "报送", "scopes": ["task.read"], "ends_on": until})
    token = page.content.decode().partition("Bearer ")[2].partition("<")[0]
    found = token_acting(f"Bearer {token}")
    assert found is not None
    assert token not in client.get("/people/me/tokens/").content.decode()
    other = browser(person("wang", Role.PLAN_OFFICE, "990200"))
    other.post(f"/people/me/tokens/{found.token}/revoke/")
    assert token_acting(f"Bearer {token}") is not None
    client.post(f"/people/me/tokens/{found.token}/revoke/")
    assert token_acting(f"Bearer {token}") is None


@pytest.mark.parametrize("path", ["", "new/", "rules/", "sign-ins/", "me/", "me/password/", "me/factor/", "me/tokens/"])
def test_every_page_speaks_both_languages(root: Person, path: str) -> None:
    client = browser(root)
    assert "<h1>" in client.get(f"/people/{path}").content.decode()
    client.post("/language/", {"language": "en"})
    main = client.get(f"/people/{path}").content.decode().partition("<main")[2]
    assert not [sign for sign in main if "\u4e00" <= sign <= "\u9fff"]


def test_the_list_of_persons_costs_the_same_for_any_number(root: Person) -> None:
    client, counts = browser(root), []
    for number in range(3):
        with CaptureQueriesContext(connection) as asked:
            client.get("/people/")
        counts.append(len(asked))
        for each in range(10):
            person(f"p{number}-{each}", Role.AUDITOR)
    assert counts[1] == counts[2] <= 10


def test_who_was_made_elsewhere_is_not_an_offices_before_it_is_appointed(chief: Person, office: Body) -> None:
    """Who made a person sets its password; a neighbour that came first would hold the account."""
    by, theirs = as_now(chief), as_now(person("theirs", Role.PLAN_OFFICE, "990200"))
    made, _password = make_person("li", "李", theirs)
    assert (made in persons(theirs), made in persons(by)) == (True, False)
    for act in (
        lambda: reset_password(made, by, "试"),
        lambda: link_identity(made, "idp", "x", by, "试"),
        lambda: set_active(made, False, by, "试"),
        lambda: grant(made, Role.DEPARTMENT, by, "任命", office.pk, "990100"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert reset_password(made, theirs, "忘记")
    assert browser(chief).get(f"/people/{made.pk}/").status_code == 404


def test_a_leader_is_appointed_by_another_than_who_made_the_account(root: Person, chief: Person) -> None:
    """Whoever made it was told its password: one person would raise a matter and acknowledge it."""
    by, above = as_now(chief), as_now(person("above", Role.PLAN_OFFICE, "990000"))
    made, _password = make_person("li", "李", by)
    with pytest.raises(Refused, match="PPL-157"):
        grant(made, Role.LEADING_GROUP, by, "任命", region="990100")
    said = {"role": "leading_group", "region": "990100", "ground": "任命"}
    answer = browser(chief).post(f"/people/{made.pk}/appoint/", said)
    assert answer.status_code == 422
    assert "PPL-157" in answer.content.decode()
    assert not made.appointments.exists()
    assert grant(made, Role.PLAN_OFFICE, by, "任命", region="990100")
    others, _password = make_person("wang", "王", as_now(root))
    assert grant(others, Role.PLAN_OFFICE, as_now(root), "任命", region="990100")
    for whom, who in ((made, above), (made, as_now(root)), (others, by)):
        assert grant(whom, Role.LEADING_GROUP, who, "任命", region="990100")


def test_a_password_in_use_is_not_guessed_in_an_open_session(root: Person) -> None:
    client = browser(root)
    asked = {"old": "wrong", "new": "Mixed-enough-9", "again": "Mixed-enough-9"}
    assert [client.post("/people/me/password/", asked).status_code for _ in range(7)] == [422] * 5 + [429] * 2


def test_a_reset_password_ends_the_tokens_too(root: Person, chief: Person) -> None:
    told = make_token(as_now(chief), "取数", [Action.PLAN_READ], timezone.localdate())
    assert token_acting(f"Bearer {told}") is not None
    path = f"/people/{chief.pk}/"
    assert "取数" in browser(root).get(path).content.decode()
    reset_password(chief, as_now(root), "被盗")
    assert token_acting(f"Bearer {told}") is None
    assert "people.revoke_token" in {row.act for row in journal.newest(Q(), 5)}
    assert "取数" not in browser(root).get(path).content.decode()


def test_blanks_and_wide_letters_are_no_other_key() -> None:
    digests = {Limit("name", key, 5).digest for key in ("town", " town ", "TOWN", "ｔｏｗｎ")}
    assert len(digests) == 1
