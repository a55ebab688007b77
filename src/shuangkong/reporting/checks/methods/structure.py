"""表内结构: parts and wholes that the form itself declares (其中、合计), wherever it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.policyfile.expression.given import WRITTEN
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.cells import is_figure
from shuangkong.reporting.checks.places import unit_of, words
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import FIGURES_LACKING, Run, Test
from shuangkong.reporting.checks.telling import Teller, in_words, shown
from shuangkong.reporting.forms.model import Field, Table


@dataclass(frozen=True, slots=True)
class _Whole:
    """A cell and those that are parts of it (其中), all with the unit of one column or of one row."""

    whole: Field
    parts: tuple[Field, ...]


def _wholes(tables: Iterable[Table]) -> Iterator[_Whole]:
    for table in tables:
        for field in filter(is_figure, table.fields):
            for parts in (_rows_within(table, field), _columns_within(table, field)):
                if parts:
                    yield _Whole(field, tuple(parts))


def _rows_within(table: Table, field: Field) -> list[Field]:
    rows = [row.id for row in table.rows if row.within and row.within == field.row]
    found = (table.by_place.get((row, field.column)) for row in rows)
    return [each for each in found if each is not None and each.unit == field.unit]


def _columns_within(table: Table, field: Field) -> list[Field]:
    columns = [column.id for column in table.columns if column.within and column.within == field.column]
    found = (table.by_place.get((field.row, column)) for column in columns)
    return [each for each in found if each is not None and each.unit == field.unit]


def parts(rule: Rule, law: Law) -> Iterable[Test]:
    """其中项: parts of a whole are together no more than the whole, whatever the form marks as parts of what."""
    found = tuple(each for each in _wholes(law.tables(rule)) if rule.covers_row(each.whole.row))
    if not found:
        return
    teller = Teller(rule, law)
    fixed = [
        (each, each.whole.address, [part.address for part in each.parts], all(
            part.factor == each.whole.factor for part in each.parts
        )) for each in found if not _is_open(each.whole)
    ]  # fmt: skip
    opened = [each for each in found if _is_open(each.whole)]

    def test(run: Run) -> None:
        get = run.figures.get
        for each, whole, addresses, is_alike in fixed:
            if (told := get(whole)) is None:
                continue
            figures = [figure for at in addresses if (figure := get(at)) is not None]
            if is_alike and figures and sum(figures) <= told:
                run.judged.add(rule.code)
                run.passed.add(rule.code)
            elif figures:
                judge(run, each, "")
        for each in opened:
            for key in run.sheet.keys.get(each.whole.table, ()):
                judge(run, each, key)
        run.lacks(rule.code, FIGURES_LACKING)

    def judge(run: Run, each: _Whole, key: str) -> None:
        values, whole = run.sheet.values, _keyed(each.whole.address, key)
        told = values.get(whole)
        lines = [(_keyed(part.address, key), part) for part in each.parts]
        figures = [
            (address, part, value) for address, part in lines if isinstance(value := values.get(address), Decimal)
        ]
        if not figures or not isinstance(told, Decimal):
            return
        run.judged.add(rule.code)
        total = sum((value * part.factor for _, part, value in figures), Decimal(0))
        if total <= told * each.whole.factor:
            run.passed.add(rule.code)
            return
        total = WRITTEN.divide(total, each.whole.factor)
        filled = {"found": shown(total), "expected": shown(told), "difference": shown(total - told)}
        sides = [(words(law.form, whole), told, unit_of(each.whole))]
        sides += [(words(law.form, address), value, unit_of(part)) for address, part, value in figures]
        teller.tell(run, (whole, *(address for address, _, _ in figures)), filled, in_words(sides))

    yield test


def _is_open(field: Field) -> bool:
    return "[" in field.address


def _keyed(address: str, key: str) -> str:
    return address.replace("[*]", f"[{key}]") if key else address


def whole_alone(rule: Rule, law: Law) -> Iterable[Test]:
    """其中项缺报: a part is told and the whole that it is part of is not."""
    found = tuple(each for each in _wholes(law.tables(rule)) if each.whole.is_told and not _is_open(each.whole))
    if not found:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        values = run.sheet.values
        run.judged.add(rule.code)
        for each in found:
            told = [part for part in each.parts if isinstance(value := values.get(part.address), Decimal) and value]
            if not told:
                continue
            if isinstance(values.get(each.whole.address), Decimal):
                run.passed.add(rule.code)
                continue
            part = words(law.form, told[0].address)
            teller.tell(run, (each.whole.address, told[0].address), {"part": part})

    yield test


def nothing_told(rule: Rule, law: Law) -> Iterable[Test]:
    """空表: a return in which every figure is zero, missing or not applicable. Of a unit of which the desk registered
    that it has stopped no return is due, so that none is checked."""
    figures = [field for field in law.form.fields.values() if is_figure(field) and field.is_told]
    if not figures:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        if any(isinstance(told, Decimal) and told for told in run.sheet.values.values()):
            run.passed.add(rule.code)
        else:
            teller.tell(run, (), {"found": Message("0", "0")})

    yield test
