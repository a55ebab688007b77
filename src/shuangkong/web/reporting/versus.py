"""两版对照: what one version says otherwise than another, cell by cell, derived figures too."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.records.reporting.values import values
from shuangkong.reporting.content import Content
from shuangkong.reporting.forms.model import Form
from shuangkong.web.reporting.sheet import Filled, cells_by_address, sheet, shown
from shuangkong.web.site.words import MISSING, rounded_figure


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell; ``change`` in percent where both are figures. ``is_derived``: it follows from others."""

    address: str
    where: str
    before: str
    after: str
    change: str
    is_derived: bool


def differences(form: Form, before: Content, after: Content) -> tuple[Difference, ...]:
    """In the order of the form; told cells and those that follow from them."""
    was, now = values(form, before), values(form, after)
    names = dict(cells_by_address(sheet(Filled.of(form, before, None))))
    names |= dict(cells_by_address(sheet(Filled.of(form, after, None))))
    order = {address: at for at, address in enumerate(names)}
    moved = [address for address in {*was, *now} if was.get(address) != now.get(address)]
    return tuple(
        Difference(
            address, names.get(address, address), shown(was.get(address)) or MISSING,
            shown(now.get(address)) or MISSING, change_of(was.get(address), now.get(address)),
            (field := form.field(address)) is not None and not field.is_told,
        )
        for address in sorted(moved, key=lambda each: order.get(each, len(order)))
    )  # fmt: skip


def change_of(before: object, after: object) -> str:
    """By how many percent; "" where there is nothing to compare with."""
    if not isinstance(before, Decimal) or not isinstance(after, Decimal) or not before:
        return ""
    return f"{rounded_figure((after - before) / abs(before) * 100, 1)}%"
