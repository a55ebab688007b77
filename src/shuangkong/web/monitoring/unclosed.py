"""没有结算的: outlets that owed amounts in a month and have none, and why: no row of a board stands for them else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.monitoring.reading import Media, Span, ends_of
from shuangkong.records.monitoring.models import Connection, FactorDue, Outlet
from shuangkong.web.monitoring.codes import factor_word
from shuangkong.web.monitoring.flows import FLOWS, has_amount
from shuangkong.web.monitoring.views.outlet import midnight


@dataclass(frozen=True, slots=True)
class Unclosed:
    """One outlet; ``factors`` in words, "" where none is registered; ``why`` in words, with what to do."""

    outlet: Outlet
    factors: str
    why: str


def unclosed(outlets: Iterable[Outlet], closed: Collection[tuple[int, str]], month: date) -> list[Unclosed]:
    """Outlets of gas and water in use in a month of which some pollutant has no closing. 2 queries.

    Args:
        closed: (outlet, factor) that have one.
        month: its first day.
    """
    last = ends_of(Span.MONTH, month)
    held = [
        each
        for each in outlets
        if each.kind in set(Media) and each.starts_on <= last and (each.ends_on is None or each.ends_on >= month)
    ]
    numbers = [each.pk for each in held]
    in_month = Q(starts_on__lte=last) & (Q(ends_on=None) | Q(ends_on__gte=month))
    due: dict[int, set[str]] = defaultdict(set)
    for outlet, factor in FactorDue.objects.filter(in_month, outlet__in=numbers).values_list("outlet", "factor"):
        due[outlet].add(factor)
    begins, ends = midnight(month), midnight(last + timedelta(days=1))
    spoken_for = Connection.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=begins), outlet__in=numbers, starts_at__lt=ends
    )
    connected = set(spoken_for.values_list("outlet", flat=True))
    made = []
    for each in held:
        wanted = sorted(filter(has_amount, due[each.pk]))
        lacking = [factor for factor in wanted if (each.pk, factor) not in closed]
        has_any = any(outlet == each.pk for outlet, _factor in closed)
        if lacking or not (wanted or has_any):
            words = _("、").join(map(factor_word, lacking))
            made.append(Unclosed(each, words, _why(each, month, wanted, due, connected)))
    return made


def _why(
    outlet: Outlet, month: date, wanted: Collection[str], due: Mapping[int, set[str]], connected: Collection[int]
) -> str:
    """The first reason that holds, the nearest to the cause first."""
    if not wanted:
        return _("没有登记应测的污染物：登记应测因子后才能结算")
    if outlet.pk not in connected:
        return _("这个月没有接入设备：登记设备和接入时段，再补传数据")
    if max(month, outlet.starts_on) >= timezone.localdate():
        return _("还没有过完的一天")
    if FLOWS[Media(outlet.kind)] not in due[outlet.pk]:
        return _("没有登记流量因子，排放量算不出：登记流量因子")
    return _("还没有结算：读数库没有运行，或还没到点；也可运行 shuangkong amounts")
