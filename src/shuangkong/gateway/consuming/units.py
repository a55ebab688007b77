"""单位: by how much a value is multiplied that a device sends in one unit, so that it stands in the code table's."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from shuangkong.core.unit import PrintedUnit
from shuangkong.monitoring.flue_gas.point import mass_concentration
from shuangkong.protocols.hj212.codes import LEVELS, OWN_NAMES, Codes

#: What the code tables print where a factor has no dimension.
_WITHOUT = "-"
#: Base units between which the molar mass of a gas leads: by volume, and by mass.
_BY_VOLUME, _BY_MASS = "ppm", "mg/m3"


class Units:
    """Conversion between printed units of one base unit, by policy/units.yaml; of gases from ppm to mg/m³ too.

    Args:
        masses: factor → its molar mass, g/mol; a factor that is not there has none.
    """

    def __init__(
        self, printed: Mapping[str, PrintedUnit], codes: Codes, masses: Mapping[str, Decimal] | None = None
    ) -> None:
        self._printed, self._codes, self._masses = printed, codes, masses or {}

    def factor(self, code: str, field: str, sent_unit: str, own_unit: str) -> Decimal | None:
        """By how much a value is multiplied; None where it cannot be converted.

        Args:
            code: the present factor code.
            field: name of the protocol, such as "Avg" or "Cou".
            sent_unit: unit that the tables give to the code that was sent; "" where the device must be asked.
            own_unit: the unit that the device's profile names for levels of the factor; "" for none.
        """
        if field in OWN_NAMES:
            return Decimal(1)
        known = self._codes.factors.get(code)
        sent = own_unit if own_unit and field in LEVELS else sent_unit
        wanted = known.unit_of(field) if known is not None else sent
        if not wanted and known is not None and field == "Cou":
            # The tables give no unit to this factor's amounts: it stays as sent.
            return Decimal(1)
        found = self.ratio(sent, wanted)
        return found if found is not None else self._by_mole(code, sent, wanted)

    def is_by_volume(self, unit: str) -> bool:
        """Whether a unit tells a share of the volume, which only the molar mass of its gas turns into a mass."""
        found = self._printed.get(unit)
        return found is not None and found.unit.id == _BY_VOLUME

    def _by_mole(self, code: str, sent: str, wanted: str) -> Decimal | None:
        """One of ``sent``, parts by volume, in ``wanted``, mass a volume: C = M / 22.4 · Cv; else None."""
        one, other, mass = self._printed.get(sent), self._printed.get(wanted), self._masses.get(code)
        if one is None or other is None or mass is None:
            return None
        if (one.unit.id, other.unit.id) != (_BY_VOLUME, _BY_MASS):
            return None
        found = mass_concentration(one.factor, mass)
        return None if found is None else found / other.factor

    def ratio(self, sent: str, wanted: str) -> Decimal | None:
        """One of ``sent`` in ``wanted``; None where they do not measure the same or one is not known."""
        if not sent or not wanted:
            return None
        if sent == wanted:
            return Decimal(1)
        if _WITHOUT in (sent, wanted):
            return None
        one, other = self._printed.get(sent), self._printed.get(wanted)
        if one is None or other is None or one.unit.id != other.unit.id:
            return None
        return one.factor / other.factor

    def canonical(self, code: str, field: str) -> str:
        """The unit that a factor's values stand in, in the store; "" where the tables have none."""
        known = self._codes.factors.get(code)
        return known.unit_of(field) if known is not None else ""
