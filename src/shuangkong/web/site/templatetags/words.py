"""Tags and filters of our own; built in to every template."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuangkong.targets.status import Standing
from shuangkong.web.site import words
from shuangkong.web.site.scope import link

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: dict[str, Any], name: str, *args: object, **query: object) -> str:
    """The address of a page with place and period kept."""
    return link(context["request"], name, *args, **query)


@register.simple_tag
def standing(value: str) -> SafeString:
    """A level: a sign and a word, and only then a colour."""
    return format_html(
        '<span class="level level-{}"><span class="sign" aria-hidden="true">{}</span>{}</span>',
        value,
        words.SIGNS[Standing(value)],
        words.standing_word(value),
    )


for _name in (
    "figure",
    "spoken",
    "unit_word",
    "with_unit",
    "kept_word",
    "kind_word",
    "op_sign",
    "role_word",
    "entry_word",
    "verdict_word",
    "severity_word",
    "status_word",
    "strength_word",
    "deadline_word",
):
    register.filter(_name, getattr(words, _name))


@register.filter
def rounded(value: Decimal | None, places: int = 2) -> str:
    """A computed number, rounded at this one point."""
    return words.rounded_figure(value, places)


@register.filter
def exact(value: Decimal | None) -> str:
    """A number of a formula: as it is, or with four decimals where it has more."""
    exponent = 0 if value is None else value.as_tuple().exponent
    return words.figure(value) if isinstance(exponent, int) and exponent >= -4 else words.rounded_figure(value, 4)


@register.filter
def indicator_word(target: Any) -> str:
    """The name of a target's indicator, with what its kind adds."""
    return words.indicator_word(target.indicator, target.indicator_name, target.kind)


@register.filter
def kind_of_word(target: Any) -> str:
    """The kind of a target."""
    return words.kind_of_word(target.kind, target.indicator, target.indicator_name)


@register.filter
def nature_word(value: str) -> str:
    return words.nature_word(value) or _("未写明")


@register.filter
def nth(sequence: Any, index: int) -> Any:
    """The item at an index."""
    return sequence[index]
