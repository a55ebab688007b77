"""公报怎么填: the table of a bulletin from the figures known now, kept as text and read back as it was kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.engine.leaves import told_facts, unverified
from shuangkong.papers.indicators.bulletin import (
    BulletinCell,
    BulletinColumn,
    BulletinInput,
    BulletinLine,
    BulletinTable,
)
from shuangkong.papers.official.paper import Basis, Issue
from shuangkong.records.bulletins.store import BulletinRow
from shuangkong.records.editions.rows import State as Standing
from shuangkong.records.indicators.territory import REGION
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.rulebook import open_rulebook
from shuangkong.web.indicators.known import Known, known
from shuangkong.web.indicators.periods import period_word

#: What a bulletin can print, in the order of its columns.
OFFERED = (
    "energy_intensity", "energy_intensity_growth", "total_consumption_growth", "electricity_intensity_growth",
    "industry_energy_intensity_growth", "assessed_energy_intensity", "assessed_energy_intensity_decline",
)  # fmt: skip
#: What the published ones print.
USUAL = ("energy_intensity_growth", "total_consumption_growth", "electricity_intensity_growth",
         "industry_energy_intensity_growth")  # fmt: skip
_HEADINGS = {
    "energy_intensity": "单位地区生产总值能耗",
    "energy_intensity_growth": "单位地区生产总值能耗上升或下降",
    "total_consumption_growth": "能源消费总量增速",
    "electricity_intensity_growth": "单位地区生产总值电耗上升或下降",
    "industry_energy_intensity_growth": "规模以上工业单位增加值能耗上升或下降",
    "assessed_energy_intensity": "单位地区生产总值能耗（扣除后）",
    "assessed_energy_intensity_decline": "比基年累计下降（扣除后）",
}
_CHANGES = ("energy_intensity_growth", "total_consumption_growth", "electricity_intensity_growth",
            "industry_energy_intensity_growth")  # fmt: skip
_STATES = {State.NOT_APPLICABLE: "不适用", State.SUPPRESSED: "不公布"}
_UNIT_OF_CHANGE = "±%"
#: Sources that a bulletin names; more would not be read.
_MOST_SOURCES = 6


def bulletin_table(
    place: RegionRow, period: Period, indicators: Sequence[str], as_of: date | None = None
) -> BulletinTable:
    """The place itself first, then its areas in the order of their codes. A fixed number of queries."""
    areas = [each for each in registry.children(place.code) if each.ends_on is None]
    every = [place, *sorted(areas, key=lambda each: each.code)]
    cells = [Cell(Subject(REGION, each.code), indicator, period) for each in every for indicator in indicators]
    seen = known(cells, as_of)
    lines = tuple(
        BulletinLine(
            each.code, each.name,
            tuple(_cell(seen, Cell(Subject(REGION, each.code), indicator, period)) for indicator in indicators),
            is_whole=each.code == place.code,
        )
        for each in every
    )  # fmt: skip
    columns = tuple(BulletinColumn(each, _HEADINGS[each], _unit(seen, each)) for each in indicators)
    sources = sorted({fact.source for cell in cells for fact in told_facts(seen.figure(cell))})
    doubts = sorted({each.zh for cell in cells for each in unverified(seen.figure(cell))})
    return BulletinTable(place.name, period_word(period), columns, lines, tuple(sources[:_MOST_SOURCES]), tuple(doubts))


def is_demo(place: RegionRow, period: Period, indicators: Sequence[str]) -> bool:
    """Whether demonstration data count in any figure of the bulletin."""
    regions = [place, *registry.children(place.code)]
    cells = [Cell(Subject(REGION, each.code), indicator, period) for each in regions for indicator in indicators]
    return known(cells).is_demo(cells)


def _cell(seen: Known, cell: Cell) -> BulletinCell:
    figure, settled = seen.figure(cell), seen.maturity(cell)
    if figure.value is None:
        return BulletinCell(None, absent=_STATES.get(figure.state, "—"))
    said = settled.value if settled else ""
    return BulletinCell(seen.printed(cell).value, said, is_doubted=bool(unverified(figure)))


def _unit(seen: Known, indicator: str) -> str:
    return _UNIT_OF_CHANGE if indicator in _CHANGES else seen.unit(indicator)


def as_text(table: BulletinTable) -> str:
    """As it is kept: JSON, figures as text."""
    return json.dumps(_plain(table), ensure_ascii=False, sort_keys=True)


def _plain(table: BulletinTable) -> dict[str, Any]:
    return {
        "place": table.place,
        "period": table.period,
        "columns": [[column.indicator, column.label, column.unit] for column in table.columns],
        "lines": [
            {
                "code": line.code,
                "name": line.name,
                "is_whole": line.is_whole,
                "cells": [[_text(cell.value), cell.maturity, cell.absent, cell.is_doubted] for cell in line.cells],
            }
            for line in table.lines
        ],
        "sources": list(table.sources),
        "unverified": list(table.unverified),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def from_text(content: str) -> BulletinTable:
    """The way back; what was kept before doubts were told has none."""
    told = json.loads(content)
    lines = tuple(
        BulletinLine(
            line["code"], line["name"],
            tuple(
                BulletinCell(None if value is None else Decimal(value), maturity, absent, *is_doubted)
                for value, maturity, absent, *is_doubted in line["cells"]
            ),
            line["is_whole"],
        )
        for line in told["lines"]
    )  # fmt: skip
    columns = tuple(BulletinColumn(*column) for column in told["columns"])
    doubts = tuple(told.get("unverified", ()))
    return BulletinTable(told["place"], told["period"], columns, lines, tuple(told["sources"]), doubts)


def paper_of(row: BulletinRow, table: BulletinTable, corrected: BulletinRow | None) -> BulletinInput:
    """What is set: the published one with its number and day; any other says what it is. 1 query."""
    done = row.published
    sealed = JournalRow.objects.get(sequence=row.newest_journal)
    prepared = row.prepared_at.date()
    return BulletinInput(
        issue=Issue(
            issuer=row.issuer, signed_on=done.on if done else prepared, number=done.number if done else ""
        ),
        basis=Basis(
            as_of=row.as_of, rulebook=row.rulebook, journal=sealed.sequence, seal=sealed.digest,
            sources=table.sources, is_demo=row.is_demo, is_fictional=row.is_fictional,
        ),
        table=table,
        standing="" if row.state is Standing.PUBLISHED else _STANDING[row.state],
        corrects=corrected.published.number if corrected and corrected.published else "",
    )  # fmt: skip


_STANDING = {
    Standing.DRAFT: "讨论稿",
    Standing.APPROVED: "报批稿，尚未公布",
    Standing.RETURNED: "已退回，不作公布",
    Standing.WITHDRAWN: "已撤回，不作公布",
}


def version() -> str:
    """Of the rules by which figures are computed now."""
    return open_rulebook().version
