"""钉钉: a group robot that shows markdown, signs the moment, and calls the person by the mobile number.

Verified as in ``robot``: the body {"msgtype": "markdown", "markdown": {"title", "text"}, "at": {"atMobiles",
"isAtAll"}}; the signature is Base64(HMAC-SHA256(key=secret, timestamp + "\\n" + secret)), percent-encoded, beside the
timestamp in milliseconds, which may differ from the robot's clock by an hour (errcode 310000 beyond, or where it does
not match). Not verified: that the number must also stand in the text as @number to be highlighted; it does no harm.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from hashlib import sha256
from time import time
from urllib.parse import urlencode

from shuangkong.gateway.messenger.post import post_json
from shuangkong.gateway.messenger.robot import MOST, judged, markdown
from shuangkong.records.plans.reminders.channels import Setup
from shuangkong.records.plans.reminders.letters import Letter, Receipt


class DingTalkRobot:
    """One robot in one group. ``seconds`` tells the time."""

    most = MOST

    def __init__(self, setup: Setup, seconds: Callable[[], float] = time) -> None:
        self.url, self.secret, self.seconds = setup.url, setup.secret, seconds

    def deliver(self, letter: Letter) -> Receipt:
        content = {
            "msgtype": "markdown",
            "markdown": {"title": letter.subject, "text": markdown(letter, f"@{letter.to}")},
            "at": {"atMobiles": [letter.to], "isAtAll": False},
        }
        return judged(post_json(self._signed(), content))

    def _signed(self) -> str:
        """The address for this one message: signed anew each time, never on top of an earlier signature."""
        if not self.secret:
            return self.url
        moment = round(self.seconds() * 1_000)
        joint = "&" if "?" in self.url else "?"
        return self.url + joint + urlencode({"timestamp": moment, "sign": signature(moment, self.secret)})


def signature(moment: int, secret: str) -> str:
    """The signature of a moment in milliseconds, in Base64."""
    sealed = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), sha256)
    return base64.b64encode(sealed.digest()).decode()
