"""Every address of the site, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@cache
def addresses() -> Mapping[str, URLPattern]:
    """Name, with that of its room in front → pattern."""
    return dict(_below(get_resolver(), ""))


def _below(resolver: URLResolver, space: str) -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            found += _below(each, f"{each.namespace}:" if each.namespace else space)
        else:
            found.append((space + str(each.name), each))
    return found


def address(name: str, numbers: Mapping[str, object]) -> str:
    """The address of that name about these things; what is not named there gets a number that nothing has."""
    return reverse(name, kwargs={key: numbers.get(key, 10**9) for key in addresses()[name].pattern.converters})
