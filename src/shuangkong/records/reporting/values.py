"""全表的数: what a return says and what the form computes from it, place by place, in printed units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from shuangkong.core.fact import State
from shuangkong.core.rounding import rounded
from shuangkong.policyfile.expression.quick import Quick, lossless
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.addresses import ANY, open_address
from shuangkong.reporting.forms.model import Derivation, Field, Form

type Value = Decimal | str | State


def values(form: Form, content: Content) -> dict[str, Value]:
    """Address → value, of what is told and of what is derived; a place that is not there is blank."""
    found: dict[str, Value] = {
        address: entry.value if entry.value is not None else entry.state for address, entry in content.entries.items()
    }
    found.update(derived(form, content))
    return found


def derived(form: Form, content: Content) -> dict[str, Decimal | State]:
    """Address → what the form computes; a State where it cannot be computed."""
    told: dict[str, Value] = {
        address: entry.value if entry.value is not None else entry.state for address, entry in content.entries.items()
    }
    found: dict[str, Decimal | State] = {}
    with lossless():
        for field in form.derived:
            if field.derived is None:
                continue
            quick = _quick(field.derived)
            for address, key in _places(field, content):
                inputs = [
                    _input(form, content, told, where.replace("[]", f"[{key}]"), factor)
                    for (_, where), factor in zip(field.derived.inputs, field.derived.factors, strict=True)
                ]
                number = quick.number(inputs)
                if isinstance(number, Decimal):
                    found[address] = number / field.derived.divisor if field.derived.divisor != 1 else number
                else:
                    found[address] = State.NOT_APPLICABLE if number.name == "NOT_APPLICABLE" else State.MISSING
                told[address] = found[address]
    return {address: _shown(form, address, value) for address, value in found.items()}


def _shown(form: Form, address: str, value: Decimal | State) -> Decimal | State:
    field = form.field(address)
    return rounded(value, field.decimals) if isinstance(value, Decimal) and field is not None else value


@lru_cache(maxsize=8192)
def _quick_of(text: str, names: tuple[str, ...], derivation: int) -> Quick:
    return Quick(_KNOWN[derivation].expression, names)


_KNOWN: dict[int, Derivation] = {}


def _quick(derivation: Derivation) -> Quick:
    _KNOWN[id(derivation)] = derivation
    return _quick_of(derivation.expression.text, tuple(name for name, _ in derivation.inputs), id(derivation))


def _places(field: Field, content: Content) -> Iterator[tuple[str, str]]:
    """(address, key of the row) of every place of a field."""
    if field.row != ANY:
        yield field.address, field.row
        return
    for key in content.rows(field.table):
        yield open_address(field.table, field.column, key), key


def _input(form: Form, content: Content, told: Mapping[str, Value], address: str, factor: Decimal) -> Decimal | State:
    if address.partition("[")[2].startswith(f"{ANY}]"):
        return _added(form, content, told, address, factor)
    value = told.get(address)
    if isinstance(value, Decimal):
        return value * factor
    if isinstance(value, State):
        return value
    field = form.field(address)
    return State.MISSING if field is not None and field.is_required else State.NOT_APPLICABLE


def _added(form: Form, content: Content, told: Mapping[str, Value], address: str, factor: Decimal) -> Decimal | State:
    """All rows of an open table added up."""
    table, _, column = address.partition(f"[{ANY}].")
    rows = [told.get(open_address(table, column, key)) for key in content.rows(table)]
    figures = [each for each in rows if isinstance(each, Decimal)]
    return sum(figures, Decimal(0)) * factor if figures else State.NOT_APPLICABLE
