"""摩尔质量: of gases whose analysers may tell parts per million: C = M / 22.4 · Cv (HJ 212-2017 附录 D)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shuangkong.monitoring.ground import ROOM
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, names_in_force

MOLAR_MASS = "molar_mass"
#: Factor → file of its molar mass. What is a group of substances (fluorides, hydrocarbons, mercury) has none.
_SUBSTANCES: Mapping[str, str] = {
    "a21001": "ammonia",
    "a21002": "nitrogen_oxides",
    "a21003": "nitric_oxide",
    "a21004": "nitrogen_dioxide",
    "a21005": "carbon_monoxide",
    "a21022": "chlorine",
    "a21024": "hydrogen_chloride",
    "a21026": "sulfur_dioxide",
    "a21028": "hydrogen_sulfide",
}


def molar_masses(folder: PolicyFolder, day: date, layer: str = books.NATION) -> Mapping[str, Decimal]:
    """Factor → g/mol on a day. Raises NotInForce where one is not laid down on the day."""
    names = names_in_force(folder, chain(folder, layer), f"{ROOM}/{MOLAR_MASS}")
    return {
        factor: books.parameter(folder, names[key]).on(day).number
        for factor, key in _SUBSTANCES.items()
        if key in names
    }
