"""全表的数: what a return says and what the form computes from it, place by place, in printed units."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.reporting.content import Content
from shuangkong.reporting.derive import derive
from shuangkong.reporting.derive import values as meant
from shuangkong.reporting.forms.model import FieldKind, Form

type Value = Decimal | str | State


def values(form: Form, content: Content) -> dict[str, Value]:
    """Address → value, of what is told and of what is derived; a place that is not there is blank."""
    found: dict[str, Value] = {
        address: entry.value if entry.value is not None else entry.state for address, entry in content.entries.items()
    }
    return found | derive(form, _sound(form, content))


def judged_values(form: Form, content: Content) -> dict[str, Value]:
    """The same with blanks as the form means them: required and missing, or in a row that does not apply."""
    sound = _sound(form, content)
    found: dict[str, Value] = {
        address: entry.value if entry.value is not None else entry.state for address, entry in content.entries.items()
    }
    words = {address: told for address, told in found.items() if isinstance(told, str)}
    return {**found, **meant(form, sound), **words}


def _sound(form: Form, content: Content) -> Content:
    """Without what was typed where a number belongs and is none: nothing can be computed of that."""
    words = [
        address
        for address, entry in content.entries.items()
        if isinstance(entry.value, str) and ((field := form.field(address)) is None or field.kind is FieldKind.FIGURE)
    ]
    if not words:
        return content
    entries = {address: entry for address, entry in content.entries.items() if address not in frozenset(words)}
    return Content(content.form, content.edition, entries, content.keys)
