"""Regions over time, on an invented province with three lists."""

from __future__ import annotations

from datetime import date

import pytest

from shuangkong.core.region import Region, RegionBook

FIRST, SECOND, LAST = date(2015, 12, 31), date(2017, 12, 31), date(2020, 12, 31)


def region(
    code: str, name: str, parent: str, first: date = FIRST, last: date = LAST, gone: date | None = None
) -> Region:
    level = "province" if not parent else "city" if code.endswith("00") else "county"
    return Region(code, name, level, parent, first, last, gone)


BOOK = RegionBook(
    [
        region("990000", "云外自治区", ""),
        region("990100", "云山市", "990000"),
        region("990121", "清溪县", "990100", FIRST, FIRST, SECOND),
        region("990112", "清溪区", "990100", SECOND),
        region("990122", "朝阳区", "990100"),
        region("990200", "海东市", "990000"),
        region("990202", "朝阳区", "990200"),
        region("990203", "沙县", "990200"),
    ],
    FIRST,
    {"990000": "云外"},
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2010, 1, 1), "清溪县"),  # before the first list: as the first has it
        (FIRST, "清溪县"),
        (date(2017, 12, 30), "清溪县"),
        (SECOND, "清溪区"),
        (date(2040, 1, 1), "清溪区"),
    ],
)
def test_region_of_a_day(day: date, name: str) -> None:
    names = {region.name for region in BOOK.on(day).values()}
    assert name in names
    assert not {"清溪县", "清溪区"} - {name} & names


def test_between_two_lists_nobody_knows_the_day() -> None:
    county = BOOK.on(FIRST)["990121"]
    assert county.is_certain_on(FIRST)
    assert county.is_listed_on(date(2016, 6, 1))
    assert not county.is_certain_on(date(2016, 6, 1))
    assert not county.is_certain_on(SECOND)
    assert BOOK.on(SECOND)["990112"].is_certain_on(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("云山市", {"990100"}),
        ("云山", {"990100"}),
        ("云外", {"990000"}),
        ("云外自治区云山市清溪区", {"990112"}),
        ("云山市清溪区", {"990112"}),
        ("云 山 市", {"990100"}),
        ("朝阳区", {"990122", "990202"}),
        ("海东市朝阳区", {"990202"}),
        ("朝阳", {"990122", "990202"}),
        ("沙县", {"990203"}),
        ("沙", set()),
        ("海东市清溪区", set()),
        ("清溪县", set()),
        ("", set()),
    ],
)
def test_names(name: str, codes: set[str]) -> None:
    assert {region.code for region in BOOK.named(name, LAST)} == codes
