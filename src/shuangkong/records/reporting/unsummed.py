"""没有计入合计的报表: returns of which the clock could not tell or withdraw what they tell, with why; the others go on.

One return's fault is kept until its turn comes again and goes well; offices see it where they see how reporting stands.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.models import Return, UnsummedReturn

_LOG = logging.getLogger(__name__)
#: Which of the clock's works met it.
SUM, WITHDRAW = "sum", "withdraw"
#: Kept at most: where a form is gone, all its returns have the same fault. What was not met so long is no fault.
_MOST, _FORGOTTEN = 200, timedelta(days=30)
_ZH = "这份报表的数读不出来或加不起来，没有计入（或撤出）地区合计；其余报表照算。请系统管理员看运行日志。"
_EN = "What this return tells could not be read or added up, and is not in the sums; the others are. See the log."


class Turns:
    """The turns of returns in one run of a work of the clock. 1 query."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._known = set(UnsummedReturn.objects.filter(stage=stage).values_list("owned", flat=True))
        self._met: set[int] = set()

    def __call__[**With, Done](
        self, owned: int, work: Callable[With, Done], *args: With.args, **more: With.kwargs
    ) -> Done | None:
        """What was done for one return, whole or not at all; None where it raised: that is kept, and holds up nothing.

        Raises:
            OperationalError: the database is busy or gone, whichever return it is.
        """
        try:
            with transaction.atomic():
                done = work(*args, **more)
        except Exception as fault:
            if isinstance(fault, OperationalError):
                raise
            self.fault(owned, fault)
            return None
        if owned in self._known - self._met:
            UnsummedReturn.objects.filter(owned=owned, stage=self._stage).delete()
        return done

    def fault(self, owned: int, fault: Exception) -> None:
        """Keeps what a return raised."""
        self._met.add(owned)
        if isinstance(fault, Refused):
            _LOG.warning("%s return %s is left as it is: %s", fault.code, owned, fault.message.en)
            self._keep(owned, fault.code, fault.message)
        else:
            _LOG.error("RPT-989 return %s is left as it is", owned, exc_info=fault)
            self._keep(owned, "RPT-989", Message(_ZH, _EN))

    def _keep(self, owned: int, code: str, why: Message) -> None:
        if owned not in self._known and len(self._known) >= _MOST:
            return
        now = timezone.now()
        told = {"code": code, "zh": why.zh, "en": why.en, "seen_at": now}
        UnsummedReturn.objects.update_or_create(
            owned_id=owned, stage=self._stage, defaults=told, create_defaults={**told, "found_at": now}
        )
        self._known.add(owned)


def forget_unsummed(now: datetime) -> None:
    """Drops what no work of the clock has met for long: of returns that tell nothing more. 1 query."""
    UnsummedReturn.objects.filter(seen_at__lt=now - _FORGOTTEN).delete()


@dataclass(frozen=True, slots=True)
class Unsummed:
    """One return that is not in the sums, since when, and why."""

    owned: int
    form: str
    period: str
    reporter: str
    code: str
    why: Message
    since: datetime


def unsummed(among: Q, most: int) -> tuple[Unsummed, ...]:
    """Of returns that meet a condition, the longest known first; one of them once. 1 query."""
    rows = UnsummedReturn.objects.filter(owned__in=Return.objects.filter(among)).order_by("found_at", "pk").values_list(
        "owned", "owned__form", "owned__period", "owned__reporter__name", "code", "zh", "en", "found_at"
    )  # fmt: skip
    found: dict[int, Unsummed] = {}
    for number, form, period, reporter, code, zh, en, since in rows[: 2 * most]:
        found.setdefault(number, Unsummed(number, form, period, reporter, code, Message(zh, en), since))
    return tuple(found.values())[:most]
