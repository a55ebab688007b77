"""能源结构: what share has each energy, and how has it moved over the years?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.fact import Cell, Fact, State
from shuangkong.core.period import Period
from shuangkong.indicators.engine.printing import Printed
from shuangkong.indicators.graph import sector_of
from shuangkong.records.indicators.balances import structure_periods
from shuangkong.records.indicators.readable import Readable
from shuangkong.records.indicators.reconciling import sector_figures
from shuangkong.records.people.roles import Action
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.asked import name_of
from shuangkong.web.indicators.balance_page import PRINTED, in_print
from shuangkong.web.indicators.known import Known, figure_cell, known
from shuangkong.web.indicators.place import Place, choose_place, place_asked
from shuangkong.web.indicators.shown import address, words_of
from shuangkong.web.site.access import acting_of, needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import scope_of
from shuangkong.web.site.tables import Cell as TableCell
from shuangkong.web.site.tables import Column, Row, Table, text_cell
from shuangkong.web.site.words import MISSING, rounded_figure, unit_word

#: What total consumption is made of, each of its parts in coal equivalent on the equivalent basis.
PARTS = (
    "coal_total_standard", "oil_total_standard", "gas_total_standard", "primary_electricity_standard",
    "net_heat_standard", "other_energy_standard",
)  # fmt: skip
TOTAL = "total_consumption"
#: Shares that plans set targets on.
SHARES = (
    "coal_share", "oil_share", "gas_share", "primary_electricity_share", "non_fossil_share", "renewable_share",
    "power_coal_share", "transformation_efficiency",
)  # fmt: skip
AMOUNTS = (
    "coal_total", "oil_total", "gas_total", "power_coal_consumption", "terminal_consumption", "conversion_loss",
    "energy_loss", "total_consumption_calorific",
)  # fmt: skip
SECTOR = "above_designated_energy_consumption"
#: What the energy-intensive sectors make together, and their share of above-scale industry.
INTENSIVE, INTENSIVE_SHARE = "energy_intensive_consumption", "energy_intensive_share"
EVERY = (*PARTS, TOTAL, *SHARES, *AMOUNTS, SECTOR, INTENSIVE, INTENSIVE_SHARE)
_SAID = SHARES[:4]
_MOST_YEARS = 10


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def structure(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:structure")
    found = structure_of(request, place)
    context: dict[str, Any] = {
        "place": place,
        "region": place.region,
        "is_demo": found.is_demo,
        "day": scope_of(request).as_of or timezone.localdate(),
        "rulebook": open_rulebook().version,
        "chart": found.chart(),
        "last": str(found.periods[-1]) if found.periods else "",
        "said": found.said(),
    }
    tables: dict[str, Table | tuple[Table, ...]] = {
        "parts_table": found.table("parts", _("能源消费总量的构成"), (*PARTS, TOTAL)),
        "shares_table": found.table("shares", _("比重和效率"), SHARES),
        "amounts_table": found.table("amounts", _("煤油气和各环节的数量"), AMOUNTS),
        "sectors_table": _sectors_table(found),
    }
    return page(request, "indicators/structure.html", context, tables)


def structure_of(request: HttpRequest, place: Place) -> Structure:
    """The last ten years of which anything was told, up to that of the address."""
    scope = scope_of(request)
    told = structure_periods(place.subject, EVERY, scope.as_of)
    periods = tuple(each for each in told if scope.year is None or each.year <= scope.year)[-_MOST_YEARS:]
    cells = [Cell(place.subject, each, period) for each in EVERY for period in periods]
    seen = known(cells, scope.as_of) if periods else None
    return Structure(request, seen, place, periods, seen is not None and seen.is_demo(cells))


@dataclass(frozen=True, slots=True)
class Structure:
    """The figures of one place over the years; ``seen`` None where nothing was told."""

    request: HttpRequest
    seen: Known | None
    place: Place
    periods: tuple[Period, ...]
    is_demo: bool

    def cell(self, indicator: str, period: Period) -> Cell:
        return Cell(self.place.subject, indicator, period)

    def value(self, indicator: str, period: Period) -> Decimal | None:
        return self.seen.value(self.cell(indicator, period)) if self.seen else None

    def said(self) -> tuple[tuple[str, str], ...]:
        """Name and words of the shares of the last year that have a figure, for the sentence above."""
        if self.seen is None:
            return ()
        printed = ((name, self.seen.printed(self.cell(name, self.periods[-1]))) for name in _SAID)
        return tuple((name_of(name), f"{each.text}%") for name, each in printed if each.value is not None)

    def chart(self) -> dict[str, Any] | None:
        """Parts of total consumption as stacked bars, in 万吨标准煤; a part that nobody knows is left out."""
        values = {part: [in_print(self.value(part, each), PRINTED["tce"]) for each in self.periods] for part in PARTS}
        series = [
            {"name": name_of(part), "values": [None if each is None else round(float(each), 4) for each in amounts]}
            for part, amounts in values.items()
            if any(amounts)
        ]
        if not series:
            return None
        return {"unit": PRINTED["tce"], "categories": [str(each) for each in self.periods], "series": series}

    def table(self, key: str, caption: str, indicators: tuple[str, ...]) -> Table:
        columns = [Column("indicator", _("指标")), Column("unit", _("单位"))]
        columns += [Column(str(period), str(period), is_figure=True) for period in self.periods]
        rows = tuple(self._row(self.seen, indicator) for indicator in indicators) if self.seen else ()
        empty = _("录入能源平衡表，或直接录入这些指标后，各年的数在这里列出。")
        return Table(key, caption, tuple(columns), rows, empty, is_demo=self.is_demo)

    def shown(self, indicator: str, period: Period) -> TableCell:
        """A figure with the way to its explanation."""
        return figure_cell(self.request, self.seen, self.cell(indicator, period)) if self.seen else TableCell(MISSING)

    def _row(self, seen: Known, indicator: str) -> Row:
        cells = (figure_cell(self.request, seen, self.cell(indicator, period)) for period in self.periods)
        return Row((text_cell(name_of(indicator)), text_cell(unit_word(seen.unit(indicator))), *cells))


def _sectors_table(found: Structure) -> Table:
    """Above-scale industry by sector, the energy-intensive ones first, with what they make together."""
    industries = open_rulebook().industries()
    readable = Readable(acting_of(found.request), found.place.path)
    told = sector_figures(found.place.subject, SECTOR, found.periods, readable, scope_of(found.request).as_of)
    by_sector: dict[str, dict[Period, Cell]] = {}
    for cell in told:
        by_sector.setdefault(_industry(cell.subject.code), {})[cell.period] = cell
    intensive = intensive_industries(found.periods[-1]) if found.periods else ()
    columns = [Column("sector", _("行业")), Column("kind", _("类别"))]
    columns += [Column(str(period), str(period), PRINTED["tce"], is_figure=True) for period in found.periods]
    rows = []
    for code in sorted(by_sector, key=lambda code: (code not in intensive, code)):
        name = industries[code].name if code in industries else code
        cells = [_told_cell(found.request, by_sector[code].get(period), told) for period in found.periods]
        rows.append(Row((text_cell(name), text_cell(_("高耗能") if code in intensive else _("其他")), *cells)))
    if rows:
        rows += _intensive_rows(found, by_sector, told, readable)
    empty = _("分行业录入规模以上工业能源消费量（对象写“地区代码/行业代码”）后，六大高耗能行业在这里列出。")
    caption = _("分行业能源消费：六大高耗能行业")
    return Table("sectors", caption, tuple(columns), tuple(rows), empty, is_demo=found.is_demo)


def intensive_industries(period: Period) -> tuple[str, ...]:
    """Codes of the sectors that count as energy-intensive in a period, as the formula of their sum lists them."""
    return tuple(map(_industry, _intensive_codes(period)))


def _intensive_codes(period: Period) -> tuple[str, ...]:
    formulas = open_rulebook().indicator_rules()[INTENSIVE].formulas
    inputs = (each.inputs.values() for each in formulas if each.validity.holds_on(period.last_day))
    return tuple(taken.sector for each in inputs for taken in each)


def _industry(code: str) -> str:
    """The code of the industry alone; the letter of its section is left aside."""
    own = code.rpartition("/")[2]
    return own[1:] if own[:1].isalpha() and len(own) > 1 else own


def _told_cell(request: HttpRequest, cell: Cell | None, told: Mapping[Cell, Fact]) -> TableCell:
    if cell is None:
        return TableCell(MISSING)
    value = told[cell].value
    if value is None:
        return TableCell(words_of(Printed(None, ""), told[cell].state), why=address(request, cell))
    printed = in_print(value, PRINTED["tce"])
    return TableCell(rounded_figure(printed), printed, why=address(request, cell))


def _intensive_rows(
    found: Structure, by_sector: Mapping[str, Mapping[Period, Cell]], told: Mapping[Cell, Fact], readable: Readable
) -> list[Row]:
    """What they make together, and their share; where one of them is missing, which.

    Neither for whom one of them is closed: the others taken from the sum would be that one.
    """
    place = found.place.subject
    sectors = {sector_of(place, code) for each in found.periods for code in _intensive_codes(each)}
    if not (readable.is_whole or all(readable.has(each) for each in sectors if each)):
        return []

    def facts(period: Period) -> dict[str, Fact | None]:
        cells = {code: by_sector.get(code, {}).get(period) for code in intensive_industries(period)}
        return {code: told.get(cell) if cell else None for code, cell in cells.items()}

    hint = "；".join(f"{period} {lack}" for period in found.periods if (lack := _lacking(facts(period))))
    labels = ((INTENSIVE, _("六大高耗能行业合计"), hint), (INTENSIVE_SHARE, _("占规模以上工业（%）"), ""))
    return [
        Row((text_cell(label), text_cell(said), *(found.shown(name, each) for each in found.periods)), is_total=True)
        for name, label, said in labels
    ]


def _is_lacking(fact: Fact | None) -> bool:
    return fact is None or fact.state is State.MISSING or fact.state is State.SUPPRESSED


def _lacking(facts: Mapping[str, Fact | None]) -> str:
    """Which of them told nothing; "" where none lacks."""
    industries = open_rulebook().industries()
    lacking = [code for code, fact in facts.items() if _is_lacking(fact)]
    names = [industries[code].name if code in industries else code for code in lacking]
    return _("缺：%(names)s") % {"names": "、".join(names)} if names else ""
