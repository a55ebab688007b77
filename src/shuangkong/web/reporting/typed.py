"""填的字和数: what is typed into a cell as an entry, and an entry as a cell shows it.

Nothing typed is refused here: what is no number stays as it is, for the checks to say so at the cell.
"""

from __future__ import annotations

import re
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.reporting.content import Entry, Origin, written
from shuangkong.reporting.forms.model import Field, FieldKind

#: Ways of writing that a place does not apply.
NOT_APPLICABLE = ("不适用", "/", "n/a", "N/A")
_NUMBER = re.compile(r"[-−]?\d{1,18}(?:\.\d{1,12})?")
#: Thousands parted by commas, as Excel shows them.
_GROUPED = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d{1,12})?")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")
_YES = {"是": "yes", "√": "yes", "否": "no", "×": "no"}


def entry_of(field: Field, text: str, origin: Origin = Origin.TYPED) -> Entry:
    """MISSING where nothing is typed."""
    plain = text.strip()
    if not plain:
        return Entry(State.MISSING)
    if plain in NOT_APPLICABLE:
        return Entry(State.NOT_APPLICABLE, None, origin)
    if field.kind is FieldKind.FIGURE:
        number = figure_of(plain)
        return Entry(State.VALUE, plain if number is None else number, origin)
    if field.kind is FieldKind.FLAG:
        return Entry(State.VALUE, _YES.get(plain, plain), origin)
    if field.kind is FieldKind.CODE:
        by_name = {choice.name.zh: choice.code for choice in field.choices}
        by_name |= {choice.name.en: choice.code for choice in field.choices}
        return Entry(State.VALUE, by_name.get(plain, plain), origin)
    return Entry(State.VALUE, plain, origin)


def figure_of(text: str) -> Decimal | None:
    """The number that a text writes; None where it writes none. Full-width digits and grouping commas are read."""
    plain = text.translate(_FULL_WIDTH).replace(" ", "")
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return Decimal(plain.replace("−", "-")) if _NUMBER.fullmatch(plain) else None


def text_of(entry: Entry) -> str:
    """As a cell shows it, and as it would be typed again."""
    if entry.state is State.NOT_APPLICABLE:
        return NOT_APPLICABLE[0]
    if isinstance(entry.value, Decimal):
        return written(entry.value)
    return entry.value or ""
