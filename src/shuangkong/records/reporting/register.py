"""人员和代报: who is in charge at a unit, who files for it by agreement, who owes a form beside its scope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import Appointment
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting.models import Agent, Coverage, Reporter, Staff
from shuangkong.records.reporting.rows import ReporterRow
from shuangkong.records.reporting.store import agents_on, reporters

#: Who acts for a body as one of these is an official: an office that reviews returns fills in none.
_OFFICES = (Role.PLAN_OFFICE, Role.LEADING_GROUP, Role.DEPARTMENT, Role.REGION)


class StaffKind(StrEnum):
    """What somebody is in charge of at a unit."""

    STATISTICS = "statistics"  # 统计人员
    ENERGY_MANAGER = "energy_manager"  # 能源管理负责人


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """Somebody in charge, from a day to another."""

    id: int
    kind: StaffKind
    name: str
    post: str
    certificate: str
    telephone: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """A body that files for a unit."""

    id: int
    body: int
    name: str
    may_sign: bool
    starts_on: date
    ends_on: date | None
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToName:
    """Somebody to be put in charge."""

    kind: StaffKind
    name: str
    post: str = ""
    certificate: str = ""
    telephone: str = ""
    starts_on: date | None = None


def staff(reporter: int) -> tuple[StaffRow, ...]:
    """Everybody who is or was in charge, the newest first. 1 query."""
    rows = Staff.objects.filter(reporter=reporter).order_by("-starts_on", "-pk")
    return tuple(
        StaffRow(
            id=row.pk, kind=StaffKind(row.kind), name=row.name, post=row.post, certificate=row.certificate,
            telephone=row.telephone, starts_on=row.starts_on, ends_on=row.ends_on,
        )
        for row in rows
    )  # fmt: skip


def agents(reporter: int) -> tuple[AgentRow, ...]:
    """Everybody who files or filed for a unit, the newest first. 1 query."""
    rows = Agent.objects.select_related("body").filter(reporter=reporter).order_by("-starts_on", "-pk")
    return tuple(
        AgentRow(
            id=row.pk, body=row.body_id, name=row.body.name, may_sign=row.may_sign, starts_on=row.starts_on,
            ends_on=row.ends_on, ground=row.ground,
        )
        for row in rows
    )  # fmt: skip


def name_staff(reporter: int, told: ToName, by: Acting) -> int:
    """Puts somebody in charge; who was before, in the same matter, no longer is. ~7 queries.

    Raises:
        Refused: there is no such unit, or no name is given.
        Forbidden: the person keeps no register of the unit's people.
    """
    if not told.name.strip():
        raise Refused("RPT-951", "请写姓名。", "Give the name.", "name")
    start = told.starts_on or timezone.localdate()
    with transaction.atomic():
        row = _reporter(reporter)
        require(by, Action.STAFF_RECORD, row.where)
        held = Staff.objects.filter(reporter=reporter, kind=told.kind, ends_on=None)
        held.update(ends_on=start)
        number = _journal(row, by, "staff.record", {"kind": told.kind.value, "name": told.name.strip(), "from": start})
        made = Staff.objects.create(
            reporter_id=reporter, kind=told.kind, name=told.name.strip(), post=told.post.strip(),
            certificate=told.certificate.strip(), telephone=told.telephone.strip(), starts_on=start,
            recorded_by=by.author, recorded_at=timezone.now(), journal=number,
        )  # fmt: skip
    return made.pk


def appoint_agent(
    reporter: int, body: int, by: Acting, ground: str, until: date | None = None, *, may_sign: bool = False
) -> int:
    """From today a body files for a unit; it signs too only where the agreement says so. ~8 queries.

    Raises:
        Refused: there is no such unit or body, it is the unit itself, an office, or files for it already; no ground; a
            past day.
        Forbidden: the person may not decide for the unit.
    """
    today = timezone.localdate()
    if not ground.strip():
        raise Refused("RPT-952", "请写明委托依据（委托书、协议）。", "Give the ground: the agreement.", "ground")
    if until is not None and until < today:
        raise Refused("RPT-953", "截止日不能早于今天。", "The last day cannot be past.", "until")
    with transaction.atomic():
        row = _reporter(reporter)
        require(by, Action.AGENT_APPOINT, row.where)
        known = Body.objects.filter(pk=body).first()
        if known is None or body == row.body:
            raise Refused("RPT-954", "没有这个代报单位，或它就是填报单位自己。", "There is no such other body.", "body")
        if Appointment.objects.filter(body=body, role__in=_OFFICES).exists():
            zh = "机关只能查询、审核，不能代填代报。请委托集团公司或代理机构。"
            raise Refused("RPT-959", zh, "An office reviews; it files for nobody. Entrust a group or an agent.", "body")
        if Agent.objects.filter(agents_on(today), reporter=reporter, body=body).exists():
            raise Refused("RPT-955", "它已经在代报。", "It files for the unit already.", "body")
        what = {"body": body, "may_sign": may_sign, "until": until}
        number = _journal(row, by, "agent.appoint", what, ground)
        made = Agent.objects.create(
            reporter_id=reporter, body=known, may_sign=may_sign, starts_on=today, ends_on=until,
            ground=ground.strip(), decided_by=by.author, decided_at=timezone.now(), journal=number,
        )  # fmt: skip
    return made.pk


def end_agent(number: int, by: Acting, ground: str) -> None:
    """From tomorrow a body files no more for a unit; what it filed stays. Raises as ``appoint_agent``."""
    today = timezone.localdate()
    with transaction.atomic():
        held = Agent.objects.select_for_update().filter(agents_on(today), pk=number).first()
        if held is None:
            raise Refused("RPT-956", "没有这项委托，或已结束。", "There is no such agreement in force.")
        row = _reporter(held.reporter_id)
        require(by, Action.AGENT_APPOINT, row.where)
        _journal(row, by, "agent.end", {"body": held.body_id}, ground)
        held.ends_on = today
        held.save(update_fields=["ends_on"])


def cover(
    reporter: int, form: str, by: Acting, ground: str, starts_on: date, ends_on: date | None = None,
    *, is_owing: bool = True,
) -> int:  # fmt: skip
    """A unit owes a form from a day, or does not though a scope says so. ~6 queries.

    Raises:
        Refused: there is no such unit, no ground, or it would end before it begins.
        Forbidden: the person does not decide there who reports.
    """
    if not ground.strip():
        raise Refused("RPT-957", "请写明依据。", "Give the ground.", "ground")
    if ends_on is not None and ends_on < starts_on:
        raise Refused("RPT-958", "截止日早于起始日。", "It would end before it starts.", "ends_on")
    with transaction.atomic():
        row = _reporter(reporter)
        require(by, Action.WINDOW_OPEN, row.where)
        what = {"form": form, "from": starts_on, "until": ends_on, "is_owing": is_owing}
        number = _journal(row, by, "coverage.record", what, ground)
        made = Coverage.objects.create(
            reporter_id=reporter, form=form, starts_on=starts_on, ends_on=ends_on, is_owing=is_owing,
            ground=ground.strip(), decided_by=by.author, decided_at=timezone.now(), journal=number,
        )  # fmt: skip
    return made.pk


def _reporter(number: int) -> ReporterRow:
    found = next(iter(reporters(Q(pk=number))), None)
    if found is None or not Reporter.objects.select_for_update().filter(pk=number).exists():
        raise Refused("RPT-950", f"没有编号为 {number} 的填报单位。", f"There is no unit {number}.")
    return found


def _journal(row: ReporterRow, by: Acting, act: str, after: Mapping[str, object], ground: str = "") -> int:
    written = by.act(act, f"reporter/{row.id}", ground=ground.strip(), after=after)
    return journal.append(replace(written, place=row.path))
