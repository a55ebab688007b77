"""What the form of a workbench says: receivers row by row, the ways to compare, and what holds of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from shuangkong.core.fact import Subject
from shuangkong.records.refusal import Refused
from shuangkong.records.targets.decomposition.making import MOST_PLACES, law_for
from shuangkong.records.targets.decomposition.rows import DecompositionHead, Wanted
from shuangkong.targets.decomposition.law import NEEDS, Law
from shuangkong.targets.decomposition.rule import Rule, Weighting
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Receiver
from shuangkong.targets.trajectory import Course
from shuangkong.web.plans.tasks.framed import number_of
from shuangkong.web.site.scope import whole
from shuangkong.web.site.words import figure, spoken
from shuangkong.web.targets.decomposition.group_forms import excluded_of, groups_of
from shuangkong.web.targets.decomposition.pieces import BETWEEN, plain
from shuangkong.web.targets.decomposition.words import FIGURES, RECEIVERS

#: What a method asks of each receiver beside what the arithmetic of the target asks.
_OF_METHOD: Mapping[str, tuple[str, ...]] = {
    "by_hand": ("given",),
    "benchmark": ("base", "activity", "growth", "benchmark"),
    "history": ("history",),
    "least_cost": ("base", "cost"),
}
_BOUNDS = ("lock", "floor", "ceiling")
#: A row that nobody has filled in yet, so that another receiver can be typed.
_SPARE, _MOST_ROWS = 1, 4_000
_HUNDRED = Decimal(100)
_BRIEF = 40


@dataclass(frozen=True, slots=True)
class Column:
    """One figure that is asked of every receiver; ``weight`` of a criterion, as it stands in the form."""

    key: str
    label: Any
    weight: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One receiver as the form shows it: its cells in the order of the columns."""

    number: int
    kind: str
    code: str
    name: str
    cells: tuple[tuple[str, str], ...]
    is_apart: bool = False

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Name in the form and content of each cell."""
        return [(f"r{self.number}-{key}", value) for key, value in self.cells]


def columns_of(
    head: DecompositionHead, rules: Iterable[Rule], typed: Mapping[str, str], *, with_start: bool
) -> tuple[Column, ...]:
    """The figures that the arithmetic of the target and the chosen ways need, then bounds, then criteria."""
    law, chosen = law_for(head), tuple(rules)
    asked = {"base": None} | dict.fromkeys(NEEDS[law] if law else ())
    for rule in chosen:
        asked |= dict.fromkeys(_OF_METHOD.get(rule.method, ()))
    if law is Law.DENOMINATOR_WEIGHTED:
        asked.pop("base")
    keys = [key for key in FIGURES if key in asked or key in _BOUNDS or (key == "reached" and with_start)]
    criteria = {one.id: (one, rule) for rule in chosen for one in rule.criteria}
    return (
        *(Column(key, FIGURES[key]) for key in keys),
        *(
            Column(f"c-{key}", spoken(one.name), typed.get(f"w-{key}", _stated(one.weight, rule)))
            for key, (one, rule) in criteria.items()
        ),
    )


def _stated(weight: Decimal | None, rule: Rule) -> str:
    """The weight that the rule states; "" where it follows from the figures."""
    return "" if weight is None or rule.weighting is Weighting.ENTROPY else figure(weight)


def lines_of(wanted: Wanted, columns: Sequence[Column]) -> list[Line]:
    """The receivers of a scenario as the form shows them, and a spare row."""
    told = [
        Line(at, each.subject.kind, each.subject.code, each.name, _cells(each, wanted, columns), each.is_apart)
        for at, each in enumerate(wanted.receivers)
    ]
    first = len(told)
    blank = tuple((column.key, "") for column in columns)
    return told + [Line(first + more, "region", "", "", blank) for more in range(_SPARE)]


def typed_lines(form: QueryDict, columns: Sequence[Column]) -> list[Line]:
    """The rows as they were typed, whatever is wrong with them, and a spare row."""
    kept = [at for at in _rows(form) if form.get(f"r{at}-name", "").strip() or form.get(f"r{at}-code", "").strip()]
    lines = [
        Line(
            number,
            form.get(f"r{at}-kind", "region"),
            form.get(f"r{at}-code", ""),
            form.get(f"r{at}-name", ""),
            tuple((column.key, form.get(f"r{at}-{column.key}", "")) for column in columns),
            f"r{at}-apart" in form,
        )
        for number, at in enumerate(kept)
    ]
    blank = tuple((column.key, "") for column in columns)
    return lines + [Line(len(lines) + more, "region", "", "", blank) for more in range(_SPARE)]


def _places(text: str) -> int | None:
    """Decimals as typed, None where nothing is said. Raises Refused TGT-218: what does not read is not left unsaid."""
    told = text.strip()
    found = whole(told)
    if told and (found is None or found > MOST_PLACES):
        zh = f"小数位数应为 0 到 {MOST_PLACES} 的整数，实为“{told[:_BRIEF]}”。请改正，或留空按规定的位数。"
        en = f"Decimals: a whole number from 0 to {MOST_PLACES}; found “{told[:_BRIEF]}”. Empty: as the rules have it."
        raise Refused("TGT-218", zh, en, "places")
    return found


def wanted_of(form: QueryDict, rules: Mapping[str, Rule]) -> tuple[Wanted, ...]:
    """One scenario of each way that is chosen. Raises Refused for what cannot be read, naming row and column."""
    read = [_receiver(form, at) for at in _rows(form) if form.get(f"r{at}-name", "").strip()]
    receivers = tuple(each for each, _reached in read)
    start = whole(form.get("start_year", ""))
    common: dict[str, Any] = {
        "receivers": receivers,
        "reserve": number_of(form.get("reserve", ""), "reserve") or Decimal(0),
        "places": _places(form.get("places", "")),
        "course": next((each for each in Course if each == form.get("course")), Course.LINEAR),
        "start_year": start,
        "reached": {each.subject: level for each, level in read if level is not None} if start else {},
        "groups": groups_of(form, receivers),
        "excluded": excluded_of(form),
    }
    name = form.get("name", "").strip()
    return tuple(
        Wanted(
            name=" · ".join(filter(None, (name, rules[key].name.zh))),
            rule=key,
            weights=_weights(form, rules[key]),
            spread=number_of(form.get("spread", ""), "spread") if rules[key].criteria else None,
            **common,
        )
        for key in chosen(form, rules)
    )


def chosen(form: QueryDict, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """Ids of the ways that are ticked, in the order of the rules."""
    ticked = set(form.getlist("rule"))
    return tuple(key for key in rules if key in ticked)


def _weights(form: QueryDict, rule: Rule) -> dict[str, Decimal]:
    """Those that differ from what the rule states; none where entropy weighs."""
    if rule.weighting is Weighting.ENTROPY:
        return {}
    told = {one.id: number_of(form.get(f"w-{one.id}", ""), "weights") for one in rule.criteria}
    own = {one.id: one.weight for one in rule.criteria}
    weights = {key: value for key, value in told.items() if value is not None}
    return weights if any(own[key] != value for key, value in weights.items()) else {}


def _rows(form: QueryDict) -> range:
    return range(min(whole(form.get("rows", "")) or 0, _MOST_ROWS))


def _receiver(form: QueryDict, at: int) -> tuple[Receiver, Decimal | None]:
    name = form.get(f"r{at}-name", "").strip()

    def number(key: str) -> Decimal | None:
        return _number(form.get(f"r{at}-{key}", ""), f"r{at}-{key}", name, str(FIGURES.get(key, key)))

    growth = number("growth")
    kind = form.get(f"r{at}-kind", "")
    prefix = f"r{at}-c-"
    found = {key.removeprefix(prefix): number(key.removeprefix(f"r{at}-")) for key in form if key.startswith(prefix)}
    floor, ceiling = number("floor"), number("ceiling")
    if floor is not None and ceiling is not None and floor > ceiling:
        zh = f"{name}：下限 {floor} 高于上限 {ceiling}。请改其中一个。"
        raise Refused("TGT-205", zh, f"{name}: the floor {floor} is above the ceiling {ceiling}.", f"r{at}-floor")
    lock, is_apart = number("lock"), f"r{at}-apart" in form
    if is_apart and lock is None:
        zh = f"{name}单列，须在“锁定”里写明它的数；没有数的，写进“不在本次分解之内的”。"
        raise Refused(
            "TGT-232", zh, f"{name} is a line apart: give its figure as a lock, or leave it out.", f"r{at}-lock"
        )
    made = Receiver(
        subject=Subject(kind if kind in RECEIVERS else "region", form.get(f"r{at}-code", "").strip() or name),
        name=name,
        base=number("base"),
        activity=number("activity"),
        growth=None if growth is None else growth / _HUNDRED,
        denominator=number("denominator"),
        history=tuple(_history(form.get(f"r{at}-history", ""), f"r{at}-history", name)),
        criteria={key: value for key, value in found.items() if value is not None},
        benchmark=number("benchmark"),
        cost=_cost(form.get(f"r{at}-cost", ""), f"r{at}-cost", name),
        given=number("given"),
        lock=lock,
        floor=floor,
        ceiling=ceiling,
        is_apart=is_apart,
    )
    return made, number("reached")


def _number(text: str, field: str, name: str, label: str) -> Decimal | None:
    try:
        return number_of(text.replace("−", "-").replace(",", ""), field)
    except Refused:
        zh = f"{name}的“{label}”应为一个数，实为“{text.strip()[:20]}”。请改这一格。"
        raise Refused(
            "TGT-206", zh, f"{name}, {label}: expected a number, found “{text.strip()[:20]}”.", field
        ) from None


def _history(text: str, field: str, name: str) -> list[Decimal]:
    told = (_number(each, field, name, str(FIGURES["history"])) for each in BETWEEN.split(text.strip()) if each)
    return [each for each in told if each is not None]


def _cost(text: str, field: str, name: str) -> CostSteps | CostCurve | None:
    """``100:20；50:35`` are 100 at 20 each, then 50 at 35; ``20+0.5x`` is a cost that rises. Raises Refused."""
    plain = text.strip().replace("：", ":")
    if not plain:
        return None
    try:
        if plain.endswith("x"):
            linear, rising = plain.removesuffix("x").split("+")
            return CostCurve(Decimal(linear), Decimal(rising))
        pairs = [each.split(":") for each in BETWEEN.split(plain) if each]
        return CostSteps(tuple((Decimal(amount), Decimal(price)) for amount, price in pairs))
    except (ValueError, ArithmeticError):
        zh = f"{name}的减排成本应写成“量:单价；量:单价”（单价递增）或“20+0.5x”，实为“{plain[:30]}”。"
        en = f"{name}: write costs as “amount:price; …” at rising prices, or “20+0.5x”; found “{plain[:30]}”."
        raise Refused("TGT-207", zh, en, field) from None


def _cells(each: Receiver, wanted: Wanted, columns: Sequence[Column]) -> tuple[tuple[str, str], ...]:
    return tuple((column.key, _shown(each, wanted, column.key)) for column in columns)


def _shown(each: Receiver, wanted: Wanted, key: str) -> str:
    if key.startswith("c-"):
        return plain(each.criteria.get(key.removeprefix("c-")))
    if key == "history":
        return "、".join(map(plain, each.history))
    if key == "growth":
        return "" if each.growth is None else plain((each.growth * _HUNDRED).normalize())
    if key == "cost":
        return _cost_shown(each.cost)
    if key == "reached":
        return plain(wanted.reached.get(each.subject))
    return plain(getattr(each, key))


def _cost_shown(cost: CostSteps | CostCurve | None) -> str:
    if isinstance(cost, CostCurve):
        return f"{plain(cost.linear)}+{plain(cost.rising)}x"
    return "" if cost is None else "；".join(f"{plain(amount)}:{plain(price)}" for amount, price in cost.steps)


def nothing_chosen() -> Refused:
    """No way of sharing out is ticked."""
    return Refused("TGT-208", "请至少选一种分解办法。", "Choose one way of sharing out at least.", "rule")


def method_word(key: str, rules: Mapping[str, Rule]) -> str:
    """A way in the language of the page; one that the policy has no more by its id."""
    return spoken(rules[key].name) if key in rules else _("%(rule)s（现行规定中没有）") % {"rule": key}
