"""目标要求: how a responsibility letter says what a target asks for."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.papers.plans.responsibility_letter import LetterTarget
from shuangkong.plans.cascade.promise import FAMILIES, FROM_BASE
from shuangkong.plans.promise_name import promise_name
from shuangkong.plans.reading import Kind, Nature, Op, Strength
from shuangkong.records.targets.rows import TargetRow
from shuangkong.rulebook import open_rulebook

_BOUNDS: Mapping[Op, str] = {
    Op.LE: "不超过",
    Op.GE: "不低于",
    Op.EQ: "",
    Op.ABOUT: "约",
    Op.LT: "低于",
    Op.GT: "高于",
}
_STRENGTHS = {Strength.AMBITION.value: "力争", Strength.BASIC.value: "基本"}
_NATURES = {Nature.BINDING.value: "约束性", Nature.EXPECTED.value: "预期性"}


def letter_target(row: TargetRow) -> LetterTarget:
    """A target as a letter has it: the name says whether it falls or rises, the demand how far and since when."""
    plain, _at, scope = row.indicator.partition("@")
    name = promise_name(row.indicator_name, Kind(row.kind), open_rulebook().indicators().get(plain), scope).zh
    named = name if not scope or scope in name else f"{name}（{scope}）"
    deadline = row.deadline or (str(row.end_year) if row.end_year else "")
    return LetterTarget(named, _demand(row), deadline, _NATURES.get(row.nature, ""))


def _demand(row: TargetRow) -> str:
    """力争不低于14%（以2020年为基期）, 不超过46.3万吨（2020年为48万吨）."""
    figure = f"{_STRENGTHS.get(row.strength, '')}{_BOUNDS[Op(row.op)]}{row.value:f}{row.unit}"
    has_base = FAMILIES[Kind(row.kind)] in FROM_BASE
    year = row.base_year or (row.plan_base_year if has_base else None)
    if year is None:
        return figure
    if row.base_value is not None:
        return f"{figure}（{year}年为{row.base_value:f}{row.base_unit}）"
    return f"{figure}（以{year}年为基期）" if has_base else figure
