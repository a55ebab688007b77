"""数据衔接: what is said of the same thing at several places, held against each other, the difference shown.

A whole is held against what its parts (regions, units, sectors, customers of suppliers) add up to. Parts that tell
nothing are named, and the sum of the others is shown for what it is: not the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.check import Check
from shuangkong.core.dated import NotInForce
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.finding import Finding, Message
from shuangkong.core.rounding import as_printed
from shuangkong.indicators.balance.figures import share, summed
from shuangkong.policyfile.expression.given import Told

_SHOWN = 2
#: Checks of the catalogue by weight, each with the name of its limit.
LIMITS = (("IND-013", "difference_pct"), ("IND-014", "notice_pct"))


class Among(StrEnum):
    """Whose figures are the parts: the same subject's by another way, or those of the subjects in it.

    FORMULA: what the indicator's own formula yields where the figure itself was told. OUTSIDE: units that told figures
    and do not belong to what the whole stands for; they are held against nothing.
    """

    SAME = "same"
    FORMULA = "formula"
    REGIONS = "regions"
    UNITS = "units"
    OUTSIDE = "outside"
    SECTORS = "sectors"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: the indicator of the whole against that of the parts; ``ask``: who can explain a difference."""

    key: str
    name: Message
    whole: str
    parts: str
    among: Among
    ask: Message


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A line of one subject and period.

    Attributes:
        parts: the cells that were held against the whole, with what they say; ``lacking``: those without a figure.
        found: what those with a figure add up to; NOT_APPLICABLE or MISSING where none has.
        is_complete: every part that was asked of has a figure or does not apply.
        unnamed: how many of the parts may not be named; ``rest``: what those with a figure add up to.
        doubted: the parts, named or not, whose figure was computed by a rule that nobody has compared with its
            document; ``is_whole_doubted``: so was that of the whole.
    """

    line: Line
    whole_cell: Cell
    whole: Told
    parts: tuple[tuple[Cell, Told], ...]
    found: Told
    lacking: tuple[Cell, ...]
    unnamed: int = 0
    rest: Told = State.MISSING
    doubted: frozenset[Cell] = frozenset()
    is_whole_doubted: bool = False

    @property
    def is_rest_doubted(self) -> bool:
        """Of the parts that may not be named."""
        return bool(self.doubted - {cell for cell, _ in self.parts})

    @property
    def is_difference_doubted(self) -> bool:
        return self.difference is not None and (self.is_whole_doubted or bool(self.doubted))

    @property
    def is_complete(self) -> bool:
        return bool(self.parts) and not self.lacking

    @property
    def difference(self) -> Decimal | None:
        """``whole − parts``."""
        if isinstance(self.whole, Decimal) and isinstance(self.found, Decimal):
            return self.whole - self.found
        return None

    @property
    def difference_pct(self) -> Decimal | None:
        """Per cent of the whole."""
        found = None if self.difference is None else share(self.difference, self.whole)
        return found if isinstance(found, Decimal) else None


def reconciled(
    line: Line, cell: Cell, whole: Told, parts: Mapping[Cell, Told],
    doubted: Collection[Cell] = (), is_whole_doubted: bool = False,
) -> Reconciled:  # fmt: skip
    """``parts``: what each says, in the unit of the whole; ``doubted``: those of them that are to be verified."""
    told = tuple(sorted(parts.items()))
    lacking = tuple(part for part, each in told if each is State.MISSING or each is State.SUPPRESSED)
    found = summed((each, 1) for _, each in told if isinstance(each, Decimal))
    doubts = frozenset(doubted)
    return Reconciled(line, cell, whole, told, found, lacking, doubted=doubts, is_whole_doubted=is_whole_doubted)


def withheld(row: Reconciled, may_name: Callable[[Subject], bool], least: int) -> Reconciled:
    """The row for a person who may not read every part: the others stand as one sum, without their names.

    Where fewer than ``least`` of them have a figure, their sum would betray one: then it is suppressed, and with it all
    that it could be reckoned from.
    """
    hidden = [(cell, told) for cell, told in row.parts if not may_name(cell.subject)]
    if not hidden:
        return row
    figures = [told for _, told in hidden if isinstance(told, Decimal)]
    is_safe = not figures or len(figures) >= least
    return replace(
        row,
        parts=tuple(each for each in row.parts if each not in hidden),
        lacking=tuple(cell for cell in row.lacking if may_name(cell.subject)),
        unnamed=len(hidden),
        rest=summed((each, 1) for each in figures) if is_safe else State.SUPPRESSED,
        found=row.found if is_safe else State.SUPPRESSED,
    )


def findings(
    rows: tuple[Reconciled, ...], checks: Mapping[str, Check], whose: Message, day: date
) -> Iterator[tuple[Reconciled, Finding]]:
    """Differences above a limit in force on the day; of two limits the graver alone."""
    for row in rows:
        if row.difference_pct is None:
            continue
        for code, name in LIMITS:
            limit = _limit(checks[code], name, day)
            if limit is not None and abs(row.difference_pct) > limit:
                yield row, _finding(checks[code], row, whose, limit)
                break


def _limit(check: Check, name: str, day: date) -> Decimal | None:
    try:
        return check.limit_on(name, day)
    except NotInForce:
        return None


def _finding(check: Check, row: Reconciled, whose: Message, limit: Decimal) -> Finding:
    pct = "" if row.difference_pct is None else as_printed(round(row.difference_pct, _SHOWN))
    filled = {"share": pct, "limit": as_printed(limit)}
    zh, en = (f"{whose.zh}，{row.line.name.zh}", f"{whose.en}, {row.line.name.en}")
    message = Message(
        check.message.zh.format(place=zh, ask=row.line.ask.zh, **filled),
        check.message.en.format(place=en, ask=row.line.ask.en, **filled),
    )
    return Finding(check.code, check.severity, zh, message)


_STATISTICS = Message("本级统计部门", "the statistics office of the place")
_BELOW = Message("下一级统计部门", "the statistics offices below")
_UNITS = Message("有关用能单位和工业主管部门", "the units concerned and the department of industry")
_POWER = Message("供电企业", "the power supply company")
_GAS = Message("燃气经营企业", "the gas suppliers")
_HEAT = Message("供热企业", "the heat suppliers")
_OIL = Message("成品油经营企业", "the oil suppliers")
_COAL = Message("煤炭经营企业", "the coal traders")

#: Every comparison, in the order of the page.
LINES: tuple[Line, ...] = (
    Line("balance", Message("能源消费总量与平衡表", "Total consumption and the balance"),
         "total_consumption", "energy_balance_equivalent.total.all", Among.SAME, _STATISTICS),
    *(
        Line(each, Message(f"{zh}与平衡表", f"{en} and the balance"), each, each, Among.FORMULA, _STATISTICS)
        for each, zh, en in (
            ("coal_total", "煤炭消费总量", "Total coal"),
            ("oil_total", "石油消费总量", "Total oil"),
            ("gas_total", "天然气消费总量", "Total natural gas"),
            ("net_power_inflow", "净调入电量", "Net inflow of electricity"),
            ("non_fossil_consumption", "非化石能源消费量", "Non-fossil energy"),
            ("coal_fuel_consumption", "煤品燃料消费量", "Coal burnt"),
            ("oil_fuel_consumption", "油品燃料消费量", "Oil burnt"),
            ("gas_fuel_consumption", "天然气燃料消费量", "Natural gas burnt"),
        )
    ),
    Line("regions", Message("能源消费总量与下级地区之和", "Total consumption and the regions below"),
         "total_consumption", "total_consumption", Among.REGIONS, _BELOW),
    Line("units", Message("规上工业能源消费量与单位之和", "Above-scale industry and its units"),
         "above_designated_energy_consumption", "unit_energy_consumption", Among.UNITS, _UNITS),
    Line("outside", Message("未纳入规上的单位（不计入上一行）", "Units below scale (not in the line above)"),
         "above_designated_energy_consumption", "unit_energy_consumption", Among.OUTSIDE, _STATISTICS),
    Line("sectors", Message("规上工业能源消费量与行业之和", "Above-scale industry and its sectors"),
         "above_designated_energy_consumption", "above_designated_energy_consumption", Among.SECTORS, _STATISTICS),
    Line("electricity", Message("电力终端消费与售电量", "Electricity used and sold"),
         "energy_balance.terminal.electricity", "electricity_sales", Among.SAME, _POWER),
    Line("electricity_sectors", Message("售电量与分行业售电量之和", "Electricity sold and its customers by sector"),
         "electricity_sales", "electricity_sales", Among.SECTORS, _POWER),
    Line("gas", Message("天然气终端消费与销售量", "Natural gas used and sold"),
         "energy_balance.terminal.natural_gas", "natural_gas_sales", Among.SAME, _GAS),
    Line("heat", Message("热力终端消费与销售量", "Heat used and sold"),
         "energy_balance.terminal.heat", "heat_sales", Among.SAME, _HEAT),
    Line("gasoline", Message("汽油终端消费与销售量", "Gasoline used and sold"),
         "energy_balance.terminal.gasoline", "gasoline_sales", Among.SAME, _OIL),
    Line("diesel", Message("柴油终端消费与销售量", "Diesel used and sold"),
         "energy_balance.terminal.diesel", "diesel_sales", Among.SAME, _OIL),
    Line("coal", Message("原煤消费与煤炭销售量", "Raw coal consumed and sold"),
         "energy_balance.total.raw_coal", "coal_sales", Among.SAME, _COAL),
)  # fmt: skip
