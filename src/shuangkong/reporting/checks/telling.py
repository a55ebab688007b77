"""说法: how a finding is put into words: what, where, what was expected and found, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.rounding import as_printed, brief, rounded
from shuangkong.policyfile.expression.given import WRITTEN, Lack, Told
from shuangkong.reporting.checks.context import Told as Entry
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import unit_of, words
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Found, Run

_LACKS = {
    State.MISSING: Message("未报", "not told"),
    State.NOT_APPLICABLE: Message("不适用", "not applicable"),
    State.SUPPRESSED: Message("不公开", "withheld"),
}
#: Of a figure that has none, or of which it need not be said.
NO_UNIT = Message("", "")


def shown(told: Told | Lack) -> Message:
    """A figure as people write it, or why there is none."""
    if isinstance(told, Decimal):
        if not told.is_finite():
            return Message("无法计算", "beyond reckoning")
        text = f"{as_printed(brief(told)):,f}"
        return Message(text, text)
    if isinstance(told, State):
        return _LACKS[told]
    return Message("算不出", "no figure")


def tenths(figure: Decimal) -> Message:
    """A figure to one decimal."""
    return shown(rounded(figure, 1) if figure.is_finite() else figure)


def percent(part: Decimal, whole: Decimal) -> Message:
    """``part`` in % of the size of ``whole``, to one decimal."""
    return tenths(WRITTEN.divide(part * 100, abs(whole)))


def said(told: Entry) -> Message:
    """What stands in a cell: words as they are, figures as people write them."""
    return shown(told) if isinstance(told, (Decimal, State)) else Message(told, told)


class Teller:
    """What a rule says, for a law: filled in when something was found."""

    def __init__(self, rule: Rule, law: Law) -> None:
        self.rule = rule
        self.form = law.form
        self._unverified = law.unverified(rule)
        self._limits = {name: shown(limit.on(law.day).number) for name, limit in rule.limits.items()}

    def found(
        self,
        addresses: tuple[str, ...],
        filled: Mapping[str, Message],
        ground: Message | None = None,
        where: Message | None = None,
    ) -> Found:
        """The finding; ``filled``: what the names in the message stand for, beside ``place`` and the limits."""
        rule = self.rule
        place = where or self.place(addresses)
        names = {**self._limits, **filled, "place": place, "unit": self.unit(addresses)}
        message = Message(
            rule.message.zh.format_map({name: each.zh for name, each in names.items()}) + self._unverified.zh,
            rule.message.en.format_map({name: each.en for name, each in names.items()}) + self._unverified.en,
        )
        first = addresses[0] if addresses else self.form.id
        return Found(rule.code, rule.severity, first, message, ground, (), addresses, place)

    def place(self, addresses: tuple[str, ...]) -> Message:
        """The first cell; of a whole form its name."""
        return words(self.form, addresses[0]) if addresses else self.form.name

    def unit(self, addresses: tuple[str, ...]) -> Message:
        field = self.form.field(addresses[0]) if addresses else None
        return unit_of(field) if field else NO_UNIT

    def tell(
        self, run: Run, addresses: Iterable[str], filled: Mapping[str, Message], ground: Message | None = None
    ) -> None:
        run.found.append(self.found(tuple(addresses), filled, ground))


def in_words(parts: Iterable[tuple[Message, Told | Lack, Message]]) -> Message:
    """Figures side by side: name, value, unit."""
    zh, en = [], []
    for name, told, unit in parts:
        value = shown(told)
        has_unit = bool(unit.zh) and isinstance(told, Decimal)
        zh.append(f"{name.zh} {value.zh} {unit.zh}" if has_unit else f"{name.zh} {value.zh}")
        en.append(f"{name.en} {value.en} {unit.en}" if has_unit else f"{name.en} {value.en}")
    return Message("；".join(zh), "; ".join(en))
