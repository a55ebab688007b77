"""密码规则: what a password must be, besides Django's own rules, and when it must be changed."""

from __future__ import annotations

import string
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.journal.rows import Act
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import PastPassword, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.people.tokens import revoke_all
from shuangkong.records.refusal import Refused

#: A password so long needs no mixture: a sentence is as good.
LONG = 20
_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)

#: What a rule says, by the code of its refusal: our code, Chinese, English.
_SAID = {
    "password_too_short": ("PPL-121", "新的密码太短，至少要 10 个字符。", "Too short: give at least 10 characters."),
    "password_too_common": ("PPL-122", "新的密码太常见，一猜就中。请换一个。", "Too common: take another one."),
    "password_too_similar": (
        "PPL-123", "新的密码与用户名或姓名相近。请换一个。", "Too similar to the user name or name: take another one.",
    ),
    "password_mixture": (
        "PPL-124",
        f"新的密码应含大写字母、小写字母、数字、其他符号中的三种，或不少于 {LONG} 个字符。",
        f"Take three of small letters, capital letters, digits and other signs, or at least {LONG} characters.",
    ),
    "password_past": ("PPL-125", "新的密码用过。请换一个没有用过的。", "It was used before: take another one."),
}  # fmt: skip


class MixtureValidator:
    """At least three of: small letters, capital letters, digits, other signs; or twenty characters."""

    def validate(self, password: str, user: Person | None = None) -> None:
        found = {next((kind for kind in _KINDS if sign in kind), "") for sign in password}
        if len(found) < 3 and len(password) < LONG:
            raise ValidationError(self.get_help_text(), code="password_mixture")

    def get_help_text(self) -> str:
        return _SAID["password_mixture"][2]


class PastPasswordValidator:
    """None of the last few passwords; it is also what writes them down, whenever one is set."""

    def __init__(self, count: int = 3) -> None:
        self.count = count

    def validate(self, password: str, user: Person | None = None) -> None:
        if user is None or user.pk is None:
            return
        past = PastPassword.objects.filter(person=user).order_by("-pk").values_list("password", flat=True)
        if any(check_password(password, each) for each in {user.password, *past[: self.count]}):
            raise ValidationError(self.get_help_text(), code="password_past")

    def password_changed(self, password: str, user: Person | None = None) -> None:
        """Called by Django when a person with a new password was saved."""
        if user is not None:
            PastPassword.objects.create(person=user, password=user.password, set_at=timezone.now())

    def get_help_text(self) -> str:
        return _SAID["password_past"][2]


def change_password(person: Person, old: str, new: str, again: str) -> None:
    """A person sets a new password of its own; every token that it holds ends.

    Raises:
        Refused: the old one is not right, the new one was typed in two ways, or breaks a rule.
    """
    if not person.check_password(old):
        raise Refused("PPL-126", "现用密码不对。", "The password in use is not right.", "old")
    if new != again:
        raise Refused("PPL-127", "两次输入的新的密码不同。", "The new password was typed in two ways.", "again")
    try:
        validate_password(new, person)
    except ValidationError as broken:
        raise Refused(*_SAID[str(broken.error_list[0].code)], "new") from broken
    with transaction.atomic():
        person.set_password(new)
        person.save()
        name = person.get_username()
        journal.append(Act(name, "people.change_password", f"person/{name}"))
        revoke_all(person, Acting(name, Role.PUBLIC))


def give_temporary(person: Person, password: str) -> None:
    """Sets a password that must be changed at the next sign-in; inside the caller's transaction."""
    person.set_password(password)
    person.save()
    newest = PastPassword.objects.filter(person=person).order_by("-pk")[:1]
    PastPassword.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(is_temporary=True)


def must_change(person: Person, on: date) -> bool:
    """Whether the password in use is temporary or older than ``settings.PASSWORD_DAYS`` (0: none ages). 1 query."""
    newest = PastPassword.objects.filter(person=person).order_by("-pk").first()
    if newest is None or not person.has_usable_password():
        return False
    is_old = timezone.localdate(newest.set_at) + timedelta(days=settings.PASSWORD_DAYS) <= on
    return newest.is_temporary or (settings.PASSWORD_DAYS > 0 and is_old)
