"""The words of decompositions in both languages; a state always has a sign and a word beside its colour."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.records.targets.decomposition.rows import DecompositionHead
from shuangkong.targets.decomposition.standing import EventKind, State
from shuangkong.targets.target import Settled
from shuangkong.targets.trajectory import Course
from shuangkong.web.site.words import figure, indicator_word, op_sign, rounded_figure, with_unit

STATES = {
    State.OPEN: lazy("比选中"),
    State.PROVISIONAL: lazy("暂定"),
    State.ASSIGNED: lazy("已分解下达"),
    State.ADJUSTED: lazy("已调整"),
    State.WITHDRAWN: lazy("已撤销"),
}
SIGNS = {State.OPEN: "○", State.PROVISIONAL: "▲", State.ASSIGNED: "✓", State.ADJUSTED: "✓", State.WITHDRAWN: "✕"}
#: The colours of the site for each state; they come after sign and word.
LEVELS = {
    State.OPEN: "no_data",
    State.PROVISIONAL: "behind",
    State.ASSIGNED: "met",
    State.ADJUSTED: "met",
    State.WITHDRAWN: "missed",
}
EVENTS = {
    EventKind.OPEN: lazy("开始分解"),
    EventKind.RECORD: lazy("记录方案"),
    EventKind.ADOPT: lazy("采用这个方案"),
    EventKind.WITHDRAW: lazy("撤销分解"),
}
SETTLED = {
    Settled.PROVISIONAL: lazy("暂定"),
    Settled.ASSIGNED: lazy("分解下达"),
    Settled.ADJUSTED: lazy("调整下达"),
}
#: Whom a target may be assigned to.
RECEIVERS = {
    "region": lazy("地区、乡镇"),
    "park": lazy("园区"),
    "department": lazy("部门"),
    "sector": lazy("行业"),
    "basin": lazy("流域"),
    "unit": lazy("重点用能、排污单位"),
}
#: Figures of a receiver, by the names of task.Receiver; ``reached`` is where its path begins.
FIGURES = {
    "base": lazy("基数"),
    "activity": lazy("基年增加值"),
    "growth": lazy("期内增速（%）"),
    "denominator": lazy("分母"),
    "history": lazy("历年数"),
    "benchmark": lazy("标杆强度"),
    "cost": lazy("减排成本"),
    "given": lazy("人工给定"),
    "lock": lazy("锁定"),
    "floor": lazy("下限"),
    "ceiling": lazy("上限"),
    "reached": lazy("起点实际"),
}
COURSES = {Course.LINEAR: lazy("每年等量"), Course.GEOMETRIC: lazy("每年等率")}


def target_words(head: DecompositionHead) -> str:
    """下降率 ≥ 9%: the promise in short, with what is aspired to beyond it."""
    plain = f"{op_sign(head.op)} {with_unit(figure(head.value), head.unit)}"
    if head.incentive is None:
        return plain
    further = with_unit(figure(head.incentive), head.unit)
    return plain + _("（力争、激励目标 %(value)s）") % {"value": further}


def title(head: DecompositionHead) -> str:
    """The indicator with what its kind adds, in the language of the page."""
    return indicator_word(head.indicator, head.indicator_name, head.kind)


def labels(head: DecompositionHead) -> str:
    """What a list and a workbook must say of its data."""
    told = ((_("演示数据"), head.is_demo), (_("虚构"), head.is_fictional))
    return "、".join(label for label, holds in told if holds)


def rough(value: float | None) -> str:
    """A figure that describes and judges nobody, to three places."""
    return rounded_figure(None if value is None else Decimal(repr(value)), 3)
