"""短信: a gateway of the operator's that takes JSON. The form is ours; a small relay of the operator's suits any other.

POST {"key", "to", "text"} with ``Authorization: Bearer`` and ``Idempotency-Key``; 2xx: taken.
"""

from __future__ import annotations

from shuangkong.gateway.messenger.post import post_json
from shuangkong.records.plans.reminders.channels import Setup
from shuangkong.records.plans.reminders.letters import Letter, Outcome, Receipt

MOST = 200


class SmsGateway:
    """One gateway."""

    most = MOST

    def __init__(self, setup: Setup) -> None:
        self.url, self.token = setup.url, setup.secret

    def deliver(self, letter: Letter) -> Receipt:
        """A text message is the subject alone: what it counts stands on the page."""
        headers = {"Idempotency-Key": letter.key} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        text = f"{letter.subject} {letter.link}".strip()
        answer = post_json(self.url, {"key": letter.key, "to": letter.to, "text": text}, headers)
        return answer if isinstance(answer, Receipt) else Receipt(Outcome.DELIVERED, "2xx")
