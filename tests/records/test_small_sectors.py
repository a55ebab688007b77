"""A sector of few enterprises is not shown to whom one of them is closed, nor can its figure be reckoned."""

from __future__ import annotations

from decimal import Decimal

import pytest

from actors import ADMIN, CLERK
from shuangkong.core.fact import Cell, State, Subject
from shuangkong.core.period import Period
from shuangkong.indicators.situation import LineKind
from shuangkong.indicators.withholding import withheld
from shuangkong.records.facts import store
from shuangkong.records.facts.handing_out import readable
from shuangkong.records.facts.models import Observation
from shuangkong.records.indicators.explaining import explained
from shuangkong.records.indicators.moving import movements
from shuangkong.records.indicators.readable import Readable, least_merged_parts
from shuangkong.records.indicators.reconciling import sector_figures
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.models import Enterprise
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of

pytestmark = pytest.mark.usefixtures("regions")
COUNTY, OWN, OTHER = "999901", "999901003", "999901008"
ENERGY = "above_designated_energy_consumption"
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态"]
#: Told figure and number of enterprises, in a town that the reader may not read, of each sector.
SECTORS = {
    "C25": (11, 1),
    "C26": (12, 5),
    "C30": (13, 4),
    "C31": (14, 9),
    "C32": (15, 8),
    "D44": (16, 7),
    "C13": (17, 6),
}
YEARS = ("2023", "2024")


@pytest.fixture
def told(regions: None) -> None:
    registry.save_regions([RegionRow(OTHER, "另一镇", "town", COUNTY, is_fictional=True)])
    Enterprise.objects.bulk_create(
        Enterprise(name=f"{code}厂{number}", region_id=OTHER, industry=f"{code[1:]}11", is_fictional=True)
        for code, (_, count) in SECTORS.items()
        for number in range(count)
    )
    rows = [
        [ENERGY, f"{COUNTY}/{code}", year, str(figure), "万吨标准煤", "最终"]
        for code, (figure, _) in SECTORS.items()
        for year in YEARS
    ]
    rows += [[ENERGY, COUNTY, year, "98", "万吨标准煤", "最终"] for year in YEARS]
    report = store.load_rows([HEAD, *rows], name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, report.verdicts


def town() -> Acting:
    """It may read its own town and the county's figures, no other town's."""
    return Acting("town", Role.REGION, region=OWN, paths=(path_of(OWN),))


def shown(readable: Readable) -> set[str]:
    found = sector_figures(Subject("region", COUNTY), ENERGY, [Period(2024)], readable)
    return {cell.subject.code.partition("/")[2] for cell in found}


def test_the_small_one_and_the_next_smallest_are_closed(told: None) -> None:
    """One enterprise in C25; C30 and C26 go with it, or the whole less the others would be C25."""
    open_to_all = Readable(ADMIN, path_of(COUNTY))
    assert shown(open_to_all) == set(SECTORS)
    readable = Readable(town(), path_of(COUNTY))
    assert shown(readable) == set(SECTORS) - {"C25", "C30", "C26"}
    Enterprise.objects.filter(industry="2511").update(region_id=OWN)
    assert shown(Readable(town(), path_of(COUNTY))) == set(SECTORS), "the only enterprise is the reader's own"


def test_enough_enterprises_close_nothing(told: None) -> None:
    Enterprise.objects.bulk_create(
        Enterprise(name=f"新厂{number}", region_id=OTHER, industry="2521", is_fictional=True) for number in range(2)
    )
    assert shown(Readable(town(), path_of(COUNTY))) == set(SECTORS)


def test_neither_the_analysis_nor_an_explanation_gives_it_away(told: None) -> None:
    reader = Readable(town(), path_of(COUNTY))
    before, now = map(Period.parse, YEARS)
    moved = movements(Subject("region", COUNTY), path_of(COUNTY), (before, now), None, reader).sectors
    listed = {line.code.partition("/")[2] for line in moved.lines if line.kind is LineKind.PART}
    assert listed == set(SECTORS) - {"C25", "C30", "C26"}
    assert {code.partition("/")[2] for code in moved.names} == listed
    cell = Cell(Subject("region", COUNTY), "energy_intensive_consumption", now)
    full, law = explained(cell)
    assert full.value == Decimal(810_000)
    few = withheld(full, reader.has, least_merged_parts(law, now.last_day) + 1)
    assert (few.state, few.value) == (State.SUPPRESSED, None)
    assert withheld(full, reader.has, least_merged_parts(law, now.last_day)).value == full.value


def test_what_is_handed_out_leaves_it_out(told: None) -> None:
    def codes(by: Acting) -> set[str]:
        rows = Observation.objects.filter(readable(by), subject__kind="sector")
        return {code.partition("/")[2] for code in rows.values_list("subject__code", flat=True)}

    assert codes(ADMIN) == set(SECTORS)
    assert codes(town()) == set(SECTORS) - {"C25", "C30", "C26"}
