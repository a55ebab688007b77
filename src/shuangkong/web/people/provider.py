"""政务统一身份认证: signing in through an identity provider (OpenID Connect Core, code flow with PKCE, RFC 7636).

It tells who somebody is, never what one may do: the claim of settings is looked up among the identities that an
administrator linked. What the provider sends is believed only with its signature, for us, for this very attempt.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from http.client import HTTPException
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import jwt
import jwt.types
from django.conf import settings

from shuangkong.records.refusal import Refused

TIMEOUT_SECONDS = 10
_MOST_BYTES = 1 << 20
#: Signatures with a key that only the provider has: one made with our secret, or none, proves nothing.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_CLOCK_SECONDS = 60
#: How long what the provider says of itself is kept.
_KEPT_SECONDS = 600


class ProviderFault(Refused):
    """The identity provider cannot be reached, or does not answer as it must."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "PPL-171",
            f"统一身份认证没有成功（{why}）。请再试一次；仍然不行时，请用密码登录，并把这句话告诉管理员。",
            f"The identity provider did not let you in ({why}). Try again; else use your password and tell the"
            " administrator.",
        )
        self.why = why


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt must bring back: kept in the session between leaving and coming back."""

    state: str
    nonce: str
    verifier: str


def new_attempt() -> Attempt:
    return Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


def is_there() -> bool:
    """Whether settings name an identity provider."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT)


def address(attempt: Attempt, back: str) -> str:
    """Where the person goes to show who it is; ``back`` is the address of ours that it comes back to.

    Raises:
        ProviderFault: the provider does not tell where that is.
    """
    challenge = base64.urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    words = {
        "response_type": "code", "client_id": settings.OIDC_CLIENT, "redirect_uri": back, "scope": "openid profile",
        "state": attempt.state, "nonce": attempt.nonce, "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    place = _told("authorization_endpoint")
    return f"{place}{'&' if urlsplit(place).query else '?'}{urlencode(words)}"


def identity(attempt: Attempt, answer: Mapping[str, str], back: str) -> str:
    """As whom the provider knows the person who came back with ``answer`` (the words of the address).

    Raises:
        ProviderFault: it refused, or what it sent is not to be believed.
    """
    if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
        raise ProviderFault("state")
    if "code" not in answer:
        raise ProviderFault(answer.get("error", "no code")[:80])
    words = {
        "grant_type": "authorization_code", "code": answer["code"], "redirect_uri": back,
        "code_verifier": attempt.verifier, "client_id": settings.OIDC_CLIENT,
    }  # fmt: skip
    claims = _claims(str(_asked(_token_request(words)).get("id_token", "")))
    if not secrets.compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
        raise ProviderFault("nonce")
    value = claims.get(settings.OIDC_CLAIM)
    if not isinstance(value, str) or not value:
        raise ProviderFault(f"no claim {settings.OIDC_CLAIM}")
    return value


def _token_request(words: dict[str, str]) -> Request:
    """With our secret in the header where the provider takes it there (which it does unless it says otherwise)."""
    headers = {"Accept": "application/json"}
    methods = _configuration().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" in methods:
        pair = urlencode({settings.OIDC_CLIENT: settings.OIDC_SECRET}).replace("=", ":", 1)
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    else:
        words = words | {"client_secret": settings.OIDC_SECRET}
    return Request(_told("token_endpoint"), urlencode(words).encode(), headers)


def _claims(token: str) -> dict[str, Any]:
    try:
        key = _keys(_told("jwks_uri")).get_signing_key_from_jwt(token)
        needed: jwt.types.Options = {"require": ["exp", "iat", "iss", "aud", "sub"]}
        claims: dict[str, Any] = jwt.decode(
            token, key.key, list(_ALGORITHMS), needed, audience=settings.OIDC_CLIENT, issuer=settings.OIDC_ISSUER,
            leeway=_CLOCK_SECONDS,
        )  # fmt: skip
    except jwt.PyJWTError as fault:
        raise ProviderFault(type(fault).__name__) from fault
    if claims.get("azp", settings.OIDC_CLIENT) != settings.OIDC_CLIENT:
        raise ProviderFault("azp")
    return claims


@lru_cache(maxsize=4)
def _keys(address: str) -> jwt.PyJWKClient:
    """The provider's keys, asked for again when it signs with one that is not known yet."""
    return jwt.PyJWKClient(_safe(address), timeout=TIMEOUT_SECONDS)


def _told(name: str) -> str:
    place = _configuration().get(name)
    if not isinstance(place, str):
        raise ProviderFault(name)
    return _safe(place)


def _configuration() -> dict[str, Any]:
    return _configuration_of(settings.OIDC_ISSUER, int(monotonic() // _KEPT_SECONDS))


@lru_cache(maxsize=4)
def _configuration_of(issuer: str, moment: int) -> dict[str, Any]:
    """What the provider says of itself; ``moment`` only makes it be asked again."""
    told = _asked(Request(f"{_safe(issuer).rstrip('/')}/.well-known/openid-configuration"))
    if told.get("issuer") != issuer:
        raise ProviderFault("issuer")
    return told


def _asked(request: Request) -> dict[str, Any]:
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            told = json.loads(answer.read(_MOST_BYTES))
    except (URLError, HTTPException, TimeoutError, ValueError) as fault:
        raise ProviderFault(f"{type(fault).__name__} {getattr(fault, 'code', '')}".strip()) from fault
    if not isinstance(told, dict):
        raise ProviderFault("no object")
    return told


def _safe(address: str) -> str:
    """HTTPS only; plain HTTP on this very machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        return address
    raise ProviderFault("https")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
