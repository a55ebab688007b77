"""计分阶梯: kinds of items of a score table. Each kind turns what its file says into a ladder of rungs.

A rung is a condition, the marks it gives and the words that tell why. Of a ladder one expression is made, so that a
sheet with its trace and a nation in columns are scored by the same arithmetic (policyfile.expression).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.policyfile import node


@dataclass(frozen=True, slots=True)
class Rung:
    """``when``: a condition of the expression language, empty on the last rung; ``marks``: what it gives, as text."""

    when: str
    marks: str
    words: Message


type Ladder = tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class ItemKind:
    """How items of a kind are scored.

    Attributes:
        name: as the tables call it.
        needs: keys that an item of the kind must have.
        ladder: its rungs, from the item's record.
        most: key of the most marks it can give; ``is_extra``: outside the full marks; ``is_loss``: it takes them away.
    """

    name: Message
    needs: tuple[str, ...]
    ladder: Callable[[node.Mapping], Ladder]
    most: str = "marks"
    is_extra: bool = False
    is_loss: bool = False


def expression_text(ladder: Ladder) -> str:
    """The ladder as one expression."""
    *rungs, last = ladder
    return " else ".join([*(f"{rung.marks} if {rung.when}" for rung in rungs), last.marks])


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _percent(ratio: Decimal) -> str:
    return f"{_number(ratio * 100)}%"


def _of_due(record: node.Mapping, ratio: Decimal) -> str:
    """At least a share of what is due. A share of a target that lets the figure rise has no meaning: met or not."""
    done, due = record.text("done"), record.text("due")
    return f"{done} >= {due}" if ratio == 1 else f"{due} > 0 and {done} >= {_number(ratio)} * {due}"


def step(record: node.Mapping) -> Ladder:
    """分档: the highest step whose share of the target is reached; below the lowest nothing."""
    steps = sorted(record.listing("steps").mappings(), key=lambda each: each.number("ratio"), reverse=True)
    return (*(_stepped(record, each.number("ratio"), each.number("marks")) for each in steps), _NOTHING)


def _stepped(record: node.Mapping, ratio: Decimal, marks: Decimal) -> Rung:
    share = _percent(ratio)
    words = Message(f"完成率达到{share}，得{_number(marks)}分", f"at least {share} of the target: {_number(marks)}")
    return Rung(_of_due(record, ratio), _number(marks), words)


def proportional(record: node.Mapping) -> Ladder:
    """按比例: full marks when met, else the share of the target that was reached, never below zero.

    With ``each`` only full steps of the share count (10 % for 10 %).
    """
    done, due, marks = record.text("done"), record.text("due"), record.number("marks")
    full = Rung(f"{done} >= {due}", _number(marks), Message("完成目标，得满分", "met: full marks"))
    if "each" in record:
        each = record.number("each")
        ratios = [each * count for count in range(int(1 / each), 0, -1) if each * count < 1]
        return (full, *(_stepped(record, ratio, marks * ratio) for ratio in ratios), _NOTHING)
    shared = f"{_number(marks)} * max(0, {done}) / {due}"
    return (full, Rung(f"{due} > 0", shared, Message("未完成，按完成率计分", "missed: by the share reached")), _NOTHING)


def matrix(record: node.Mapping) -> Ladder:
    """年度与累计: both met, only the cumulative, only the annual, neither."""
    annual, cumulative = f"({record.text('annual')})", f"({record.text('cumulative')})"
    rungs = (
        (f"{annual} and {cumulative}", record.number("marks"), "年度和累计目标均完成", "annual and cumulative met"),
        (cumulative, record.number("only_cumulative"), "只完成累计目标", "only the cumulative target met"),
        (annual, record.number("only_annual"), "只完成年度目标", "only the annual target met"),
    )
    neither = Rung("", "0", Message("年度和累计目标均未完成，不得分", "neither met: none"))
    return (*(Rung(when, _number(marks), _worth(zh, en, marks)) for when, marks, zh, en in rungs), neither)


def condition(record: node.Mapping) -> Ladder:
    """达标得分: all or nothing."""
    marks = record.number("marks")
    return (
        Rung(record.text("rule"), _number(marks), _worth("符合要求", "fulfilled", marks)),
        Rung("", "0", Message("不符合要求，不得分", "not fulfilled: none")),
    )


def overrun(record: node.Mapping) -> Ladder:
    """超量分档: within the cap full marks, over it less by bands of how far over."""
    done, due, marks = record.text("done"), record.text("due"), record.number("marks")
    bands = sorted(record.listing("bands").mappings(), key=lambda each: each.number("below"))
    rungs = [Rung(f"{done} <= {due}", _number(marks), _worth("未超过控制量", "within the cap", marks))]
    for band in bands:
        share, worth = _percent(band.number("below")), band.number("marks")
        words = _worth(f"超过控制量不足{share}", f"over the cap by less than {share}", worth)
        rungs.append(Rung(f"{done} < {_number(1 + band.number('below'))} * {due}", _number(worth), words))
    return (*rungs, Rung("", "0", Message("超过控制量过多，不得分", "too far over the cap: none")))


def top(record: node.Mapping) -> Ladder:
    """名次分档: marks for being among the first so many per cent."""
    bands = sorted(record.listing("tops").mappings(), key=lambda each: each.number("at_most"))
    return (*_tops(record.text("of"), bands), Rung("", "0", Message("名次靠后，不得分", "further behind: none")))


def _tops(figure: str, bands: list[node.Mapping]) -> Iterator[Rung]:
    for band in bands:
        most, marks = _number(band.number("at_most")), band.number("marks")
        yield Rung(f"{figure} <= {most}", _number(marks), _worth(f"居前{most}%", f"among the first {most} %", marks))


def checklist(record: node.Mapping) -> Ladder:
    """清单: the marks of its points, each given with evidence; where cases are counted, less so much for each."""
    points = [point_name(point.text("code")) for point in record.listing("points").mappings()]
    marks = f"sum({', '.join(points)})"
    if "cases" in record:
        marks = f"max(0, {marks} - {_number(record.number('per'))} * {record.text('cases')})"
    return (Rung("", marks, Message("按各要点逐项计分", "by its points, one by one")),)


def bonus(record: node.Mapping) -> Ladder:
    """加分: so much for every full step beyond the target, up to a most; outside the full marks."""
    each, per, most = record.number("each"), record.number("per"), record.number("most")
    rungs = []
    for count in range(int(most / per), 0, -1):
        when, beyond = _beyond(record, each * count)
        words = _worth(f"超过目标{beyond.zh}以上，加分", f"beyond the target by {beyond.en} or more", per * count)
        rungs.append(Rung(when, _number(per * count), words))
    return (*rungs, Rung("", "0", Message("没有加分", "no extra marks")))


def _beyond(record: node.Mapping, beyond: Decimal) -> tuple[str, Message]:
    """By a share of the target, or by percentage points where the item counts ``by: points``."""
    done, due = record.text("done"), record.text("due")
    if record.text("by") == "points":
        shown = _number(beyond)
        return f"{done} >= {due} + {shown}", Message(f"{shown}个百分点", f"{shown} percentage points")
    return f"{due} > 0 and {done} >= {_number(1 + beyond)} * {due}", Message(_percent(beyond), _percent(beyond))


def penalty(record: node.Mapping) -> Ladder:
    """扣分: so much for each case, up to a most."""
    per, most = _number(record.number("per")), _number(record.number("most"))
    taken = f"0 - min({most}, {per} * {record.text('cases')})"
    return (Rung("", taken, Message(f"每起扣{per}分，最多扣{most}分", f"{per} a case, at most {most}")),)


def point_name(code: str) -> str:
    """The name in expressions of the point of that code."""
    return "point_" + code.replace(".", "_").replace("-", "_").lower()


def _worth(zh: str, en: str, marks: Decimal) -> Message:
    return Message(f"{zh}，{_number(marks)}分", f"{en}: {_number(marks)}")


_NOTHING = Rung("", "0", Message("未达到最低一档，不得分", "below the lowest step: none"))

#: Every kind of item. A new kind is one function and one row, and a page in docs/methods.
KINDS: Mapping[str, ItemKind] = {
    "step": ItemKind(Message("分档", "steps"), ("marks", "done", "due", "steps"), step),
    "proportional": ItemKind(Message("按比例", "proportional"), ("marks", "done", "due"), proportional),
    "matrix": ItemKind(
        Message("年度与累计", "annual and cumulative"),
        ("marks", "annual", "cumulative", "only_annual", "only_cumulative"),
        matrix,
    ),
    "condition": ItemKind(Message("达标得分", "all or nothing"), ("marks", "rule"), condition),
    "overrun": ItemKind(Message("超量分档", "bands of overrun"), ("marks", "done", "due", "bands"), overrun),
    "top": ItemKind(Message("名次分档", "bands of rank"), ("marks", "of", "tops"), top),
    "checklist": ItemKind(Message("清单", "checklist with evidence"), ("marks", "points"), checklist),
    "bonus": ItemKind(
        Message("加分", "bonus"), ("done", "due", "each", "per", "most"), bonus, most="most", is_extra=True
    ),
    "penalty": ItemKind(
        Message("扣分", "penalty"), ("cases", "per", "most"), penalty, most="most", is_extra=True, is_loss=True
    ),
}
