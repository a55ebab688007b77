"""外部编号: by which numbers permits, environmental statistics and the census know an enterprise."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.rows import System
from shuangkong.records.registry.models import Enterprise, EnterpriseIdentifier

_LONGEST = 60


def identify(number: int, system: System, value: str, by: Acting, ground: str) -> int:
    """Records that another system knows an enterprise by a number; returns the row's. The same again changes nothing.

    ~6 queries.

    Raises:
        Refused: no number or ground; there is no such enterprise; another bears the number.
        Forbidden: the person may not register there.
    """
    told = "".join(value.split())
    if not told or len(told) > _LONGEST:
        zh = f"请写明编号，不超过 {_LONGEST} 位。"
        raise Refused("REG-221", zh, f"Give the number, at most {_LONGEST} signs.", "value")
    if not ground.strip():
        raise Refused("REG-203", "请写明依据。", "Give the ground.", "ground")
    with transaction.atomic():
        found = Enterprise.objects.select_related("region").select_for_update(of=("self",)).filter(pk=number).first()
        if found is None:
            raise Refused("REG-201", f"没有编号为 {number} 的企业。", f"There is no enterprise {number}.")
        require(by, Action.ENTERPRISE_REGISTER, Where(found.region.path))
        held = EnterpriseIdentifier.objects.select_related("enterprise").filter(
            system=system, value=told, ended_at=None
        )
        other = held.first()
        if other is not None and other.enterprise_id != number:
            name = other.enterprise.name
            zh = f"编号 {told} 已登记在企业“{name}”名下。是同一企业的，请先认定；登记错的，先在那里停用。"
            en = f"“{name}” bears this number: confirm that both are one, or end it there first."
            raise Refused("REG-222", zh, en, "value")
        if other is not None:
            return other.pk
        made = EnterpriseIdentifier.objects.create(
            enterprise=found, system=system, value=told, ground=ground, decided_by=by.author,
            decided_at=timezone.now(),
        )  # fmt: skip
        act = by.act("enterprise.identify", f"enterprise/{number}", ground=ground)
        journal.append(replace(act, place=found.region.path, after={"system": system.value, "value": told}))
    return made.pk


def end_identifier(row: int, by: Acting, ground: str) -> None:
    """Ends a number: it may be given to another enterprise. ~4 queries.

    Raises:
        Refused: there is no such row, it has ended, or no ground is given.
        Forbidden: the person may not register there.
    """
    with transaction.atomic():
        rows = EnterpriseIdentifier.objects.select_related("enterprise__region").select_for_update(of=("self",))
        found = rows.filter(pk=row, ended_at=None).first()
        if found is None:
            raise Refused("REG-223", "没有这个编号，或已停用。", "There is no such number, or it has ended.")
        path = found.enterprise.region.path
        require(by, Action.ENTERPRISE_REGISTER, Where(path))
        if not ground.strip():
            raise Refused("REG-203", "请写明依据。", "Give the ground.", "ground")
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])
        act = by.act("enterprise.unidentify", f"enterprise/{found.enterprise_id}", ground=ground)
        journal.append(replace(act, place=path, before={"system": found.system, "value": found.value}))
