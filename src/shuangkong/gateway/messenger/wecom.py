"""政务微信、企业微信: a group robot that shows markdown and calls the person by the member id.

Verified as in ``robot``: the body {"msgtype": "markdown", "markdown": {"content": …}}; content of at most 4096 bytes
(errcode 40058 beyond). Not verified: that <@id> calls the member in every edition.
"""

from __future__ import annotations

from shuangkong.gateway.messenger.post import post_json
from shuangkong.gateway.messenger.robot import MOST, judged, markdown
from shuangkong.records.plans.reminders.channels import Setup
from shuangkong.records.plans.reminders.letters import Letter, Receipt

CONTENT_BYTES = 4_096


class WeComRobot:
    """One robot in one group."""

    most = MOST

    def __init__(self, setup: Setup) -> None:
        self.url = setup.url

    def deliver(self, letter: Letter) -> Receipt:
        text = markdown(letter, f"<@{letter.to}>", CONTENT_BYTES)
        return judged(post_json(self.url, {"msgtype": "markdown", "markdown": {"content": text}}))
