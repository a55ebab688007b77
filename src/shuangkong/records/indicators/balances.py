"""能源平衡表: the balance of one region and period as it was told, in coal equivalent, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from shuangkong.core.fact import Cell, Fact, Maturity, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.period import Period
from shuangkong.core.trace import Figure
from shuangkong.indicators.balance import Balance, in_standard_coal
from shuangkong.indicators.balance.checks import BalanceAudit
from shuangkong.indicators.balance.rules import STANDARD_HEAT
from shuangkong.indicators.conversion import Coefficient, Converter, Whence
from shuangkong.indicators.table_words import ALL, COEFFICIENT_UNITS, GROUP, Basis, Factor, Memo, Sum
from shuangkong.indicators.tables import Table
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.facts.answering import facts_for
from shuangkong.records.facts.models import Observation
from shuangkong.records.facts.periods import period_of
from shuangkong.records.indicators.gathering import engine_for
from shuangkong.records.indicators.layered import Laws
from shuangkong.records.indicators.territory import Territory
from shuangkong.records.past import known_by
from shuangkong.rulebook import open_rulebook

TABLE = "energy_balance"
TOTAL = "total_consumption"
_YEAR = 12
_FACTORS = {Basis.CALORIFIC: Factor.CALORIFIC, Basis.EQUIVALENT: Factor.EQUIVALENT}
_CHECKS = "indicators/balance"
#: Of maturities the least settled.
_BY_WEIGHT = tuple(Maturity)
_WHENCE = {"measured": Whence.MEASURED, "stated": Whence.SUPPLIED}


@dataclass(frozen=True)
class BalanceSheet:
    """One balance.

    Attributes:
        facts: (row, column) → the told fact of a cell of the physical table, memo rows and told sums with it.
        physical: each column in its own base unit; ``standard``: by basis, all in tce.
        coefficients: by basis and column, the figure of the coefficient with its tree.
        findings: of every check, in the order of the form.
    """

    table: Table
    subject: Subject
    period: Period
    facts: Mapping[tuple[str, str], Fact]
    physical: Balance
    standard: Mapping[Basis, Balance]
    coefficients: Mapping[Basis, Mapping[str, Figure]]
    findings: tuple[Finding, ...]

    @property
    def maturity(self) -> Maturity | None:
        """That of the least settled cell."""
        return min((fact.maturity for fact in self.facts.values()), key=_BY_WEIGHT.index, default=None)

    @property
    def is_demo(self) -> bool:
        return any(fact.is_demo for fact in self.facts.values())

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact.source for fact in self.facts.values()))

    def cell(self, indicator: str) -> Cell:
        return Cell(self.subject, indicator, self.period)


def balance_periods(subject: Subject, as_of: date | None = None) -> tuple[Period, ...]:
    """Periods of which a balance of the subject was told, oldest first. 1 query."""
    return _told_periods(_about(subject, as_of).filter(indicator__text__startswith=f"{TABLE}."))


def structure_periods(subject: Subject, indicators: Iterable[str], as_of: date | None = None) -> tuple[Period, ...]:
    """Years of which a balance or one of these indicators was told of the subject, oldest first. 1 query."""
    told = Q(indicator__text__startswith=f"{TABLE}.") | Q(indicator__text__in=set(indicators))
    return _told_periods(_about(subject, as_of).filter(told, months=_YEAR))


def _about(subject: Subject, as_of: date | None) -> QuerySet[Observation]:
    known = known_by(as_of, "load__loaded_at")
    return Observation.objects.filter(known, subject__kind=subject.kind, subject__code=subject.code)


def _told_periods(found: QuerySet[Observation]) -> tuple[Period, ...]:
    rows = found.order_by().values_list("first_month", "months").distinct()
    return tuple(sorted(period_of(*row) for row in rows))


def balance_sheet(subject: Subject, period: Period, whose: Message, as_of: date | None = None) -> BalanceSheet:
    """The balance of a subject and period as known by the end of a day. ``whose``: of whom, for the findings.

    By the law of its place. A fixed number of queries: 10 for the cells, 4 for each step of the coefficients.
    """
    book, laws = open_rulebook(), Laws(Territory())
    layer = laws.layer_of(subject, period)
    table = book.tables(layer)[TABLE]
    cells = {(line, column.id): table.cell(line, column.id) for line in table.lines for column in table.columns}
    cells |= {(memo, each.id): table.cell(memo, each.id) for memo in Memo for each in table.columns if each.memo(memo)}
    in_standard = _told_in_standard(table, subject, period, as_of)
    asked = [*cells.values(), *in_standard.values(), TOTAL]
    told = facts_for([Cell(subject, indicator, period) for indicator in asked], as_of)
    facts = {place: fact for place, indicator in cells.items() if (fact := told.get(Cell(subject, indicator, period)))}
    physical = Balance(table, {place: _told(fact) for place, fact in facts.items()})
    figures = _coefficients(table, subject, period, laws, as_of)
    converter = Converter(book.units(), book.parameter_over_time(STANDARD_HEAT, layer))
    numbers = {
        basis: {
            column.id: _coefficient(figures[basis][column.id], converter, column.unit)
            for column in table.columns
            if column.id in figures[basis]
        }
        for basis in Basis
    }
    standard = {basis: in_standard_coal(physical, numbers[basis]) for basis in Basis}
    audit = BalanceAudit(
        balance=physical,
        checks={check.code: check for check in book.checks(_CHECKS, layer)},
        day=period.last_day,
        whose=whose,
        told_totals={column.id: _told(fact) for column in table.columns if (fact := facts.get((Sum.TOTAL, column.id)))},
    )
    findings = [
        *audit.findings(),
        *audit.of_unconverted(standard[Basis.EQUIVALENT]),
        *audit.of_coefficients(numbers[Basis.EQUIVALENT], converter),
    ]
    shown = replace(audit, printed=book.units()[book.indicator_rules(layer)[TOTAL].display].factor)
    for basis, computed in standard.items():
        said = {
            (line, column): _told(fact)
            for (of, line, column), indicator in in_standard.items()
            if of is basis and (fact := told.get(Cell(subject, indicator, period)))
        }
        findings += shown.of_standard(said, computed)
    total = told.get(Cell(subject, TOTAL, period))
    if total is not None:
        findings += shown.of_consumption(_told(total), standard[Basis.EQUIVALENT])
    return BalanceSheet(table, subject, period, facts, physical, standard, figures, tuple(findings))


def _told_in_standard(
    table: Table, subject: Subject, period: Period, as_of: date | None
) -> dict[tuple[Basis, str, str], str]:
    """Basis, line and column → cell of the table in coal equivalent that a return told by itself. 1 query."""
    about = _about(subject, as_of).filter(
        indicator__text__startswith=f"{TABLE}_", first_month=period.first_month, months=period.months
    )
    known = set(about.order_by().values_list("indicator__text", flat=True).distinct())
    columns = (*(column.id for column in table.columns), *(f"{GROUP}{group}" for group in table.groups), ALL)
    places = ((basis, line, column) for basis in Basis for line in table.lines for column in columns)
    return {place: cell for place in places if (cell := table.standard_cell(*place)) in known}


def _coefficients(
    table: Table, subject: Subject, period: Period, laws: Laws, as_of: date | None
) -> dict[Basis, dict[str, Figure]]:
    cells = {
        (basis, column.id): Cell(subject, table.cell(factor, column.id), period)
        for basis, factor in _FACTORS.items()
        for column in table.columns
        if column.factors
    }
    engine = engine_for(list(cells.values()), laws.territory, laws.law(laws.layer_of(subject, period)), as_of)
    found: dict[Basis, dict[str, Figure]] = {basis: {} for basis in Basis}
    for (basis, column), cell in cells.items():
        found[basis][column] = engine.figure(cell)
    return found


def _coefficient(figure: Figure, converter: Converter, unit: str) -> Coefficient | None:
    if not isinstance(figure.value, Decimal):
        return None
    taken = next((name for name, each in figure.inputs if each.value is not None), "")
    return converter.stated(figure.value, COEFFICIENT_UNITS[unit], unit, _WHENCE.get(taken, Whence.DEFAULT))


def _told(fact: Fact) -> Told:
    return fact.state if fact.value is None else fact.value
