"""能效标识登记册的统计: the share of grade 2 or better, by filings; of the market only as far as sales are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.equipment.models import LabelFiling, LabelSale, Machine
from shuangkong.records.monitoring.registers.register import Seen
from shuangkong.records.monitoring.registers.store import RegisterRow
from shuangkong.records.monitoring.registers.tally import Tally, by_choice, held, share_pct
from shuangkong.records.monitoring.registers.words import CATALOGUE_SORTS

#: The worst grade that counts as efficient.
GOOD = 2


def models(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """How many of each sort, and machines said to be catalogued whose model no catalogue here holds. 1 query."""
    now = list(held(rows, on))
    if not now:
        return
    yield Tally(by_choice(now, "sort", CATALOGUE_SORTS))
    listed = {(each.values["sort"], each.values["model"]) for each in now}
    said = Machine.objects.filter(is_catalogued=True, starts_on__lte=on).exclude(ends_on__lt=on)
    places = {each.values["region"].pk for each in now}
    here = said.filter(enterprise__region__in=places).values_list("sort", "model")
    unknown = sum((sort, model) not in listed for sort, model in here)
    if unknown:
        zh = f"同一地区有 {unknown} 台设备登记为“在高效产品目录内”，型号却不在这里的目录里，请核对"
        en = f"{unknown} machines of the same places are said to be catalogued, but their models are not: look again"
        yield Tally(Message(zh, en), is_bad=True)


def filings(rows: Sequence[RegisterRow], on: date) -> Iterator[Tally]:
    """The share by filings in force; it is no share of the market, and says so."""
    now = list(held(rows, on))
    if not now:
        return
    good = sum(each.values["grade"] <= GOOD for each in now)
    zh = f"有效备案 {len(now)} 个，二级以上 {good} 个，占 {share_pct(good, len(now))}（按备案数，不是市场占有率）"
    en = (
        f"{len(now)} filings in force, {good} of grade 2 or better: {share_pct(good, len(now))}"
        " (by filings; no share of the market)"
    )
    yield Tally(Message(zh, en))


def sales(rows: Sequence[RegisterRow], on: date, seen: Seen) -> Iterator[Tally]:
    """Of the newest year: the share by pieces sold, and of how many filings seen nobody told any. 1 query."""
    if not rows:
        return
    year = max(each.values["year"] for each in rows)
    told = [each.values for each in rows if each.values["year"] == year]
    whole, good = _sum(told), _sum(each for each in told if each["filing"].grade <= GOOD)
    silent = _silent({each["filing"].region_id for each in told}, year, seen)
    if silent:
        zh = (
            f"{year} 年登记了销售量的 {len(told)} 个型号中，二级以上占 {share_pct(good, whole)}；"
            f"还有 {silent} 个有效备案没有销售量，不能当作市场占有率"
        )
        en = (
            f"{year}: of the pieces told of {len(told)} models {share_pct(good, whole)} are of grade 2 or better;"
            f" of {silent} filings in force no sales are told: this is no share of the market"
        )
        yield Tally(Message(zh, en), is_bad=True)
        return
    zh = f"{year} 年备案型号销售 {whole} 台，二级以上 {good} 台，占 {share_pct(good, whole)}（按登记的销售量）"
    en = f"{year}: {whole} pieces sold, {good} of grade 2 or better: {share_pct(good, whole)} (by the sales told)"
    yield Tally(Message(zh, en))


def _sum(rows: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(each["sold"]) for each in rows)


def _silent(places: set[str], year: int, seen: Seen) -> int:
    """Filings of those places in force in a year, of those the person may see, of which no sales are told."""
    there = LabelFiling.objects.filter(seen("region__path", "enterprise__body"), region__in=places)
    force = there.filter(starts_on__lte=date(year, 12, 31)).exclude(ends_on__lt=date(year, 1, 1))
    return force.exclude(pk__in=LabelSale.objects.filter(year=year).values("filing")).count()
