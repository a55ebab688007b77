"""审核方案: the rules of a place made ready for one form and one day, so that a return is checked in no time.

Making a plan parses expressions and finds fields; checking only asks. A plan serves every return of the form's edition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shuangkong.policyfile.expression.quick import lossless
from shuangkong.reporting.checks.context import Context, Sheet, Told
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods import METHODS
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Judgement, Run, Test, judgement
from shuangkong.reporting.content import Content
from shuangkong.reporting.derive import values
from shuangkong.reporting.forms.model import Form


@dataclass(frozen=True, slots=True)
class Plan:
    """``rules``: those that have something to say of the form, in the order of their codes; ``tests``: theirs.

    ``always``: codes of those that no official may set aside for a unit.
    """

    form: str
    edition: str
    rules: tuple[Rule, ...]
    tests: tuple[Test, ...]
    always: frozenset[str] = frozenset()


def made_ready(rules: Iterable[Rule], law: Law) -> Plan:
    """The plan for a form; a rule that does not apply to it or finds nothing to judge in it is left out."""
    kept: list[Rule] = []
    tests: list[Test] = []
    for rule in sorted(rules, key=lambda each: each.code):
        if rule.applies_to(law.form.id, law.day) and (found := tuple(METHODS[rule.method](rule, law))):
            kept.append(rule)
            tests += found
    always = frozenset(rule.code for rule in kept if not rule.is_suppressible)
    return Plan(law.form.id, law.form.edition, tuple(kept), tuple(tests), always)


def check_return(plan: Plan, sheet: Sheet, context: Context) -> Judgement:
    """All that is doubtful about a return; what could not be judged says because of what."""
    run = Run(sheet, context)
    with lossless():
        for test in plan.tests:
            test(run)
    return judgement(run, plan.always)


def sheet_of(form: Form, content: Content) -> Sheet:
    """A return's content as checks see it: told and computed figures, blanks as the form means them, words."""
    found: dict[str, Told] = dict(values(form, content))
    for address, entry in content.entries.items():
        if isinstance(entry.value, str):
            found[address] = entry.value
    return Sheet(found, content.keys, content.not_applicable)
