"""能流图: the balance in coal equivalent as flows, from where energy comes to where it goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from shuangkong.core.finding import Message
from shuangkong.indicators.balance.flows import Flow, Node, Stage, flows, is_drawable
from shuangkong.indicators.table_words import ALL, Basis
from shuangkong.records.people.roles import Action
from shuangkong.web.indicators.balance_page import PRINTED, Shown, choices, in_print, shown_balance, status_context
from shuangkong.web.indicators.place import choose_place, place_asked
from shuangkong.web.site.access import needs
from shuangkong.web.site.page import page
from shuangkong.web.site.scope import link
from shuangkong.web.site.tables import Cell, Column, Row, Table, text_cell
from shuangkong.web.site.words import rounded_figure, spoken

BASES = (Basis.CALORIFIC.value, Basis.EQUIVALENT.value)
UNIT = PRINTED["tce"]
_PLACES = 2


@require_GET
@needs(Action.ACTUAL_READ, shows_past=True)
def balance_flows(request: HttpRequest) -> HttpResponse:
    """Of the place that the address names, else the person's own."""
    place = place_asked(request)
    if place is None:
        return choose_place(request, "indicators:flows")
    seen = shown_balance(request, place, BASES)
    found = flows(seen.balance) if seen.sheet else ()
    context = status_context(request, seen) | {
        "choices": tuple(choices(request, seen.basis, BASES)),
        "chart": _chart(found) if found and is_drawable(found) else None,
        "unit": UNIT,
        "unconverted": _unconverted(seen),
        "table": link(request, "indicators:balance", basis=seen.basis),
    }
    return page(request, "indicators/flows.html", context, {"flows_table": _table(seen, found)})


def _unconverted(seen: Shown) -> str:
    """Energies without a coefficient: the picture is without them, and says so."""
    if seen.sheet is None:
        return ""
    names = {column.id: spoken(Message(column.zh, column.en)) for column in seen.sheet.table.columns}
    return _("、").join(names[each] for each in seen.balance.unconverted)


def _name(node: Node) -> str:
    """Parts of the whole say it before their name: alone in a picture they would not be understood."""
    return spoken(Message(node.zh, node.en))


def _chart(found: tuple[Flow, ...]) -> dict[str, Any]:
    nodes = {node.key: node for flow in found for node in (flow.whence, flow.whither)}
    stages = {
        Stage.SOURCE: _("来源"), Stage.ENERGY: _("能源"), Stage.CONVERSION: _("加工转换"), Stage.USE: _("终端消费"),
        Stage.OUT: _("调出和库存"), Stage.LOSS: _("损失"), Stage.DIFFERENCE: _("差额"),
    }  # fmt: skip
    return {
        "unit": UNIT,
        "nodes": [{"name": key, "label": _name(node), "stage": node.stage.value} for key, node in nodes.items()],
        "stages": {stage.value: str(word) for stage, word in stages.items()},
        "links": [
            {"source": flow.whence.key, "target": flow.whither.key, "value": float(round(amount, _PLACES + 2))}
            for flow in found
            if (amount := in_print(flow.amount, UNIT))
        ],
    }


def _table(seen: Shown, found: tuple[Flow, ...]) -> Table:
    columns = (
        Column("whence", _("从")),
        Column("whither", _("到")),
        Column("amount", _("数量"), UNIT, is_figure=True),
    )
    rows = []
    is_doubted = bool(found) and seen.is_doubted(ALL)
    for flow in found:
        amount = in_print(flow.amount, UNIT)
        cell = Cell(rounded_figure(amount, _PLACES), amount, is_doubted=is_doubted)
        rows.append(Row((text_cell(_name(flow.whence)), text_cell(_name(flow.whither)), cell)))
    empty = _("录入能源平衡表后，这里逐条列出从来源到去向的流量。")
    is_demo = seen.sheet is not None and seen.sheet.is_demo
    return Table("flows", _("能流明细"), columns, tuple(rows), empty, is_demo=is_demo)
