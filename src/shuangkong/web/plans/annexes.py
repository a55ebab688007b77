"""Annex tables as printed, from the entries of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from shuangkong.plans.reading import AnnexTable
from shuangkong.plans.reading_json import decode
from shuangkong.records.plans.rows import EntryRow
from shuangkong.web.site.tables import Cell, Column, Row, Table


def annex_tables(entries: Iterable[EntryRow]) -> tuple[Table, ...]:
    """One table for each annex that still stands."""
    return tuple(_table(row.id, row.payload) for row in entries if not row.is_dropped)


def _table(entry_id: int, payload: dict[str, Any]) -> Table:
    annex: AnnexTable = decode(AnnexTable, payload | {"doubts": []})
    columns = tuple(
        Column(f"c{number}", column.header or "　", column.unit or "", is_figure=column.role not in ("label", "unit"))
        for number, column in enumerate(annex.columns)
    )
    rows = tuple(
        Row(
            tuple(Cell(cell.text, cell.value if cell.value is not None else cell.text) for cell in row.cells),
            row.is_total,
        )
        for row in annex.rows
        if len(row.cells) == len(columns)
    )
    title = _("附表%(no)d %(title)s") % {"no": annex.no, "title": annex.title}
    return Table(
        f"annex-{entry_id}",
        title,
        columns,
        rows,
        note=_("有 %(count)d 条表注，见原文") % {"count": len(annex.notes)} if annex.notes else "",
    )
