"""算不算处理: whose waste counts as treated, which capacity treats, which settlement must treat its sewage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shuangkong.core.dated import DatedValue
from shuangkong.records.monitoring.models import Settlement, SewagePlant, Village, WasteChain, WasteFacility
from shuangkong.rulebook import Rulebook

TRANSFER, INCINERATION = "transfer", "incineration"
#: Sorts of facilities that treat household waste harmlessly. A simple heap takes waste and treats none.
HARMLESS = frozenset({INCINERATION, "landfill", "biological"})
#: Sorts that take household waste in at the end of its road.
ENDS = HARMLESS | {"simple"}
#: Sorts that need a licence to take in waste of others.
LICENSED = frozenset({"medical", "hazardous"})
NONE, RUNNING = "none", "running"
_HOUSEHOLDS, _PEOPLE = "monitoring/rural/settlement_households", "monitoring/rural/settlement_people"


def stands(row: WasteFacility | WasteChain | Village | Settlement | SewagePlant, on: date) -> bool:
    """Whether a row of a register holds on a day."""
    return row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)


def is_whole(ends: WasteFacility | None, over: WasteFacility | None, on: date) -> bool:
    """Whether a chain ends, on a day, in a facility that treats and stands, over a station that stands where one is."""
    return ends is not None and ends.sort in HARMLESS and stands(ends, on) and (over is None or stands(over, on))


def capacity(sort: str, capacity_t_d: Decimal | None) -> Decimal:
    """What a facility can treat of household waste in a day, in tonnes; 0 of what treats none or told no capacity."""
    return capacity_t_d if sort in HARMLESS and capacity_t_d is not None else Decimal(0)


def size_rules(book: Rulebook, layer: str, on: date) -> tuple[DatedValue, DatedValue]:
    """From how many households, or people, on a settlement is to have its sewage treated. Raises NotInForce."""
    return book.parameter_over_time(_HOUSEHOLDS, layer).on(on), book.parameter_over_time(_PEOPLE, layer).on(on)


def must_treat(
    households: int | None, people: int | None, rules: tuple[DatedValue, DatedValue], *, is_touristic: bool
) -> bool | None:
    """Whether a settlement is to have its sewage treated; None where nobody told how large it is."""
    if is_touristic:
        return True
    sizes = [(size, rule.number) for size, rule in zip((households, people), rules, strict=True) if size is not None]
    if any(size >= least for size, least in sizes):
        return True
    return False if len(sizes) == len(rules) else None


def is_treated(treatment: str, state: str) -> bool:
    """Something treats a settlement's sewage and runs: what needs nobody to run it, or was not said to stand still."""
    return treatment != NONE and state in ("", RUNNING)
