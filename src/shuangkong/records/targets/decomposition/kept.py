"""What was given and what came of it, as JSON and back: every digit of a figure is kept as it was told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Finding
from shuangkong.core.trace import Step
from shuangkong.plans.reading_json import decode, encode
from shuangkong.records.targets.decomposition.rows import Outcome, Wanted
from shuangkong.targets.decomposition.task import CostCurve, CostSteps, Group, Receiver
from shuangkong.targets.trajectory import Course

#: Figures of a receiver, by the names of task.Receiver.
FIGURES = ("base", "activity", "growth", "denominator", "benchmark", "given", "lock", "floor", "ceiling")
#: Figures of an outcome that are exact.
_EXACT = ("reproduced", "wanted", "over", "own", "structure", "reserve", "least", "most", "cost")
_ROUGH = ("gini", "theil", "follows")


def wanted_text(wanted: Wanted) -> str:
    """What was given, as JSON."""
    return _written(
        {
            "name": wanted.name,
            "rule": wanted.rule,
            "receivers": [_receiver_told(each) for each in wanted.receivers],
            "weights": _told(wanted.weights),
            "spread": _figure(wanted.spread),
            "reserve": _figure(wanted.reserve),
            "places": wanted.places,
            "course": wanted.course.value,
            "start_year": wanted.start_year,
            "reached": [[*_subject(each), _figure(level)] for each, level in wanted.reached.items()],
            "given_years": [
                [*_subject(each), {str(year): _figure(due) for year, due in years.items()}]
                for each, years in wanted.given_years.items()
            ],
            "groups": [_group_told(each) for each in wanted.groups],
            "excluded": list(wanted.excluded),
        }
    )


def wanted_of(text: str) -> Wanted:
    """The way back."""
    told = json.loads(text)
    return Wanted(
        name=told["name"],
        rule=told["rule"],
        receivers=tuple(map(_receiver_of, told["receivers"])),
        weights=_figures(told["weights"]),
        spread=_number(told["spread"]),
        reserve=Decimal(told["reserve"]),
        places=told["places"],
        course=Course(told["course"]),
        start_year=told["start_year"],
        reached={Subject(kind, code): Decimal(level) for kind, code, level in told["reached"]},
        given_years={
            Subject(kind, code): {int(year): Decimal(due) for year, due in years.items()}
            for kind, code, years in told["given_years"]
        },
        # Scenarios of earlier versions know neither.
        groups=tuple(map(_group_of, told.get("groups", ()))),
        excluded=tuple(told.get("excluded", ())),
    )


def outcome_text(outcome: Outcome) -> str:
    """What came of it, as JSON."""
    plain: dict[str, Any] = {name: _figure(getattr(outcome, name)) for name in _EXACT}
    plain |= {name: getattr(outcome, name) for name in _ROUGH}
    plain |= {name: getattr(outcome, name) for name in ("law", "is_closed", "is_verified")}
    plain["findings"] = encode(outcome.findings)
    return _written(plain)


def outcome_of(text: str) -> Outcome:
    """The way back."""
    told = json.loads(text)
    exact: dict[str, Any] = {name: _number(told[name]) for name in _EXACT}
    rough: dict[str, Any] = {name: told[name] for name in _ROUGH}
    findings = decode(tuple[Finding, ...], told["findings"])
    flags = {"is_closed": told["is_closed"], "is_verified": told["is_verified"]}
    return Outcome(law=told["law"], findings=findings, **flags, **exact, **rough)


def steps_text(steps: Iterable[Step]) -> str:
    """An explanation, as JSON."""
    return _written(encode(tuple(steps)))


def steps_of(text: str) -> tuple[Step, ...]:
    """The way back."""
    found: tuple[Step, ...] = decode(tuple[Step, ...], json.loads(text))
    return found


def _receiver_told(each: Receiver) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": each.subject.kind, "code": each.subject.code, "name": each.name}
    told |= {key: _figure(getattr(each, key)) for key in FIGURES if getattr(each, key) is not None}
    if each.history:
        told["history"] = [_figure(figure) for figure in each.history]
    if each.criteria:
        told["criteria"] = _told(each.criteria)
    if isinstance(each.cost, CostSteps):
        told["steps"] = [[_figure(amount), _figure(cost)] for amount, cost in each.cost.steps]
    elif isinstance(each.cost, CostCurve):
        told["curve"] = [_figure(each.cost.linear), _figure(each.cost.rising)]
    return told | ({"is_apart": True} if each.is_apart else {})


def _receiver_of(told: Mapping[str, Any]) -> Receiver:
    cost: CostSteps | CostCurve | None = None
    if "steps" in told:
        cost = CostSteps(tuple((Decimal(amount), Decimal(price)) for amount, price in told["steps"]))
    elif "curve" in told:
        cost = CostCurve(*map(Decimal, told["curve"]))
    return Receiver(
        subject=Subject(told["kind"], told["code"]),
        name=told["name"],
        history=tuple(map(Decimal, told.get("history", ()))),
        criteria=_figures(told.get("criteria", {})),
        cost=cost,
        is_apart=told.get("is_apart", False),
        **{key: _number(told.get(key)) for key in FIGURES},
    )


def _group_told(group: Group) -> dict[str, Any]:
    members = sorted(_subject(each) for each in group.members)
    return {
        "name": group.name, "members": members, "floor": _figure(group.floor), "ceiling": _figure(group.ceiling)
    }  # fmt: skip


def _group_of(told: Mapping[str, Any]) -> Group:
    members = frozenset(Subject(kind, code) for kind, code in told["members"])
    return Group(told["name"], members, _number(told["floor"]), _number(told["ceiling"]))


def _subject(each: Subject) -> tuple[str, str]:
    return each.kind, each.code


def _told(figures: Mapping[str, Decimal]) -> dict[str, str | None]:
    return {key: _figure(value) for key, value in figures.items()}


def _figures(told: Mapping[str, str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in told.items()}


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _number(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
