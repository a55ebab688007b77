"""接口说明: a form as JSON Schema, of the same fields as its page, its template and its checks."""

from __future__ import annotations

from typing import Any

from shuangkong.reporting.forms.addresses import ANY, LONGEST_KEY
from shuangkong.reporting.forms.model import Field, FieldKind, Form

_NOT_APPLICABLE = {"const": "not_applicable"}


def schema(form: Form) -> dict[str, Any]:
    """JSON Schema of what the interface takes for a return: ``values``, address → value.

    A value is a number in the printed unit of its field (``x-unit``) or its text, a code, a text, a day, true or false;
    ``null`` clears a place, ``not_applicable`` says that there is nothing of the kind. Computed fields are not taken.
    """
    fixed = {address: _of_field(field) for address, field in form.fixed.items() if field.is_told}
    patterns = {
        _pattern(field): _of_field(field) for field in form.fields.values() if field.row == ANY and field.is_told
    }
    values: dict[str, Any] = {"type": "object", "properties": fixed, "additionalProperties": False}
    if patterns:
        values["patternProperties"] = patterns
    return {
        "title": form.name.en,
        "description": form.name.zh,
        "type": "object",
        "additionalProperties": False,
        "required": ["form", "edition", "period", "values"],
        "properties": {
            "form": {"const": form.id},
            "edition": {"const": form.edition},
            "period": {"type": "string", "description": f"{form.every}"},
            "values": values,
        },
        "x-kind": form.kind.value,
        "x-due-days": form.days,
        **({"x-due": "{:02d}-{:02d}".format(*form.due)} if form.due else {}),
        "x-verified": form.is_verified,
        "x-required": [field.address for field in form.required],
        "x-computed": {field.address: field.derived.expression.text for field in form.derived if field.derived},
    }


def _pattern(field: Field) -> str:
    return rf"^{field.table}\[[^\[\]\u0000-\u001f]{{1,{LONGEST_KEY}}}\]\.{field.column}$"


def _of_field(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"title": field.name.zh, "description": field.name.en}
    if field.guidance is not None:
        found["description"] = f"{field.name.en}. {field.guidance.en}"
    match field.kind:
        case FieldKind.FIGURE:
            least = {} if field.may_be_negative else {"minimum": 0}
            number = {"type": "number", "multipleOf": float(10**-field.decimals), **least}
            found["anyOf"] = [number, {"type": "string"}, _NOT_APPLICABLE, {"type": "null"}]
            found |= {"x-unit": field.printed, "x-base-unit": field.unit, "x-factor": f"{field.factor:f}"}
            found["x-decimals"] = field.decimals
        case FieldKind.CODE:
            found["enum"] = [*(choice.code for choice in field.choices), "not_applicable", None]
        case FieldKind.DAY:
            found["anyOf"] = [{"type": "string", "format": "date"}, _NOT_APPLICABLE, {"type": "null"}]
        case FieldKind.FLAG:
            found["enum"] = [True, False, "yes", "no", "not_applicable", None]
        case FieldKind.TEXT:
            found["type"] = ["string", "null"]
    if field.fact is not None:
        found["x-indicator"] = field.fact.indicator
    return found
