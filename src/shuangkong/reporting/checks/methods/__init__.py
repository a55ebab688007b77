"""审核方法: the kinds of check that a line of policy cannot say by itself, each one function with its article.

A method takes a rule and the law it is made ready for, and yields the tests that a return is put to: usually one, none
where the form has nothing that the rule speaks of. The table below is all there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods import conditions, fields, offered, outliers, patterns, periods, structure
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Test

type Method = Callable[[Rule, Law], Iterable[Test]]

METHODS: Mapping[str, Method] = {
    "condition": conditions.condition,
    "required": fields.required,
    "sign": fields.sign,
    "decimals": fields.decimals,
    "digits": fields.digits,
    "kind": fields.kind,
    "day": fields.day,
    "code": fields.code,
    "answered": fields.answered,
    "wordy": fields.wordy,
    "named_twice": fields.named_twice,
    "parts": structure.parts,
    "whole_alone": structure.whole_alone,
    "nothing_told": structure.nothing_told,
    "growth": periods.growth,
    "vanished": periods.vanished,
    "appeared": periods.appeared,
    "unusual": periods.unusual,
    "seasonal": periods.seasonal,
    "unchanged": periods.unchanged,
    "cumulative": periods.cumulative,
    "peers": outliers.peers,
    "slip": outliers.slip,
    "benford": patterns.benford,
    "last_digits": patterns.last_digits,
    "round_numbers": patterns.round_numbers,
    "one_figure": patterns.one_figure,
    "rows_alike": patterns.rows_alike,
    "overruled": offered.overruled,
}
#: Limits that a method asks of its rule, by name; of all others it asks none, and expressions use what they like.
LIMITS: Mapping[str, frozenset[str]] = {
    "digits": frozenset({"digits"}),
    "wordy": frozenset({"letters"}),
    "growth": frozenset({"pct", "floor"}),
    "vanished": frozenset({"floor"}),
    "appeared": frozenset({"floor"}),
    "unusual": frozenset({"deviations", "count", "floor_pct"}),
    "seasonal": frozenset({"pct", "seasons"}),
    "unchanged": frozenset({"pct", "count"}),
    "peers": frozenset({"deviations", "count", "floor_pct"}),
    "slip": frozenset({"times", "pct"}),
    "benford": frozenset({"count", "orders", "chi_square"}),
    "last_digits": frozenset({"count", "pct"}),
    "round_numbers": frozenset({"count", "pct"}),
    "one_figure": frozenset({"times", "digits"}),
    "rows_alike": frozenset({"count"}),
}
#: Methods that judge an expression, and under which key it stands.
EXPRESSIONS: Mapping[str, str] = {"condition": "rule", "peers": "value"}
