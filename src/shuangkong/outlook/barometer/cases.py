"""判定规定的案例: worked examples beside a rule (``x.cases.yaml``), each of which must hold."""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding
from shuangkong.core.period import Period
from shuangkong.outlook.barometer.basis import Given, NotGiven
from shuangkong.outlook.barometer.judging import judge
from shuangkong.outlook.barometer.rule import Rule
from shuangkong.outlook.barometer.rule_book import FOLDERS, rules
from shuangkong.policyfile import books, node
from shuangkong.policyfile.expression.given import Told
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.refusal import refuse

_ENDING = ".cases.yaml"
_STATES = {state.value: state for state in State if state is not State.VALUE}
#: How many digits of a region's code name its province and its city.
_UPWARDS = (6, 4, 2)


class NotAFigure(ValueError):
    """Text that tells neither a figure nor why there is none."""


def check_rule_cases(folder: PolicyFolder) -> Iterator[Finding]:
    """A rule without cases, and every case that fails: a check of the whole folder."""
    for layer in folder.layers:
        for word in FOLDERS:
            names = folder.names_in(layer, word)
            found = rules(folder, layer, word) if names else {}
            for name in names:
                yield from _beside(folder, name, found[books.id_of(name)])


def _beside(folder: PolicyFolder, name: str, rule: Rule) -> Iterator[Finding]:
    cases = name.replace(".yaml", _ENDING)
    if not folder.has(cases):
        yield refuse("POL-034", node.Place(folder.shown(name), 1), found=cases)
        return
    read = folder.check(cases)
    if isinstance(read.node, node.Listing) and not read.findings:
        for case in read.node.mappings():
            yield from _tried(rule, case)


def _tried(rule: Rule, case: node.Mapping) -> Iterator[Finding]:
    """Whether one case holds."""
    try:
        given = {name: _given(entry) for name, entry in case.mapping("facts").entries.items()}
        period = Period.parse(case.text("period"))
        cell = Cell(Subject("region", case.text("region")), rule.id, period)
        found = judge(rule, cell, given, upwards(case.text("region")))
    except (NotGiven, NotAFigure, ValueError) as wrong:
        yield refuse("POL-030", case.place, name=case.text("name"), expected="facts", found=wrong)
        return
    expected = _expected(case)
    outcome = str(int(found.level)) if found.level else str(found.cause)
    if expected != outcome:
        yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=outcome)


def upwards(code: str) -> tuple[str, ...]:
    """A region's code and those of its city and province, nearest first; none for an empty one."""
    wide = len(code)
    return tuple(dict.fromkeys(code[:digits].ljust(wide, "0") for digits in _UPWARDS if code))


def _expected(case: node.Mapping) -> str:
    entry = case.entries["expect"]
    is_text = isinstance(entry, node.Leaf) and isinstance(entry.value, str)
    return case.text("expect") if is_text else str(case.number("expect"))


def _given(entry: node.Node) -> Given:
    return tuple(map(_told, entry.items)) if isinstance(entry, node.Listing) else _told(entry)


def _told(entry: node.Node) -> Told:
    if isinstance(entry, node.Leaf) and isinstance(entry.value, str):
        if entry.value not in _STATES:
            raise NotAFigure(entry.value)
        return _STATES[entry.value]
    return node.as_number(entry)
