"""数字规律: what invented figures look like: first and last digits, round numbers, one figure in many places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from math import log10

from shuangkong.core.finding import Message
from shuangkong.reporting.checks.law import Law
from shuangkong.reporting.checks.methods.cells import cells, is_amount
from shuangkong.reporting.checks.places import address_of, words
from shuangkong.reporting.checks.rule import Rule
from shuangkong.reporting.checks.run import Run, Test
from shuangkong.reporting.checks.telling import Teller, said, shown
from shuangkong.reporting.forms.model import Field, FieldKind, Table

_HUNDRED = Decimal(100)
#: Share of each first digit where figures span several orders of magnitude (Benford).
_FIRST_DIGITS = {digit: log10(1 + 1 / digit) for digit in range(1, 10)}
TOO_FEW = Message("数据个数太少，看不出规律", "too few figures to show a pattern")


def benford(rule: Rule, law: Law) -> Iterable[Test]:
    """首位数字（本福特律）: first digits of at least ``count`` figures over ``orders`` orders of magnitude.

    It fits amounts that span orders of magnitude and no others, so it is asked only of those; beyond ``chi_square``
    (eight degrees of freedom) the digits are not those of amounts that grew by themselves.
    """
    found = cells(rule, law, is_amount)
    if not found:
        return
    teller = Teller(rule, law)
    count, orders, most = law.limit(rule, "count"), law.limit(rule, "orders"), law.limit(rule, "chi_square")

    def test(run: Run) -> None:
        figures = {abs(figure) for _, figure in found.figures(run) if figure}
        if len(figures) < count or max(figures) < min(figures) * Decimal(10) ** int(orders):
            return run.lacks(rule.code, TOO_FEW)
        run.judged.add(rule.code)
        firsts = Counter(first_digit(figure) for figure in figures)
        chi = chi_square(firsts, len(figures))
        if chi <= most:
            run.passed.add(rule.code)
            return None
        top, times = firsts.most_common(1)[0]
        filled = {"found": shown(chi), "count": shown(Decimal(len(figures))), "digit": said(str(top)),
                  "times": shown(Decimal(times))}  # fmt: skip
        return teller.tell(run, (), filled)

    yield test


def first_digit(figure: Decimal) -> int:
    """The first digit that is not zero."""
    return int(figure.scaleb(-figure.adjusted()))


def chi_square(firsts: Counter[int], count: int) -> Decimal:
    """How far first digits are from Benford's shares, to two decimals."""
    total = sum((firsts[digit] - count * share) ** 2 / (count * share) for digit, share in _FIRST_DIGITS.items())
    return Decimal(str(round(total, 2)))


def last_digits(rule: Rule, law: Law) -> Iterable[Test]:
    """末位数字: of at least ``count`` figures with decimals, ``pct`` or more end in one digit that is not zero."""

    def ending(field: Field, figure: Decimal) -> str:
        if not field.decimals or figure == figure.to_integral_value():
            return ""
        return str(abs(int(figure.scaleb(field.decimals))) % 10)

    yield from _endings(rule, law, ending, frozenset({"0"}))


def round_numbers(rule: Rule, law: Law) -> Iterable[Test]:
    """整数: of at least ``count`` figures of three digits or more, ``pct`` or more end in two zeros."""

    def ending(_: Field, figure: Decimal) -> str:
        if abs(figure) < _HUNDRED:
            return ""
        return "00" if figure % _HUNDRED == 0 else "…"

    yield from _endings(rule, law, ending, frozenset({"…"}))


def _endings(rule: Rule, law: Law, ending: Callable[[Field, Decimal], str], but: frozenset[str]) -> Iterable[Test]:
    """Whether too many figures end alike; what has no ending does not count, an ending in ``but`` is never too many."""
    found = cells(rule, law, is_amount)
    if not found:
        return
    teller, count, pct = Teller(rule, law), law.limit(rule, "count"), law.limit(rule, "pct")

    def test(run: Run) -> None:
        told = [(field, figure) for _, field, figure in found.filled(run) if isinstance(figure, Decimal) and figure]
        endings = Counter([end for field, figure in told if (end := ending(field, figure))])
        total = endings.total()
        if total < count:
            return run.lacks(rule.code, TOO_FEW)
        run.judged.add(rule.code)
        top, times = next((each for each in endings.most_common() if each[0] not in but), ("", 0))
        if times * _HUNDRED < pct * total:
            run.passed.add(rule.code)
            return None
        return teller.tell(
            run, (), {"digit": said(top), "times": shown(Decimal(times)), "count": shown(Decimal(total))}
        )

    yield test


def one_figure(rule: Rule, law: Law) -> Iterable[Test]:
    """同一数字: one figure of ``digits`` digits or more stands in at least ``times`` different cells told by hand."""
    found = cells(rule, law, is_amount)
    if not found:
        return
    teller, times, digits = Teller(rule, law), law.limit(rule, "times"), law.limit(rule, "digits")

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        places: dict[Decimal, list[str]] = {}
        for address, figure in found.figures(run):
            if figure:
                places.setdefault(figure, []).append(address)
        repeated = [
            (figure, where)
            for figure, where in places.items()
            if len(where) >= times and len(figure.normalize().as_tuple().digits) >= digits
        ]
        if not repeated:
            run.passed.add(rule.code)
        for figure, where in repeated:
            teller.tell(run, where, {"found": shown(figure), "times": shown(Decimal(len(where)))})

    yield test


def rows_alike(rule: Rule, law: Law) -> Iterable[Test]:
    """照抄行: two rows of a table have the same figures in every column, at least ``count`` of them not zero."""
    count = law.limit(rule, "count")
    tables = [(table, columns) for table in law.tables(rule) if len(columns := _amounts(table)) >= count]
    if not tables:
        return
    teller = Teller(rule, law)
    fixed = {table.id: _lines(table, _plain_rows(table), columns) for table, columns in tables if table.open is None}

    def test(run: Run) -> None:
        run.judged.add(rule.code)
        get = run.sheet.values.get
        for table, columns in tables:
            seen: dict[tuple[Decimal | None, ...], str] = {}
            lines = fixed.get(table.id) or _lines(table, run.sheet.keys.get(table.id, ()), columns)
            for row, addresses in lines:
                figures = tuple(told if isinstance(told := get(each), Decimal) else None for each in addresses)
                if sum(1 for figure in figures if figure) < count:
                    continue
                first = seen.setdefault(figures, row)
                if first == row:
                    run.passed.add(rule.code)
                    continue
                other = words(law.form, address_of(table, first, columns[0]))
                teller.tell(run, (addresses[0],), {"first": other})

    yield test


def _amounts(table: Table) -> list[str]:
    told = {field.column for field in table.fields if is_amount(field)}
    return [column.id for column in table.columns if column.kind is FieldKind.FIGURE and column.id in told]


def _lines(table: Table, rows: Iterable[str], columns: Iterable[str]) -> list[tuple[str, list[str]]]:
    """(row, its addresses)."""
    return [(row, [address_of(table, row, column) for column in columns]) for row in rows]


def _plain_rows(table: Table) -> list[str]:
    return [row.id for row in table.rows if not row.is_total and not row.within]
