"""逐格审核: what a single cell may hold, whatever stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.reporting.checks.context import Told
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.cells import Cells, bounds, cells, is_any, is_figure, is_told_figure
from shuangkong.reporting.checks.places import address_of
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Run, Test
from shuangkong.reporting.checks.telling import Teller, said, shown
from shuangkong.reporting.forms.model import Field, FieldKind

#: As many as a form may ask for.
_MOST_DECIMALS = 8
#: What is wrong with a cell, as figures of the message by name; None where nothing is.
type Wrong = Callable[[Field, Told, Run], dict[str, Message] | None]
_NONE: dict[str, Message] = {}
_POWERS = [Decimal(10) ** places for places in range(_MOST_DECIMALS + 1)]


def _each(
    rule: Rule, law: Law, found: Cells, wrong: Wrong, is_sound: Callable[[Run], bool] | None = None
) -> Iterable[Test]:
    """A test of every cell that has something told in it; nothing where the form has no such cell.

    ``is_sound``: sees at one glance that nothing is wrong with any of them, as with nearly every return.
    """
    if not found:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        if is_sound is not None and is_sound(run):
            if found.is_any_told(run):
                run.passed.add(rule.code)
            return
        faults = 0
        for address, field, told in (filled := found.filled(run)):
            fault = wrong(field, told, run)
            if fault is not None:
                faults += 1
                teller.tell(run, (address,), {"found": said(told), **fault})
        if faults < len(filled):
            run.passed.add(rule.code)

    yield test


def required(rule: Rule, law: Law) -> Iterable[Test]:
    """必填（统计法第七条：完整、及时）: a cell that the form requires is told, or said not to apply.

    An optional row in which nothing at all is told does not apply as a whole.
    """
    found = cells(rule, law, _must_be_told)
    if not found:
        return
    teller, by_row = Teller(rule, law), _rows(law)

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        values = run.sheet.values
        for address, field, told in found.told(run):
            if told is not State.MISSING:
                run.passed.add(rule.code)
                continue
            others = by_row.get((field.table, field.row))
            if others is None or any(not isinstance(values.get(each, State.MISSING), State) for each in others):
                teller.tell(run, (address,), _NONE)

    yield test


def _is_never_negative(field: Field) -> bool:
    return is_figure(field) and not field.may_be_negative


def _is_day(field: Field) -> bool:
    return field.kind is FieldKind.DAY


def _is_chosen(field: Field) -> bool:
    return field.kind is FieldKind.CODE and bool(field.choices)


def _is_text(field: Field) -> bool:
    return field.kind is FieldKind.TEXT


def _must_be_told(field: Field) -> bool:
    return field.is_required and field.is_told


def _rows(law: Law) -> dict[tuple[str, str], tuple[str, ...]]:
    """Of optional rows: the addresses that a person fills in."""
    return {
        (table.id, row.id): tuple(field.address for field in table.fields if field.row == row.id and field.is_told)
        for table in law.form.tables
        for row in table.rows
        if row.is_optional
    }


def sign(rule: Rule, law: Law) -> Iterable[Test]:
    """符号: no amount is below zero, but in fields that may be (differences, changes)."""
    zero = Decimal(0)
    found = cells(rule, law, _is_never_negative)
    return _each(
        rule, law, found, lambda _, told, __: _NONE if isinstance(told, Decimal) and told < zero else None,
        lambda run: bounds(run)[0] >= zero,
    )  # fmt: skip


def decimals(rule: Rule, law: Law) -> Iterable[Test]:
    """小数位: no more decimals than the form keeps; rounding is the reporter's, not the system's (修约)."""

    def wrong(field: Field, told: Told, _: Run) -> dict[str, Message] | None:
        if not isinstance(told, Decimal):
            return None
        last = told * _POWERS[field.decimals]
        return None if last == last.to_integral_value() else {"expected": shown(Decimal(field.decimals))}

    found = cells(rule, law, is_told_figure)
    alike: dict[int, list[str]] = {}
    for address, field, _ in found.fixed:
        alike.setdefault(field.decimals, []).append(address)

    def is_sound(run: Run) -> bool:
        try:
            return not found.opened and all(_keep(run.figures, *each) for each in alike.items())
        except ArithmeticError:
            return False

    return _each(rule, law, found, wrong, is_sound)


def _keep(figures: Mapping[str, Decimal], decimals: int, addresses: Iterable[str]) -> bool:
    """Whether no figure has more decimals than these. ArithmeticError where that takes more digits than are kept."""
    told = [figure for each in addresses if (figure := figures.get(each)) is not None]
    # A sum that loses nothing has as many decimals as that of its figures which has most, zeros at the end counted.
    last = sum(told, Decimal(0)).as_tuple().exponent
    if isinstance(last, int) and last >= -decimals:
        return True
    step = Decimal(1).scaleb(-decimals)
    return not any(figure % step for figure in told)


def digits(rule: Rule, law: Law) -> Iterable[Test]:
    """位数: a figure has at most ``digits`` digits before the point: more is a slip of the keyboard or of the unit."""
    most = Decimal(10) ** int(law.limit(rule, "digits"))
    found = cells(rule, law, is_figure)
    return _each(
        rule, law, found, lambda _, told, __: _NONE if isinstance(told, Decimal) and abs(told) >= most else None,
        lambda run: bounds(run)[0] > -most and bounds(run)[1] < most,
    )  # fmt: skip


def kind(rule: Rule, law: Law) -> Iterable[Test]:
    """填写类型: figures in cells for figures, days in cells for days."""
    found = cells(rule, law, is_any)
    return _each(rule, law, found, lambda field, told, _: None if _fits(field.kind, told) else _NONE, found.are_figures)


def _fits(kind_: FieldKind, told: Told) -> bool:
    match kind_:
        case FieldKind.FIGURE:
            return isinstance(told, Decimal) and told.is_finite()
        case FieldKind.DAY:
            return isinstance(told, str) and _day(told) is not None
        case _:
            return isinstance(told, str)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day(rule: Rule, law: Law) -> Iterable[Test]:
    """日期: a day told is not after the filing or the period (``until: filing``, ``period``), or not before its end
    (``since: period``).
    """
    until, since = rule.options.get("until", "filing"), rule.options.get("since", "")

    def wrong(_: Field, told: Told, run: Run) -> dict[str, Message] | None:
        found = _day(told) if isinstance(told, str) else None
        bound = run.context.period.last_day if since or until == "period" else run.context.day
        if found is None or (found >= bound if since else found <= bound):
            return None
        return {"expected": Message(str(bound), str(bound))}

    return _each(rule, law, cells(rule, law, _is_day), wrong)


def answered(rule: Rule, law: Law) -> Iterable[Test]:
    """回答: a question is answered with what ``doubtful`` names (yes, no, a code), which asks for a word more."""
    doubtful = rule.options["doubtful"]
    return _each(rule, law, cells(rule, law, is_any), lambda _, told, __: _NONE if told == doubtful else None)


def code(rule: Rule, law: Law) -> Iterable[Test]:
    """代码: a code is one of those that the field takes (能源品种、行业、类别)."""

    def wrong(field: Field, told: Told, _: Run) -> dict[str, Message] | None:
        if not isinstance(told, str) or told in field.codes:
            return None
        return {"expected": Message("、".join(sorted(field.codes)[:_SHOWN]), ", ".join(sorted(field.codes)[:_SHOWN]))}

    return _each(rule, law, cells(rule, law, _is_chosen), wrong)


#: Codes that a message names.
_SHOWN = 8


def wordy(rule: Rule, law: Law) -> Iterable[Test]:
    """文字: words told in a field for words say something: at least ``letters`` characters beside signs and blanks."""
    fewest = law.limit(rule, "letters")
    found = cells(rule, law, _is_text)

    def wrong(_: Field, told: Told, __: Run) -> dict[str, Message] | None:
        return _NONE if isinstance(told, str) and sum(map(str.isalnum, told)) < fewest else None

    return _each(rule, law, found, wrong)


def named_twice(rule: Rule, law: Law) -> Iterable[Test]:
    """重复行: no two rows of an open table are called alike, blanks and width of letters apart."""
    opened = [table for table in law.tables(rule) if table.open is not None and table.open.kind == "text"]
    if not opened:
        return
    teller = Teller(rule, law)

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        for table in opened:
            seen: dict[str, str] = {}
            for row in run.sheet.keys.get(table.id, ()):
                first = seen.setdefault(_plain(row), row)
                if first == row:
                    run.passed.add(rule.code)
                    continue
                address = address_of(table, row, table.fields[0].column)
                teller.tell(run, (address,), {"found": said(row), "first": said(first)})

    yield test


def _plain(text: str) -> str:
    return "".join(normalize("NFKC", text).split()).casefold()
