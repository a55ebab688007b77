"""能源平衡表的审核: what does not add up in a balance, as findings (catalogue: policy/national/indicators/balance).

A told figure agrees with a computed one when it differs by no more than half a unit of its own last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.core.check import Check
from shuangkong.core.dated import NotInForce
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import as_printed
from shuangkong.indicators.balance.figures import Balance, Place, rows_with_sign, share, summed
from shuangkong.indicators.balance.rules import column_words, line_words
from shuangkong.indicators.conversion import Coefficient, Converter, Whence
from shuangkong.indicators.tables import Column, Part, Row
from shuangkong.policyfile.expression.given import Told, written

#: Row of what comes out of the ground, the water and the wind: a secondary energy has none.
PRIMARY_PRODUCTION = "primary_production"
_SHOWN = 2


@dataclass(frozen=True)
class BalanceAudit:
    """Checks one balance. ``whose``: the region and the period, in words that a person knows.

    Attributes:
        checks: code → row of the catalogue.
        day: on which the limits are taken.
        told_totals: total consumption by column as told, where a return has that row.
        printed: how many base units one of the last digit's unit is (10 000 where figures are told in 万).
    """

    balance: Balance
    checks: Mapping[str, Check]
    day: date
    whose: Message
    told_totals: Mapping[str, Told] = field(default_factory=dict)
    printed: Decimal = Decimal(1)

    def findings(self) -> Iterator[Finding]:
        """Of the physical balance, column by column in the order of the form."""
        for column in self.balance.table.columns:
            yield from self.of_signs(column)
            yield from self.of_difference(column)
            yield from self.of_total(column)
            yield from self.of_parts(column)
            yield from self.of_secondary(column)

    def of_signs(self, column: Column) -> Iterator[Finding]:
        for row in rows_with_sign(self.balance.table):
            told = self.balance.figure(row.id, column.id)
            if isinstance(told, Decimal) and told < 0:
                yield self.finding("IND-009", column, row, found=told)

    def of_difference(self, column: Column) -> Iterator[Finding]:
        """The graver of two limits alone."""
        difference, total = self.balance.difference(column.id), self.balance.total(column.id)
        found = share(difference, total)
        if not isinstance(found, Decimal):
            return
        for code, name in (("IND-002", "difference_pct"), ("IND-003", "notice_pct")):
            try:
                limit = self.checks[code].limit_on(name, self.day)
            except NotInForce:
                continue
            if abs(found) > limit:
                yield self.finding(code, column, found=difference, total=total, share=abs(found), limit=limit)
                return

    def of_total(self, column: Column) -> Iterator[Finding]:
        told, total = self.told_totals.get(column.id), self.balance.total(column.id)
        if isinstance(told, Decimal) and isinstance(total, Decimal) and not agrees(told, total, self.printed):
            yield self.finding("IND-004", column, found=told, expected=total)

    def of_parts(self, column: Column) -> Iterator[Finding]:
        for row in self.balance.table.rows:
            whole, parts = self.balance.figure(row.id, column.id), self.balance.within(row.id, column.id)
            if isinstance(whole, Decimal) and isinstance(parts, Decimal) and parts > whole:
                yield self.finding("IND-007", column, row, found=parts, expected=whole)

    def of_secondary(self, column: Column) -> Iterator[Finding]:
        """A secondary energy is made by conversion or comes from elsewhere; more than that cannot be used."""
        if column.is_primary:
            return
        made = self.balance.figure(PRIMARY_PRODUCTION, column.id)
        if isinstance(made, Decimal) and made:
            row = next(row for row in self.balance.table.rows if row.id == PRIMARY_PRODUCTION)
            yield self.finding("IND-008", column, row, found=made)
        supply = self.balance.table.of(Part.SUPPLY)
        come = summed((self.balance.figure(row.id, column.id), 1) for row in supply if row.weight > 0)
        gone = summed((self.balance.figure(row.id, column.id), 1) for row in supply if row.weight < 0)
        there = summed(((come, 1), (self.balance.output(column.id), 1)))
        used = summed(
            (
                (gone, 1),
                (self.balance.input(column.id), 1),
                (self.balance.loss(column.id), 1),
                (self.balance.terminal(column.id), 1),
            )
        )
        if (
            isinstance(there, Decimal)
            and isinstance(used, Decimal)
            and not agrees(used, there, self.printed)
            and used > there
        ):
            yield self.finding("IND-005", column, found=used, expected=there)

    def of_unconverted(self, computed: Balance) -> Iterator[Finding]:
        """Columns with figures for which there is no coefficient of one number."""
        for column in self.balance.table.columns:
            if column.id in computed.unconverted:
                yield self.finding("IND-010", column)

    def of_standard(self, told: Mapping[Place, Told], computed: Balance) -> Iterator[Finding]:
        """``told``: what a return says in coal equivalent, by line and column, ALL and groups among the columns;

        ``computed``: the physical balance times coefficients. What that lacks is not held against anything.
        """
        for (line, column), found in told.items():
            expected = computed.line(line, column)
            if (
                isinstance(found, Decimal)
                and isinstance(expected, Decimal)
                and not agrees(found, expected, self.printed)
            ):
                yield self._said("IND-006", self._words(line, column), found=found, expected=expected)

    def of_consumption(self, told: Told, computed: Balance) -> Iterator[Finding]:
        """Total energy consumption as told against the balance in coal equivalent."""
        expected = computed.consumption()
        if isinstance(told, Decimal) and isinstance(expected, Decimal) and not agrees(told, expected, self.printed):
            yield self.finding("IND-011", found=told, expected=expected, difference=told - expected)

    def of_coefficients(
        self, coefficients: Mapping[str, Coefficient | None], converter: Converter
    ) -> Iterator[Finding]:
        """Measured or stated coefficients far from what such an energy can have; columns without a limit pass."""
        limits = self.checks["IND-012"].limit
        for column in self.balance.table.columns:
            found = coefficients.get(column.id)
            if found is None or found.whence is Whence.DEFAULT or column.id not in limits:
                continue
            span = converter.default(limits[column.id], column.unit, self.day)
            if found.low < span.low or found.high > span.high:
                told, low, high = (written(1000 * each) for each in (found.low, span.low, span.high))  # in kgce
                yield self.finding("IND-012", column, found=told, low=low, high=high)

    def finding(self, code: str, column: Column | None = None, row: Row | None = None, **filled: Told) -> Finding:
        return self._said(code, [Message(each.zh, each.en) for each in (row, column) if each], **filled)

    def _words(self, line: str, column: str) -> list[Message]:
        table = self.balance.table
        return [Message(*line_words(table, line)), Message(*column_words(table, column))]

    def _said(self, code: str, where: Sequence[Message], **filled: Told) -> Finding:
        check = self.checks[code]
        zh = "，".join([self.whose.zh, *(each.zh for each in where)])
        en = ", ".join([self.whose.en, *(each.en for each in where)])
        shown = {name: _shown(figure) for name, figure in filled.items()}
        message = Message(check.message.zh.format(place=zh, **shown), check.message.en.format(place=en, **shown))
        return Finding(code, check.severity, zh, message)


def agrees(told: Decimal, computed: Decimal, printed: Decimal = Decimal(1)) -> bool:
    """Whether ``computed`` would be told so: they differ by no more than half a unit of the last digit told.

    Digits are counted in the printed unit, of which one is ``printed`` base units; a whole number is told to ones.
    """
    exponent = (told / printed).normalize().as_tuple().exponent
    last = min(exponent, 0) if isinstance(exponent, int) else 0
    return abs(told - computed) <= printed * Decimal(5).scaleb(last - 1)


def _shown(told: Told) -> str:
    if not isinstance(told, Decimal):
        return told.value
    return f"{as_printed(round(told, _SHOWN)):,}"
