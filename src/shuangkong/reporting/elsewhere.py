"""他表带入: what a return begins with of the same unit's accepted returns of other forms (月报 → 年报)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from shuangkong.core.period import Period
from shuangkong.policyfile.expression.given import Told
from shuangkong.reporting.carrying import Offer
from shuangkong.reporting.content import Content
from shuangkong.reporting.derive import derive
from shuangkong.reporting.forms.addresses import ANY, open_address, parse_address
from shuangkong.reporting.forms.first import Prefill, taken
from shuangkong.reporting.forms.model import Field, Form


@dataclass(frozen=True)
class Accepted:
    """An accepted return of another form, on the edition that it was made on."""

    form: Form
    period: Period
    content: Content

    @property
    def ground(self) -> str:
        """As it is kept with what was taken from it: ``form period``; pages say its name."""
        return f"{self.form.id} {self.period}"

    @cached_property
    def derived(self) -> Mapping[str, Told]:
        return derive(self.form, self.content)

    def value(self, address: str) -> Decimal | str | None:
        """What it says at a place, a figure in base units; None where it says nothing, or that it does not apply."""
        field = self.form.field(address)
        if field is None:
            return None
        if field.derived is not None:
            total = self.derived.get(address)
            return total * field.factor if isinstance(total, Decimal) else None
        told = self.content[address].value
        return told * field.factor if isinstance(told, Decimal) else told


def forms_taken(form: Form) -> tuple[str, ...]:
    """Ids of the forms that fields begin with, in the order of the fields."""
    told = (first.place[0] for field in form.fields.values() if field.is_told for first in taken(field.firsts))
    return tuple(dict.fromkeys(told))


def of_returns(form: Form, accepted: Mapping[str, Accepted]) -> Iterator[Offer]:
    """What accepted returns offer, by the id of their form; of open tables row by row, by their keys."""
    for field in form.fields.values():
        for first in taken(field.firsts) if field.is_told else ():
            id, address = first.place  # noqa: A001 - the word of the field
            held = accepted.get(id)
            found = [] if held is None else list(_offers(field, address, held))
            if found:
                yield from found
                break


def _offers(field: Field, address: str, held: Accepted) -> Iterator[Offer]:
    if field.row != ANY:
        places = [(field.address, address)]
    else:
        there = parse_address(address)
        keys = () if there is None else held.content.rows(there.table)
        places = [
            (open_address(field.table, field.column, key), open_address(there.table, there.column, key))
            for key in keys
            if there is not None
        ]
    for own, theirs in places:
        value = held.value(theirs)
        if value is not None:
            yield Offer(own, value, Prefill.RETURNS, held.ground)
