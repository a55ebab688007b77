"""两步验证: codes of a generator (TOTP, RFC 6238), recovery codes, and which roles must have them."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import constant_time, hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting, actings
from shuangkong.records.people.models import FactorRule, Person, RecoveryCode, SecondFactor
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused

#: Seconds that a code holds, and how many steps a clock may be off on either side.
STEP, DRIFT = 30, 1
SECRET_BYTES, DIGITS = 20, 6
CODES, CODE_SIGNS = 10, 16
#: Signs that nobody mistakes for one another.
_SIGNS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01ilo")))


def new_secret() -> bytes:
    """A secret for a generator; nothing is kept until a code made with it was shown."""
    return secrets.token_bytes(SECRET_BYTES)


def address_for(secret: bytes, person: Person) -> str:
    """The otpauth address that a generator reads from a picture."""
    return _generator(secret).get_provisioning_uri(person.get_username(), settings.SITE_LABEL)


def spelled(secret: bytes) -> str:
    """The secret in base 32, in groups of four: for who cannot take the picture."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def set_up(person: Person, secret: bytes, code: str) -> tuple[str, ...]:
    """Keeps the secret, once the generator shows a right code; returns the recovery codes, which are told only now.

    Raises:
        Refused: the code is not right.
    """
    step = _step_of(secret, code)
    if step is None:
        raise Refused(
            "PPL-131",
            "验证码不对。请核对手机时间是否准确，再输入当前的 6 位数字。",
            "The code is not right. Look whether the telephone's clock is, and type the 6 digits that it shows now.",
            "code",
        )
    name = person.get_username()
    with transaction.atomic():
        kept = {"secret": _cipher().encrypt(secret), "made_at": timezone.now(), "last_step": step}
        SecondFactor.objects.update_or_create(person=person, defaults=kept)
        journal.append(Act(name, "people.set_up_factor", f"person/{name}"))
        return _new_codes(person)


def new_recovery_codes(person: Person) -> tuple[str, ...]:
    """Other recovery codes in place of the old ones; told only now."""
    name = person.get_username()
    with transaction.atomic():
        journal.append(Act(name, "people.renew_recovery_codes", f"person/{name}"))
        return _new_codes(person)


def _new_codes(person: Person) -> tuple[str, ...]:
    made = tuple("".join(secrets.choice(_SIGNS) for _ in range(CODE_SIGNS)) for _ in range(CODES))
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(person=person, digest=_digest(code)) for code in made)
    return tuple("-".join(code[at : at + 4] for at in range(0, CODE_SIGNS, 4)) for code in made)


def has_factor(person: Person) -> bool:
    return SecondFactor.objects.filter(person=person).exists()


def recovery_codes_left(person: Person) -> int:
    return RecoveryCode.objects.filter(person=person).count()


def is_right(person: Person, code: str) -> bool:
    """Whether a code of the generator or a recovery code is right; each is taken once, also by two at the same time."""
    typed = "".join(code.split()).replace("-", "").casefold()
    if not (typed.isascii() and typed.isdigit() and len(typed) == DIGITS):
        deleted, _ = RecoveryCode.objects.filter(person=person, digest=_digest(typed)).delete()
        return deleted > 0
    factor = SecondFactor.objects.filter(person=person).first()
    if factor is None:
        return False
    step = _step_of(_cipher().decrypt(bytes(factor.secret)), typed)
    return step is not None and bool(
        SecondFactor.objects.filter(person=person, last_step__lt=step).update(last_step=step)
    )


def drop_factor(person: Person, by: Acting, ground: str) -> None:
    """Takes generator and recovery codes away: the person sets up others. Inside the caller's transaction."""
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    journal.append(by.act("people.drop_factor", f"person/{person.get_username()}", ground=ground))


def must_have_factor(person: Person, on: date) -> bool:
    """Whether any role in which the person may act on a day asks for a second factor."""
    return bool(required_roles() & {each.role for each in actings(person, on)})


def required_roles() -> frozenset[Role]:
    """The roles that must have a second factor. 1 query."""
    newest = {row.role: row.is_required for row in FactorRule.objects.order_by("pk")}
    return frozenset(Role(role) for role, is_required in newest.items() if is_required)


def require_of_roles(roles: Iterable[Role], by: Acting, ground: str) -> None:
    """Decides which roles must have a second factor from the next sign-in on.

    Raises:
        Forbidden: who acts may not appoint everywhere.
        Refused: no ground is given.
    """
    require(by, Action.PEOPLE_APPOINT, Where("/"))
    if not ground.strip():
        raise Refused("PPL-132", "请写明依据。", "Give the ground.", "ground")
    with transaction.atomic():
        before, after = required_roles(), frozenset(roles)
        FactorRule.objects.bulk_create(
            FactorRule(
                role=role, is_required=role in after, ground=ground, decided_by=by.author, decided_at=timezone.now()
            )
            for role in sorted(before ^ after)
        )
        told = {"before": sorted(before), "after": sorted(after)}
        journal.append(by.act("people.require_factor", "people/roles", ground=ground, **told))


def _generator(secret: bytes) -> TOTP:
    # SHA-1 is what generators in the shops know; RFC 6238 allows it, its weakness does not touch HMAC.
    return TOTP(secret, DIGITS, hashes.SHA1(), STEP)


def _step_of(secret: bytes, code: str) -> int | None:
    """The time step, now or next to it, whose code this is; None where there is none."""
    now = int(timezone.now().timestamp()) // STEP
    generator = _generator(secret)
    typed = "".join(code.split()).encode()
    steps = range(now - DRIFT, now + DRIFT + 1)
    found = [step for step in steps if constant_time.bytes_eq(generator.generate(step * STEP), typed)]
    return found[0] if found else None


def _digest(code: str) -> str:
    """Eighty random bits need no slow hash."""
    return sha256(code.encode()).hexdigest()


def _cipher() -> Fernet:
    """Secrets of generators are of no use to who has the database but not ``settings.SECRET_KEY``."""
    derived = HKDF(hashes.SHA256(), 32, None, b"second factor").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
