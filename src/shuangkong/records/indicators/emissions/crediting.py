"""核定前的检查: what is recognised is held against what was recognised of the source before, and against its base."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from shuangkong.indicators.emissions.claim import Objected, Objection, credited, objection, same_inputs
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR
from shuangkong.indicators.emissions.formulas import EmissionFormula
from shuangkong.records.indicators.emissions.bases import base_of
from shuangkong.records.indicators.emissions.register import entry_at
from shuangkong.records.indicators.emissions.rows import ReductionRow
from shuangkong.records.indicators.emissions.rules import rules_of
from shuangkong.records.indicators.emissions.store import reductions
from shuangkong.records.paths import SEPARATOR, below
from shuangkong.records.refusal import Refused


def level_credited(row: ReductionRow, amount: Decimal, *, is_answered: bool) -> Decimal:
    """The level of a year at which the recognition of an amount leaves the source. ~8 queries.

    Args:
        is_answered: whether the recognition gives a reason: it answers the finding that the figures are another's.

    Raises:
        Refused: it was counted already, is more than the base holds, or than what is left from the last recognition.
    """
    formula = rules_of(row.region, row.starts).accounting.formulas[row.formula]
    base = base_of(row.path, row.source_code, row.outlet, row.pollutant, row.starts // MONTHS_A_YEAR)
    beside = reductions((_of_source(row, formula, base.path) | _of_figures(row, formula)) & Q(pollutant=row.pollutant))
    recognised = [each for other in beside if (each := other.credited) is not None]
    wanted = row.claim(amount)
    found = objection(wanted, recognised, base.base, needs_base=formula.needs_base)
    if found is None and formula.register is not None and not is_answered:
        found = same_inputs(wanted, recognised)
    if found is not None:
        raise _refusal(found)
    return credited(wanted, recognised, base.base).after_t


def _of_source(row: ReductionRow, formula: EmissionFormula, based: str) -> Q:
    """Reductions of the same source: an enterprise of the register is one wherever it is reported, a code that is
    registered one below where it is, any other one below where its base is.
    """
    if row.is_registered:
        return Q(source_code=row.source_code)
    entry = entry_at(row.path, formula.register, row.source_code, row.outlet) if formula.register else None
    paths = [path for path in (based, entry.path if entry else "") if path]
    return below(min(paths, key=len, default=row.path)) & Q(enterprise=None, source_code=row.source_code)


def _of_figures(row: ReductionRow, formula: EmissionFormula) -> Q:
    """Reductions by the same formula anywhere in the province, where no base tells sources apart."""
    if formula.register is None:
        return Q(pk=row.id)
    top = row.path.strip(SEPARATOR).split(SEPARATOR)[0]
    return below(f"{SEPARATOR}{top}{SEPARATOR}") & Q(formula=formula.id)


def _basis(level: Decimal | None) -> tuple[str, str]:
    """From where a source goes on; below zero where more was recognised than its base holds."""
    if level is not None and level < 0:
        return "已核定的已超过这个源（排放口）的底数", "more is recognised than its base holds"
    shown = _shown(level)
    return f"这个源（排放口）只能从上次核定后的 {shown} 吨（全年）算起", f"from the {shown} t a year recognised"


def _refusal(found: Objected) -> Refused:
    room = _shown(found.room_t)
    match found.objection:
        case Objection.COUNTED:
            basis, basis_en = _basis(found.level_t)
            zh = (
                f"第 {found.by} 号项目已核定过这一段削减，同一段不能重复计算：{basis}，"
                f"还可核定 {room} 吨。请改小核定量，没有的退回或不予认定。"
            )
            en = f"Reduction {found.by} counts it already: {basis_en}, {room} t are left."
            return Refused("IND-351", zh, en, "amount_t")
        case Objection.NO_BASE:
            zh = "这个源不在计数的底数里，不能核定削减量。请先核对底数，或不予认定。"
            return Refused("IND-352", zh, "The source is not in the base that counts: check the base, or refuse it.")
        case Objection.ABOVE_BASE:
            zh = f"超过这个源的底数：扣除已核定的，还可核定 {room} 吨（全年）。请改小核定量。"
            return Refused("IND-353", zh, f"More than the base of the source: {room} t a year are left.", "amount_t")
        case Objection.SAME_INPUTS:
            zh = (
                f"填报数与已核定的第 {found.by} 号项目完全相同，可能是同一批（厂、场）换了代码。"
                "确实不是同一个的，写明理由再核定；是同一个的不予认定。"
            )
            en = f"The very figures of reduction {found.by}: say why it is another one, or refuse it."
            return Refused("IND-354", zh, en, "text")
        case Objection.WHOLE_AND_PART:
            zh = (
                f"第 {found.by} 号项目已按全源（或按排放口）核定，这个源不能一处按全源、一处按排放口计算。"
                "请退回，按同样的范围重报。"
            )
            en = f"Reduction {found.by} counts the source as a whole or by outlets: report this one in the same way."
            return Refused("IND-355", zh, en)
        case Objection.NOT_ABOVE_ZERO:
            return Refused("IND-347", "核定量应大于零。", "The amount is above zero.", "amount_t")


def _shown(amount: Decimal | None) -> str:
    return "—" if amount is None else f"{amount.normalize():f}"
