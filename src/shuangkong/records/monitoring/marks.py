"""数据标记登记: what hours are marked as, by whom and why; what a person marked holds before what the device did.

A unit's mark that no rule of marking covers holds for nothing until the authority has agreed to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from shuangkong.core.horizon import is_near
from shuangkong.records.journal import store as journal
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.mark_rules import has_rules
from shuangkong.records.monitoring.models import Mark, MarkToTell, Outlet
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Reach, Role, reach
from shuangkong.records.refusal import Refused

_LONGEST = timedelta(days=92)
_HOUR = timedelta(hours=1)
#: The readings store counts its seconds from here.
_EPOCH = datetime.fromtimestamp(0, UTC)
#: Hours of so late are judged at each run.
_ANYHOW = timedelta(days=2)


class Origin(StrEnum):
    """Who marked. The weight grows: what an authority marked holds before what the unit did, that before a rule."""

    AUTOMATIC = "automatic"  # 自动标记
    UNIT = "unit"  # 企业标记
    AUTHORITY = "authority"  # 主管部门标记


WEIGHT = (Origin.AUTOMATIC, Origin.UNIT, Origin.AUTHORITY)


class Reason(StrEnum):
    """Why."""

    MAINTENANCE = "maintenance"  # 维护
    CALIBRATION = "calibration"  # 校准
    FAULT = "fault"  # 故障
    STANDARD = "standard"  # 标样核查
    STOPPED = "stopped"  # 停产停运
    STARTING = "starting"  # 启停炉
    NETWORK = "network"  # 通讯中断
    OTHER = "other"  # 其他


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark on hours of an outlet; ``factor`` "" is all of them; the end is not included.

    ``waits``: for the authority's agreement; ``agreed_by`` that which was given.
    """

    id: int
    outlet: int
    factor: str
    starts_at: datetime
    ends_at: datetime
    mark: str
    origin: Origin
    reason: str
    text: str
    author: str
    at: datetime
    is_withdrawn: bool
    waits: bool = False
    agreed_by: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether the authority marked, or agreed to what the unit did."""
        return self.origin is Origin.AUTHORITY or bool(self.agreed_by)


def mark_hours(
    outlet: int, factor: str, first: datetime, last: datetime, mark: str, reason: Reason, by: Acting, text: str
) -> int:
    """Marks the hours from ``first`` on, before ``last``; returns the mark's number. ~8 queries.

    A unit's waits for the authority's agreement where no rule of marking covers it (``waits``).

    Raises:
        Refused: no such outlet; hours far off, not whole, none, or too many; hours to come; nothing is said.
        Forbidden: the person marks nothing there.
    """
    with transaction.atomic():
        place = (
            Outlet.objects.select_related("region", "enterprise")
            .select_for_update(of=("self",))
            .filter(pk=outlet)
            .first()
        )
        if place is None:
            raise Refused("MON-180", f"没有第 {outlet} 号排放口。", f"There is no outlet {outlet}.", "outlet")
        where = _where(place)
        require(by, Action.MONITORING_MARK, where)
        _require_sound(first, last, text)
        origin = Origin.AUTHORITY if _is_authority(by, where) else Origin.UNIT
        made = Mark(
            outlet=place, factor=factor, starts_at=first, ends_at=last, mark=mark, origin=origin, reason=reason,
            text=text.strip(), author=by.author, at=timezone.now(),
            waits=origin is Origin.UNIT and not has_rules(place, first, last),
        )  # fmt: skip
        said = {"factor": factor, "from": first.isoformat(), "until": last.isoformat(), "mark": mark, "reason": reason}
        written = by.act("monitoring.mark", f"outlets/{outlet}", ground=text.strip(), after=said)
        made.journal = journal.append(replace(written, place=where.path))
        made.save()
        if not made.waits:
            _to_tell(outlet, first, last)
    return int(made.pk)


def agree(number: int, by: Acting, text: str) -> None:
    """The authority agrees to a unit's mark: it holds from now on. ~6 queries.

    Whoever does not agree withdraws it.

    Raises:
        Refused: no such mark waits; nothing is said; the person is no authority.
        Forbidden: the person marks nothing there.
    """
    with transaction.atomic():
        row, where = _held(number, by)
        if not row.waits:
            raise Refused(
                "MON-192", f"第 {number} 号标记不在等主管部门同意。", f"Mark {number} does not wait for agreement."
            )
        if not _is_authority(by, where):
            raise Refused(
                "MON-193", "由主管部门同意；企业可以撤销自己的标记。",
                "The authority agrees; a unit may withdraw its own mark.",
            )  # fmt: skip
        if not text.strip():
            raise Refused("MON-184", "请写明理由。", "Give the reason.", "text")
        row.waits, row.agreed_by, row.agreed_at = False, by.author, timezone.now()
        row.save(update_fields=["waits", "agreed_by", "agreed_at"])
        said = {"mark": number, "from": row.starts_at.isoformat(), "until": row.ends_at.isoformat()}
        written = by.act("monitoring.agree_mark", f"outlets/{row.outlet_id}", ground=text.strip(), after=said)
        journal.append(replace(written, place=where.path))
        _to_tell(row.outlet_id, row.starts_at, row.ends_at)


def withdraw(number: int, by: Acting, text: str) -> None:
    """Takes a mark back. ~6 queries. Raises Refused, Forbidden; a unit takes back its own only."""
    with transaction.atomic():
        row, where = _held(number, by)
        if row.origin == Origin.AUTHORITY and not _is_authority(by, where):
            raise Refused(
                "MON-186", "主管部门的标记由主管部门撤销。", "The authority's mark is the authority's to withdraw."
            )
        if not text.strip():
            raise Refused("MON-184", "请写明理由。", "Give the reason.", "text")
        held = not row.waits
        row.withdrawn_by, row.withdrawn_at, row.waits = by.author, timezone.now(), False
        row.save(update_fields=["withdrawn_by", "withdrawn_at", "waits"])
        written = by.act("monitoring.unmark", f"outlets/{row.outlet_id}", ground=text.strip(), before={"mark": number})
        journal.append(replace(written, place=where.path))
        if held:
            _to_tell(row.outlet_id, row.starts_at, row.ends_at)


def _held(number: int, by: Acting) -> tuple[Mark, Where]:
    """A mark that was not withdrawn, locked, and where it is. Raises Refused, Forbidden."""
    rows = Mark.objects.select_related("outlet__region", "outlet__enterprise").select_for_update(of=("self",))
    row = rows.filter(pk=number, withdrawn_at=None).first()
    if row is None:
        raise Refused(
            "MON-185", f"没有第 {number} 号标记，或已撤销。", f"There is no mark {number}, or it was withdrawn."
        )
    where = _where(row.outlet)
    require(by, Action.MONITORING_MARK, where)
    return row, where


@dataclass(frozen=True, slots=True)
class Untold:
    """Hours of an outlet whose marks the readings store has yet to be told."""

    id: int
    outlet: int
    starts_at: datetime
    ends_at: datetime


def untold(outlet: int | None = None) -> tuple[Untold, ...]:
    """Of one outlet or of all, the oldest first. 1 query."""
    rows = MarkToTell.objects.order_by("pk")
    if outlet is not None:
        rows = rows.filter(outlet=outlet)
    return tuple(Untold(each.pk, each.outlet_id, each.first_at, each.last_at) for each in rows)


def are_told(rows: Iterable[Untold]) -> None:
    """The store has been told. 1 query."""
    MarkToTell.objects.filter(pk__in=[each.id for each in rows]).delete()


def _to_tell(outlet: int, first: datetime, last: datetime) -> None:
    """Stands until the store was told, whoever dies meanwhile; and what rests on the hours is done anew."""
    MarkToTell.objects.create(outlet_id=outlet, first_at=first, last_at=last, at=timezone.now())
    look_again(outlet, first, last)


def look_again(outlet: int, first: datetime, last: datetime) -> None:
    """Hours whose marks have changed are judged and closed anew, as where readings came late; the newest are anyhow.

    Up to 4 queries. ``last`` is not included.
    """
    if first < timezone.now() - _ANYHOW:
        keep_late([Late(outlet, first, max(first, last - _HOUR))], timezone.now())


def marks(
    outlets: Iterable[int], first: datetime, last: datetime, *, is_withdrawn_too: bool = False
) -> tuple[MarkRow, ...]:
    """Of outlets, that touch a time; the strongest last, among equals the newest: what comes later holds. 1 query.

    Args:
        is_withdrawn_too: also those that hold for nothing, withdrawn or waiting; never ask ``holding`` of these.
    """
    found = Mark.objects.filter(outlet__in=list(outlets), starts_at__lt=last, ends_at__gt=first)
    if not is_withdrawn_too:
        found = found.filter(withdrawn_at=None, waits=False)
    return tuple(sorted(map(row_of, found.order_by("pk")), key=lambda row: (WEIGHT.index(row.origin), row.id)))


def waiting(condition: Q) -> QuerySet[Mark]:
    """Marks of units that wait for the authority's agreement, the oldest hours first.

    Args:
        condition: on the mark; what a person may see of outlets has the prefix ``outlet__``.
    """
    rows = Mark.objects.filter(condition, waits=True, withdrawn_at=None)
    return rows.select_related("outlet__region", "outlet__enterprise").order_by("starts_at", "pk")


def may_agree(by: Acting, place: Outlet) -> bool:
    """Whether a person agrees to marks of an outlet's unit."""
    where = _where(place)
    return may(by, Action.MONITORING_MARK, where) and _is_authority(by, where)


def row_of(each: Mark) -> MarkRow:
    """A row of the table as what it says."""
    return MarkRow(
        each.pk, each.outlet_id, each.factor, each.starts_at, each.ends_at, each.mark, Origin(each.origin),
        each.reason, each.text, each.author, each.at, each.withdrawn_at is not None, each.waits, each.agreed_by,
    )  # fmt: skip


def holding(rows: Iterable[MarkRow], factor: str, at: datetime) -> MarkRow | None:
    """The mark that holds for a factor's hour, of rows in the order of ``marks``."""
    found = [row for row in rows if row.factor in ("", factor) and row.starts_at <= at < row.ends_at]
    return found[-1] if found else None


def _is_authority(by: Acting, where: Where) -> bool:
    """Whether the person marks as one who supervises, not as the unit itself."""
    return by.role is Role.ADMINISTRATOR or reach(by.role, Action.MONITORING_MARK) is Reach.COMPETENT


def _require_near(at: datetime, field: str) -> None:
    """Refuses what lies as far off as a year of two digits does, and what the readings store cannot hold."""
    if not is_near(at.date(), timezone.localdate()) or at < _EPOCH:
        raise Refused("MON-191", f"时间不对：{at.date()} 离现在太远。请写四位数的年份。",
                      f"{at.date()} is too far off. Give the year in four digits.", field)  # fmt: skip


def _require_sound(first: datetime, last: datetime, text: str) -> None:
    _require_near(first, "first")
    _require_near(last, "last")
    for holds, code, zh, en, field in (
        (all(each.minute == each.second == 0 for each in (first, last)), "MON-181",
         "按整点小时标记。", "Mark whole hours.", "first"),
        (first < last <= first + _LONGEST, "MON-182", "结束应晚于开始，一次不超过一个季度。",
         "It ends after it starts, within a quarter.", "last"),
        (last <= timezone.now() + _HOUR, "MON-183", "还没有到的小时不能标记。",
         "Hours to come are not marked.", "last"),
        (text.strip(), "MON-184", "请写明理由。", "Give the reason.", "text"),
    ):  # fmt: skip
        if not holds:
            raise Refused(code, zh, en, field)


def _where(place: Outlet) -> Where:
    body = place.enterprise.body_id if place.enterprise else None
    return Where(place.region.path, frozenset({body}) if body is not None else frozenset())
