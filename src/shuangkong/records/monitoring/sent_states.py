"""送来的状态的登记: of what gas the devices of outlets told a factor, from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from shuangkong.monitoring.flue_gas.as_sent import GasState, Moisture, SentAs
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.models import Connection, DeviceUnit

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SentSpell:
    """From a moment to a moment (not included; None: to this day) a factor of an outlet was sent so."""

    starts_at: datetime
    ends_at: datetime | None
    sent: SentAs

    def holds_at(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


type SentSpells = Mapping[tuple[int, str], Sequence[SentSpell]]
"""(outlet, factor) → its spells, the oldest first; where several hold the newest counts."""


def sent_spells(outlets: Collection[int]) -> SentSpells:
    """What the register tells of the devices that speak or spoke for outlets; rows that say nothing are left out.

    1 query.
    """
    found: dict[tuple[int, str], list[SentSpell]] = defaultdict(list)
    told = DeviceUnit.objects.exclude(moisture="", gas_state="").filter(device__connections__outlet__in=outlets)
    for factor, moisture, state, first, last, outlet, begun, over in told.values_list(
        "factor", "moisture", "gas_state", "starts_on", "ends_on", "device__connections__outlet",
        "device__connections__starts_at", "device__connections__ends_at",
    ):  # fmt: skip
        if outlet not in outlets:
            continue
        starts = max(_midnight(first), begun)
        ends = [each for each in (_midnight(last + _DAY) if last else None, over) if each is not None]
        sent = SentAs(Moisture(moisture) if moisture else None, GasState(state) if state else None)
        found[outlet, factor].append(SentSpell(starts, min(ends, default=None), sent))
    return {key: tuple(sorted(own, key=lambda each: each.starts_at)) for key, own in found.items()}


def sent_as(spells: SentSpells, outlet: int, factor: str, at: datetime) -> SentAs:
    """Of one factor at a moment; nothing told where the register has none."""
    held = [each.sent for each in spells.get((outlet, factor), ()) if each.holds_at(at)]
    return held[-1] if held else SentAs()


def state_was_told(row: DeviceUnit) -> None:
    """What rested on hours that were told so, or are now, is judged and closed anew: as where they came late."""
    if not row.moisture and not row.gas_state:
        return
    now = timezone.now()
    since, until = _midnight(row.starts_on), min(now, _midnight(row.ends_on + _DAY)) if row.ends_on else now
    spans = (
        Late(each.outlet_id, max(since, each.starts_at), min(until, each.ends_at or until) - _HOUR)
        for each in Connection.objects.filter(device=row.device_id)
    )
    keep_late((each for each in spans if each.first_at <= each.last_at), now)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware here
