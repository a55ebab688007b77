"""提出: a proposal to commend somebody, made by who leads the assessment."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from shuangkong.assessment.commendation import EventKind, Honoured
from shuangkong.records.assessment.commendation.models import Commendation, CommendationEvent
from shuangkong.records.assessment.commendation.rows import Wanted
from shuangkong.records.journal import store as journal
from shuangkong.records.paths import is_below
from shuangkong.records.people.access import Where, may, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.plans.models import Measure
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.rows import EnterpriseRow
from shuangkong.records.registry.enterprises.store import called, where_is
from shuangkong.records.registry.models import Body, Region


def propose(wanted: Wanted, by: Acting) -> int:
    """Records a proposal and returns its number. ~14 queries.

    Raises:
        Refused: nobody is named, or not what the kind asks for; no award, merit, ground or place; a reward that is not
            above zero or that nobody pays; no such plan, measure, region, body or enterprise
            there.
        Forbidden: the person proposes nobody at that place.
    """
    with transaction.atomic():
        made = _sound(wanted, by)
        made.save()
        told = {
            "kind": made.kind, "name": made.name, "award": made.award, "clause": made.clause,
            "amount_cny": wanted.amount_cny, "funder": made.funder_name,
            "enterprise": made.honoured_enterprise_id,
        }  # fmt: skip
        act = by.act(
            "commendation.propose", f"commendation/{made.pk}", ground=made.ground or made.clause,
            document=wanted.document.strip(), after=told,
        )  # fmt: skip
        CommendationEvent.objects.create(
            commendation=made, kind=EventKind.PROPOSE, on=timezone.localdate(), amount_cny=wanted.amount_cny,
            document=wanted.document.strip(), text=made.merit, author=by.author, at=timezone.now(),
            journal=journal.append(replace(act, place=made.path)),
        )  # fmt: skip
    return made.pk


def _sound(wanted: Wanted, by: Acting) -> Commendation:
    """The proposal as a row, not saved."""
    place = Region.objects.filter(pk=wanted.region).first()
    if place is None:
        raise Refused("ASM-101", "请指明由哪个地区表彰。", "Say which place commends.", "region")
    proposer = Body.objects.filter(pk=by.body).first() if by.body else None
    # A body proposes at the place where it acts, and nowhere else.
    own = by.bodies if place.path in by.paths else frozenset()
    require(by, Action.COMMENDATION_PROPOSE, Where(place.path, own))
    honoured = _honoured(wanted, place, by)
    measure = _measure(wanted, by)
    funder = Body.objects.filter(pk=wanted.funder, region=place).first() if wanted.funder else None
    name = honoured.name if honoured else wanted.name.strip()
    amount = wanted.amount_cny
    for holds, number, zh, en, field in (
        (name, 102, "请写明表彰谁。", "Say who is to be commended.", "name"),
        (wanted.award.strip(), 103, "请写明表彰名称，如通报表扬。", "Say what the commendation is called.", "award"),
        (wanted.merit.strip(), 104, "请写明主要事迹。", "Say what it is for.", "merit"),
        (wanted.measure is None or measure, 105, "这份方案里没有这一条。请从列表里选。",
         "The plan has no such measure: choose one of the list.", "measure"),
        (measure or wanted.ground.strip(), 106, "请选依据的方案条款，或写明依据。",
         "Choose the clause of a plan that it rests on, or give the ground in words.", "measure"),
        (wanted.kind is not Honoured.PERSON or wanted.workplace.strip(), 107, "表彰个人须写明工作单位。",
         "Say where the person works.", "workplace"),
        (amount is None or amount > 0, 108, "奖励金额应大于零；没有奖金的不填。",
         "The reward must be above zero; leave it out where there is none.", "amount"),
        (wanted.funder is None or funder, 109, "本地区没有这个出资单位。请从列表里选。",
         "There is no such body here: choose the one that pays from the list.", "funder"),
        (amount is None or funder, 109, "有奖金的须选出资单位。", "Choose who pays the reward.", "funder"),
    ):  # fmt: skip
        if not holds:
            raise Refused(f"ASM-{number}", zh, en, field)
    return Commendation(
        kind=wanted.kind, name=name, honoured_region=honoured if isinstance(honoured, Region) else None,
        honoured_body=honoured if isinstance(honoured, Body) else None,
        honoured_enterprise_id=honoured.id if isinstance(honoured, EnterpriseRow) else None,
        workplace=wanted.workplace.strip(), award=wanted.award.strip(), period=wanted.period.strip(),
        merit=wanted.merit.strip(), region=place, path=place.path, plan=measure.plan if measure else None,
        item=measure.entry if measure else None, clause=f"{measure.no} {measure.title}".strip() if measure else "",
        ground=wanted.ground.strip(), proposer=proposer, proposer_name=proposer.name if proposer else "",
        funder=funder, funder_name=funder.name if funder else "", proposed_by=by.author, proposed_at=timezone.now(),
    )  # fmt: skip


def _honoured(wanted: Wanted, place: Region, by: Acting) -> Region | Body | EnterpriseRow | None:
    """What the registry knows of who is commended; only of the place or below it. None for a person or a unit, and for
    an enterprise that the registry does not know.
    """
    if wanted.kind is Honoured.REGION:
        region = Region.objects.filter(pk=wanted.honoured_region or "", path__startswith=place.path).first()
        if region is None or region == place:
            zh, en = "请选择要表彰的下级地区。", "Choose a region below the one that commends."
            raise Refused("ASM-110", zh, en, "honoured_region")
        return region
    if wanted.kind is Honoured.DEPARTMENT:
        found = Body.objects.select_related("region").filter(pk=wanted.honoured_body or 0)
        body = found.filter(region__path__startswith=place.path).first()
        if body is None:
            raise Refused("ASM-111", "请选择要表彰的部门。", "Choose the department.", "honoured_body")
        return body
    return _enterprise(wanted, place, by) if wanted.kind is Honoured.ENTERPRISE else None


def _enterprise(wanted: Wanted, place: Region, by: Acting) -> EnterpriseRow | None:
    """That of the code, else that of the exact name at the place."""
    code = wanted.honoured_enterprise.strip()
    found = called(code or wanted.name, place.pk)
    if found and is_below(found.path, place.path) and may(by, Action.ENTERPRISE_READ, where_is(found)):
        return found
    if code:
        zh = f"本地区的企业名录里没有代码为“{code[:40]}”的企业。请填源代码或统一社会信用代码，不在名录里的只填名称。"
        en = "No enterprise here has that code: give its source or credit code, or only the name of one not registered."
        raise Refused("ASM-112", zh, en, "honoured_enterprise")
    return None


def _measure(wanted: Wanted, by: Acting) -> Measure | None:
    """The measure of the plan's version in force; None where there is none that the person may see."""
    if wanted.measure is None:
        return None
    found = Measure.objects.select_related("plan__region", "entry").filter(pk=wanted.measure, plan=wanted.plan).first()
    if found is None or found.version != found.plan.version:
        return None
    path = found.plan.region.path if found.plan.region else "/"
    return found if may(by, Action.PLAN_READ, Where(path)) else None
