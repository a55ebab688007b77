"""Dated values of a policy file: nodes → DatedValue, and what can be wrong between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from shuangkong.core.dated import DatedValue, Validity
from shuangkong.core.finding import Finding
from shuangkong.policyfile.node import Listing, Mapping, as_number
from shuangkong.policyfile.refusal import refuse


def dated_values(parameter: Mapping) -> tuple[DatedValue, ...]:
    """The items of ``values`` in file order. An item's own ``verified`` outweighs that of the whole parameter."""
    whole = parameter.flag("verified", default=False)
    bounds = parameter.listing("applies_to").texts()
    return tuple(_dated_value(item, whole, bounds) for item in parameter.listing("values").mappings())


def _dated_value(item: Mapping, whole: bool, bounds: tuple[str, ...]) -> DatedValue:
    return DatedValue(
        numbers=numbers(item, "value"),
        validity=Validity(starts_of(item), item.day("until")),
        source=item.text("source"),
        at=item.text("at"),
        is_verified=item.flag("verified", whole),
        place=str(item.place),
        bounds=bounds,
    )


def numbers(item: Mapping, key: str) -> tuple[Decimal, ...]:
    """One number or a list of them."""
    node = item.entries[key]
    return tuple(as_number(part) for part in (node.items if isinstance(node, Listing) else (node,)))


def check_values(parameter: Mapping) -> Iterator[Finding]:
    """Ends before starts, two values on one day, and ``verified: true`` that nobody signed."""
    yield from _check_verified(parameter)
    yield from check_dated_items(parameter.listing("values").mappings())


def check_dated_items(items: Iterable[Mapping]) -> Iterator[Finding]:
    """The same of dated things that stand one after another: values, formulas."""
    seen: list[tuple[Validity, int]] = []
    for item in items:
        yield from _check_verified(item)
        starts, until = starts_of(item), item.day("until")
        if until is not None and until < starts:
            yield refuse("POL-024", item.place, starts=starts, until=until)
            continue
        validity = Validity(starts, until)
        for other, line in seen:
            if validity.overlaps(other):
                yield refuse("POL-023", item.place, first=line)
        seen.append((validity, item.place.line))


def _check_verified(node: Mapping) -> Iterator[Finding]:
    if node.flag("verified", default=False) and "checked" not in node:
        yield refuse("POL-029", node.key_places["verified"])


def starts_of(item: Mapping) -> date:
    """The day under ``from``, which the shape demands."""
    starts = item.day("from")
    if starts is None:
        raise TypeError(f"{item.place}: expected a day under from")
    return starts
