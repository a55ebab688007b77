"""Each channel against a peer on this machine: what it sends, and what it makes of every answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from collections.abc import Mapping
from email import message_from_bytes, policy

import pytest
from peers import http_peer, smtp_peer

from shuangkong.gateway.messenger import dingtalk
from shuangkong.gateway.messenger.channel import Channel
from shuangkong.gateway.messenger.dingtalk import DingTalkRobot
from shuangkong.gateway.messenger.mail import MailServer
from shuangkong.gateway.messenger.sending import CHANNELS, channels
from shuangkong.gateway.messenger.sms import SmsGateway
from shuangkong.gateway.messenger.wecom import CONTENT_BYTES, WeComRobot
from shuangkong.records.plans.reminders.channels import ChannelKind, Setup, setups
from shuangkong.records.plans.reminders.letters import Letter, Outcome

LETTER = Letter("2/7/x", "13900000000", "双控提醒：逾期 2 项", ("【逾期】甲", "【逾期】乙"), "https://site.example/r/")
MAIL = Letter("2/7/email", "li@site.example", "双控提醒：逾期 2 项", LETTER.lines, LETTER.link)
SENDER = "双控 <no-reply@site.example>"
OK = (200, '{"errcode": 0, "errmsg": "ok"}')


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_wecom_gets_markdown_that_calls_the_member() -> None:
    with http_peer(OK) as peer:
        receipt = WeComRobot(Setup(f"{peer.url}cgi-bin/webhook/send?key=k")).deliver(LETTER)
    assert receipt.outcome is Outcome.DELIVERED
    (asked,) = peer.asked
    assert (asked.path, asked.query) == ("/cgi-bin/webhook/send", {"key": ["k"]})
    assert asked.content["msgtype"] == "markdown"
    text = asked.content["markdown"]["content"]
    assert text.startswith("<@13900000000>")
    assert "**双控提醒：逾期 2 项**" in text
    assert "> 【逾期】乙" in text
    assert "](https://site.example/r/)" in text


def test_wecom_leaves_whole_lines_out_where_the_robot_takes_no_more() -> None:
    long = Letter("k", "li", "主题", tuple(f"{number}{'长' * 200}" for number in range(20)), "https://site.example/")
    with http_peer(OK) as peer:
        WeComRobot(Setup(peer.url)).deliver(long)
    text = peer.asked[0].content["markdown"]["content"]
    assert len(text.encode()) <= CONTENT_BYTES
    kept = text.count("长" * 200)
    assert f"+{20 - kept}" in text
    assert text.endswith("](https://site.example/)")


def test_dingtalk_signs_the_moment_anew_each_time() -> None:
    moments = iter([1_700_000_000.0, 1_700_000_001.5])
    with http_peer(OK) as peer:
        robot = DingTalkRobot(Setup(f"{peer.url}robot/send?access_token=t", "SECabc"), lambda: next(moments))
        assert [robot.deliver(LETTER).outcome for _ in range(2)] == [Outcome.DELIVERED] * 2
    for asked, moment in zip(peer.asked, ("1700000000000", "1700000001500"), strict=True):
        sealed = hmac.new(b"SECabc", f"{moment}\nSECabc".encode(), hashlib.sha256).digest()
        assert asked.query == {
            "access_token": ["t"], "timestamp": [moment], "sign": [base64.b64encode(sealed).decode()],
        }  # fmt: skip
        assert asked.content["msgtype"] == "markdown"
        assert asked.content["markdown"]["title"] == LETTER.subject
        assert asked.content["at"] == {"atMobiles": ["13900000000"], "isAtAll": False}
    assert dingtalk.signature(1, "a") != dingtalk.signature(2, "a")


def test_dingtalk_without_a_secret_adds_nothing_to_its_address() -> None:
    with http_peer(OK) as peer:
        DingTalkRobot(Setup(f"{peer.url}robot/send?access_token=t")).deliver(LETTER)
    assert peer.asked[0].query == {"access_token": ["t"]}


def test_sms_says_the_subject_and_names_its_key() -> None:
    with http_peer((202, "")) as peer:
        receipt = SmsGateway(Setup(peer.url, "secret")).deliver(LETTER)
    assert receipt.outcome is Outcome.DELIVERED
    (asked,) = peer.asked
    assert asked.content == {"key": LETTER.key, "to": LETTER.to, "text": f"{LETTER.subject} {LETTER.link}"}
    assert asked.headers["authorization"] == "Bearer secret"
    assert asked.headers["idempotency-key"] == LETTER.key


@pytest.mark.parametrize("make", [WeComRobot, DingTalkRobot, SmsGateway])
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (429, Outcome.WAITING),
        (500, Outcome.WAITING),
        (503, Outcome.WAITING),
        (400, Outcome.REFUSED),
        (302, Outcome.REFUSED),
        (502, Outcome.DOUBTFUL),
        (504, Outcome.DOUBTFUL),
        (0, Outcome.DOUBTFUL),
    ],
)
def test_what_an_answer_means(make: type[SmsGateway], status: int, outcome: Outcome) -> None:
    with http_peer((status, "so")) as peer:
        assert make(Setup(peer.url)).deliver(LETTER).outcome is outcome
    assert len(peer.asked) == 1, "asked once, and led nowhere else"


@pytest.mark.parametrize("make", [WeComRobot, DingTalkRobot])
@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('{"errcode": 310000, "errmsg": "sign not match"}', Outcome.WAITING),
        ('{"errcode": 45009, "errmsg": "too often"}', Outcome.WAITING),
        ("<html>proxy</html>", Outcome.DOUBTFUL),
        ("[]", Outcome.DOUBTFUL),
    ],
)
def test_a_robots_code_counts_not_its_status(make: type[WeComRobot], body: str, outcome: Outcome) -> None:
    with http_peer((200, body)) as peer:
        assert make(Setup(peer.url)).deliver(LETTER).outcome is outcome


@pytest.mark.parametrize("make", [WeComRobot, DingTalkRobot, SmsGateway])
def test_where_nobody_listens_nothing_arrived_and_no_secret_is_told(make: type[SmsGateway]) -> None:
    receipt = make(Setup(f"http://127.0.0.1:{closed_port()}/?key=hidden-key")).deliver(LETTER)
    assert receipt.outcome is Outcome.WAITING
    assert "hidden-key" not in receipt.said


def test_a_mail_tells_every_line_and_says_that_a_machine_wrote_it() -> None:
    with smtp_peer() as peer:
        receipt = MailServer(Setup(peer.url, sender=SENDER)).deliver(MAIL)
    assert receipt.outcome is Outcome.DELIVERED
    (told,) = peer.mails
    mail = message_from_bytes(told, policy=policy.default)
    assert mail["Subject"] == MAIL.subject
    assert "no-reply@site.example" in mail["From"]
    assert [each.lower() for each in peer.to] == ["rcpt to:<li@site.example>"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines()[:2] == list(MAIL.lines)
    assert MAIL.link in mail.get_content()


def test_two_mails_of_one_key_bear_one_number() -> None:
    other = Letter("2/8/email", MAIL.to, MAIL.subject, MAIL.lines, "")
    with smtp_peer() as peer:
        for letter in (MAIL, MAIL, other):
            MailServer(Setup(peer.url, sender=SENDER)).deliver(letter)
    numbers = [message_from_bytes(each)["Message-ID"] for each in peer.mails]
    assert numbers[0] == numbers[1] != numbers[2]
    assert numbers[0].endswith("@site.example>")


@pytest.mark.parametrize(
    ("replies", "outcome", "count"),
    [
        ({"RCPT": "550 no such user"}, Outcome.REFUSED, 0),
        ({"RCPT": "450 try later"}, Outcome.WAITING, 0),
        ({"MAIL": "421 busy"}, Outcome.WAITING, 0),
        ({"HELLO": "554 not today"}, Outcome.WAITING, 0),
        ({"END": "451 disk full"}, Outcome.WAITING, 1),
        ({"END": "554 spam"}, Outcome.REFUSED, 1),
        ({"END": ""}, Outcome.DOUBTFUL, 1),
        ({"QUIT": ""}, Outcome.DELIVERED, 1),
    ],
)
def test_what_a_mail_servers_reply_means(replies: Mapping[str, str], outcome: Outcome, count: int) -> None:
    with smtp_peer(**replies) as peer:
        assert MailServer(Setup(peer.url, sender=SENDER)).deliver(MAIL).outcome is outcome
    assert len(peer.mails) == count


def test_where_no_mail_server_listens_nothing_arrived() -> None:
    setup = Setup(f"smtp://127.0.0.1:{closed_port()}", sender=SENDER)
    assert MailServer(setup).deliver(MAIL).outcome is Outcome.WAITING


def test_every_kind_of_channel_is_there_and_read_from_the_environment() -> None:
    environment = {
        "SHUANGKONG_SMTP": "smtp+starttls://u%40x:p%2Fw@mail.example:587",
        "SHUANGKONG_MAIL_FROM": SENDER,
        "SHUANGKONG_WECOM_ROBOT": "https://robot.example/send?key=1",
        "SHUANGKONG_DINGTALK_ROBOT": "https://ding.example/robot/send?access_token=2",
        "SHUANGKONG_DINGTALK_SECRET": "SEC",
        "SHUANGKONG_SMS_GATEWAY": "https://sms.example/",
        "SHUANGKONG_SMS_REPEATABLE": "1",
    }
    found = setups(environment)
    assert set(found) == set(ChannelKind) == set(CHANNELS)
    assert found[ChannelKind.DINGTALK].secret == "SEC"
    assert [kind for kind, setup in found.items() if setup.is_repeatable] == [ChannelKind.SMS]
    doors: dict[ChannelKind, Channel] = channels(found)
    assert all(door.most > 0 for door in doors.values())
    assert setups({}) == {}


@pytest.mark.parametrize(
    "environment",
    [
        {"SHUANGKONG_SMTP": "mail.example:25", "SHUANGKONG_MAIL_FROM": SENDER},
        {"SHUANGKONG_SMTP": "smtp://mail.example"},
        {"SHUANGKONG_WECOM_ROBOT": "ftp://robot.example/secret-key"},
    ],
)
def test_a_setting_of_another_form_is_refused_without_telling_it(environment: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="SHUANGKONG_") as refused:
        setups(environment)
    assert "secret-key" not in str(refused.value)
