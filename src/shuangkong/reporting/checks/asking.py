"""取数: a reference made ready: a function that finds its figure in a run, and says where that stands in words.

It is made ready once, for one row of a fixed table or for every row of an open one: which row is then told when asking.
Figures come in base units, as whatever computes across fields takes them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.policyfile.expression.given import Told as Figure
from shuangkong.reporting.checks.context import Sheet
from shuangkong.reporting.checks.context import Told as Entry
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.places import address_of, blank, field_of, unit_of, words
from shuangkong.reporting.checks.reference import ALL_ROWS, COEFFICIENT, ROW, SPOKEN, Reference, Whence
from shuangkong.reporting.checks.run import Run
from shuangkong.reporting.forms.model import Field, Form, Table

#: (run, row at hand) → figure in base units.
type Getter = Callable[[Run, str], Figure]
_NO_UNIT = Message("", "")
_HOURS, _YEAR, _ONE = 24, 12, Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one name stands for.

    Attributes:
        address: row → the cell of this return; None where it is another's or no cell.
        words: row → what it is, for the ground; ``printed`` the unit that it is shown in, of ``factor`` base units.
    """

    get: Getter
    address: Callable[[str], str] | None
    words: Callable[[str], Message]
    printed: Message = _NO_UNIT
    factor: Decimal = _ONE
    #: Of a fixed cell of this return: its address, what a blank is, and its factor where that is not one.
    plain: tuple[str, State, Decimal | None] | None = None


def asked(reference: Reference, law: Law, table: Table | None, row: str) -> Asked | None:
    """The reference made ready; None where the form or the policy has no such thing.

    ``row``: of a fixed table; of an open one ROW: it is told when asking.
    """
    match reference.whence:
        case Whence.OWN | Whence.LAST | Whence.YEAR_AGO | Whence.BEFORE | Whence.FORM:
            return _cell(reference, law, table, row)
        case Whence.EVIDENCE:
            return _evidence(reference.name if row == ROW else reference.name.replace(ROW, row))
        case Whence.UNIT:
            return _of_unit(reference.name)
        case Whence.PERIOD:
            return _of_period(reference.name)
        case Whence.LOW | Whence.HIGH:
            return _parameter(reference, law, table, row)


def absence(reference: Reference, run: Run, row: str = "") -> Message | None:
    """Why the context holds nothing of what is referred to; None where it does."""
    context = run.context
    match reference.whence:
        case Whence.LAST if context.last is None:
            return Message("没有上期已接受的报表", "no accepted return of the period before is held")
        case Whence.YEAR_AGO if context.year_ago is None:
            return Message("没有上年同期已接受的报表", "no accepted return of the same period last year is held")
        case Whence.BEFORE if context.before is None:
            return Message("没有本年以前各期的报表", "no returns of earlier periods of this year are held")
        case Whence.FORM if reference.form not in context.others:
            return Message(
                f"同期报表 {reference.form} 没有报来", f"the return {reference.form} of the same period is not in"
            )
        case Whence.EVIDENCE if (name := reference.name.replace(ROW, row)) not in context.evidence:
            plain = Message(f"没有可对照的数据：{name}", f"nothing is held to compare it with: {name}")
            return context.lacking.get(name, plain)
        case Whence.UNIT if context.unit is None or reference.name not in context.unit:
            return Message(f"登记信息缺 {reference.name}", f"the register does not tell {reference.name}")
        case _:
            return None


def _cell(reference: Reference, law: Law, table: Table | None, row: str) -> Asked | None:
    form = law.forms.get(reference.form) if reference.form else law.form
    found = None if form is None else form.by_id.get(reference.table) if reference.table else table
    if form is None or found is None:
        return None
    line = row if reference.row == ROW else reference.row
    if line == ALL_ROWS:
        return _all_rows(reference, found)
    field = field_of(found, line, reference.column)
    return None if field is None else _one(reference, form, found, field, line)


def _one(reference: Reference, form: Form, table: Table, field: Field, line: str) -> Asked:
    spoken, fixed = SPOKEN[reference.whence], address_of(table, line, reference.column)

    def address(row: str) -> str:
        return fixed if line != ROW else address_of(table, row, reference.column)

    def told(row: str) -> Message:
        found = words(form, address(row))
        return Message(f"{spoken.zh}{found.zh}", f"{spoken.en}{found.en}")

    plain = _open_row(reference, field, *fixed.split(ROW)) if line == ROW else _fixed_row(reference, field, fixed)
    if reference.whence is not Whence.OWN:
        return Asked(_in_base_units(plain, field.factor), None, told, unit_of(field), field.factor)
    cell = None if line == ROW else (fixed, blank(field), None if field.factor == 1 else field.factor)
    return Asked(_in_base_units(plain, field.factor), address, told, unit_of(field), field.factor, cell)


def _in_base_units(get: Getter, factor: Decimal) -> Getter:
    if factor == 1:
        return get

    def based(run: Run, row: str) -> Figure:
        told = get(run, row)
        return told * factor if isinstance(told, Decimal) else told

    return based


def _fixed_row(reference: Reference, field: Field, address: str) -> Getter:
    empty = blank(field)
    match reference.whence:
        case Whence.OWN:
            return lambda run, _: _figure(run.sheet.values.get(address, empty))
        case Whence.BEFORE:
            return lambda run, _: _summed(run, address, empty)
        case _:
            sheet_of = _sheet(reference)
            return lambda run, _: _figure(sheet_of(run).values.get(address, empty))


def _open_row(reference: Reference, field: Field, before: str, after: str) -> Getter:
    """``before`` and ``after``: what stands around the row at hand in the address."""
    empty, sheet_of = blank(field), _sheet(reference)
    if reference.whence is Whence.BEFORE:
        return lambda run, row: _summed(run, f"{before}{row}{after}", empty)
    return lambda run, row: _figure(sheet_of(run).values.get(f"{before}{row}{after}", empty))


def _summed(run: Run, address: str, empty: State) -> Figure:
    """A cell over the earlier periods of the year; where one of them is not held there is no sum."""
    held = run.context.before
    return State.MISSING if held is None else added(_figure(each.values.get(address, empty)) for each in held)


def _figure(told: Entry) -> Figure:
    """A cell as a figure: words are none."""
    return told if isinstance(told, (Decimal, State)) else State.NOT_APPLICABLE


_NOTHING = Sheet({})


def _sheet(reference: Reference) -> Callable[[Run], Sheet]:
    match reference.whence:
        case Whence.LAST:
            return lambda run: run.context.last or _NOTHING
        case Whence.YEAR_AGO:
            return lambda run: run.context.year_ago or _NOTHING
        case Whence.FORM:
            return lambda run: run.context.others.get(reference.form, _NOTHING)
        case _:
            return lambda run: run.sheet


def _all_rows(reference: Reference, table: Table) -> Asked | None:
    """The column added up: rows that are totals or parts of another are in it once."""
    fields = [field for field in table.fields if field.column == reference.column and _counts(table, field)]
    if not fields:
        return None
    spoken, head, sheet_of = SPOKEN[reference.whence], table.column(reference.column), _sheet(reference)
    addresses = [(field.address, blank(field), field.factor) for field in fields]

    def figures(sheet: Sheet) -> Iterator[Figure]:
        for address, empty, factor in addresses:
            keys = sheet.keys.get(table.id, ()) if table.open is not None else ("",)
            for key in keys:
                told = _figure(sheet.values.get(address.replace("[*]", f"[{key}]"), empty))
                yield told * factor if isinstance(told, Decimal) else told

    def total(run: Run, _: str) -> Figure:
        if reference.whence is Whence.BEFORE and run.context.before is None:
            return State.MISSING
        sheets = run.context.before or () if reference.whence is Whence.BEFORE else (sheet_of(run),)
        return added(told for sheet in sheets for told in figures(sheet))

    told = Message(
        f"{spoken.zh}{table.name.zh}·各行{head.name.zh}之和", f"{spoken.en}{table.name.en}, {head.name.en} of all rows"
    )
    return Asked(total, None, lambda _: told, unit_of(fields[0]), fields[0].factor)


def _counts(table: Table, field: Field) -> bool:
    if table.open is not None:
        return True
    row = table.row(field.row)
    return not row.is_total and not row.within


def added(figures: Iterable[Figure]) -> Figure:
    """What does not apply is absent from the sum; what is missing leaves it without a figure."""
    total, is_any = Decimal(0), False
    for told in figures:
        if isinstance(told, Decimal):
            total, is_any = total + told, True
        elif told is not State.NOT_APPLICABLE:
            return told
    return total if is_any else State.NOT_APPLICABLE


def _evidence(name: str) -> Asked:
    def key(row: str) -> str:
        return name.replace(ROW, row)

    def get(run: Run, row: str) -> Figure:
        found = run.context.evidence.get(key(row) if has_row else name)
        return State.MISSING if found is None else found.value

    has_row = ROW in name
    return Asked(get, None, lambda row: Message(f"对照数据 {key(row)}", f"evidence {key(row)}"))


def _of_unit(name: str) -> Asked:
    told = Message(f"{SPOKEN[Whence.UNIT].zh} {name}", f"{SPOKEN[Whence.UNIT].en}{name}")
    return Asked(lambda run, _: _figure((run.context.unit or {}).get(name, State.MISSING)), None, lambda _: told)


def _of_period(part: str) -> Asked:
    def get(run: Run, _: str) -> Figure:
        period = run.context.period
        match part:
            case "days":
                return Decimal(_days(period))
            case "hours":
                return Decimal(_days(period) * _HOURS)
            case "months":
                return Decimal(period.months)
            case _:
                return Decimal(period.first_month % _YEAR + 1)

    told = Message(f"{SPOKEN[Whence.PERIOD].zh} {part}", f"{SPOKEN[Whence.PERIOD].en}{part}")
    return Asked(get, None, lambda _: told)


def _days(period: Period) -> int:
    months = (divmod(period.first_month + month, 12) for month in range(period.months))
    return sum(monthrange(year, month + 1)[1] for year, month in months)


def _parameter(reference: Reference, law: Law, table: Table | None, row: str) -> Asked | None:
    """A parameter of the policy in its own unit: rules divide by what they must."""
    name = reference.name.replace(ROW, row)
    if COEFFICIENT in name:
        line = next((each for each in table.rows if each.id == row), None) if table is not None else None
        name = name.replace(COEFFICIENT, line.coefficient if line is not None else "")
    found = law.value(name)
    if found is None:
        return None
    number = min(found.numbers) if reference.whence is Whence.LOW else max(found.numbers)
    spoken = SPOKEN[reference.whence]
    zh, en = ("", "") if found.is_verified else ("，未核实", ", unverified")
    told = Message(f"{spoken.zh}（{found.source}{zh}）", f"{spoken.en}({found.source}{en})")
    return Asked(lambda *_: number, None, lambda _: told)
