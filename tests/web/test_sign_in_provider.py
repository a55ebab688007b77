"""Coming in by an identity provider: a real OpenID Connect server (npm's oidc-provider) runs beside the site."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from outside import seconds_outside
from shuangkong.records.journal import store as journal
from shuangkong.records.people.acting import Acting, actings
from shuangkong.records.people.models import Person, SecondFactor, SignIn
from shuangkong.records.people.persons import link_identity
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.web.people import provider

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SERVER = Path(__file__).with_name("oidc_server.mjs")
BACK = "http://localhost/login/provider/back/"
SECRET = "a secret: of/ours"
ADMINISTRATOR = Acting("root", Role.ADMINISTRATOR, paths=("/",))


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on PATH: signing in by an identity provider was not tried against a real server")
    if not (ROOT / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("npm's oidc-provider is not installed: signing in by an identity provider was not tried")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ahead = time.time() - seconds_outside()
    command = [node, str(SERVER), str(port), BACK, str(round(1000 * ahead))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        try:
            assert said == "listening\n", said
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


@pytest.fixture
def site(issuer: str, settings: Any) -> str:
    """The site knows the provider; returns its issuer."""
    settings.OIDC_ISSUER, settings.OIDC_CLIENT, settings.OIDC_SECRET = issuer, "shuangkong", SECRET
    return issuer


@pytest.fixture
def li(site: str) -> Person:
    """A person whom the provider knows as gov-0001."""
    made = Person.objects.create_user("li", password=None)
    link_identity(made, site, "gov-0001", ADMINISTRATOR, "实名登记")
    return made


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def let_in(address: str, who: str = "gov-0001") -> str:
    """What a browser does at the provider, up to the address that leads back to the site."""
    opener = build_opener(_Stay, HTTPCookieProcessor(CookieJar()))
    while not address.startswith(BACK):
        try:
            opener.open(Request(address, headers={"X-Who": who}), timeout=20)
        except HTTPError as answer:
            if answer.code not in (302, 303):
                raise
            address = urljoin(address, answer.headers["Location"])
    return address


def browser() -> Client:
    return Client(headers={"host": "localhost"})


def back_from(client: Client, who: str = "gov-0001", leads: str = "/targets/") -> Any:
    address = let_in(client.get(f"/login/provider/?next={leads}")["Location"], who)
    return client.get(address.removeprefix("http://localhost"))


def outcome() -> str:
    return str(SignIn.objects.order_by("-pk").values_list("outcome", flat=True)[0])


def test_a_linked_person_comes_in_and_goes_on(li: Person) -> None:
    client = browser()
    assert "政务统一身份认证" in client.get("/login/").content.decode()
    assert back_from(client)["Location"] == "/targets/"
    assert client.get("/people/me/").status_code == 200
    assert (outcome(), SignIn.objects.get().means, SignIn.objects.get().person) == ("success", "provider", li)


def test_what_is_asked_of_the_provider_binds_the_answer_to_this_attempt(li: Person) -> None:
    words = parse_qs(urlsplit(browser().get("/login/provider/")["Location"]).query)
    assert words["code_challenge_method"] == ["S256"]
    assert all(len(words[name][0]) >= 32 for name in ("state", "nonce", "code_challenge"))
    assert words["redirect_uri"] == [BACK]


def test_it_makes_no_rights_and_no_persons(li: Person) -> None:
    client = browser()
    answer = back_from(client, who="gov-9999")
    assert answer.status_code == 403
    assert "PPL-172" in answer.content.decode()
    assert "gov-9999" in answer.content.decode()
    assert client.get("/people/me/").status_code == 302
    assert (outcome(), Person.objects.count()) == ("no_identity", 1)
    back_from(client)
    assert actings(li, li.date_joined.date()) == ()
    assert client.get("/people/").status_code == 403


def test_an_inactive_person_stays_outside(li: Person) -> None:
    Person.objects.update(is_active=False)
    assert back_from(browser()).status_code == 403
    assert outcome() == "inactive"


def test_the_second_factor_is_asked_all_the_same(li: Person) -> None:
    SecondFactor.objects.create(person=li, secret=b"", made_at=li.date_joined)
    client = browser()
    assert back_from(client)["Location"] == "/login/second/"
    assert client.get("/people/me/").status_code == 302


def test_an_answer_serves_once_and_only_whom_it_was_for(li: Person) -> None:
    client = browser()
    back = let_in(client.get("/login/provider/")["Location"]).removeprefix("http://localhost")
    assert browser().get(back)["Location"] == "/login/", "another browser, which asked for nothing"
    assert client.get(back)["Location"] == "/"
    client.post("/logout/")
    assert client.get(back)["Location"] == "/login/"


@pytest.mark.parametrize(("kept", "said"), [("state", "state"), ("nonce", "nonce"), ("verifier", "HTTPError 400")])
def test_an_answer_to_another_attempt_is_refused(li: Person, kept: str, said: str) -> None:
    client = browser()
    back = let_in(client.get("/login/provider/")["Location"]).removeprefix("http://localhost")
    session = client.session
    session["attempt"] = session["attempt"] | {kept: "of-another-attempt-of-another-attempt-of-another"}
    session.save()
    answer = client.get(back)
    assert answer.status_code == 403
    assert f"（{said}）" in answer.content.decode()
    assert outcome() == "provider_fault"


def test_the_person_may_refuse_at_the_provider(li: Person) -> None:
    client = browser()
    state = parse_qs(urlsplit(client.get("/login/provider/")["Location"]).query)["state"][0]
    answer = client.get("/login/provider/back/", {"state": state, "error": "access_denied"})
    assert "access_denied" in answer.content.decode()


def forged(token: str, kid: bool = True, **changes: Any) -> str:
    """The provider's token with the same claims, or others, signed by somebody else."""
    key = rsa.generate_private_key(65537, 2048)
    claims = jwt.decode(token, options={"verify_signature": False}) | changes
    return jwt.encode(claims, key, "RS256", {"kid": jwt.get_unverified_header(token)["kid"]} if kid else {"kid": "x"})


FORGERIES = {
    "another key": lambda token: forged(token),
    "a key that is not the provider's": lambda token: forged(token, kid=False),
    "no signature": lambda token: jwt.encode(
        jwt.decode(token, options={"verify_signature": False}),
        None,
        "none",
        {"kid": jwt.get_unverified_header(token)["kid"]},
    ),
    "our own secret": lambda token: jwt.encode(
        jwt.decode(token, options={"verify_signature": False}),
        SECRET * 3,
        "HS256",
        {"kid": jwt.get_unverified_header(token)["kid"]},
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_token_opens_nothing(li: Person, forgery: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = provider._asked

    def between(request: Request) -> dict[str, Any]:
        told = asked(request)
        return told | {"id_token": FORGERIES[forgery](told["id_token"])} if "id_token" in told else told

    monkeypatch.setattr(provider, "_asked", between)
    client = browser()
    assert back_from(client).status_code == 403
    assert client.get("/people/me/").status_code == 302
    assert outcome() == "provider_fault"


def test_a_token_for_another_site_opens_nothing(li: Person, settings: Any) -> None:
    client = browser()
    back = let_in(client.get("/login/provider/")["Location"]).removeprefix("http://localhost")
    real = jwt.decode

    def for_another(*words: Any, **named: Any) -> Any:
        return real(*words, **(named | {"audience": "another-site"}))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provider.jwt, "decode", for_another)
        assert "InvalidAudienceError" in client.get(back).content.decode()


def test_a_provider_that_is_away_or_says_another_name_is_told_in_a_sentence(db: None, settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.OIDC_ISSUER, settings.OIDC_CLIENT = f"http://127.0.0.1:{free.getsockname()[1]}", "shuangkong"
    answer = browser().get("/login/provider/")
    assert "PPL-171" in answer.content.decode()
    settings.OIDC_ISSUER = "http://provider.example"
    assert "https" in browser().get("/login/provider/").content.decode(), "nothing is sent in the clear"


def test_a_name_that_differs_by_a_slash_is_another_issuer(site: str, settings: Any) -> None:
    settings.OIDC_ISSUER = f"{site}/"
    assert "（issuer）" in browser().get("/login/provider/").content.decode()


def test_without_a_provider_there_is_no_way_in_by_one(db: None) -> None:
    assert "login/provider" not in browser().get("/login/").content.decode()
    assert browser().get("/login/provider/")["Location"] == "/login/"
    assert browser().get("/login/provider/back/?code=1&state=2")["Location"] == "/login/"


def test_an_identity_belongs_to_one_person_and_its_linking_is_journalled(li: Person, site: str) -> None:
    other = Person.objects.create_user("wang")
    with pytest.raises(Refused, match="PPL-153"):
        link_identity(other, site, "gov-0001", ADMINISTRATOR, "误填")
    assert [row.act for row in journal.of_subject("person/li")] == ["people.link_identity"]
    assert journal.of_subject("person/wang") == ()
