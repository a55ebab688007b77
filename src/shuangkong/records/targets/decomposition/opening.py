"""开始分解: a target of an adopted plan, one received from above, or one by hand becomes a decomposition."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from shuangkong.plans.reading import Kind, Op, Strength
from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Region
from shuangkong.records.targets.decomposition import store
from shuangkong.records.targets.decomposition.models import Decomposition, DecompositionEvent
from shuangkong.records.targets.decomposition.rows import Asked
from shuangkong.records.targets.models import Target
from shuangkong.rulebook import open_rulebook
from shuangkong.targets.decomposition.law import LAWS
from shuangkong.targets.decomposition.standing import EventKind
from shuangkong.targets.goal import Path
from shuangkong.targets.target import Extent

_AMOUNTS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.REDUCTION_AMOUNT, Kind.COUNT})
_CAPS = frozenset({Kind.CAP_TOTAL, Kind.CAP_INCREMENT, Kind.LEVEL_CAP})


def extent_of(indicator: str, kind: Kind, unit: str) -> Extent:
    """What an indicator is by nature: compounding ones are intensities; a rate of any other is that of an amount."""
    if kind in _AMOUNTS:
        return Extent.AMOUNT
    known = open_rulebook().indicators().get(indicator.partition("@")[0])
    if kind in (Kind.REDUCTION_RATE, Kind.GROWTH):
        compounds = known is not None and known.progress == Path.LOGARITHMIC
        return Extent.RATIO if compounds else Extent.AMOUNT
    form = open_rulebook().units().get(unit)
    is_plain = form is not None and "per" not in form.unit.en and unit != "%"
    return Extent.AMOUNT if kind is Kind.LEVEL_FLOOR and is_plain else Extent.RATIO


def open_of_target(target_id: int, by: Acting, ground: str = "") -> int:
    """Begins with a target of an adopted plan, and what the plan aspires to beyond it (力争); returns the
    decomposition's number. ~9 queries.

    Raises:
        Refused: there is no such target in force, it cannot be shared out, or its years are not known.
        Forbidden: the person shares out no targets of that place.
    """
    found = Target.objects.select_related("plan__region").filter(pk=target_id).first()
    plan = found.plan if found else None
    if plan is not None and plan.region is not None:
        require(by, Action.DECOMPOSITION_PREPARE, Where(plan.region.path))
    if found is None or plan is None or plan.region is None or found.version != plan.version:
        zh = f"没有编号为 {target_id} 的现行目标，或方案没有认定所属地区。请从目标列表里选。"
        raise Refused("TGT-211", zh, f"There is no target {target_id} in force at a known place.", "target")
    base_year, end_year = found.base_year or plan.base_year, _end_year(found.deadline) or plan.end_year
    kind = Kind(found.kind)
    made = Decomposition(
        region=plan.region,
        plan=plan,
        target=found,
        indicator=found.indicator,
        indicator_name=found.indicator_name,
        kind=kind,
        extent=extent_of(found.indicator, kind, found.unit),
        op=found.op,
        value=found.value,
        unit=found.unit,
        base=found.base_value if found.base_unit == found.unit else None,
        base_unit=_base_unit(found),
        incentive=_incentive(found),
        base_year=base_year or 0,
        end_year=end_year or 0,
        nature=found.nature if found.nature != "unknown" else "",
        ground=ground.strip(),
    )
    return _opened(made, by)


def open_of_share(share_id: int, by: Acting, ground: str = "") -> int:
    """A receiver shares out further what it was assigned; its own region decides. ~10 queries.

    Raises:
        Refused: it was not assigned, or not to a region of the registry.
        Forbidden: the person shares out no targets of that region.
    """
    each = store.share(share_id)
    head = store.decomposition(each.decomposition) if each else None
    region = Region.objects.filter(pk=each.subject.code).first() if each and each.path else None
    if each is None or head is None or region is None or each.value is None or head.standing.scenario != each.scenario:
        zh = f"编号为 {share_id} 的分解目标没有下达，或承担单位不是登记的地区，不能再分解。"
        raise Refused(
            "TGT-212", zh, f"Share {share_id} was not assigned to a region: it cannot be shared out.", "share"
        )
    made = Decomposition(
        region=region, plan_id=head.plan, share_id=each.id, indicator=head.indicator,
        indicator_name=head.indicator_name, kind=head.kind, extent=head.extent, op=head.op, value=each.value,
        unit=head.unit, base=each.base if head.base_unit == head.unit else None, base_unit=head.base_unit,
        base_year=head.base_year, end_year=head.end_year, nature=head.nature, ground=ground.strip(),
    )  # fmt: skip
    return _opened(made, by)


def open_by_hand(asked: Asked, by: Acting) -> int:
    """Begins with a target that no plan of the system holds. ~6 queries.

    Raises:
        Refused: no such place, no ground, or a target that cannot be shared out.
        Forbidden: the person shares out no targets of that place.
    """
    region = Region.objects.filter(pk=asked.region).first()
    if region is None:
        raise Refused("TGT-213", "请指明由哪个地区分解。", "Say which place shares it out.", "region")
    if not asked.ground.strip():
        raise Refused("TGT-214", "不来自方案的目标须写明依据的文件。", "Give the document it rests on.", "ground")
    known = open_rulebook().indicators().get(asked.indicator)
    is_cap = asked.kind in _CAPS
    made = Decomposition(
        region=region, indicator=asked.indicator, indicator_name=known.zh if known else asked.indicator,
        kind=asked.kind, extent=extent_of(asked.indicator, asked.kind, asked.unit), op=Op.LE if is_cap else Op.GE,
        value=asked.value, unit=asked.unit, base=asked.base, base_unit=asked.base_unit or asked.unit,
        incentive=asked.incentive, base_year=asked.base_year, end_year=asked.end_year, nature=asked.nature,
        ground=asked.ground.strip(),
    )  # fmt: skip
    return _opened(made, by)


def _opened(made: Decomposition, by: Acting) -> int:
    made.path = made.region.path
    require(by, Action.DECOMPOSITION_PREPARE, Where(made.path))
    if (Kind(made.kind), Extent(made.extent)) not in LAWS:
        zh = (
            f"“{made.indicator_name}”这类目标没有分解的算法，不能分解。请选总量、增量、下降率、减排量、比重或数量目标。"
        )
        raise Refused("TGT-215", zh, "A target of this kind has no arithmetic by which parts make it up.", "target")
    if not 0 < made.base_year < made.end_year:
        zh = f"“{made.indicator_name}”没有写明基期和期限，不能分解。请先在方案里补上。"
        raise Refused("TGT-216", zh, "Its base year and its deadline are not known.", "target")
    now = timezone.now()
    made.opened_by, made.opened_at = by.author, now
    told = {"indicator": made.indicator, "value": Decimal(made.value), "unit": made.unit, "target": made.target_id}
    with transaction.atomic():
        made.save()
        act = by.act("decomposition.open", f"decomposition/{made.pk}", ground=made.ground, after=told)
        DecompositionEvent.objects.create(
            decomposition=made, kind=EventKind.OPEN, on=timezone.localdate(), text=made.ground, author=by.author,
            at=now, journal=journal.append(replace(act, place=made.path)),
        )  # fmt: skip
    return made.pk


def _end_year(deadline: str) -> int | None:
    return int(deadline[:4]) if deadline[:4].isdigit() else None


def _incentive(found: Target) -> Decimal | None:
    """The second value that a plan prints for the same promise (75 万吨以内, 力争 70 万吨); None where it has none."""
    alike = Target.objects.filter(
        plan=found.plan_id, version=found.version, indicator=found.indicator, kind=found.kind, unit=found.unit,
        subject_kind=found.subject_kind, subject_code=found.subject_code, deadline=found.deadline,
        strength=Strength.AMBITION,
    )  # fmt: skip
    return None if found.strength == Strength.AMBITION else alike.values_list("value", flat=True).first()


def _base_unit(found: Target) -> str:
    """The unit of the bases: as printed for those that the annex gives, else that of an amount itself."""
    if found.base_unit:
        return found.base_unit
    told = Target.objects.filter(shared_from__parent=found).exclude(base_unit="").values_list("base_unit", flat=True)
    return told.first() or (found.unit if Kind(found.kind) in _AMOUNTS else "")
