"""The words of the accounting in both languages; a state always has a sign and a word beside its colour."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shuangkong.core.finding import Message
from shuangkong.core.rounding import rounded
from shuangkong.indicators.emissions.formulas import Register
from shuangkong.indicators.emissions.standing import EventKind, State
from shuangkong.records.indicators.emissions.rules import rules_at
from shuangkong.rulebook import open_rulebook
from shuangkong.web.site.words import MISSING, spoken, unit_word

STATES = {
    State.REPORTED: lazy("待县级核查"),
    State.CHECKED: lazy("待上级审核"),
    State.REVIEWED: lazy("待核定"),
    State.RECOGNISED: lazy("已核定"),
    State.RETURNED: lazy("已退回，待补正"),
    State.REFUSED: lazy("不予认定"),
    State.REVERSED: lazy("已冲销"),
}
SIGNS = {
    State.REPORTED: "○",
    State.CHECKED: "◔",
    State.REVIEWED: "●",
    State.RECOGNISED: "✓",
    State.RETURNED: "▼",
    State.REFUSED: "✕",
    State.REVERSED: "‖",
}
#: The colours of the site for each state; they come after sign and word.
LEVELS = {
    State.REPORTED: "behind",
    State.CHECKED: "behind",
    State.REVIEWED: "on_schedule",
    State.RECOGNISED: "met",
    State.RETURNED: "missed",
    State.REFUSED: "missed",
    State.REVERSED: "no_data",
}
EVENTS = {
    EventKind.REPORT: lazy("自报"),
    EventKind.CHECK: lazy("县级核查通过"),
    EventKind.REVIEW: lazy("审核通过"),
    EventKind.RECOGNISE: lazy("核定"),
    EventKind.RETURN: lazy("退回补正"),
    EventKind.CORRECT: lazy("补正后再报"),
    EventKind.REFUSE: lazy("不予认定"),
    EventKind.REVERSE: lazy("冲销"),
}
REGISTERS = {
    Register.BATCH: lazy("一批机动车"),
    Register.PLANT: lazy("污水处理厂"),
    Register.HERD: lazy("养殖场"),
}
#: Decimals of tonnes as pages show them; workbooks hold every digit.
_PLACES = 2
_SMALL = 4


def tonnes(amount: Decimal | None) -> str:
    """An amount in tonnes, its thousands parted; below one with two places more; "—" where there is none."""
    if amount is None:
        return MISSING
    shown = rounded(amount, _PLACES if abs(amount) >= 1 or amount == 0 else _SMALL)
    return f"{shown:,f}".replace("-", "−")


def in_per_cent(share: Decimal | None) -> Decimal | None:
    """A share as it is published; its explanation has every digit."""
    return None if share is None else rounded(share, _PLACES)


def per_cent(share: Decimal | None) -> str:
    shown = in_per_cent(share)
    return MISSING if shown is None else f"{shown:f}".replace("-", "−")


def unit_shown(unit: str) -> str:
    """A unit of a formula as it is printed; one that no policy prints as the formula has it."""
    forms = open_rulebook().units().values()
    return unit_word(next((form.printed for form in forms if form.unit.id == unit and form.factor == 1), unit))


def named(words: Mapping[str, Message], key: str) -> str:
    """The name of a class; the key itself where the policy no longer has it."""
    return spoken(words[key]) if key in words else key


def pollutant_name(key: str, place: str = "") -> str:
    """As the rules of a place call it, else those of the nation."""
    known = rules_at(place).accounting.pollutants.get(key)
    return spoken(known.name) if known else key


def labels(is_demo: bool, is_fictional: bool) -> str:
    """What a workbook and a list must say of its data."""
    return "、".join(label for label, holds in ((_("演示数据"), is_demo), (_("虚构"), is_fictional)) if holds)
