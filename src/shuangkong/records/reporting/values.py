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
    return _told(content) | derive(form, _sound(form, content))


def judged_values(form: Form, content: Content) -> dict[str, Value]:
    """The same with blanks as the form means them: required and missing, or in a row that does not apply."""
    return {**_told(content), **meant(form, _sound(form, content)), **content.texts}


def _told(content: Content) -> dict[str, Value]:
    """What stands there: a value, or why there is none."""
    if len(content.figures) == len(content.entries):
        return dict(content.figures)
    entries = content.entries.items()
    return {address: state if value is None else value for address, (state, value, _, _) in entries}


def _sound(form: Form, content: Content) -> Content:
    """Without what was typed where a number belongs and is none: nothing can be computed of that."""
    words = frozenset(
        address for address in content.texts if (field := form.field(address)) is None or field.kind is FieldKind.FIGURE
    )
    if not words:
        return content
    entries = {address: entry for address, entry in content.entries.items() if address not in words}
    return Content(content.form, content.edition, entries, content.keys)
