"""平衡表的算式: what is computed of a table's told cells, as indicators with formulas, so that each can be explained.

    sums of lines, amounts in standard coal (calorific or equivalent): balance.sums
    coefficient = measured heating value / that of standard coal, else as the supplier states, else the default

The rules are made of the table's own file and of the coefficients that it names; a default that is a range is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache

from shuangkong.core.dated import Parameter, Validity
from shuangkong.core.unit import PrintedUnit
from shuangkong.indicators.balance.sums import IN_STANDARD_COAL, added, columns_of, sums_of
from shuangkong.indicators.formula import Aggregation, Formula, Indicator, Input, RoundingRule, Shift
from shuangkong.indicators.table_words import (
    ALL,
    COEFFICIENT_UNITS,
    GROUP,
    STANDARD_COAL,
    Basis,
    Factor,
    Memo,
    Sum,
)  # fmt: skip
from shuangkong.indicators.tables import Column, Table
from shuangkong.policyfile.expression import Expression, Scales, parse, with_scales
from shuangkong.policyfile.expression.units import UnitTable

#: Heating value of standard coal; and the indicator that tells the coal rate of generation of a year.
STANDARD_HEAT = "indicators/heating_values/standard_coal"
COAL_RATE = "generation_coal_rate"
_PREFERENCE = "first_known"
_ALWAYS = Validity(date.min)
_WORDS: Mapping[str, tuple[str, str]] = {
    Sum.SUPPLY: ("可供消费量", "Available"),
    Sum.CONVERSION: ("加工转换净产出", "Net output of conversion"),
    Sum.INPUT: ("加工转换投入", "Input of conversion"),
    Sum.OUTPUT: ("加工转换产出", "Output of conversion"),
    Sum.LOSSES: ("损失量合计", "Losses in all"),
    Sum.TERMINAL: ("终端消费量", "Terminal consumption"),
    Sum.DIFFERENCE: ("平衡差额", "Balance difference"),
    Sum.TOTAL: ("消费量合计", "Consumption in all"),
    Factor.MEASURED: ("实测折标准煤系数", "Coefficient as measured"),
    Factor.DEFAULT: ("默认折标准煤系数", "Default coefficient"),
    Factor.DEFAULT_EQUIVALENT: ("默认折标准煤系数（等价值）", "Default coefficient, equivalent"),
    Factor.CALORIFIC: ("折标准煤系数（当量值）", "Coefficient, calorific"),
    Factor.EQUIVALENT: ("折标准煤系数（等价值）", "Coefficient, equivalent"),
    Memo.HEATING_VALUE: ("平均低位发热量", "Average lower heating value"),
    Memo.STATED_COEFFICIENT: ("供应单位的折标准煤系数", "Coefficient as the supplier states"),
    Memo.STATED_EQUIVALENT: ("本地的等价值折标准煤系数", "Equivalent coefficient of the place"),
}
_BASES = {Basis.CALORIFIC: ("当量值", "calorific"), Basis.EQUIVALENT: ("等价值", "equivalent")}

type ParameterOf = Callable[[str], Parameter]


def line_words(table: Table, line: str) -> tuple[str, str]:
    """Name of a row, a sum, a memo row or a coefficient, Chinese and English."""
    row = next((row for row in table.rows if row.id == line), None)
    if row is not None:
        return row.zh, row.en
    return _WORDS[line]


def column_words(table: Table, column: str) -> tuple[str, str]:
    """Name of a column, of all of them, or of a group of them, Chinese and English."""
    found = next((each for each in table.columns if each.id == column), None)
    if found is not None:
        return found.zh, found.en
    group = column.removeprefix(GROUP)
    return ("合计", "all") if column == ALL else (group, group)


def balance_rules(table: Table, forms: Mapping[str, PrintedUnit], parameter: ParameterOf) -> dict[str, Indicator]:
    """Id → indicator of every figure of ``table``, told cells included.

    ``parameter``: id → parameter with all its values; raises KeyError where there is none (the folder is checked).
    """
    maker = _Maker(table, UnitTable(forms), parameter)
    return {rule.id: rule for rule in maker.rules()}


class _Maker:
    """Makes the indicators of one table; expressions that many cells share are parsed once."""

    def __init__(self, table: Table, units: UnitTable, parameter: ParameterOf) -> None:
        self.table, self.units, self.parameter = table, units, parameter
        self.added = sums_of(table)

    def rules(self) -> Iterator[Indicator]:
        for column in self.table.columns:
            yield from self.told(column)
            yield from self.sums(column)
            yield from self.factors(column)
            yield from self.standard(column)
        yield from self.whole()

    def told(self, column: Column) -> Iterator[Indicator]:
        for row in self.table.rows:
            yield self.rule(self.table.cell(row.id, column.id), row.id, column, column.unit)
        for memo in Memo:
            if column.memo(memo):
                yield self.rule(self.table.cell(memo, column.id), memo, column, column.memo(memo))

    def sums(self, column: Column) -> Iterator[Indicator]:
        for line, rule in self.added.items():
            inputs = {each: Input(self.table.cell(each, column.id)) for each in rule.lines}
            formula = self.formula(inputs, rule.expression)
            yield self.rule(self.table.cell(line, column.id), line, column, column.unit, (formula,))

    def factors(self, column: Column) -> Iterator[Indicator]:
        """Coefficients that there can be of a column, and the two that count."""
        if not column.factors:
            return
        unit, calorific = COEFFICIENT_UNITS[column.unit], {}
        if Factor.MEASURED in column.factors:
            heat = {"heat": Input(self.table.cell(Memo.HEATING_VALUE, column.id))}
            formula = self.formula(heat, _parsed("heat / standard"), {"standard": STANDARD_HEAT})
            yield self.factor(Factor.MEASURED, column, unit, (formula,))
            calorific["measured"] = Factor.MEASURED.value
        calorific["stated"] = Memo.STATED_COEFFICIENT.value
        if Factor.DEFAULT in column.factors:
            yield self.factor(Factor.DEFAULT, column, unit, self.defaults(column.coefficient, unit))
            calorific["default"] = Factor.DEFAULT.value
        inputs = {name: Input(self.table.cell(line, column.id)) for name, line in calorific.items()}
        yield self.factor(Factor.CALORIFIC, column, unit, (self.formula(inputs, method=_PREFERENCE),))
        yield from self.equivalents(column, unit)

    def equivalents(self, column: Column, unit: str) -> Iterator[Indicator]:
        """The coefficient at the equivalent value; where both bases are one, it is the calorific one."""
        inputs = {}
        if column.has_two_bases:
            inputs["stated"] = Input(self.table.cell(Memo.STATED_EQUIVALENT, column.id))
        if Factor.DEFAULT_EQUIVALENT in column.factors:
            yield self.factor(Factor.DEFAULT_EQUIVALENT, column, unit, self.defaults(column.equivalent, unit))
            inputs["rate"] = Input(COAL_RATE)
            inputs["rate_before"] = Input(COAL_RATE, shift=Shift.YEAR_BEFORE)
            inputs["default"] = Input(self.table.cell(Factor.DEFAULT_EQUIVALENT, column.id))
        else:
            inputs["calorific"] = Input(self.table.cell(Factor.CALORIFIC, column.id))
        yield self.factor(Factor.EQUIVALENT, column, unit, (self.formula(inputs, method=_PREFERENCE),))

    def defaults(self, key: str, unit: str) -> tuple[Formula, ...]:
        """A formula for each time in which the policy has one number; none while it has a range."""
        parameter, wanted = self.parameter(key), self.units.dimension(unit).scale
        scale = self.units.dimension(parameter.unit).scale
        scales = Scales((("value", scale),) if scale != 1 else (), wanted, unit)
        expression = _parsed("value") if scale == wanted else with_scales(_parsed("value"), scales)
        return tuple(
            Formula(
                validity=value.validity,
                inputs={},
                expression=expression,
                parameters={"value": key},
                source=value.source,
                at=value.at,
                is_verified=value.is_verified,
                place=value.place,
            )
            for value in parameter.values
            if len(value.numbers) == 1
        )

    def factor(self, line: Factor, column: Column, unit: str, formulas: tuple[Formula, ...]) -> Indicator:
        return self.rule(self.table.cell(line, column.id), line, column, unit, formulas)

    def standard(self, column: Column) -> Iterator[Indicator]:
        expression = self.conversion(column.unit)
        for basis, factor in ((Basis.CALORIFIC, Factor.CALORIFIC), (Basis.EQUIVALENT, Factor.EQUIVALENT)):
            for line in self.table.lines:
                inputs = {"amount": Input(self.table.cell(line, column.id))}
                if column.unit != STANDARD_COAL:
                    inputs["coefficient"] = Input(self.table.cell(factor, column.id))
                key = self.table.standard_cell(basis, line, column.id)
                yield self.rule(key, line, column, STANDARD_COAL, (self.formula(inputs, expression),), basis)

    def conversion(self, unit: str) -> Expression:
        """In tce, whatever the units of amount and coefficient."""
        if unit == STANDARD_COAL:
            return _parsed("amount")
        names = {"amount": unit, "coefficient": COEFFICIENT_UNITS[unit]}
        scales = tuple((name, scale) for name, of in names.items() if (scale := self.units.dimension(of).scale) != 1)
        return with_scales(IN_STANDARD_COAL, Scales(scales, self.units.dimension(STANDARD_COAL).scale, STANDARD_COAL))

    def whole(self) -> Iterator[Indicator]:
        """Lines of the tables in standard coal over all columns, and total consumption of each group of them."""
        for basis in Basis:
            for line in self.table.lines:
                yield self.over(basis, line, ALL)
            for group in self.table.groups:
                yield self.over(basis, Sum.TOTAL, f"{GROUP}{group}")

    def over(self, basis: Basis, line: str, key: str) -> Indicator:
        columns = columns_of(self.table, key)
        inputs = {column: Input(self.table.standard_cell(basis, line, column)) for column in columns}
        formula = self.formula(inputs, added(columns))
        words = column_words(self.table, key)
        return self.named(self.table.standard_cell(basis, line, key), line, words, STANDARD_COAL, (formula,), basis)

    def formula(
        self,
        inputs: Mapping[str, Input],
        expression: Expression | None = None,
        parameters: Mapping[str, str] | None = None,
        method: str = "",
    ) -> Formula:
        return Formula(
            validity=_ALWAYS,
            inputs=inputs,
            expression=expression,
            method=method,
            parameters=parameters or {},
            source=self.table.source,
            at=self.table.at,
            is_verified=self.table.is_verified,
        )

    def rule(
        self,
        key: str,
        line: str,
        column: Column,
        unit: str,
        formulas: tuple[Formula, ...] = (),
        basis: Basis | None = None,
    ) -> Indicator:
        return self.named(key, line, (column.zh, column.en), unit, formulas, basis)

    def named(
        self, key: str, line: str, column: tuple[str, str], unit: str, formulas: tuple[Formula, ...],
        basis: Basis | None,
    ) -> Indicator:  # fmt: skip
        zh, en = line_words(self.table, line)
        in_zh, in_en = (f"（标准煤，{_BASES[basis][0]}）", f" (tce, {_BASES[basis][1]})") if basis else ("", "")
        return Indicator(
            id=key,
            zh=f"{self.table.zh}：{zh}，{column[0]}{in_zh}",
            en=f"{self.table.en}: {en}, {column[1]}{in_en}",
            unit=unit,
            display=unit,
            in_time=Aggregation.NONE,
            in_space=Aggregation.NONE,
            rounding=RoundingRule(),
            formulas=formulas,
        )


@cache
def _parsed(text: str) -> Expression:
    return parse(text)
