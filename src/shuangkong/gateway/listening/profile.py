"""设备档案: what is known of a device before it speaks, and where that comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class BadProfiles(ValueError):
    """A file of profiles cannot be read; says where and why."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One device.

    Attributes:
        mn: its number, as it sends it.
        password: its access password; "" takes any.
        keys: SM4 keys, its own first; others serve while it changes over.
        next_key: the one of them that it was told to use, and has not yet been heard to.
        variants: rules of the check value that it may use, of ``protocols.hj212.check.VARIANTS``.
        units: factor code → the unit in which it sends the factor, where that is not the code table's.
        encoding: of its texts, "utf-8" or "gbk".
        edition: of the protocol, for what we send to it, of ``protocols.hj212.codes.Edition``; "auto": as it last sent.
        says_ready: it wants ``QnRtn=1`` in acknowledgements, though the standard's are empty.
        system: its system code ST, for what we send to it.
    """

    mn: str
    password: str = ""
    keys: tuple[bytes, ...] = ()
    next_key: bytes | None = None
    variants: frozenset[str] = frozenset({"hj212"})
    units: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    edition: str = "auto"
    says_ready: bool = False
    system: str = ""


#: By number as it stands in frames.
type Book = Mapping[bytes, Profile]


def book_of(profiles: list[Profile]) -> Book:
    """The profiles by number."""
    return {each.mn.encode(): each for each in profiles}


class ProfileSource(Protocol):
    """Where profiles come from. Both methods may wait for a disk or a database: they are not called in the loop."""

    def stamp(self) -> object:
        """What differs when the profiles have changed; cheap."""
        ...

    def load(self) -> Book:
        """All profiles in force now."""
        ...


class FileProfiles:
    """A JSON file: a list of objects with the names of ``Profile``; keys are hexadecimal."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def stamp(self) -> object:
        told = self.path.stat()
        return told.st_mtime_ns, told.st_size

    def load(self) -> Book:
        """See ``ProfileSource``; raises BadProfiles."""
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))
            return book_of([_profile(row) for row in rows])
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise BadProfiles(f"{self.path}: {fault}") from fault


def _profile(row: Mapping[str, object]) -> Profile:
    told = dict(row)
    unknown = set(told) - (set(Profile.__dataclass_fields__) - {"next_key"})
    if unknown:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}; expected {', '.join(Profile.__dataclass_fields__)}")
    keys, variants = told.pop("keys", ()), told.pop("variants", ("hj212",))
    if not isinstance(keys, list | tuple) or not isinstance(variants, list | tuple):
        raise ValueError("keys and variants are lists")  # noqa: TRY004 - told as a fault of the file
    return Profile(keys=tuple(map(bytes.fromhex, keys)), variants=frozenset(variants), **told)  # type: ignore[arg-type]
