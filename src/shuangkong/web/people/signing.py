"""登录: the way in, step by step.

Who showed a password or came from the identity provider shows the second factor next, if there is one; only then is
anybody signed in. Every refusal is written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from shuangkong.records.people.access import may
from shuangkong.records.people.acting import acting
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action
from shuangkong.records.people.second_factor import has_factor, is_right
from shuangkong.records.people.sign_ins import Means, Outcome, record_sign_in
from shuangkong.records.people.throttling import WINDOW, Limit, forget, give_back, take
from shuangkong.records.refusal import Refused
from shuangkong.web.people.session import owe
from shuangkong.web.people.whence import network_of, whence_of

#: Tries in a window: of one name from one address, of one name from anywhere, from one address, and of one's code.
OF_NAME_HERE, OF_NAME, OF_ADDRESS, OF_CODE = 5, 30, 60, 5
#: Under which key the session keeps who has shown the first thing only, and how long that holds.
HALF = "half"
HALF_HOLDS = timedelta(minutes=5)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


class Throttled(Refused):
    """Tried too often: it is not even looked whether the password is right."""

    def __init__(self) -> None:
        minutes = int(WINDOW.total_seconds() // 60)
        super().__init__(
            "PPL-161",
            f"试的次数太多。请过 {minutes} 分钟再试；忘记密码请找管理员。",
            f"Too many tries. Wait {minutes} minutes; if you forgot your password, ask the administrator.",
        )


def by_password(request: HttpRequest, name: str, password: str) -> Person:
    """The person of that name and password.

    Raises:
        Throttled: too many tries of that name or from that address.
        Refused: name or password is wrong; it is not said which.
    """
    whence = whence_of(request)
    network = network_of(whence.address)
    of_name = (Limit("name here", f"{network} {name}", OF_NAME_HERE), Limit("name", name, OF_NAME))
    of_address = Limit("address", network, OF_ADDRESS)
    known = Person.objects.filter(username=name).first()
    if not take(*of_name, of_address):
        if take(Limit("told", f"{network} {name}", 1)):  # a flood fills no table
            record_sign_in(known, Means.PASSWORD, Outcome.THROTTLED, whence)
        raise Throttled
    person = authenticate(request, username=name, password=password)
    if not isinstance(person, Person):
        record_sign_in(known, Means.PASSWORD, _why(known), whence)
        raise Refused(
            "PPL-162",
            "用户名或密码不对。请检查大小写和输入法，再试一次；忘记密码请找管理员。",
            "User name or password is wrong. Check capital letters and input method and try again; if you forgot the"
            " password, ask the administrator.",
        )
    forget(*of_name)
    give_back(of_address)
    return person


def _why(known: Person | None) -> Outcome:
    if known is None:
        return Outcome.NO_PERSON
    return Outcome.WRONG_PASSWORD if known.is_active else Outcome.INACTIVE


def admit(request: HttpRequest, person: Person, means: Means, leads: str) -> HttpResponse:
    """After the first thing was shown: to the second, or in."""
    if not has_factor(person):
        return _enter(request, person, means, leads)
    request.session[HALF] = {"person": person.pk, "means": means, "leads": leads, "at": timezone.now().isoformat()}
    return redirect("second")


def half_signed_in(request: HttpRequest) -> Person | None:
    """Who has shown the first thing, a few minutes ago at most."""
    half = request.session.get(HALF)
    if half is None or datetime.fromisoformat(half["at"]) + HALF_HOLDS <= timezone.now():
        return None
    return Person.objects.filter(pk=half["person"], is_active=True).first()


def by_code(request: HttpRequest, person: Person, code: str) -> HttpResponse:
    """In, with the right code of a person who is half signed in.

    Raises:
        Throttled: too many codes were tried.
        Refused: it is wrong, or was used before.
    """
    half, whence = request.session[HALF], whence_of(request)
    limit, means = Limit("code", str(person.pk), OF_CODE), Means(half["means"])
    if not take(limit):
        request.session.pop(HALF)
        record_sign_in(person, means, Outcome.THROTTLED, whence)
        raise Throttled
    if not is_right(person, code):
        record_sign_in(person, means, Outcome.WRONG_CODE, whence)
        raise Refused(
            "PPL-163",
            "验证码不对或已用过。请输入手机上当前的 6 位数字，或一个没有用过的恢复码。",
            "The code is wrong or was used. Type the 6 digits that the telephone shows, or an unused recovery code.",
            "code",
        )
    forget(limit)
    return _enter(request, person, means, half["leads"])


def _enter(request: HttpRequest, person: Person, means: Means, leads: str) -> HttpResponse:
    request.session.pop(HALF, None)
    login(request, person, _BACKEND)
    record_sign_in(person, means, Outcome.SUCCESS, whence_of(request))
    owe(request, person, by_password=means is Means.PASSWORD)
    return redirect(_work_of(person) if leads == reverse("home") else leads)


def _work_of(person: Person) -> str:
    """Where the person's work is: what is to be done today, for who reports or judges; for others how the plan goes."""
    way = acting(person, timezone.localdate())
    works = way is not None and bool(way.bodies) and may(way, Action.TASK_REPORT)
    return reverse("tasks:duties" if works else "home")


def leads_to(request: HttpRequest) -> str:
    """Where the person wanted to go, as far as it is a page of this site; else home."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("home")
