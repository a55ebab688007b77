"""首值: where the first value of a field may come from, in order; the reporter sees the source and may change it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Prefill(StrEnum):
    """``RETURNS``: what the same unit told on another form, accepted, for the period that ends with this one."""

    COEFFICIENT = "coefficient"
    LEDGER = "ledger"
    READINGS = "readings"
    REGISTER = "register"
    PERMIT = "permit"
    RETURNS = "returns"


#: Prefills whose figures are evidence, by the ids of ``reporting/evidence``.
OF_EVIDENCE = frozenset({Prefill.LEDGER, Prefill.READINGS, Prefill.PERMIT})
_PLACE = re.compile(
    r"(?P<form>[a-z][a-z0-9_]*):(?P<address>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*|\[\*\])\.[a-z][a-z0-9_]*)"
)


@dataclass(frozen=True, slots=True)
class First:
    """One source of a first value.

    ``which``: id of the parameter that a coefficient is, of the evidence or of what the register knows; of a return
    ``form:address``.
    """

    source: Prefill
    which: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """(form, address) of what is taken from another form; ("", "") where that cannot be read."""
        found = _PLACE.fullmatch(self.which) if self.source is Prefill.RETURNS else None
        return (found["form"], found["address"]) if found is not None else ("", "")


def taken(firsts: tuple[First, ...]) -> tuple[First, ...]:
    """Those of them that are places of other forms, in order."""
    return tuple(each for each in firsts if each.source is Prefill.RETURNS)
