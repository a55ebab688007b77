"""所凭何物: what a plan's checks ask for beside the return itself, so that it can be prepared beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.conditions import references
from shuangkong.reporting.checks.places import field_of
from shuangkong.reporting.checks.plan import Plan
from shuangkong.reporting.checks.reference import ROW, Reference, Whence
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.evidence import offered_fields
from shuangkong.reporting.forms.model import Span, Table

#: Methods that compare a ratio with that of other units.
_PEERS = "peers"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Attributes:
    evidence: id → what the figure that it is held against covers: the period, or the year up to its end.
    others: forms of the same unit, for periods that end with this one.
    is_before: earlier returns of the year; ``peers``: codes of checks that compare with other units.
    """

    evidence: Mapping[str, Span]
    others: frozenset[str]
    is_before: bool
    peers: tuple[str, ...]


def wanted(plan: Plan, law: Law) -> Wanted:
    """What the checks of a plan ask for, and what fields of the form begin with."""
    evidence: dict[str, Span] = {}
    others: set[str] = set()
    is_before = False
    for rule in plan.rules:
        told = references(rule)
        others |= {each.form for each in told.values() if each.whence is Whence.FORM and each.form}
        is_before |= any(each.whence is Whence.BEFORE for each in told.values())
        for reference in told.values():
            if reference.whence is Whence.EVIDENCE:
                for row in _rows(rule, law, reference):
                    evidence.setdefault(reference.name.replace(ROW, row), _span(rule, law, told, row))
    for field, first in offered_fields(law.form):
        evidence.setdefault(first.which, Span.TO_DATE if field.span is Span.TO_DATE else Span.PERIOD)
    peers = tuple(rule.code for rule in plan.rules if rule.method == _PEERS)
    return Wanted(evidence, frozenset(others), is_before, peers)


def _rows(rule: Rule, law: Law, reference: Reference) -> Iterator[str]:
    if ROW not in reference.name:
        yield ""
        return
    for table in law.tables(rule):
        yield from (row for row in table.row_ids if rule.covers_row(row))


def _span(rule: Rule, law: Law, told: Mapping[str, Reference], row: str) -> Span:
    """Of the cells of this return that the evidence stands against."""
    for reference in told.values():
        if reference.whence is not Whence.OWN:
            continue
        for table in _tables(rule, law, reference):
            field = field_of(table, row if reference.row == ROW else reference.row, reference.column)
            fields = table.fields if reference.row == "*" else (field,)
            if any(
                each is not None and each.column == reference.column and each.span is Span.TO_DATE for each in fields
            ):
                return Span.TO_DATE
    return Span.PERIOD


def _tables(rule: Rule, law: Law, reference: Reference) -> tuple[Table, ...]:
    if not reference.table:
        return law.tables(rule)
    found = law.form.by_id.get(reference.table)
    return () if found is None else (found,)
