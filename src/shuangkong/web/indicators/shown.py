"""怎么显示: a figure, its parts and the facts below it as the pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shuangkong.core.fact import Cell, Fact, Origin, State, Subject
from shuangkong.core.rounding import brief
from shuangkong.core.trace import Figure, Step
from shuangkong.indicators.engine import Law
from shuangkong.indicators.engine.printing import Printed, at_rest, kept, published
from shuangkong.indicators.formula import Indicator
from shuangkong.indicators.prices import plain_id
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.periods import period_word
from shuangkong.web.site.scope import link
from shuangkong.web.site.words import MISSING, maturity_word, state_word, with_unit


@dataclass(frozen=True, slots=True)
class Node:
    """One figure of a tree. ``law``: the address of its rule in that place at the end of the period.

    ``exact``: the figure with all its digits where ``shown`` has fewer, else "". ``is_repeated``: what it rests on
    stands further up already; ``steps``: each with the address of what it rests on, "" where there is none;
    ``absent``: how many of its inputs do not apply.
    """

    symbol: str
    indicator: str
    subject: str
    period: str
    shown: str
    exact: str
    href: str
    law: str
    fact: Fact | None
    status: str
    steps: tuple[tuple[Step, str], ...]
    children: tuple[Node, ...]
    is_repeated: bool
    absent: int = 0


def origin_word(origin: Origin) -> str:
    words = {
        Origin.ESTIMATE: _("本级测算"),
        Origin.REPORTED: _("上报"),
        Origin.RECOGNISED: _("反馈核定"),
    }
    return words[origin]


def words_of(printed: Printed, state: State) -> str:
    """A figure with its unit, or why there is none."""
    if printed.value is not None:
        return with_unit(printed.text.replace("-", "−"), printed.unit)
    return MISSING if state is State.MISSING else state_word(state)


def address(request: HttpRequest, cell: Cell) -> str:
    """Where the figure of a cell is explained."""
    return link(request, "indicators:figure", cell.indicator, str(cell.period), str(cell.subject))


def _law(request: HttpRequest, cell: Cell) -> str:
    """The rule of an indicator, or of the table that a cell stands in."""
    head, dot, _rest = cell.indicator.partition(".")
    tables = (table for table in open_rulebook().tables() if head.startswith(table))
    rule = f"indicators/tables/{next(tables, head)}" if dot else f"indicators/{plain_id(cell.indicator)}"
    place = cell.subject.code.partition("/")[0] if cell.subject.kind in ("region", "sector") else ""
    return link(request, "policy:provision", rule, place=place, day=cell.period.last_day)


def _entering(figure: Figure, rule: Indicator | None, law: Law) -> Printed:
    """As a figure enters another: with the decimals that its rule keeps, else with its first digits."""
    if figure.fact is None and rule is not None and rule.rounding.kept is not None:
        return at_rest(figure.value, rule, law.forms, figure.unit)
    whole = kept(figure.value, rule, law.forms, figure.unit)
    return whole if whole.value is None or figure.fact is not None else Printed(brief(whole.value), whole.unit)


def _leads_to(request: HttpRequest, step: Step) -> str:
    """Where what a step rests on is shown, hour by hour, down to the frames."""
    match step.rests_on:
        case ("amount", outlet, factor, month):
            return link(request, "monitoring:amount", int(outlet), factor, month=month)
        case ("amounts", place, month):
            return link(request, "monitoring:amounts", place=place, month=month)
    return ""


def tree(request: HttpRequest, figure: Figure, law: Law, names: Mapping[Subject, str]) -> Node:
    """The whole tree; what stands in it twice is told once."""
    told: set[Cell] = set()

    def node(symbol: str, each: Figure) -> Node:
        cell, rule, is_repeated = each.cell, law.indicators.get(each.cell.indicator), each.cell in told
        told.add(cell)
        inputs = () if is_repeated else tuple(pair for pair in each.inputs if pair[1].state is not State.NOT_APPLICABLE)
        whole = kept(each.value, rule, law.forms, each.unit)
        printed = _entering(each, rule, law) if symbol else published(each.value, rule, law.forms, each.unit)
        shown, exact = words_of(printed, each.state), words_of(whole, each.state)
        return Node(
            symbol=symbol,
            indicator=name_of(cell.indicator),
            subject=names.get(cell.subject, cell.subject.code),
            period=period_word(cell.period),
            shown=shown,
            exact=exact if symbol and exact != shown else "",
            href=address(request, cell),
            law=_law(request, cell),
            fact=each.fact,
            status=maturity_word(each.fact.maturity) if each.fact else "",
            steps=() if is_repeated else tuple((step, _leads_to(request, step)) for step in each.steps),
            children=tuple(node(name, one) for name, one in inputs),
            is_repeated=is_repeated and bool(each.inputs),
            absent=0 if is_repeated else len(each.inputs) - len(inputs),
        )

    return node("", figure)
