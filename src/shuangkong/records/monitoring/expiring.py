"""命令作废: orders whose device never came for them end by rule, each with its entry in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Coalesce
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.models import DeviceOrder
from shuangkong.records.monitoring.orders import OPEN, RULES, State, take_step
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.rulebook import open_rulebook

#: How long an order waits, and how many end at a time: the rest at the next.
_DAYS, MOST = "monitoring/evidence/order_days", 500
_RULES = Acting(RULES, Role.PUBLIC)


def expire_orders(now: datetime) -> int:
    """Ends orders to which nothing has happened for as long as the policy of today has them wait; how many.

    Those that wait for their device, and those that were sent and of which no gateway has told since. 2 queries, and ~6
    for each.
    """
    days = int(open_rulebook().parameter(_DAYS, timezone.localtime(now).date()).number)
    told = DeviceOrder.objects.filter(state__in=OPEN).annotate(last=Coalesce(Max("events__at"), F("at")))
    due = told.filter(last__lte=now - timedelta(days=days)).order_by("pk").values_list("pk", flat=True)
    return sum(_expire(number, days) for number in list(due[:MOST]))


def _expire(number: int, days: int) -> bool:
    with transaction.atomic():
        rows = DeviceOrder.objects.select_related("device__region").select_for_update(of=("self",))
        row = rows.filter(pk=number, state__in=OPEN).first()
        if row is None:
            return False
        waited = row.state == State.QUEUED
        zh, en = ("设备没有上线", "the device did not come") if waited else ("没有下文", "nothing more was heard")
        ground = f"{days} 天{zh}，命令作废。\nFor {days} days {en}: the order has expired."
        written = _RULES.act("monitoring.expire", f"order/{number}", ground=ground)
        journal.append(replace(written, place=row.device.region.path))
        take_step(row, State.EXPIRED, ground, RULES)
    return True
