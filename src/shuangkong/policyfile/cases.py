"""Cases: worked examples beside a rule (``x.cases.yaml``), each of which must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from shuangkong.core.finding import Finding
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.node import Leaf, Listing, Mapping
from shuangkong.policyfile.refusal import refuse
from shuangkong.policyfile.values import numbers

#: What a case expected and what came out, as text; equal texts mean that it holds.
type Outcome = tuple[str, str]
#: What a case expects of a parameter that has no value on the day.
_NONE = "none"


def _units(folder: PolicyFolder, _name: str) -> Callable[[Mapping], Outcome]:
    forms = books.units(folder)

    def outcome(case: Mapping) -> Outcome:
        expected = f"{case.number('expect').normalize():f} {case.text('unit')}"
        form = forms.get(case.text("printed"))
        if form is None:
            return expected, "—"
        return expected, f"{form.to_base(case.number('value')).normalize():f} {form.unit.id}"

    return outcome


def _regions(folder: PolicyFolder, _name: str) -> Callable[[Mapping], Outcome]:
    book = books.regions(folder)

    def outcome(case: Mapping) -> Outcome:
        day = case.day("day")
        found = book.on(day).get(case.text("code")) if day else None
        return case.text("expect"), found.name if found else "—"

    return outcome


def _parameter(folder: PolicyFolder, name: str) -> Callable[[Mapping], Outcome]:
    parameter = books.parameter(folder, name.replace(".cases.yaml", ".yaml"))

    def outcome(case: Mapping) -> Outcome:
        day = case.day("day")
        found = next((value for value in parameter.values if day and value.validity.holds_on(day)), None)
        told = case.entries["expect"]
        is_none = isinstance(told, Leaf) and told.value == _NONE
        expected = "—" if is_none else _spoken(numbers(case, "expect"))
        return expected, _spoken(found.numbers) if found else "—"

    return outcome


def _spoken(values: tuple[object, ...]) -> str:
    return ", ".join(map(str, values))


#: Which case files are tried how: (pattern of the name, maker of the trial); None: the room's own tests try them.
TRIALS: tuple[tuple[str, Callable[[PolicyFolder, str], Callable[[Mapping], Outcome]] | None], ...] = (
    ("*/checks.cases.yaml", None),
    ("units.cases.yaml", _units),
    ("*/codes/regions.cases.yaml", _regions),
    ("*/targets/decomposition/*.cases.yaml", None),
    ("*/targets/*.cases.yaml", _parameter),
    ("*/indicators/*/*.cases.yaml", _parameter),
    ("*/quotas/*.cases.yaml", _parameter),
    ("*/emissions/factors/*.cases.yaml", _parameter),
    ("*/monitoring/rates/*.cases.yaml", _parameter),
    ("*/monitoring/alarms/*.cases.yaml", _parameter),
    ("*/monitoring/metering/*.cases.yaml", _parameter),
    ("*/monitoring/sewage/*.cases.yaml", _parameter),
    ("*/monitoring/evidence/*.cases.yaml", _parameter),
    ("*/monitoring/equipment/*.cases.yaml", _parameter),
    ("*/monitoring/upkeep/*.cases.yaml", _parameter),
)


def check_cases(folder: PolicyFolder, name: str) -> Iterator[Finding]:
    """A finding for each case of the file ``name`` that fails; none where its rule does not read: others find that."""
    read = folder.check(name)
    trial = next((maker for pattern, maker in TRIALS if fnmatchcase(name, pattern)), None)
    if trial is None or read.findings or not isinstance(read.node, Listing):
        return
    try:
        outcome = trial(folder, name)
    except PolicyRefused:
        return
    for case in read.node.mappings():
        expected, found = outcome(case)
        if expected != found:
            yield refuse("POL-030", case.place, name=case.text("name"), expected=expected, found=found)
