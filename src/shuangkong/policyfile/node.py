"""What a policy file is once read: values, mappings and lists that remember the file and line they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

type Plain = str | int | Decimal | bool | date


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line (from 1) of a policy file, the file named from the policy root's parent (``policy/units.yaml``)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value."""

    place: Place
    value: Plain


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in file order."""

    place: Place
    items: tuple[Node, ...]

    def mappings(self) -> Iterator[Mapping]:
        """The items, each of them a mapping as its shape demands."""
        for item in self.items:
            yield as_mapping(item)

    def texts(self) -> tuple[str, ...]:
        """The items, each of them a text as its shape demands."""
        return tuple(as_text(item) for item in self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys to nodes in file order; ``key_places`` has the line of each key.

    The readers below are for files that passed their shape: a wrong kind is then our own mistake: TypeError.
    """

    place: Place
    entries: dict[str, Node]
    key_places: dict[str, Place]

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def text(self, key: str, default: str = "") -> str:
        return as_text(self.entries[key]) if key in self.entries else default

    def number(self, key: str) -> Decimal:
        return as_number(self.entries[key])

    def flag(self, key: str, default: bool) -> bool:
        return bool(_value(self.entries[key])) if key in self.entries else default

    def day(self, key: str) -> date | None:
        """The day under ``key``; None where the key is absent."""
        if key not in self.entries:
            return None
        value = _value(self.entries[key])
        if not isinstance(value, date):
            raise TypeError(f"{self.entries[key].place}: expected a day, found {value!r}")
        return value

    def mapping(self, key: str) -> Mapping:
        return as_mapping(self.entries[key])

    def listing(self, key: str) -> Listing:
        """The list under ``key``; an empty one where the key is absent."""
        if key not in self.entries:
            return Listing(self.place, ())
        node = self.entries[key]
        if not isinstance(node, Listing):
            raise TypeError(f"{node.place}: expected a list")
        return node


type Node = Leaf | Listing | Mapping


def as_mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise TypeError(f"{node.place}: expected a mapping")
    return node


def as_text(node: Node) -> str:
    value = _value(node)
    if not isinstance(value, str):
        raise TypeError(f"{node.place}: expected text, found {value!r}")
    return value


def as_number(node: Node) -> Decimal:
    value = _value(node)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise TypeError(f"{node.place}: expected a number, found {value!r}")
    return Decimal(value)


def _value(node: Node) -> Plain:
    if not isinstance(node, Leaf):
        raise TypeError(f"{node.place}: expected a single value")
    return node.value


def walk(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """Every leaf below ``node`` with its path of keys and positions, in file order."""
    match node:
        case Leaf():
            yield path, node
        case Listing():
            for position, item in enumerate(node.items):
                yield from walk(item, (*path, str(position)))
        case Mapping():
            for key, value in node.entries.items():
                yield from walk(value, (*path, key))
