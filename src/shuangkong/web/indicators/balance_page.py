"""平衡表各页所同: which balance the address asks for, in which unit, and how its cells are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period
from shuangkong.indicators.balance import Balance
from shuangkong.indicators.engine.leaves import is_doubted
from shuangkong.indicators.table_words import ALL, Basis
from shuangkong.policyfile.expression.given import Told
from shuangkong.records.indicators.balances import BalanceSheet, balance_periods, balance_sheet
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.place import Place
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.words import MISSING, maturity_word, rounded_figure, state_word

PHYSICAL = "physical"
#: In which printed form the amounts of a base unit stand in a balance.
PRINTED = {"t": "万吨", "m3": "亿立方米", "kwh": "亿千瓦时", "gj": "万吉焦", "tce": "万吨标准煤"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of the switch above the table."""

    key: str
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: ``sheet`` None where no balance of the place is there."""

    place: Place
    periods: tuple[Period, ...]
    sheet: BalanceSheet | None
    basis: str

    @property
    def balance(self) -> Balance:
        """The physical table, or that in standard coal. Only where there is a sheet."""
        assert self.sheet is not None
        return self.sheet.physical if self.basis == PHYSICAL else self.sheet.standard[Basis(self.basis)]

    def printed_unit(self, unit: str) -> str:
        return PRINTED[unit if self.basis == PHYSICAL else "tce"]

    def is_doubted(self, column: str) -> bool:
        """Whether what is computed in a column (ALL: over all of them) rests on what is to be verified.

        That is the form's own arithmetic and, in coal equivalent, the coefficients.
        """
        assert self.sheet is not None
        if not self.sheet.table.is_verified:
            return True
        factors = {} if self.basis == PHYSICAL else self.sheet.coefficients[Basis(self.basis)]
        return any(is_doubted(figure) for each, figure in factors.items() if column in (each, ALL))

    def cell_id(self, line: str, column: str) -> str:
        assert self.sheet is not None
        table = self.sheet.table
        return table.cell(line, column) if self.basis == PHYSICAL else table.standard_cell(self.basis, line, column)


def shown_balance(request: HttpRequest, place: Place, bases: tuple[str, ...]) -> Shown:
    """The balance of the year that the address names, else the last; the first of ``bases`` where it names none."""
    scope = scope_of(request)
    periods = balance_periods(place.subject, scope.as_of)
    wanted = [period for period in periods if scope.year in (None, period.year)]
    basis = request.GET.get("basis", "")
    basis = basis if basis in bases else bases[0]
    sheet = None
    if wanted:
        name = place.region.name
        whose = Message(f"{name} {wanted[-1]}", f"{name} {wanted[-1]}")
        sheet = balance_sheet(place.subject, wanted[-1], whose, scope.as_of)
    return Shown(place, periods, sheet, basis)


def choices(request: HttpRequest, chosen: str, bases: tuple[str, ...]) -> Iterator[Choice]:
    """The switch between units; everything else of the address is kept."""
    labels = {PHYSICAL: _("实物量"), Basis.CALORIFIC: _("标准煤（当量值）"), Basis.EQUIVALENT: _("标准煤（等价值）")}
    kept = {key: value for key, value in request.GET.items() if key not in ("basis", "xlsx")}
    for basis in bases:
        yield Choice(basis, labels[basis], "?" + urlencode(kept | {"basis": basis}), basis == chosen)


def years(request: HttpRequest, seen: Shown) -> Iterator[Choice]:
    """The periods of which there is a balance."""
    kept = {key: value for key, value in request.GET.items() if key not in ("period", "xlsx")}
    for period in seen.periods:
        is_chosen = seen.sheet is not None and period == seen.sheet.period
        yield Choice(str(period), str(period), "?" + urlencode(kept | {"period": period.year}), is_chosen)


def in_print(told: Told | None, printed: str) -> Decimal | None:
    """A figure in the printed unit; None where there is none."""
    return told / open_rulebook().units()[printed].factor if isinstance(told, Decimal) else None


def words(told: Told, printed: str) -> str:
    """The figure as it stands in the table, or why there is none."""
    value = in_print(told, printed)
    if value is None:
        return state_word(told) if isinstance(told, State) and told is not State.MISSING else MISSING
    return rounded_figure(value)


def status_context(request: HttpRequest, seen: Shown) -> dict[str, object]:
    """What every page of a balance says of it: whose, when, how settled, known by when, by which rules."""
    sheet = seen.sheet
    return {
        "place": seen.place,
        "region": seen.place.region,
        "period": str(sheet.period) if sheet else "",
        "maturity": maturity_word(sheet.maturity) if sheet and sheet.maturity else "",
        "sources": "；".join(sheet.sources) if sheet else "",
        "is_demo": sheet is not None and sheet.is_demo,
        "day": scope_of(request).as_of or timezone.localdate(),
        "rulebook": open_rulebook().version,
        "years": tuple(years(request, seen)),
    }
