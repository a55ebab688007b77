"""分档: figures of a map in up to five bands of like size, told apart by words as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.web.site.words import figure

BANDS = 5


def banded[Key](values: Mapping[Key, Decimal]) -> dict[Key, str]:
    """Key → "number words", number from 1 for the lowest; none where all figures are the same."""
    apart = sorted(set(values.values()))
    if len(apart) < 2:
        return {}
    count = min(BANDS, len(apart))
    edges = [apart[(len(apart) * number) // count] for number in range(count)]
    found: dict[Key, str] = {}
    for key, value in values.items():
        number = max(index for index, edge in enumerate(edges) if edge <= value)
        inside = [each for each in apart if each >= edges[number] and (number + 1 == count or each < edges[number + 1])]
        low, high = figure(inside[0]), figure(inside[-1])
        found[key] = f"{number + 1} {low}" if low == high else f"{number + 1} {low}～{high}"
    return found
