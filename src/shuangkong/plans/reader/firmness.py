"""力度与性质: how firmly a number is promised (力争, 确保), whether it binds (约束性, 预期性): as printed around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from shuangkong.plans.reading import Item, Kind, Nature, Strength, Target

_STRENGTH = re.compile(r"(?P<ambition>力争|争取)|确保")
#: 力争到2025年: what stands before the date governs all that the date governs.
_LEADING = re.compile(
    r"(?:力争|争取)(?:到|至|在|于|用)?(?:“?[一二三四五六七八九十]{1,2}五”?(?:期间|末|时期)|\d{4}年|今年|[一二两三四五]年)"
)
_NATURES = {"约束": Nature.BINDING, "预期": Nature.EXPECTED}
_WORD = r"(?P<word>约束|预期)性"
_NATURE = re.compile(_WORD)
#: The mark right behind a number: 13.5%（约束性指标）, 13.5%的约束性目标.
_BEHIND = re.compile(rf"(?:[^，。；（）、]{{0,2}}（[^（）]{{0,4}}|的[^，。；（）、\d]{{0,8}}){_WORD}")
#: 确保完成“十三五”节能减排约束性目标: what the headline targets are, said once for all of them.
_PROMISED = re.compile(r"(?<!未)(?:完成|实现)[^，。；]{0,30}约束性(?:目标|指标|任务)")
_HEADLINE = re.compile(r"^(?!.*(?:责任|考核|评价|分解)).*目标")
#: What the state binds is to fall or to stay below a limit; shares and rates of use it expects.
_BOUND_KINDS = frozenset({Kind.REDUCTION_RATE, Kind.REDUCTION_AMOUNT, Kind.CAP_TOTAL, Kind.CAP_INCREMENT})
#: A mark that belongs to the number before: behind it, at the head of the words before the next.
_OF_LAST = re.compile(r"^[^，。；（）、]{0,2}（[^（）]*）")


def said(text: str) -> Strength | None:
    """The strength that the last word of ``text`` about it tells; None without any."""
    words = list(_STRENGTH.finditer(text))
    if not words:
        return None
    return Strength.AMBITION if words[-1]["ambition"] else Strength.FIRM


def leads(text: str) -> bool:
    """Whether ``text`` promises a whole sentence as an ambition (力争到2025年，…)."""
    return bool(_LEADING.search(text))


def nature_behind(text: str, at: int) -> Nature | None:
    """约束性 or 预期性 printed right behind the number that ends at ``at``."""
    found = _BEHIND.match(text, at)
    return _NATURES[found["word"]] if found else None


def nature_ahead(before: str) -> Nature | None:
    """约束性 or 预期性 among the words before a number, less the mark of the number before it."""
    words = list(_NATURE.finditer(_OF_LAST.sub("", before)))
    return _NATURES[words[-1]["word"]] if words else None


def nature_announced(text: str) -> Nature | None:
    """The nature that a clause without numbers gives to those after it (约束性指标：)."""
    found = re.search(rf"{_WORD}(?:目标|指标|任务)(?:为|有|是|包括)?$", text)
    return _NATURES[found["word"]] if found and len(text) <= 16 else None


def headline_bound(targets: Iterable[Target], items: Iterable[Item], texts: Iterable[str]) -> list[Target]:
    """``targets`` with the headline ones binding, where the document promises to fulfil its binding targets.

    The headline ones are the firm falls and limits of what is headed 目标 and says nothing else about them; their
    nature is marked as inherited.
    """
    if not any(_PROMISED.search(text) for text in texts):
        return list(targets)
    headed = {
        no
        for item in items
        for no, title in ((item.no, item.title), (item.no, item.chapter_title), (item.chapter_no, item.chapter_title))
        if title and _HEADLINE.match(title)
    }
    return [
        replace(target, nature=Nature.BINDING, inherited=target.inherited | {"nature"})
        if target.item_no in headed and _is_bound(target)
        else target
        for target in targets
    ]


def _is_bound(target: Target) -> bool:
    return target.nature is None and target.strength is Strength.FIRM and target.kind in _BOUND_KINDS
