"""月冻结: figures of a month that the platform froze are read-only until it opens the month of a unit again.

What is frozen is the month's own figure of each item (NHJC: month rows); days and hours stay evidence that may be
completed. The same figure sent again is no change.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.uploads.connecting import where_of
from shuangkong.records.monitoring.uploads.models import AccessEnd, FrozenMonth
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused


def freeze(accesses: Collection[int], month: date, by: Acting, ground: str) -> int:
    """Freezes a month (its first day) of access ends; returns of how many. 3 queries, and those of a journal row each.

    Raises:
        Refused: the month is not over, no ground is given, or none of them is there that is not frozen.
        Forbidden: the person connects nobody at one of them.
    """
    if month >= timezone.localdate().replace(day=1):
        raise Refused("MON-296", f"{month:%Y-%m} 还没有过完，不能冻结。", f"{month:%Y-%m} is not over.", "month")
    _require_ground(ground)
    with transaction.atomic():
        held = _locked(accesses)
        for each in held:
            require(by, Action.MONITORING_CONNECT, where_of(each))
        known = frozen(accesses, month)
        fresh = [each for each in held if each.pk not in known]
        if not fresh:
            raise Refused(
                "MON-297", f"{month:%Y-%m} 没有可冻结的。", f"Nothing of {month:%Y-%m} is to be frozen.", "month"
            )
        for each in fresh:
            number = _written("monitoring.freeze_month", each, month, by, ground)
            FrozenMonth.objects.create(
                access=each, month=month, at=timezone.now(), author=by.author, journal=number
            )  # fmt: skip
    return len(fresh)


def reopen(access: int, month: date, by: Acting, ground: str) -> None:
    """Opens a month of one access end again. ~6 queries. Raises as ``freeze``."""
    _require_ground(ground)
    with transaction.atomic():
        held = _locked((access,))
        for each in held:
            require(by, Action.MONITORING_CONNECT, where_of(each))
        row = FrozenMonth.objects.filter(access__in=held, month=month, opened_at=None).first()
        if row is None:
            raise Refused("MON-298", f"{month:%Y-%m} 没有冻结。", f"{month:%Y-%m} is not frozen.", "month")
        row.opened_journal = _written("monitoring.open_month", held[0], month, by, ground)
        row.opened_at = timezone.now()
        row.save(update_fields=("opened_at", "opened_journal"))


def frozen(accesses: Collection[int], month: date) -> frozenset[int]:
    """Of which access ends a month is frozen. 1 query."""
    rows = FrozenMonth.objects.filter(access__in=accesses, month=month, opened_at=None)
    return frozenset(rows.values_list("access", flat=True))


def frozen_months(access: int) -> frozenset[date]:
    """The frozen months of an access end. 1 query."""
    rows = FrozenMonth.objects.filter(access=access, opened_at=None)
    return frozenset(rows.values_list("month", flat=True))


def _locked(accesses: Collection[int]) -> list[AccessEnd]:
    """Messages that come meanwhile wait: each is of before the freezing, or of after it."""
    rows = AccessEnd.objects.select_related("enterprise__region").select_for_update(of=("self",))
    return list(rows.filter(pk__in=accesses, ended_at=None).order_by("pk"))


def _written(act: str, held: AccessEnd, month: date, by: Acting, ground: str) -> int:
    said = by.act(act, f"access_end/{held.pk}", ground=ground.strip(), after={"month": f"{month:%Y-%m}"})
    return journal.append(replace(said, place=held.enterprise.region.path))


def _require_ground(ground: str) -> None:
    if not ground.strip():
        raise Refused("MON-234", "请写明依据。", "Say on which ground.", "ground")
