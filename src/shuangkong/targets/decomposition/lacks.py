"""缺数: figures that receivers lack, said in one sentence by their names, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.core.finding import Message
from shuangkong.targets.decomposition.rule import Rule
from shuangkong.targets.decomposition.task import Receiver

#: Figures of a receiver, by the names of task.Receiver.
FIGURES: Mapping[str, Message] = {
    "base": Message("基数", "base"),
    "activity": Message("基年增加值", "value added of the base year"),
    "growth": Message("期内增速", "growth over the years"),
    "denominator": Message("分母", "denominator"),
    "history": Message("历年数", "figures of past years"),
    "benchmark": Message("标杆强度", "benchmark intensity"),
    "cost": Message("减排成本", "cost of reduction"),
    "given": Message("人工给定的值", "value decided by hand"),
}


def figure_name(name: str, rule: Rule) -> Message:
    """What a person calls a figure: a criterion as the policy names it."""
    criteria = {each.id: each.name for each in rule.criteria}
    return criteria.get(name) or FIGURES.get(name) or Message(name, name)


def lacks_said(lacks: Iterable[tuple[Receiver, str]], rule: Rule) -> Message:
    """基数（甲、乙）；分母（甲）: every figure once, with the receivers that lack it, in their order."""
    whom: dict[str, list[str]] = {}
    for each, name in lacks:
        whom.setdefault(name, []).append(each.name)
    named = [(figure_name(name, rule), names) for name, names in whom.items()]
    zh = "；".join(f"{word.zh}（{'、'.join(names)}）" for word, names in named)
    return Message(zh, "; ".join(f"{word.en} ({', '.join(names)})" for word, names in named))
