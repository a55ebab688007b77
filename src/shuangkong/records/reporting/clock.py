"""报表的定时: what the clock keeps ready beside returns, in the order in which each rests on the one before."""

from __future__ import annotations

from django.utils import timezone

from shuangkong.records.reporting import pace
from shuangkong.records.reporting.beside import forget, prepare
from shuangkong.records.reporting.later import keep_later
from shuangkong.records.reporting.peering import keep_peers
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.resumming import keep_sums
from shuangkong.records.reporting.selling import keep_sold
from shuangkong.records.reporting.suspected import keep_suspicions
from shuangkong.records.reporting.usual import keep_usual

#: What of it is seen to when a rush is over: what was found later, what is suspicious, sums.
AFTERWARDS = "afterwards"


def keep_ready() -> int:
    """Norms, sales, peers, then what each return that is owed is held against, what was found in others since
    they were signed, what is suspicious, and sums that are not what the returns come to.

    The last three wait while returns come in a rush (``pace``). Returns how many returns were prepared.
    """
    keep_usual()
    keep_sold()
    keep_peers()
    forget()
    made = prepare()
    if not pace.is_put_off(AFTERWARDS, timezone.now()):
        keep_later()
        keep_suspicions()
        keep_sums(CLOCK)
        pace.done(AFTERWARDS)
    return made
