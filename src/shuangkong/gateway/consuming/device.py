"""读入用的设备: what reading has to know of a device, and the doors to the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

#: Later than any moment, seconds.
EVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Spell:
    """For which outlet a device speaks, from a moment to a moment (not included), seconds since the epoch.

    ``ends_at`` None: to this day. ``every``: of how many hours of a day it owes one reading, as river sections do.
    """

    outlet: int
    starts_at: int
    ends_at: int | None = None
    every: int = 1


@dataclass(frozen=True, slots=True)
class UnitSpell:
    """In which unit a device sends a factor, from a moment to a moment (not included), seconds since the epoch."""

    factor: str
    unit: str
    starts_at: int
    ends_at: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes:
        id: of the register.
        mn: its number.
        units: factor code → the unit in which it sends that factor, where it is not that of the code table.
        unit_spells: the same over time, any order; where there is any, ``units`` says nothing.
        meters: code under which it tells a meter's counter → the meter's point.
        spells: for which outlets it speaks and spoke, any order.
        keys: SM4 keys of sixteen bytes, the newest first.
        password: "" takes any.
        variants: rules of the check value that it may use beside the standard's.
    """

    id: int
    mn: str
    units: Mapping[str, str] = field(default_factory=dict)
    spells: Sequence[Spell] = ()
    meters: Mapping[str, int] = field(default_factory=dict)
    keys: Sequence[bytes] = ()
    password: str = ""
    variants: frozenset[str] = frozenset({"hj212"})
    unit_spells: Sequence[UnitSpell] = ()

    def outlet_then(self, at: int) -> int | None:
        """For which outlet it spoke at a moment (seconds since the epoch); the newest spell where several say so."""
        told = self.spell_then(at)
        return told.outlet if told else None

    def spell_then(self, at: int) -> Spell | None:
        """See ``outlet_then``."""
        told, newest = None, -1
        for spell in self.spells:
            if newest < spell.starts_at <= at and (spell.ends_at is None or at < spell.ends_at):
                told, newest = spell, spell.starts_at
        return told

    def units_then(self, at: int) -> Mapping[str, str]:
        """As ``units``, of a moment: late data are of the unit that was sent then."""
        if not self.unit_spells:
            return self.units
        held = [
            each for each in self.unit_spells if each.starts_at <= at and (each.ends_at is None or at < each.ends_at)
        ]
        return {each.factor: each.unit for each in sorted(held, key=lambda each: each.starts_at)}

    def stay_then(self, at: int) -> tuple[int | None, int, int]:
        """For which outlet it spoke at a moment, and from when to when (not included) that and its units stood."""
        spells: tuple[Spell | UnitSpell, ...] = (*self.spells, *self.unit_spells)
        turns = [turn for spell in spells for turn in (spell.starts_at, spell.ends_at) if turn is not None]
        begins = max((turn for turn in turns if turn <= at), default=-EVER)
        return self.outlet_then(at), begins, min((turn for turn in turns if turn > at), default=EVER)


class Registers(Protocol):
    """The registers of devices and points. Its methods may wait for a database."""

    def stamp(self) -> object:
        """What differs when the devices have changed; cheap."""
        ...

    def devices(self) -> Mapping[str, Device]:
        """Devices by number."""
        ...

    def points(self, wanted: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        """The points of (outlet, factor); made where there are none."""
        ...
