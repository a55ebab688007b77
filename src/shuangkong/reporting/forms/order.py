"""计算次序: derived fields, each after those that it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from shuangkong.reporting.forms.addresses import ANY, SAME, open_address, parse_address
from shuangkong.reporting.forms.model import Field


class CircularForm(ValueError):
    """Derived fields rest on each other in a circle; ``way`` names them."""

    def __init__(self, way: tuple[str, ...]) -> None:
        super().__init__(" → ".join(way))
        self.way = way


def ordered(fields: Mapping[str, Field]) -> tuple[Field, ...]:
    """Derived fields of ``fields`` (by address), each after those that it rests on; raises CircularForm."""
    found: dict[str, Field] = {}
    open_: dict[str, None] = {}
    for field in fields.values():
        _visit(field, fields, found, open_)
    return tuple(found.values())


def _visit(field: Field, fields: Mapping[str, Field], found: dict[str, Field], way: dict[str, None]) -> None:
    if field.derived is None or field.address in found:
        return
    if field.address in way:
        raise CircularForm((*way, field.address))
    way[field.address] = None
    for _, address in field.derived.inputs:
        below = fields.get(pattern_of(address))
        if below is not None:
            _visit(below, fields, found, way)
    del way[field.address]
    found[field.address] = field


def pattern_of(address: str) -> str:
    """The address under which a form has the field: an open row's by its pattern."""
    parsed = parse_address(address)
    if parsed is not None and parsed.is_open and parsed.row in (ANY, SAME):
        return open_address(parsed.table, parsed.column)
    return address
