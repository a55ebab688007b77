"""What a channel is: one door for letters, behind which each peer has its own form."""

from __future__ import annotations

from typing import Protocol

from shuangkong.records.plans.reminders.letters import Letter, Receipt


class Channel(Protocol):
    """A way out.

    Attributes:
        most: how many letters the peer takes in a minute.
    """

    most: int

    def deliver(self, letter: Letter) -> Receipt:
        """Hands over one letter. A fault of the peer or on the way is told in the receipt, not raised:

        WAITING where the letter certainly did not arrive and may be tried again, REFUSED where that is of no use,
        DOUBTFUL where it may have arrived.
        """
        ...
