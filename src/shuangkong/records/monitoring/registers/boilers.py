"""锅炉登记册: certificates, removals and inspections of boilers; what may not be certified is refused here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from shuangkong.core.finding import Message
from shuangkong.core.restriction import Approval, Equipment, Project, ScopeKind, Verdict
from shuangkong.monitoring.boilers import burns_coal
from shuangkong.records.assessment.accountability.restricting import may_be_approved_here
from shuangkong.records.monitoring.equipment.models import BoilerCertificate, BoilerInspection, BoilerRemoval
from shuangkong.records.monitoring.models import Boiler
from shuangkong.records.monitoring.registers import checks, equipment_counts, words
from shuangkong.records.monitoring.registers.equipment import ENDS, STARTS
from shuangkong.records.monitoring.registers.field import Field, Sort
from shuangkong.records.monitoring.registers.register import Register
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.rulebook import open_rulebook

BOILER = Field("boiler", Message("锅炉", "boiler"), Sort.BOILER, is_needed=True)
_DOCUMENT = Field("document", Message("依据文件", "document"), most=200)
_BOILER = "boiler"


def _one_certificate(told: Mapping[str, Any], row: int | None) -> None:
    """One certificate of a boiler at a time; kilns have none."""
    if told[_BOILER].sort != "boiler":
        raise Refused("MON-370", "窑炉不办锅炉使用登记证。", "A kiln has no boiler certificate.", _BOILER)
    same = BoilerCertificate.objects.filter(boiler=told[_BOILER]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        zh = "这台锅炉这段时间已有使用登记证。换证的，先填上原证的截止日。"
        raise Refused("MON-371", zh, "The boiler has a certificate then: end that one first.", "starts_on")


def _not_removed(told: Mapping[str, Any], row: int | None) -> None:
    """A removed boiler has no certificate; of one that had, the certificate ends by the removal."""
    last = told["ends_on"]
    removed = BoilerRemoval.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), boiler=told[_BOILER])
    found = removed.filter(starts_on__lt=last) if last is not None else removed
    gone = found.order_by("starts_on").first()
    if gone is not None:
        zh = (
            f"这台锅炉已于 {gone.starts_on} 淘汰（{gone.document}），不发使用登记证；已发的应注销，截止日不晚于这一天。"
        )
        en = f"The boiler was removed on {gone.starts_on}: no certificate; one that was issued ends by that day."
        raise Refused("MON-372", zh, en, "ends_on")


def _may_be_registered(told: Mapping[str, Any], row: int | None) -> None:
    """What documents forbid to register is not certified, unless an exemption of it is recorded."""
    boiler: Boiler = told[_BOILER]
    standing = BoilerCertificate.objects.filter(pk=row or 0).first()
    if standing is not None and (standing.boiler_id, standing.starts_on, standing.zone) == (
        boiler.pk, told["starts_on"], told["zone"],
    ):  # fmt: skip
        # It was asked when it was issued: to end it, or to correct a number, is not to issue it.
        return
    answer = may_be_approved_here(
        Approval.EQUIPMENT_REGISTRATION, _project(boiler, told["zone"]), boiler.enterprise.region_id, told["starts_on"]
    )
    if answer.verdict not in (Verdict.MAY_NOT, Verdict.EXCEPTIONAL):
        return
    hit, ground = answer.hits[0], answer.hits[0].restriction.ground
    name = hit.clause.words
    doubt = ("", "") if hit.clause.is_verified else ("（规定尚未与原文核对）", " (not compared with its document)")
    zh = (
        f"“{name.zh}”{doubt[0]}：{boiler.name}（{boiler.capacity} t/h，{boiler.fuel}）不予办理使用登记。"
        f"依据 {ground.source} {ground.at}。确有批准的，先在“能不能批”登记例外，项目名写 {boiler.name}。"
    )
    en = (
        f"“{name.en}”{doubt[1]}: no certificate for {boiler.name} ({boiler.capacity} t/h, {boiler.fuel})."
        f" See {ground.source}. Where it was approved all the same, record the exemption of {boiler.name} first."
    )
    raise Refused("MON-373", zh, en, _BOILER)


def _project(boiler: Boiler, zone: str) -> Project:
    sort = "coal_boiler" if burns_coal(boiler.fuel, open_rulebook().monitoring().fuels) else "boiler"
    places = frozenset(filter(None, boiler.enterprise.region.path.split(SEPARATOR)))
    at = {ScopeKind.REGION: places, ScopeKind.PREFECTURE: places, ScopeKind.ZONE: frozenset({zone})}
    return Project(boiler.name, at, (Equipment(sort, {"capacity": boiler.capacity}),))


def _inspected(told: Mapping[str, Any], row: int | None) -> None:
    """Inspected is what was removed, and not in days to come."""
    if told["inspected_on"] > timezone.localdate():
        raise Refused("MON-374", "核查日期应为今天或以前。", "Expected today or before.", "inspected_on")
    if not BoilerRemoval.objects.filter(boiler=told[_BOILER], starts_on__lte=told["inspected_on"]).exists():
        zh = "这台锅炉那天还没有登记淘汰。核查的是已淘汰的锅炉；请先登记淘汰。"
        raise Refused("MON-375", zh, "The boiler was not removed then: register its removal first.", _BOILER)


def _removed_once(told: Mapping[str, Any], row: int | None) -> None:
    """Removed once, not in days to come, and not before it was there."""
    starts: date = told["starts_on"]
    if starts > timezone.localdate() or starts < told[_BOILER].starts_on:
        zh = "淘汰日期应在锅炉启用之后、今天或以前。"
        raise Refused("MON-376", zh, "Expected a day since the boiler began, today or before.", "starts_on")
    same = BoilerRemoval.objects.filter(boiler=told[_BOILER]).exclude(pk=row or 0)
    if same.filter(checks.overlapping(told)).exists():
        raise Refused("MON-377", "这台锅炉已登记淘汰。", "Its removal is registered already.", _BOILER)


def _own_meter(told: Mapping[str, Any], row: int | None) -> None:
    """A meter of another unit says nothing of the boiler."""
    meter = told["meter"]
    if meter is not None and meter.enterprise_id != told[_BOILER].enterprise_id:
        zh = "这个计量器具不是锅炉所在单位的，它的用量说明不了这台锅炉。"
        raise Refused("MON-378", zh, "The meter is another unit's: its use says nothing of this boiler.", "meter")


_PLACE = ("boiler__enterprise__region", "boiler__enterprise")
CERTIFICATES = Register(
    "boiler-permits",
    Message("锅炉使用登记证", "certificates of boilers"),
    Message("哪些锅炉有使用登记证，哪些注销了？", "Which boilers are certified, which are so no more?"),
    BoilerCertificate,
    (
        BOILER,
        Field("number", Message("使用登记证编号", "certificate"), is_needed=True, most=60),
        Field("zone", Message("所在区域", "zone"), Sort.CHOICE, is_needed=True, choices=words.BOILER_ZONES),
        _DOCUMENT,
        STARTS,
        ENDS,
        Field("reason", Message("注销原因", "why it ended"), most=200),
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    checks=(checks.in_order, _one_certificate, _not_removed, _may_be_registered),
    counts=equipment_counts.certificates,
)
REMOVALS = Register(
    "boiler-removals",
    Message("锅炉淘汰", "removed boilers"),
    Message("哪些锅炉淘汰了，怎样淘汰的？", "Which boilers were removed, and how?"),
    BoilerRemoval,
    (
        BOILER,
        Field("meter", Message("原来给它计量的计量器具", "the meter that counted for it"), Sort.METER),
        Field("way", Message("淘汰方式", "how"), Sort.CHOICE, is_needed=True, choices=words.REMOVAL_WAYS),
        Field("document", Message("依据文件", "document"), is_needed=True, most=200),
        Field("starts_on", Message("淘汰日期", "removed on"), Sort.DAY, is_needed=True),
        Field("check_by", Message("应在哪天前首次核查", "first inspected by"), Sort.DAY),
        Field("ends_on", Message("作废日", "void from"), Sort.DAY),
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    checks=(checks.in_order, _removed_once, _own_meter),
    counts=equipment_counts.removals,
)
INSPECTIONS = Register(
    "boiler-checks",
    Message("淘汰锅炉核查", "inspections of removed boilers"),
    Message("淘汰的锅炉有没有死灰复燃？", "Did removed boilers come back?"),
    BoilerInspection,
    (
        BOILER,
        Field("inspected_on", Message("核查日期", "inspected on"), Sort.DAY, is_needed=True),
        Field("found", Message("核查情况", "found"), Sort.CHOICE, is_needed=True, choices=words.INSPECTION_FINDINGS),
        Field("inspector", Message("核查人", "inspector"), is_needed=True, most=60),
        Field("next_on", Message("下次核查应在此前", "inspected again by"), Sort.DAY),
        Field("note", Message("说明", "note"), most=300),
    ),
    Action.MONITORING_REGISTER,
    *_PLACE,
    until="",
    checks=(_inspected,),
)
