"""期间相合: figures of two forms are compared where both cover the same months.

A return is held against that of another form which ends with it (a quarter against its last month, a year against
December). A cumulative figure there covers the year so far; one of the month alone never covers the quarter.
"""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.conditions import references
from shuangkong.reporting.checks.places import field_of
from shuangkong.reporting.checks.reference import ALL_ROWS, ROW, Reference, Whence
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.forms.model import Field, FieldKind, Form, Span, Table
from shuangkong.reporting.forms.spans import meet


def never_meeting(rule: Rule, law: Law) -> Iterator[str]:
    """References of a rule to another form's figures which cover other months than all that is told here."""
    told = references(rule).values()
    own = {each.span for one in told if one.whence is Whence.OWN for each in _fields(one, rule, law, law.form)}
    if any(each.whence is Whence.BEFORE for each in told):
        own.add(Span.TO_DATE)  # earlier returns of the year added to this one
    own.discard(Span.INSTANT)
    for each in told:
        form = law.forms.get(each.form) if each.whence is Whence.FORM else None
        if form is None or not own:
            continue
        theirs = {field.span for field in _fields(each, rule, law, form)}
        if theirs and not any(meet(law.form.every, mine, form.every, other) for mine in own for other in theirs):
            yield f"{each.form}:{each.table}.{each.row}.{each.column}"


def _fields(reference: Reference, rule: Rule, law: Law, form: Form) -> Iterator[Field]:
    """The figures that a reference may mean in any row."""
    found = form.by_id.get(reference.table)
    tables: tuple[Table, ...] = (found,) if found is not None else () if reference.table else law.tables(rule)
    for table in tables:
        if reference.row in (ROW, ALL_ROWS):
            fields = [each for each in table.fields if each.column == reference.column]
        else:
            fields = [each for each in (field_of(table, reference.row, reference.column),) if each is not None]
        yield from (each for each in fields if each.kind is FieldKind.FIGURE)
