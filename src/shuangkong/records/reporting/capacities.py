"""设备能力的汇集: what the rated capacities of a unit's machines add up to, of the register that monitoring keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Q

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.equipment.models import Machine
from shuangkong.records.reporting.models import Return
from shuangkong.reporting.checks.context import Evidenced
from shuangkong.reporting.evidence import Item

_SHOWN = 3


def registered(
    rows: Sequence[Return], known: Mapping[str, tuple[Item, int]]
) -> dict[tuple[int, str], Evidenced | Message]:
    """(return, id) → kVA of all the unit's machines of a sort that were in use in a year, or why they cannot be told.

    Of a machine that was replaced in the year both count: the sum is what could be carried at most, on any day. A unit
    without such machines on the register is left out; one machine without a capacity makes the sum no sum. 1 query,
    none where nothing is asked.

    Args:
        known: id → what is asked, and of which year.
    """
    units = {row.reporter.enterprise_id for row in rows} - {None}
    if not units or not known:
        return {}
    years, sorts = {year for _, year in known.values()}, {item.capacity for item, _ in known.values()}
    held = Q(ends_on=None) | Q(ends_on__gte=date(min(years), 1, 1))
    machines = list(
        Machine.objects.filter(
            held, enterprise__in=units, sort__in=sorts, starts_on__lte=date(max(years), 12, 31)
        ).order_by("code", "pk")
    )
    found: dict[tuple[int, str], Evidenced | Message] = {}
    for row in rows:
        own = [each for each in machines if each.enterprise_id == row.reporter.enterprise_id]
        for id, (item, year) in known.items():  # noqa: A001 - the word of the field
            told = _added([each for each in own if each.sort == item.capacity and _held(each, year)], item)
            if told is not None:
                found[row.pk, id] = told
    return found


def _added(machines: Sequence[Machine], item: Item) -> Evidenced | Message | None:
    if not machines:
        return None
    lacking = [each.name for each in machines if each.capacity_kva is None]
    if lacking:
        shown = "、".join(lacking[:_SHOWN]) + ("…" if len(lacking) > _SHOWN else "")
        return Message(
            f"{item.name.zh}不全：{len(lacking)} 台没有登记额定容量（{shown}）",
            f"{item.name.en} incomplete: {len(lacking)} have no rated capacity on the register ({shown})",
        )
    told = sum((each.capacity_kva for each in machines if each.capacity_kva is not None), Decimal(0))
    ground = f"{len(machines)} 台的额定容量之和，用能设备登记册"
    return Evidenced(told, Message(f"{item.name.zh}（{ground}）", item.name.en))


def _held(machine: Machine, year: int) -> bool:
    """Whether it was in use on some day of the year."""
    return machine.starts_on <= date(year, 12, 31) and (machine.ends_on is None or machine.ends_on >= date(year, 1, 1))
