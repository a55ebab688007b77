"""A unit that took over one of another town: its figures before the day betray nothing that the other town told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import api_site
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from actors import ADMIN, CLERK
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.records.facts import scopes, store
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.succession import succeed
from shuangkong.records.indicators.computing import compute
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import Change
from shuangkong.web.indicators.asked import Asked
from shuangkong.web.indicators.signing import signed_sheet

pytestmark = pytest.mark.django_db
COUNTY, TOWN, OTHER = "990100", "990101", "990102"
HEAD = ["指标", "对象", "对象类别", "时期", "数值", "单位", "状态"]
ENERGY = "unit_energy_consumption"
OWN, RENAMED, TAKEN_OVER, FORMER = "U1", "U2", "SONGXI3", "SONGXI4"
#: What the other town told, and what one may reckon it from: its digits, names and codes.
BETRAYING = re.compile(r"7[ ,]?193|7[ ,]?693|8[ ,]?287(?![0-9])|松溪|SONGXI")


@pytest.fixture
def merged(adopted: int) -> None:
    """One of the other town was merged into U1 of this one, one was renamed to U2; figures of all before that."""
    registry.save_regions(
        RegionRow(code, name, "town", COUNTY, is_fictional=True) for code, name in ((TOWN, "北溪镇"), (OTHER, "松溪镇"))
    )
    names = {OWN: "北溪一厂", RENAMED: "北溪二厂", TAKEN_OVER: "松溪三厂", FORMER: "松溪四厂"}
    where = {OWN: TOWN, RENAMED: TOWN, TAKEN_OVER: OTHER, FORMER: OTHER}
    scopes.register([SubjectRow("unit", code, name, where[code]) for code, name in names.items()], "名单", CLERK)
    told = ((OWN, "2023", "500"), (TAKEN_OVER, "2023", "7193"), (FORMER, "2023", "8287"), (OWN, "2024", "640"))
    table = [[ENERGY, code, "单位", period, value, "吨标准煤", "最终"] for code, period, value in told]
    report = store.load_rows([HEAD, *table], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts
    on = date(2024, 1, 1)
    succeed(Subject("unit", TAKEN_OVER), Subject("unit", OWN), Change.MERGED, on, "通知", CLERK)
    succeed(Subject("unit", FORMER), Subject("unit", RENAMED), Change.RENAMED, on, "通知", CLERK)
    compute()


def somebody(region: str) -> Client:
    name = f"office-{region}"
    person = Person.objects.create_user(name)
    body = registry.name_bodies(region, ["某单位"])["某单位"]
    appoint(name, Role.REGION if region != COUNTY else Role.PLAN_OFFICE, ADMIN, "测试", body, region)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


def pages() -> Iterator[str]:
    for code in (OWN, RENAMED):
        yield from (f"/indicators/figure/{ENERGY}/{year}/unit:{code}/" for year in (2023, 2024))
        yield f"/indicators/series/{ENERGY}/unit:{code}/"
    yield f"/indicators/scopes/?place={TOWN}&period=2024"


def texts(client: Client, path: str) -> Iterator[str]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    yield page
    for key in set(re.findall(r"[?&;]xlsx=([a-z_-]+)", page)):
        book = CalamineWorkbook.from_filelike(BytesIO(client.get(path, {"xlsx": key}).content))
        yield "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)


def betrayed(client: Client) -> dict[str, list[str]]:
    found = {path: sorted({hit for text in texts(client, path) for hit in BETRAYING.findall(text)}) for path in pages()}
    return {path: hits for path, hits in found.items() if hits}


def test_a_town_reads_nothing_of_a_forerunner_in_another(merged: None) -> None:
    town = somebody(TOWN)
    assert betrayed(town) == {}
    figure = town.get(f"/indicators/figure/{ENERGY}/2023/unit:{OWN}/").content.decode()
    assert "含不在可看范围的前身所报的数" in figure
    assert "含不在可看范围的前身所报的数" in town.get(f"/indicators/series/{ENERGY}/unit:{OWN}/").content.decode()
    assert "640" in town.get(f"/indicators/figure/{ENERGY}/2024/unit:{OWN}/").content.decode()


def test_a_programme_of_the_town_neither(merged: None) -> None:
    somebody(TOWN)
    programme = api_site.programme(api_site.token(f"office-{TOWN}"))
    told = programme.get(f"/api/v1/situation/{TOWN}/scopes")
    assert told.status_code == 200
    assert told.json()["successions"] == []
    assert not BETRAYING.search(programme.get("/api/v1/facts", {"indicator": ENERGY}).content.decode())


def test_nor_what_is_computed_of_what_both_told(merged: None) -> None:
    """Consumption of either, and the energy that is computed of the two."""
    parts = ("production_consumption", "recovered_energy", "conversion_output")
    table = [
        [part, code, "单位", period, value if part == parts[0] else "0", "吨标准煤", "最终"]
        for code, period, value in ((OWN, "2022", "500"), (TAKEN_OVER, "2022", "7193"), (OWN, "2025", "640"))
        for part in parts
    ]
    report = store.load_rows([HEAD, *table], name="t", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.is_written, report.verdicts
    compute()
    path = f"/indicators/series/{ENERGY}/unit:{OWN}/"
    assert any(re.search("7[ ,]?693", text) for text in texts(somebody(COUNTY), path))
    town = list(texts(somebody(TOWN), path))
    assert not [hit for text in town for hit in BETRAYING.findall(text)]
    assert "640" in town[0]


def test_the_county_reads_them_all(merged: None) -> None:
    """Else the tests above would prove nothing."""
    assert len(betrayed(somebody(COUNTY))) == len(list(pages())) - 2  # not in the figures of the year after


def test_a_signed_sheet_holds_no_more_than_the_page(merged: None) -> None:
    path = registry.paths([TOWN])[TOWN]
    by = Acting("office", Role.PLAN_OFFICE, region=TOWN, paths=(path,))
    about = Asked(Subject("unit", RENAMED), "北溪二厂", path, True, ENERGY, None)
    book = CalamineWorkbook.from_filelike(
        BytesIO(signed_sheet(about, Cell(about.subject, ENERGY, Period(2023)), by, date(2025, 1, 1)))
    )
    assert not BETRAYING.search("\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names))
