"""Pages of reminders: one's own only; the bell, the channels, and the calendar that its secret opens."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import tasks_site as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from shuangkong.plans.tasks.events import EventKind
from shuangkong.records.people.acting import appoint, withdraw
from shuangkong.records.people.models import Appointment, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup
from shuangkong.records.plans.reminders.choices import Choice, choices, choose
from shuangkong.records.plans.reminders.models import Message, Reminder
from shuangkong.records.plans.reminders.reminding import remind_all
from shuangkong.records.plans.tasks.acts import act

pytestmark = pytest.mark.django_db
ROOT = "/plans/reminders/"


def day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def body_of(name: str) -> int:
    found = site.acting(name).body  # type: ignore[attr-defined]
    assert isinstance(found, int)
    return found


@pytest.fixture
def clerk_of(adopted: int) -> Client:
    """The clerk of a body that has a late task and one that is due; the clock has struck."""
    site.staff()
    site.key_work("逾期的事", day(-2), body_of("clerk"))
    site.key_work("将到期的事", day(2), body_of("clerk"))
    remind_all(timezone.now())
    return site.visitor("clerk")


def page(client: Client, path: str = "", **query: str) -> str:
    answer = client.get(ROOT + path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_and_what_to_do(clerk_of: Client) -> None:
    text = page(clerk_of)
    assert "未读 <strong>2</strong> 条" in text
    assert text.index("逾期的事") < text.index("将到期的事"), "the weightiest first"
    assert "请马上报送进展，或申请延期。" in text
    assert re.search(r"期限 \d{4}-\d\d-\d\d</span>", text), "a date says what it is"
    assert "逾期的事" not in page(site.visitor("other"))


def test_english_is_whole(clerk_of: Client) -> None:
    clerk_of.post("/language/", {"language": "en"})
    for path in ("", "channels/", "calendar/", "bell/"):
        words = _Words()
        words.feed(page(clerk_of, path).replace("将到期的事", "").replace("逾期的事", ""))
        rest = [word for word in words.found if any("一" <= sign <= "鿿" for sign in word)]
        assert [word for word in rest if word not in ("中文", "云桥县")] == [], path


class _Words(HTMLParser):
    """The texts of a page's own part."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_main = self.is_main or tag == "main"

    def handle_data(self, data: str) -> None:
        if self.is_main and data.strip():
            self.found.append(data.strip())


def test_the_bell_counts_the_unread(clerk_of: Client) -> None:
    assert ">2<" in page(clerk_of, "bell/")
    one = Reminder.objects.get(task__title="逾期的事").pk
    assert clerk_of.post(f"{ROOT}read/", {"reminder": [str(one), "x"]}).status_code == 302
    assert ">1<" in page(clerk_of, "bell/")
    clerk_of.post(f"{ROOT}read/", {"all": "1"})
    assert "<strong" not in page(clerk_of, "bell/")
    assert "已读" in page(clerk_of)
    assert 'hx-get="/plans/reminders/bell/"' in page(clerk_of)


def test_nobody_reads_for_another(clerk_of: Client) -> None:
    one = Reminder.objects.get(task__title="逾期的事").pk
    site.visitor("other").post(f"{ROOT}read/", {"reminder": str(one)})
    assert Reminder.objects.get(pk=one).read_at is None


def test_long_kinds_are_cut_and_counted_and_the_queries_stay(clerk_of: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page(clerk_of)
        return len(counted)

    first = queries()
    for number in range(25):
        site.key_work(f"多的事 {number}", day(-1), body_of("clerk"))
    remind_all(timezone.now())
    assert queries() == first <= 20
    assert "另有 16 条" in page(clerk_of)
    assert page(clerk_of, kind="late").count('class="duty unread"') == 26
    assert page(clerk_of, kind="late", page="2").count('class="duty unread"') == 0


def test_what_needs_another_way_of_acting_says_so(clerk_of: Client) -> None:
    chosen = Appointment.objects.get(person__username="clerk").pk
    session = clerk_of.session
    session["appointment"] = chosen
    session.save()
    assert "须切换身份" not in page(clerk_of)
    made = appoint("clerk", Role.LEADING_GROUP, site.acting("office"), "兼任", region=site.COUNTY)  # type: ignore[arg-type]
    session["appointment"] = made
    session.save()
    assert page(clerk_of).count("须切换身份") == 2


def test_a_message_about_demonstration_data_says_so(adopted: int, offered: None) -> None:
    site.staff()
    site.key_work("真的事", day(-2), body_of("clerk"))
    site.key_work("演示的事", day(-1), body_of("clerk"), plan=adopted)
    choose(Person.objects.get(username="clerk"), Choice(ChannelKind.EMAIL, "li@site.example", is_on=True))
    remind_all(timezone.now())
    assert Message.objects.get().lines == [
        f"【逾期】真的事（期限 {day(-2)}）",
        f"【逾期】演示的事（期限 {day(-1)}，演示数据）",
    ]


@pytest.fixture
def offered(settings: Any) -> None:
    settings.CHANNELS = {ChannelKind.EMAIL: Setup("smtp://mail.invalid", sender="a@b.example")}


def test_a_channel_is_chosen_refused_and_shown(clerk_of: Client, offered: None) -> None:
    form = {"channel": "email", "address": "li@site", "language": "en", "is_on": "1"}
    refused = clerk_of.post(f"{ROOT}channels/", form)
    assert refused.status_code == 422
    assert "RMD-102" in refused.content.decode()
    assert 'value="li@site"' in refused.content.decode(), "what was typed is not lost"
    assert clerk_of.post(f"{ROOT}channels/", form | {"address": "li@site.example"}).status_code == 302
    chosen = choices(Person.objects.get(username="clerk"))[ChannelKind.EMAIL]
    assert (chosen.address, chosen.language, chosen.is_on) == ("li@site.example", "en", True)
    assert clerk_of.post(f"{ROOT}channels/", {"channel": "pigeon"}).status_code == 422
    assert clerk_of.post(f"{ROOT}channels/", {"channel": "sms"}).status_code == 422
    remind_all(timezone.now() + timedelta(days=1))
    assert Message.objects.get().subject in page(clerk_of, "channels/")
    assert Message.objects.get().subject not in page(site.visitor("other"), "channels/")


def test_where_nothing_is_set_up_the_page_says_who_can(clerk_of: Client, settings: Any) -> None:
    settings.CHANNELS = {}
    assert "管理员在服务器上设置" in page(clerk_of, "channels/")


def subscribe(client: Client) -> str:
    """The path of a new calendar."""
    text = client.post(f"{ROOT}calendar/").content.decode()
    return text.split("<code>http://localhost", 1)[1].split("</code>")[0]


def feed(guest: Client, path: str) -> list[Any]:
    answer = guest.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_secret_opens_the_calendar_without_signing_in(clerk_of: Client, guest: Client) -> None:
    path = subscribe(clerk_of)
    assert path.startswith("/calendar/")
    assert path.endswith(".ics")
    events = feed(guest, path)
    assert [str(each["SUMMARY"]) for each in events] == ["到期：逾期的事", "到期：将到期的事"]
    assert [each.decoded("DTSTART") for each in events] == [day(-2), day(2)]
    assert all(each.decoded("DTEND") - each.decoded("DTSTART") == timedelta(days=1) for each in events)
    assert str(events[0]["URL"]).startswith("http://localhost/plans/tasks/")
    assert path not in page(clerk_of, "calendar/"), "it is shown once"


def test_an_extension_moves_the_day_of_the_same_event(clerk_of: Client, guest: Client) -> None:
    path = subscribe(clerk_of)
    before = feed(guest, path)[1]
    task = Reminder.objects.get(task__title="将到期的事").task_id
    assert task is not None
    act(task, site.acting("office"), EventKind.EXTEND, "汛期", due=day(40))  # type: ignore[arg-type]
    after = feed(guest, path)[1]
    assert after["UID"] == before["UID"] != feed(guest, path)[0]["UID"]
    assert after.decoded("DTSTART") == day(40)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("LAST-MODIFIED") >= before.decoded("LAST-MODIFIED")


def test_a_calendar_ends_with_its_address_and_empties_with_the_appointment(clerk_of: Client, guest: Client) -> None:
    first = subscribe(clerk_of)
    second = subscribe(clerk_of)
    assert guest.get(first).status_code == 404
    withdraw(Appointment.objects.get(person__username="clerk").pk, site.acting("office"), "调离")  # type: ignore[arg-type]
    assert feed(guest, second) == []
    assert clerk_of.post(f"{ROOT}calendar/", {"act": "revoke"}).status_code == 302
    assert guest.get(second).status_code == 404
    assert guest.get("/calendar/x.ics").status_code == 404
    assert guest.post(second).status_code == 405


@pytest.mark.parametrize("path", ["", "bell/", "channels/", "calendar/"])
def test_without_signing_in_there_is_only_the_way_in(guest: Client, adopted: int, path: str) -> None:
    answer = guest.get(ROOT + path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")
