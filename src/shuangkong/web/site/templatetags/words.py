"""Tags and filters of our own; built in to every template."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shuangkong.core.rounding import brief
from shuangkong.records.people.access import Where, may
from shuangkong.records.people.roles import Action
from shuangkong.web.people.words import acting_words
from shuangkong.web.site import words
from shuangkong.web.site.access import acting_of
from shuangkong.web.site.scope import link, scope_of

register = template.Library()


@register.simple_tag(takes_context=True)
def to(context: dict[str, Any], name: str, *args: object, **query: object) -> str:
    """The address of a page with place and period kept."""
    return link(context["request"], name, *args, **query)


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], action: str, where: Where | None = None) -> bool:
    """Whether to offer an act: the person may do it (there), and is looking at now."""
    request = context["request"]
    return scope_of(request).as_of is None and may(acting_of(request), Action(action), where)


@register.simple_tag(takes_context=True)
def looks(context: dict[str, Any], kind: str, number: int, where: Where) -> str:
    """The address of the journal's rows of one thing; "" for a person who may not read them."""
    request = context["request"]
    may_look = may(acting_of(request), Action.JOURNAL_READ, where)
    return link(request, "journal", subject=f"{kind}/{number}") if may_look else ""


@register.simple_tag
def named(username: str, names: Mapping[str, str]) -> SafeString | str:
    """A person by her name, where she has given one; the user name for who stays with the mouse."""
    name = names.get(username)
    return format_html('<span title="{}">{}</span>', username, name) if name else username


@register.simple_tag
def standing(value: str) -> SafeString:
    """A level: a sign and a word, and only then a colour."""
    return format_html(
        '<span class="level level-{}"><span class="sign" aria-hidden="true">{}</span>{}</span>',
        value,
        words.SIGNS[value],
        words.standing_word(value),
    )


register.filter(acting_words)
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
def short(value: Decimal | None) -> str:
    """The first digits of a number that no rule rounds; all of them stand where ``is_long`` says so."""
    return words.figure(None if value is None else brief(value))


@register.filter
def is_long(value: Decimal | None) -> bool:
    """Whether a number has more digits than a person reads."""
    return value is not None and brief(value) != value


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
