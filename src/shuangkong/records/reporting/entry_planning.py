"""计量审查计划: many units put on the plan of a year at once, those listed by code or every key energy user."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.paths import below
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting.entry_store import MATTERS, entries
from shuangkong.records.reporting.file_entries import ToTell, enter, may_enter
from shuangkong.records.reporting.listed import listed_units
from shuangkong.records.reporting.models import Reporter
from shuangkong.records.reporting.store import reporters
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState

_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Planned:
    """Numbers of the reviews that were entered; how many units were on the plan of that year already."""

    made: tuple[int, ...]
    there: int


def plan_reviews(path: str, codes: Collection[str], said: ToTell, by: Acting) -> Planned:
    """Plans a review of each unit at a place and below it; without codes of every key energy user there. All or none.

    ~8 queries a unit.

    Raises:
        Refused: no unit is found, or one of the codes is not; too many; what is said is not sound.
        Forbidden: the person plans no reviews there.
    """
    require(by, Action.ENTRY_DECIDE, Where(path, matter=MATTERS[EntryKind.METERING]))
    wanted = {each.strip() for each in codes if each.strip()}
    enterprises, listed = listed_units(timezone.localdate()) if not wanted else (set(), wanted)
    rows = reporters(below(path) & Q(kind="unit") & (Q(enterprise__in=enterprises) | Q(code__in=listed)))
    rows = tuple(row for row in rows if may_enter(EntryKind.METERING, row, by))
    if missing := sorted(wanted - {row.code for row in rows}):
        zh = f"这些单位代码没有找到，或不归您审查：{'、'.join(missing[:10])}。请核对。"
        raise Refused("RPT-736", zh, f"Not found, or not yours to review: {', '.join(missing[:10])}.", "codes")
    if not rows:
        zh = "这里没有您审查的重点用能单位。请写单位代码，或先导入名单。"
        raise Refused("RPT-737", zh, "No key energy user here is yours to review: name units by code.", "codes")
    if len(rows) > _MOST:
        zh = f"一次最多列 {_MOST} 家，这里有 {len(rows)} 家。请分地区列。"
        raise Refused("RPT-738", zh, f"At most {_MOST} at once, not {len(rows)}: plan them place by place.", "codes")
    year = said.told.get("period", "").strip()
    with transaction.atomic():
        # two who plan at once: the second waits here, and then finds what the first has entered
        list(Reporter.objects.select_for_update().filter(pk__in=[row.id for row in rows]).order_by("pk").values("pk"))
        live = entries(Q(kind=EntryKind.METERING, reporter__in=[row.id for row in rows]) & ~Q(state=EntryState.STRUCK))
        there = {each.reporter.id for each in live if each.told["period"] == year}
        made = tuple(enter(EntryKind.METERING, row, said, by) for row in rows if row.id not in there)
    return Planned(made, len(there))
