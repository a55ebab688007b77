"""不具名: the explanation of a figure for a person who may not read every part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from shuangkong.core.fact import State, Subject
from shuangkong.core.finding import Message
from shuangkong.core.trace import Figure
from shuangkong.indicators.forerunners import JOINED

_REGION = "region"
ELSEWHERE = Message(
    "含不在可看范围的前身所报的数，不示出",
    "not shown: it holds what a forerunner told which you may not read",
)
TOO_FEW = Message(
    "不在可看范围的部分太少，从合计减去列出的各项就能推出，不示出",
    "not shown: too few of its parts may not be read, what is listed taken from the whole would give them away",
)


def withheld(figure: Figure, may_name: Callable[[Subject], bool], least: int) -> Figure:
    """The same figure without the parts that may not be named, all the way down; it says how many there are.

    Its value stays where at least ``least`` of its parts are not shown: who may read the whole may read its sum, and
    that says nothing of any one of them. Where fewer units are, it is withheld: taken from it, the parts that are shown
    would leave the one that is not. The total of a region is no unit's secret: it stands in bulletins. A part whose own
    value is withheld is not shown either, so that what is withheld below withholds whatever it could be reckoned from.
    A figure that is joined of what forerunners told is withheld where any of them may not be named, and so is any
    figure that the same subject's are computed of.
    """
    return _Reader(may_name, least).shown(figure)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An input as shown; ``reason``: why its value is not."""

    name: str
    figure: Figure
    reason: Message | None
    is_named: bool

    @property
    def has_value(self) -> bool:
        """Whether its value can be read here."""
        return self.is_named and self.reason is None


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one person is shown."""

    may_name: Callable[[Subject], bool]
    least: int

    def shown(self, figure: Figure) -> Figure:
        return self._shown(figure)[0]

    def _shown(self, figure: Figure) -> tuple[Figure, Message | None]:
        """The figure as shown, and why its value was withheld."""
        inputs = [_Seen(name, *self._shown(each), self.may_name(each.cell.subject)) for name, each in figure.inputs]
        listed = tuple((each.name, each.figure) for each in inputs if each.is_named)
        reason = self._reason(figure, inputs)
        if reason is not None:
            said = (*figure.doubts, reason)
            return replace(figure, state=State.SUPPRESSED, value=None, steps=(), inputs=listed, doubts=said), reason
        told = {each.name for each in inputs if each.has_value}
        if len(told) == len(inputs):
            return replace(figure, inputs=listed), None
        steps = tuple(
            replace(step, inputs=tuple((name, value) for name, value in step.inputs if name in told))
            for step in figure.steps
        )
        hidden = len(inputs) - len(listed)
        said = (*figure.doubts, _unlisted(hidden)) if hidden else figure.doubts
        return replace(figure, steps=steps, inputs=listed, doubts=said), None

    def _reason(self, figure: Figure, inputs: list[_Seen]) -> Message | None:
        """Why the value of a figure with these inputs may not be shown."""
        if any(step.name == JOINED for step in figure.steps) and not all(each.is_named for each in inputs):
            return ELSEWHERE
        own = (each.reason for each in inputs if each.figure.cell.subject == figure.cell.subject)
        found = next((reason for reason in own if reason is not None), None)
        if found is not None or figure.value is None:
            return found
        secret = {
            each.figure.cell.subject
            for each in inputs
            if not each.has_value
            and (
                each.reason is not None or (each.figure.value is not None and each.figure.cell.subject.kind != _REGION)
            )
        }
        return TOO_FEW if 0 < len(secret) < self.least else None


def _is_secret(figure: Figure) -> bool:
    return figure.value is not None and figure.cell.subject.kind != _REGION


def _unlisted(count: int) -> Message:
    return Message(
        f"另有 {count} 个部分不在可看的范围，没有列出", f"{count} parts more, which you may not read, are not listed"
    )
