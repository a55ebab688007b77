"""报表的定时: what the clock keeps ready beside returns, in the order in which each rests on the one before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from shuangkong.records.reporting import pace
from shuangkong.records.reporting.beside import forget, prepare
from shuangkong.records.reporting.later import keep_later
from shuangkong.records.reporting.pace import LATER, SUMS, SUSPICIONS, Share
from shuangkong.records.reporting.peering import keep_peers
from shuangkong.records.reporting.petition_settling import lapse_petitions
from shuangkong.records.reporting.putting_off import go_on
from shuangkong.records.reporting.reminding import CLOCK
from shuangkong.records.reporting.resumming import is_through, keep_sums
from shuangkong.records.reporting.selling import keep_sold
from shuangkong.records.reporting.setting_aside import apply_again
from shuangkong.records.reporting.suspected import keep_suspicions
from shuangkong.records.reporting.usual import keep_usual

#: Returns held anew, and sums told anew, in one turn; and in one of a rush.
_LATER, _SUMS = (300, 50), (40, 5)

type Do = Callable[[str, Callable[[], object]], object]


def _at_once(_name: str, work: Callable[[], object]) -> object:
    return work()


def keep_ready(do: Do = _at_once) -> None:
    """What was put off and asked for; norms, sales, peers, then what each return that is owed is held against, what was
    found in others since they were signed, what is suspicious, and sums that are not what the returns come to.

    The last three wait while returns come in a rush (``pace``). ``do``: does one work by its name; where one raises,
    it may go on to the next.
    """
    do("put_off", go_on)
    do("petitions", lambda: lapse_petitions(CLOCK))
    do("usual", keep_usual)
    do("sold", keep_sold)
    do("peers", keep_peers)
    do("forgotten", forget)
    do("set_aside", apply_again)
    do("prepared", prepare)
    rushes = pace.is_rush(timezone.now())
    for name, work in ((LATER, _later), (SUSPICIONS, _suspicions), (SUMS, _sums)):
        share = pace.share(name, timezone.now(), rushes=rushes)
        if share is not Share.NONE and do(name, partial(work, share)):
            pace.done(name)


def _later(share: Share) -> bool:
    """Whether all that is to be held anew was."""
    most = share.of(*_LATER)
    return keep_later(most) < most


def _suspicions(_share: Share) -> bool:
    keep_suspicions()
    return True


def _sums(share: Share) -> bool:
    """Whether the round of the day is through."""
    keep_sums(CLOCK, most=share.of(*_SUMS))
    return is_through()
