"""Coming in: throttles, second factor, what must be done first, how long it lasts, and what is written down."""

from __future__ import annotations

import base64
import hmac
import re
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people import second_factor
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person, RecoveryCode, SecondFactor, SignIn, Throttle, Visit
from shuangkong.records.people.persons import make_person
from shuangkong.records.people.roles import Role

pytestmark = pytest.mark.django_db

ADMINISTRATOR = Acting("root", Role.ADMINISTRATOR, paths=("/",))
PASSWORD = "Right-and-long-1"
START = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)

type Clock = Callable[[timedelta], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The site's clock stands still; it is moved on by calling it."""
    now = [START]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def move(by: timedelta) -> None:
        now[0] += by

    return move


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    """Passwords are hashed slowly on purpose; a test need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def li(db: None) -> Person:
    return Person.objects.create_user("li", password=PASSWORD, first_name="李工")


def browser(address: str = "192.0.2.1") -> Client:
    return Client(headers={"host": "localhost", "user-agent": "Probe/1"}, REMOTE_ADDR=address)


def signed(client: Client, password: str = PASSWORD, name: str = "li", **more: str) -> Any:
    return client.post("/login/", {"username": name, "password": password, **more})


def outcomes() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("outcome", flat=True))


def code_at(secret: bytes, moment: datetime) -> str:
    """RFC 6238 written down once more, apart from the library that the site uses."""
    digest = hmac.digest(secret, struct.pack(">Q", int(moment.timestamp()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def set_up(client: Client) -> tuple[bytes, list[str]]:
    """Sets the second factor up through the pages; the secret and the recovery codes."""
    spelled = re.search(r"<code>([A-Z2-7 ]+)</code>", client.get("/people/me/factor/").content.decode())
    assert spelled is not None
    secret = base64.b32decode(spelled[1].replace(" ", ""))
    answer = client.post("/people/me/factor/", {"code": code_at(secret, timezone.now())})
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", answer.content.decode())
    assert len(codes) == 10
    return secret, codes


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert code_at(b"12345678901234567890", datetime.fromtimestamp(59, UTC)) == "287082"
    assert code_at(b"12345678901234567890", datetime.fromtimestamp(1111111109, UTC)) == "081804"


def test_a_sign_in_leads_where_it_was_going_and_nowhere_else(li: Person) -> None:
    assert signed(browser(), next="/targets/")["Location"] == "/targets/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert signed(browser(), next=elsewhere)["Location"] == "/"


def test_guessing_is_stopped_for_the_name_and_waits_out(li: Person, clock: Clock) -> None:
    client = browser()
    for _ in range(5):
        assert signed(client, "wrong").status_code == 403
    answer = signed(client)
    assert answer.status_code == 429
    assert "PPL-161" in answer.content.decode()
    assert signed(browser("192.0.2.2")).status_code == 302, "another address is not shut out with it"
    clock(timedelta(minutes=15))
    assert signed(client).status_code == 302
    assert outcomes() == ["wrong_password"] * 5 + ["throttled", "success", "success"]


def test_guessing_from_many_addresses_is_stopped_too(li: Person, clock: Clock) -> None:
    for number in range(30):
        signed(browser(f"198.51.100.{number}"), "wrong")
    assert signed(browser("198.51.100.99")).status_code == 429


def test_guessing_many_names_from_one_network_is_stopped(li: Person, clock: Clock) -> None:
    for number in range(60):
        signed(browser(f"2001:db8::{number:x}"), "wrong", name=f"nobody{number}")
    assert signed(browser("2001:db8::ffff")).status_code == 429
    assert signed(browser("2001:db8:1::1")).status_code == 302


def test_the_count_is_in_the_database_and_no_name_is(li: Person) -> None:
    signed(browser(), "wrong", name=PASSWORD)
    assert Throttle.objects.count() == 3
    kept = str([*Throttle.objects.values(), *SignIn.objects.values()])
    assert PASSWORD not in kept


def test_a_flood_writes_one_row_a_window(li: Person, clock: Clock) -> None:
    for _ in range(20):
        signed(browser(), "wrong")
    assert outcomes() == ["wrong_password"] * 5 + ["throttled"]


def test_the_front_servers_word_counts_not_the_users(li: Person, settings: Any) -> None:
    signed(Client(headers={"host": "localhost", "x-forwarded-for": "203.0.113.9"}, REMOTE_ADDR="192.0.2.1"))
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"host": "localhost", "x-forwarded-for": "203.0.113.9, 203.0.113.7", "x-forwarded-proto": "https"}
    signed(Client(headers=headers, REMOTE_ADDR="192.0.2.1"))
    assert list(SignIn.objects.order_by("pk").values_list("address", flat=True)) == ["192.0.2.1", "203.0.113.7"]


def test_whoever_fails_is_written_down_with_the_reason(li: Person) -> None:
    signed(browser(), "wrong")
    signed(browser(), "wrong", name="nobody")
    Person.objects.filter(pk=li.pk).update(is_active=False)
    assert signed(browser()).status_code == 403
    assert outcomes() == ["wrong_password", "no_person", "inactive"]
    assert set(SignIn.objects.values_list("agent", flat=True)) == {"Probe/1"}
    assert list(SignIn.objects.order_by("pk").values_list("person", flat=True)) == [li.pk, None, li.pk]


def test_the_second_factor_is_asked_and_each_code_taken_once(li: Person, clock: Clock) -> None:
    first = browser()
    signed(first)
    secret, codes = set_up(first)
    client = browser()
    assert signed(client, next="/targets/")["Location"] == "/login/second/"
    assert client.get("/").status_code == 302, "half signed in is not signed in"
    code = code_at(secret, timezone.now())
    assert client.post("/login/second/", {"code": code}).status_code == 403, "that of the set-up was used"
    clock(timedelta(seconds=30))
    code = code_at(secret, timezone.now())
    assert client.post("/login/second/", {"code": code})["Location"] == "/targets/"
    again = browser()
    signed(again)
    assert again.post("/login/second/", {"code": code}).status_code == 403
    assert again.post("/login/second/", {"code": codes[0].upper()}).status_code == 302
    third = browser()
    signed(third)
    assert third.post("/login/second/", {"code": codes[0]}).status_code == 403
    assert RecoveryCode.objects.count() == 9


def test_a_code_of_an_hour_ago_is_not_right(li: Person, clock: Clock) -> None:
    client = browser()
    signed(client)
    secret, _ = set_up(client)
    clock(timedelta(hours=1))
    for off, is_right in ((-60, False), (-30, True), (0, True), (30, True), (60, False)):
        code = code_at(secret, timezone.now() + timedelta(seconds=off))
        SecondFactor.objects.update(last_step=0)
        assert second_factor.is_right(li, code) is is_right, off


def test_codes_cannot_be_guessed_at_leisure(li: Person, clock: Clock) -> None:
    first = browser()
    signed(first)
    secret, _ = set_up(first)
    clock(timedelta(minutes=1))
    client = browser()
    signed(client)
    for _ in range(5):
        assert client.post("/login/second/", {"code": "000000"}).status_code == 403
    assert client.post("/login/second/", {"code": code_at(secret, timezone.now())}).status_code == 429
    signed(client)
    assert client.post("/login/second/", {"code": code_at(secret, timezone.now())}).status_code == 429


def test_half_a_sign_in_does_not_wait_for_ever(li: Person, clock: Clock) -> None:
    first = browser()
    signed(first)
    secret, _ = set_up(first)
    client = browser()
    signed(client)
    clock(timedelta(minutes=5))
    assert client.post("/login/second/", {"code": code_at(secret, timezone.now())})["Location"] == "/login/"


def test_the_secret_is_no_use_without_the_sites_own(li: Person, clock: Clock, settings: Any) -> None:
    client = browser()
    signed(client)
    secret, codes = set_up(client)
    kept = SecondFactor.objects.get()
    assert secret not in bytes(kept.secret)
    assert base64.b32encode(secret) not in bytes(kept.secret)
    assert codes[0].replace("-", "") not in str(list(RecoveryCode.objects.values()))


def test_a_role_may_ask_for_a_second_factor_before_anything_else(li: Person) -> None:
    appoint("li", Role.AUDITOR, ADMINISTRATOR, "任命")
    second_factor.require_of_roles([Role.AUDITOR], ADMINISTRATOR, "安全规定")
    client = browser()
    signed(client)
    assert client.get("/")["Location"] == "/people/me/factor/"
    assert client.get("/people/me/tokens/")["Location"] == "/people/me/factor/"
    set_up(client)
    assert client.get("/people/me/").status_code == 200
    other = browser()
    Person.objects.create_user("wang", password=PASSWORD)
    signed(other, name="wang")
    assert other.get("/people/me/").status_code == 200, "a person in another role goes on as before"


def test_a_password_that_was_given_is_changed_first(db: None) -> None:
    _, given = make_person("zhao", "赵工", ADMINISTRATOR)
    client = browser()
    signed(client, given, name="zhao")
    assert client.get("/people/me/")["Location"] == "/people/me/password/"
    new = {"old": given, "new": PASSWORD, "again": PASSWORD}
    assert client.post("/people/me/password/", new)["Location"] == "/people/me/"
    assert client.get("/people/me/").status_code == 200
    again = browser()
    signed(again, PASSWORD, name="zhao")
    assert again.get("/people/me/").status_code == 200
    assert [row.act for row in journal.of_subject("person/zhao")] == ["people.make", "people.change_password"]


def test_an_old_password_is_changed_first_where_the_site_says_so(li: Person, clock: Clock, settings: Any) -> None:
    li.set_password(PASSWORD)
    li.save()
    clock(timedelta(days=90))
    client = browser()
    signed(client)
    assert client.get("/people/me/").status_code == 200
    settings.PASSWORD_DAYS = 90
    client = browser()
    signed(client)
    assert client.get("/people/me/")["Location"] == "/people/me/password/"


@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("Ab1-short", "PPL-121"),
        ("Password123", "PPL-122"),
        ("lilaoshi-A1", "PPL-123"),
        ("onlysmallletters", "PPL-124"),
        (PASSWORD, "PPL-125"),
        ("A whole sentence is long enough", ""),
        ("Mixed-enough-9", ""),
    ],
)
def test_what_a_password_must_be(db: None, new: str, code: str) -> None:
    Person.objects.create_user("lilaoshi", password=PASSWORD)
    client = browser()
    signed(client, name="lilaoshi")
    answer = client.post("/people/me/password/", {"old": PASSWORD, "new": new, "again": new})
    assert answer.status_code == (422 if code else 302)
    assert code in answer.content.decode()


def test_a_password_of_before_is_not_taken_again(li: Person) -> None:
    client = browser()
    signed(client)
    old = PASSWORD
    for new in ("Second-one-22", "Third-one-333"):
        assert client.post("/people/me/password/", {"old": old, "new": new, "again": new}).status_code == 302
        old = new
    answer = client.post("/people/me/password/", {"old": old, "new": "Second-one-22", "again": "Second-one-22"})
    assert "PPL-125" in answer.content.decode()
    answer = client.post("/people/me/password/", {"old": "wrong", "new": "Fourth-one-4", "again": "Fourth-one-4"})
    assert "PPL-126" in answer.content.decode()


def test_who_does_nothing_is_signed_out_and_so_is_everybody_in_the_end(li: Person, clock: Clock) -> None:
    client = browser()
    signed(client)
    clock(timedelta(minutes=59))
    assert client.get("/people/me/").status_code == 200
    clock(timedelta(minutes=61))
    assert client.get("/people/me/").status_code == 302
    assert not Visit.objects.exists()
    signed(client)
    for _ in range(13):
        clock(timedelta(minutes=55))
        assert client.get("/people/me/").status_code == 200
    clock(timedelta(minutes=5))
    assert client.get("/people/me/").status_code == 302, "twelve hours"


def test_the_last_use_is_written_at_most_once_a_minute(
    li: Person, clock: Clock, django_assert_num_queries: Any
) -> None:
    client = browser()
    signed(client)
    client.get("/people/me/")
    with django_assert_num_queries(2):  # session, person
        client.get("/login/")
    clock(timedelta(minutes=2))
    client.get("/login/")
    with django_assert_num_queries(2):
        client.get("/login/")


def test_five_browsers_and_no_more(li: Person, clock: Clock) -> None:
    clients = []
    for _ in range(6):
        clock(timedelta(seconds=1))
        clients.append(browser())
        signed(clients[-1])
    assert clients[0].get("/people/me/").status_code == 302
    assert all(client.get("/people/me/").status_code == 200 for client in clients[1:])


def test_signing_out_everywhere_else(li: Person) -> None:
    here, there = browser(), browser("192.0.2.2")
    signed(here)
    signed(there)
    assert "192.0.2.2" in here.get("/people/me/sign-ins/").content.decode()
    here.post("/people/me/sign-ins/sign-out/")
    assert there.get("/people/me/").status_code == 302
    assert here.get("/people/me/").status_code == 200


def test_a_new_password_signs_out_every_other_browser(li: Person) -> None:
    here, there = browser(), browser()
    signed(here)
    signed(there)
    before = here.session.session_key
    here.post("/people/me/password/", {"old": PASSWORD, "new": "Another-one-7", "again": "Another-one-7"})
    assert there.get("/people/me/").status_code == 302
    assert here.get("/people/me/").status_code == 200
    assert here.session.session_key != before
    assert [visit.session for visit in Visit.objects.all()] == [here.session.session_key]


def test_signing_in_changes_the_session_and_leaves_nothing_to_steal(li: Person) -> None:
    client = browser()
    client.get("/login/provider/")
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    answer = signed(client)
    assert client.session.session_key != session.session_key
    assert answer.cookies["sessionid"]["httponly"]
    assert answer.cookies["sessionid"]["samesite"] == "Lax"
    assert not answer.cookies["sessionid"]["max-age"], "goes with the browser"
    page = client.get("/people/me/sign-ins/")
    assert "no-store" in page["Cache-Control"]


def test_other_recovery_codes_or_another_telephone_need_a_code(li: Person, clock: Clock) -> None:
    client = browser()
    signed(client)
    secret, codes = set_up(client)
    assert client.post("/people/me/factor/change/", {"code": "000000", "act": "codes"}).status_code == 422
    client.post("/people/me/factor/change/", {"code": codes[0], "act": "codes"})
    assert not second_factor.is_right(li, codes[1])
    clock(timedelta(minutes=1))
    code = code_at(secret, timezone.now())
    assert client.post("/people/me/factor/change/", {"code": code, "act": "replace"}).status_code == 302
    other, _ = set_up(client)
    assert other != secret
    clock(timedelta(minutes=1))
    assert not second_factor.is_right(li, code_at(secret, timezone.now()))
    assert second_factor.is_right(li, code_at(other, timezone.now()))
