"""指定归口单位: somebody who may says which body is in charge of a matter at a place; journalled."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.charges import OFFICE, ToCharge
from shuangkong.records.people.models import Competence
from shuangkong.records.people.roles import Action, matters
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Region


def nameable(region: str, by: Acting) -> tuple[tuple[int, str], ...]:
    """Numbers and names of the bodies of a place that somebody may name: departments, the own one not. 1 query."""
    rows = Body.objects.filter(region=region, kind=OFFICE).exclude(pk__in=by.bodies).order_by("pk")
    return tuple(rows.values_list("pk", "name"))


def charge(told: ToCharge, by: Acting) -> int:
    """Names the body; to end it, it is named once more with its last day. ~5 queries.

    Raises:
        Refused: there is no such place, matter or department of the place; it is the person's own; no ground; it would
            end before it begins.
        Forbidden: the person names nobody there.
    """
    require(by, Action.COMPETENCE_NAME)
    place = Region.objects.filter(pk=told.region).first()
    if place is None:
        raise Refused("PPL-191", "请先选一个地区。", "Choose a place first.", "region")
    require(by, Action.COMPETENCE_NAME, Where(place.path))
    if told.matter not in matters():
        raise Refused("PPL-192", "请从列表里选一类事项。", "Choose a matter of the list.", "matter")
    if not Body.objects.filter(pk=told.body, region=place, kind=OFFICE).exists():
        raise Refused("PPL-193", f"请选{place.name}的一个部门。", f"Choose a department of {place.name}.", "body")
    if told.body in by.bodies:
        zh = "不能指定自己的单位。请由上级或管理员指定。"
        raise Refused("PPL-196", zh, "Nobody names the own body: ask the level above or an administrator.", "body")
    if not told.ground.strip():
        raise Refused("PPL-194", "请写明指定依据。", "Say on which ground.", "ground")
    if told.until is not None and told.until < told.since:
        raise Refused("PPL-195", "截止日早于起始日。", "It would end before it begins.", "until")
    with transaction.atomic():
        made = Competence.objects.create(
            region=place, matter=told.matter, body_id=told.body, starts_on=told.since, ends_on=told.until,
            ground=told.ground.strip(), decided_by=by.author, decided_at=timezone.now(),
        )  # fmt: skip
        after = {"matter": told.matter, "body": told.body, "from": told.since, "until": told.until}
        act = by.act("people.charge", f"region/{place.pk}", ground=told.ground.strip(), after=after)
        journal.append(replace(act, place=place.path))
    return made.pk
