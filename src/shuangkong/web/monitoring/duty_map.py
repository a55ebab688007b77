"""值守的示意图: where outlets lie is told once; how each stands is told apart from it, and alone when it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shuangkong.web.monitoring.live import Standing, State

#: The digit of a state: its place among the groups.
_DIGITS = {state: str(number) for number, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Sketch:
    """``ground``: groups of states, points with what they are called, where they lead to, outlines. ``states``: of each
    point the digit of its group, and its open alarms where there are any.
    """

    ground: Mapping[str, Any]
    states: Mapping[str, Any]

    @property
    def whole(self) -> dict[str, Any]:
        """What a page draws; later ``states`` laid over it are the whole map of then."""
        return {**self.ground, **self.states}


def is_placed(standing: Standing) -> bool:
    """Whether it has coordinates."""
    return standing.outlet.longitude is not None and standing.outlet.latitude is not None


def sketch(
    held: Sequence[Standing], groups: Mapping[State, Mapping[str, str]], href: tuple[str, str], outlines: str
) -> Sketch | None:
    """The map of those that have coordinates; None where none has.

    Args:
        groups: what a state is called, its sign and its colour.
        href: what stands before and behind the number of an outlet in its address.
        outlines: address of the place's outlines; "" for none.
    """
    placed = [each for each in held if is_placed(each)]
    if not placed:
        return None
    points = [
        (float(each.outlet.longitude or 0), float(each.outlet.latitude or 0), each.outlet.name, each.outlet.pk)
        for each in placed
    ]
    return Sketch(
        {
            "outlines": outlines, "groups": [groups[state] for state in State], "href": href, "points": points,
            "unplaced": len(held) - len(placed),
        },
        {
            "states": "".join(_DIGITS[each.state] for each in placed),
            "open": {str(place): each.open_alarms for place, each in enumerate(placed) if each.open_alarms},
        },
    )  # fmt: skip
