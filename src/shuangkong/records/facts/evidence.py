"""统计和行政: what may be held against a unit. Statistical returns that identify one may not (Statistics Law)."""

from __future__ import annotations

from collections.abc import Iterable

from shuangkong.core.fact import Evidence, Fact
from shuangkong.records.refusal import Refused

#: Kinds of subjects that an act can be directed at.
_ADDRESSED = frozenset({"unit", "institution"})


def may_carry_act(fact: Fact) -> bool:
    """Whether an administrative act against the fact's subject may rest on it.

    Figures of a region, sector or department identify nobody who could be acted against.
    """
    return fact.cell.subject.kind not in _ADDRESSED or fact.evidence is Evidence.ADMINISTRATIVE


def require_administrative(facts: Iterable[Fact]) -> None:
    """Asked before every score, restriction or sanction of a unit.

    Raises:
        Refused: FCT-201, one of the figures was told for statistics.
    """
    for fact in facts:
        if not may_carry_act(fact):
            cell = fact.cell
            raise Refused(
                "FCT-201",
                f"{cell.subject} {cell.indicator} {cell.period} 是统计数据（{fact.source}），不得作为对单位处理的依据。"
                "请改用行政数据：利用状况报告、在线监测或检查结果。",
                f"{cell.subject} {cell.indicator} {cell.period} was told for statistics ({fact.source}) and may not"
                " carry an act against a unit. Use administrative evidence (report, monitoring, inspection).",
            )
