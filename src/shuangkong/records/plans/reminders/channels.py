"""消息通道: by which ways messages may leave this installation, as its operator set them up in the environment.

Environment:
    SHUANGKONG_ADDRESS: where people reach the site, as https://host; messages and calendars link to it (default none).
    SHUANGKONG_SMTP: smtp://user:password@host:port, smtp+starttls://… or smtps://…
    SHUANGKONG_MAIL_FROM: the sender of e-mail.
    SHUANGKONG_WECOM_ROBOT: address of a group robot of 政务微信 or 企业微信, with its key.
    SHUANGKONG_DINGTALK_ROBOT, SHUANGKONG_DINGTALK_SECRET: address of a 钉钉 group robot, and the secret it signs with.
    SHUANGKONG_SMS_GATEWAY, SHUANGKONG_SMS_TOKEN: address of an SMS gateway that takes JSON, and its bearer token.
    SHUANGKONG_SMS_REPEATABLE: ``1`` where that gateway sends no key twice: only then is a message whose fate is unknown
        handed over again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit


class ChannelKind(StrEnum):
    """A way out of this installation."""

    EMAIL = "email"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    SMS = "sms"


@dataclass(frozen=True, slots=True)
class Setup:
    """How one channel is reached.

    Attributes:
        url: see the environment above; holds credentials, never shown.
        secret: what it signs with, or its token; "" for none.
        sender: from whom an e-mail comes.
        is_repeatable: the peer itself sends no key twice.
    """

    url: str
    secret: str = ""
    sender: str = ""
    is_repeatable: bool = False


_WEB = ("http", "https")
_SCHEMES = {
    "SHUANGKONG_SMTP": ("smtp", "smtp+starttls", "smtps"),
    "SHUANGKONG_WECOM_ROBOT": _WEB,
    "SHUANGKONG_DINGTALK_ROBOT": _WEB,
    "SHUANGKONG_SMS_GATEWAY": _WEB,
}


def setups(environment: Mapping[str, str]) -> dict[ChannelKind, Setup]:
    """The channels that are set up.

    Raises:
        ValueError: an address has another form than its channel needs, or e-mail has no sender.
    """
    said = {name: environment.get(name, "") for name in _SCHEMES}
    for name, url in said.items():
        if url:
            _require_form(name, url)
    sender = environment.get("SHUANGKONG_MAIL_FROM", "")
    if said["SHUANGKONG_SMTP"] and "@" not in sender:
        raise ValueError("SHUANGKONG_MAIL_FROM 应为发件人邮箱，实为空或无 @。It must be the sender's e-mail address.")
    every = {
        ChannelKind.EMAIL: Setup(said["SHUANGKONG_SMTP"], sender=sender),
        ChannelKind.WECOM: Setup(said["SHUANGKONG_WECOM_ROBOT"]),
        ChannelKind.DINGTALK: Setup(
            said["SHUANGKONG_DINGTALK_ROBOT"], environment.get("SHUANGKONG_DINGTALK_SECRET", "")
        ),
        ChannelKind.SMS: Setup(
            said["SHUANGKONG_SMS_GATEWAY"],
            environment.get("SHUANGKONG_SMS_TOKEN", ""),
            is_repeatable=environment.get("SHUANGKONG_SMS_REPEATABLE") == "1",
        ),
    }
    return {kind: setup for kind, setup in every.items() if setup.url}


def _require_form(name: str, url: str) -> None:
    """The address itself stays out of the message: it holds credentials."""
    found = urlsplit(url)
    if found.scheme not in _SCHEMES[name] or not found.hostname:
        wanted = " / ".join(f"{each}://…" for each in _SCHEMES[name])
        raise ValueError(f"{name} 应为 {wanted}，实为 {found.scheme or '无协议'}。Expected {wanted}.")
