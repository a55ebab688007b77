"""小时流量: how many m³ went through an outlet in an hour, by what its device told."""

from __future__ import annotations

from decimal import Decimal

from shuangkong.monitoring.reading import Media
from shuangkong.web.monitoring.codes import codes

#: Factors of an outlet that are no pollutants: by what they are to the arithmetic.
FLOWS = {Media.GAS: "a00000", Media.WATER: "w00000"}
OXYGEN = "a19001"
GAS_STATE = frozenset({"a00000", OXYGEN, "a01006", "a01011", "a01012", "a01013", "a01014", "a01017"})
#: pH has no amount.
NO_AMOUNT = frozenset({"w01001", "w01010"})
_SECONDS_AN_HOUR = Decimal(3600)
#: Unit of a mean flow → m³ of an hour.
_PER_HOUR = {"m3/h": Decimal(1), "m3/s": _SECONDS_AN_HOUR, "L/s": _SECONDS_AN_HOUR / 1000, "L/h": Decimal(1) / 1000}


def aside(media: Media) -> frozenset[str]:
    """Factors of a medium that are no pollutants."""
    return GAS_STATE if media is Media.GAS else frozenset({FLOWS[Media.WATER]})


def hour_m3(media: Media, mean: Decimal | None, counted: Decimal | None) -> Decimal | None:
    """From the mean flow by the unit of the code table; else what the device counted."""
    return counted if mean is None else mean * m3_an_hour(media)


def m3_an_hour(media: Media) -> Decimal:
    """By what a mean flow as it is kept becomes m³ of an hour."""
    known = codes().factors.get(FLOWS[media])
    return _PER_HOUR.get(known.unit if known else "", Decimal(1))
