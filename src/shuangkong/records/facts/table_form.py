"""表式录入: a sheet in the shape of a table of the policy (rows × columns), as the long form that facts are taken in.

    能源平衡表
    地区 | 990100 | 时期 | 2023 | 状态 | 最终 | 空格表示 | 不适用
    项目 | 原煤 | 洗精煤 | …
    计量单位 | 万吨 | 万吨 | …
    一次能源生产量 | 12.3 | | …

The head says what a blank cell means: 不适用 (no such flow) or 缺失; unsaid, it says nothing. Sums that the form prints
are held against their rows and not taken in: they are computed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.indicators.balance import Balance
from shuangkong.indicators.balance.checks import agrees
from shuangkong.indicators.balance.rules import line_words
from shuangkong.indicators.table_words import Memo, Sum
from shuangkong.indicators.tables import Column, Table
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.facts.columns import COLUMNS, STATES
from shuangkong.records.facts.parsing import HEADINGS, RowRefused, figure
from shuangkong.records.facts.rows import LoadReport, RowVerdict
from shuangkong.rulebook import open_rulebook

#: Headings of the head of the form, of its first column, and of the row of units.
BLANK, ITEMS, UNITS = ("空格表示", "blank"), ("项目", "item"), ("计量单位", "unit")
_HEAD = ("subject", "period", "maturity", "origin", "evidence", "source", "note")
_LONG = ("indicator", "subject", "period", "value", "unit", "maturity", "origin", "evidence", "source", "note")
_LETTERS = 26
_LINE = Message("表内的行名或代码", "the name or id of a row of the table")
_COLUMN = Message("表内的列名或代码，每列一次", "the name or id of a column of the table, each once")
_BLANK = Message("不适用或缺失", "not_applicable or missing")
_GRID = Message(
    f"“{ITEMS[0]}”开头的列名行，下一行是“{UNITS[0]}”", f"a row that begins with “{ITEMS[0]}”, then “{UNITS[0]}”"
)


@dataclass(frozen=True)
class TableForm:
    """``rows``: the same in long form, headings first; ``places``: of each of them, row and column of the sheet."""

    rows: tuple[tuple[str, ...], ...]
    places: tuple[tuple[int, int], ...]
    refused: tuple[RowVerdict, ...] = ()

    def located(self, report: LoadReport) -> LoadReport:
        """The report with the places of the sheet in place of the rows of the long form, and what was refused here."""
        verdicts = [*map(self._located, report.verdicts), *self.refused]
        return replace(report, verdicts=tuple(sorted(verdicts, key=lambda each: each.row)))

    def _located(self, verdict: RowVerdict) -> RowVerdict:
        if not 2 <= verdict.row < len(self.places) + 2:
            return verdict
        row, column = self.places[verdict.row - 2]
        at = f"{letters(column)}{row}"
        message = Message(f"{at}：{verdict.message.zh}", f"{at}: {verdict.message.en}")
        return replace(verdict, row=row, message=message)


def table_form(rows: Sequence[Sequence[str]], tables: Mapping[str, Table]) -> TableForm | None:
    """None where the sheet is not headed by the name of a table. What cannot be read stands in ``refused``."""
    title = rows[0][0].strip() if rows and rows[0] else ""
    table = next((each for each in tables.values() if title in (each.id, each.zh, each.en)), None)
    if table is None:
        return None
    reader = _Reader(table, rows)
    try:
        reader.read()
    except RowRefused as fault:
        reader.refused.append(fault.verdict(reader.at))
    return TableForm((_headings(), *reader.long), tuple(reader.places), tuple(reader.refused))


def letters(column: int) -> str:
    """Of a column, counted from 0, as spreadsheets call it."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        found = chr(ord("A") + rest) + found
    return found


def _headings() -> tuple[str, ...]:
    return tuple(HEADINGS[name][0] for name in _LONG)


@dataclass
class _Reader:
    """Reads one sheet from the top down; ``at`` is the number of the row that it reads."""

    table: Table
    rows: Sequence[Sequence[str]]
    at: int = 2
    head: dict[str, str] = field(default_factory=dict)
    blank: str = ""
    columns: dict[int, Column] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)
    long: list[tuple[str, ...]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    refused: list[RowVerdict] = field(default_factory=list)
    figures: dict[tuple[str, str], Told] = field(default_factory=dict)
    sums: dict[tuple[Sum, str], tuple[int, int, str]] = field(default_factory=dict)

    def read(self) -> None:
        """Raises RowRefused where the shape itself is not that of the table."""
        below = self._read_head()
        lines = self._lines()
        for number, row in enumerate(self.rows[below:], below + 1):
            self.at = number
            name = row[0].strip() if row else ""
            if not any(text.strip() for text in row):
                continue
            if name not in lines:
                raise RowRefused("FCT-120", "row", _LINE, name)
            self._read_line(lines[name], row)
        self._hold_sums()

    def _read_head(self) -> int:
        """Reads down to the row of units; returns how many rows that makes."""
        names = {heading: column.name for column in COLUMNS for heading in column.headings if column.name in _HEAD}
        for number, row in enumerate(self.rows[1:], 2):
            self.at = number
            told = [text.strip() for text in row]
            if told and told[0] in ITEMS:
                self._read_columns(told)
                return self.at
            for label, value in pairwise(told):
                if label in names:
                    self.head[names[label]] = value
                elif label in BLANK:
                    self.blank = self._meant_blank(value)
        raise RowRefused("FCT-121", "heading", _GRID, "")

    def _meant_blank(self, text: str) -> str:
        if text and STATES.get(text) not in (State.NOT_APPLICABLE, State.MISSING):
            raise RowRefused("FCT-122", "heading", _BLANK, text)
        return text

    def _read_columns(self, told: Sequence[str]) -> None:
        known = {name: column for column in self.table.columns for name in (column.id, column.zh, column.en)}
        for place, name in enumerate(told[1:], 1):
            if name and (name not in known or known[name] in self.columns.values()):
                raise RowRefused("FCT-123", "heading", _COLUMN, name)
            if name:
                self.columns[place] = known[name]
        self.at += 1
        units = [text.strip() for text in self.rows[self.at - 1]] if self.at <= len(self.rows) else []
        if not self.columns or not units or units[0] not in UNITS:
            raise RowRefused("FCT-121", "heading", _GRID, units[0] if units else "")
        self.units = dict(enumerate(units))

    def _lines(self) -> dict[str, str]:
        """Name or id → id of each line that the form may have."""
        ids = (*self.table.lines, *Memo)
        return {name: line for line in ids for name in (*line_words(self.table, line), line)}

    def _read_line(self, line: str, row: Sequence[str]) -> None:
        rows = {each.id for each in self.table.rows}
        for place, column in self.columns.items():
            text = row[place].strip() if place < len(row) else ""
            if line in rows:
                self._keep(line, place, text or self.blank, self.units.get(place, ""))
            elif line in set(Memo) and text:
                self._keep(line, place, text, _printed(column.memo(Memo(line))))
            elif text:
                self.sums[Sum(line), column.id] = (self.at, place, text)

    def _keep(self, line: str, place: int, text: str, unit: str) -> None:
        if not text:
            return
        column = self.columns[place]
        told = self.head | {"indicator": self.table.cell(line, column.id), "value": text, "unit": unit}
        self.long.append(tuple(told.get(name, "") for name in _LONG))
        self.places.append((self.at, place))
        told_figure = _figure(text)
        if told_figure is not None:
            self.figures[line, column.id] = told_figure

    def _hold_sums(self) -> None:
        """A sum that the form prints is what its rows make."""
        balance = Balance(self.table, self.figures)
        for (line, column), (at, place, text) in self.sums.items():
            told, made = _figure(text), _made(balance, line, column)
            if isinstance(told, Decimal) and isinstance(made, Decimal) and not agrees(told, made):
                zh, en = line_words(self.table, line)
                expected = Message(f"{zh}等于各行之和 {made:f}", f"{en} as its rows make it, {made:f}")
                self.refused.append(
                    RowRefused("FCT-124", "value", expected, f"{letters(place)}{at} {text}").verdict(at)
                )


def _printed(unit: str) -> str:
    """The form in which a base unit is printed."""
    forms = open_rulebook().units().values()
    return next((form.printed for form in forms if form.unit.id == unit and form.factor == 1), unit)


def _made(balance: Balance, line: Sum, column: str) -> Told:
    sums = {
        Sum.SUPPLY: balance.supply, Sum.CONVERSION: balance.conversion, Sum.INPUT: balance.input,
        Sum.OUTPUT: balance.output, Sum.LOSSES: balance.loss, Sum.TERMINAL: balance.terminal,
        Sum.DIFFERENCE: balance.difference, Sum.TOTAL: balance.total,
    }  # fmt: skip
    return sums[line](column)


def _figure(text: str) -> Told | None:
    """None where it is neither a figure nor a word for its absence: the row itself will be refused."""
    try:
        state, value = figure(text)
    except RowRefused:
        return None
    return state if value is None else value
