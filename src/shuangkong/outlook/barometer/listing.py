"""公布名单: regions, key industries and key units are published apart, as plans ask."""

from __future__ import annotations

from enum import StrEnum

from shuangkong.core.finding import Message


class Listing(StrEnum):
    """One list of a publication, in the order in which they stand."""

    REGIONS = "regions"
    SECTORS = "sectors"
    UNITS = "units"


LISTINGS: dict[Listing, Message] = {
    Listing.REGIONS: Message("各地区", "Regions"),
    Listing.SECTORS: Message("重点行业和部门", "Key industries and departments"),
    Listing.UNITS: Message("重点单位", "Key units"),
}
#: Kind of a subject → where it is listed; whatever else there is lies in a region.
_KINDS = {
    "sector": Listing.SECTORS,
    "department": Listing.SECTORS,
    "unit": Listing.UNITS,
    "institution": Listing.UNITS,
}


def listing_of(kind: str) -> Listing:
    """The list in which subjects of a kind stand."""
    return _KINDS.get(kind, Listing.REGIONS)
