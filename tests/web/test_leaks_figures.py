"""Nobody below a place learns what single units and sibling towns told, on whatever page of figures or by programme."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import api_site
import county as place
import pytest
from addresses import address, addresses
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from actors import ADMIN, CLERK
from kept import kept
from shuangkong.core.period import Period
from shuangkong.records.bulletins.models import Bulletin
from shuangkong.records.bulletins.store import prepare
from shuangkong.records.editions.rows import Prepared
from shuangkong.records.facts import scopes, store
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.people.acting import Acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.registry.tree import path_of
from shuangkong.web.indicators.bulletins import as_text, bulletin_table

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "990100", "990101"
HEAD = ["指标", "对象", "时期", "数值", "单位", "状态", "对象类别"]
WAN, YI, KWH = "万吨标准煤", "亿元", "亿千瓦时"
ROOMS = ("indicators:", "statistics:", "emissions:", "quotas:", "targets:")
#: Who is below the county, or may not read figures at all.
BELOW = (Role.REGION, Role.DEPARTMENT, Role.REPORTER, Role.SIGNATORY, Role.VERIFIER)
#: Code of a sibling town → its name, its figure and that of its unit; none of the digits stands elsewhere.
SIBLINGS = {
    "990102": ("松溪镇", "松溪水泥厂", "3.1731", "1.1931"),
    "990103": ("柏溪镇", "柏溪化工厂", "3.2732", "1.2932"),
    "990104": ("槐溪镇", "槐溪造纸厂", "3.3733", "1.3933"),
    "990105": ("榆溪镇", "榆溪铸造厂", "3.4734", "1.4934"),
}


def load(rows: Sequence[Sequence[str]]) -> None:
    told = [HEAD, *rows]
    report = store.load_rows(told, name="t.csv", digest="", source="年报", by=CLERK, is_dry_run=False)
    assert report.load is not None, [each.message.zh for each in report.verdicts]


def of_place(code: str, unit: str, total: str, used: str) -> Iterator[list[str]]:
    """Three years and half-years of a town and of its unit."""
    for number, period in enumerate(("2021", "2022", "2022-H1", "2023", "2023-H1")):
        for kind, about, figures in (
            (
                "",
                code,
                (("total_consumption", total, WAN), ("gdp_constant", "9", YI), ("electricity_consumption", total, KWH)),
            ),
            (
                "unit",
                unit,
                (("unit_energy_consumption", used, WAN), ("above_designated_industry_value_added", "2", YI)),
            ),
        ):
            for indicator, value, printed in figures:
                grown = Decimal(value) + (Decimal(number) if len(value) > 1 else 0)
                yield [indicator, about, period, f"{grown}", printed, "最终", kind]


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with kept(django_db_blocker):
        place.settle("not used here")
        place.adopt_plan()
        _tell()
        yield


def _tell() -> None:
    """Five towns with a unit each; the county's electricity is nothing but the sum of its towns'."""
    registry.save_regions(
        RegionRow(code, name, "town", COUNTY, is_fictional=True) for code, (name, *_) in SIBLINGS.items()
    )
    registry.save_regions([RegionRow(TOWN, "北溪镇", "town", COUNTY, is_fictional=True)])
    office = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=(path_of(COUNTY),))
    units = [SubjectRow("unit", f"U{code}", name, code) for code, (_, name, *_) in SIBLINGS.items()]
    scopes.register([*units, SubjectRow("unit", "U990101", "北溪水泥厂", TOWN)], "名单", office)
    *early, late = units
    for each in early:
        scopes.enter(each.key, scopes.ABOVE_DESIGNATED_SIZE, date(2022, 1, 1), "名单", office)
    scopes.enter(late.key, scopes.ABOVE_DESIGNATED_SIZE, timezone.localdate(), "名单", office)
    rows = [row for code, (_, _, total, used) in SIBLINGS.items() for row in of_place(code, f"U{code}", total, used)]
    rows += of_place(TOWN, "U990101", "5", "4")
    for year in ("2022", "2022-H1", "2023", "2023-H1"):
        rows += [
            ["total_consumption", COUNTY, year, "60", WAN, "最终", ""],
            ["gdp_constant", COUNTY, year, "100", YI, "最终", ""],
            ["above_designated_energy_consumption", COUNTY, year, "30", WAN, "最终", ""],
            ["above_designated_industry_value_added", COUNTY, year, "40", YI, "最终", ""],
        ]
    load(rows)
    region = registry.region(COUNTY)
    assert region is not None
    prepare(
        Prepared(
            region=COUNTY, period="2023", issuer="虚构的统计局",
            content=as_text(bulletin_table(region, Period(2023), ["total_consumption_growth"])),
            as_of=timezone.localdate(), rulebook="", is_demo=False, is_fictional=True,
        ),
        office,
    )  # fmt: skip


def somebody(role: Role, region: str = TOWN) -> Client:
    name = f"{role}-{region}"
    person = Person.objects.create_user(name)
    body = registry.name_bodies(region, ["某单位"])["某单位"]
    appoint(name, role, ADMIN, "测试", body, region)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


#: What betrays a sibling: its name, its unit's, and the digits of what they told, of any year.
BETRAYING = re.compile(
    "|".join(
        [name for names in SIBLINGS.values() for name in names[:2]]
        + [rf"(?<![0-9.])[0-9]\.{value[2:]}" for names in SIBLINGS.values() for value in names[2:]]
        + [rf"(?<![0-9.])[0-9]{value[2:]}(?![0-9])" for names in SIBLINGS.values() for value in names[2:]]
        + [rf"(?<![0-9.])[0-9]{value[2:]}0000(?![0-9])" for names in SIBLINGS.values() for value in names[2:]]
    )
)


def texts(client: Client, path: str, words: dict[str, object]) -> Iterator[str]:
    """What is answered, and every workbook and paper that the page offers."""
    answer = client.get(path, words)
    if answer.status_code != 200 or answer.streaming:
        return
    yield from _read(answer.content, answer.headers.get("Content-Type", ""))
    if "html" in answer.headers.get("Content-Type", ""):
        for key in set(re.findall(r"[?&;]xlsx=([a-z_-]+)", answer.content.decode())):
            book = client.get(path, {**words, "xlsx": key})
            yield from _read(book.content, book.headers.get("Content-Type", ""))


def _read(content: bytes, sort: str) -> Iterator[str]:
    if "spreadsheet" in sort:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        yield "\n".join(
            str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row
        )
    elif "wordprocessing" in sort:
        paper = Document(BytesIO(content))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        yield "\n".join([*(each.text for each in paper.paragraphs), *cells])
    else:
        yield re.sub(r'href="[^"]*"', "", content.decode("utf-8", "replace"))


def asked(place: str) -> Iterator[dict[str, object]]:
    """The year, and months of which the analysis tells."""
    yield {"place": place, "period": "2023", "indicator": "total_consumption"}
    yield {"place": place, "of": "2023-H1"}


def _bulletin() -> int:
    return Bulletin.objects.latest("pk").pk


def numbers(about: str) -> dict[str, object]:
    indicator = "unit_energy_consumption" if about.startswith("unit") else "electricity_consumption"
    return {"subject": about, "indicator": indicator, "period": "2023", "field": "economy", "bulletin_id": _bulletin()}


SUBJECTS = (f"region:{COUNTY}", "region:990102", "unit:U990102")


def betrayed(client: Client) -> dict[str, list[str]]:
    """Address → what stands there that must not."""
    found: dict[str, list[str]] = {}
    for name, pattern in addresses().items():
        if not name.startswith(ROOMS):
            continue
        for path in (
            {address(name, numbers(about)) for about in SUBJECTS} if pattern.pattern.converters else {address(name, {})}
        ):
            for words in asked(COUNTY):
                for text in texts(client, path, words):
                    hits = sorted(set(BETRAYING.findall(text)))
                    if hits:
                        found[f"{path} {words}"] = hits
    return found


@pytest.mark.parametrize("role", BELOW)
def test_no_page_betrays_a_sibling(county: None, role: Role) -> None:
    assert betrayed(somebody(role)) == {}


def test_the_county_itself_sees_them_all(county: None) -> None:
    """Else the test above would prove nothing."""
    found = betrayed(somebody(Role.PLAN_OFFICE, COUNTY))
    for page in ("reconciliation/", "analysis/", "scopes/", "compare/", "figure/", f"bulletins/{_bulletin()}/"):
        assert any(f"/indicators/{page}" in path for path in found), (page, sorted(found))


#: What places there are is no secret: the register and the list of vacant posts name them without a figure.
NAMING_PLACES = ("/regions", "responsible/vacancies")


def programme_betrayed(client: Client) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pattern in api_site.patterns():
        keys = pattern.pattern.converters
        if not set(keys) <= {"code", "region", "bulletin_id"} or str(pattern.pattern).endswith(NAMING_PLACES):
            continue
        path = reverse(
            f"api:{pattern.name}", kwargs={key: _bulletin() if key == "bulletin_id" else COUNTY for key in keys}
        )
        for words in (
            {}, {"year": "2023"}, {"period": "2023-H1"}, {"region": COUNTY}, {"subject": "unit:U990102"},
            {"indicator": "total_consumption", "period": "2023"}, {"indicator": "unit_energy_consumption"},
        ):  # fmt: skip
            answer = client.get(path, words)
            told = answer.content.decode("utf-8", "replace") if answer.status_code == 200 else ""
            # JSON writes names by number.
            if answer.headers.get("Content-Type", "").startswith("application/json") and told:
                told = json.dumps(answer.json(), ensure_ascii=False)
            hits = sorted(set(BETRAYING.findall(told)))
            if hits:
                found[f"{path} {words}"] = hits
    return found


@pytest.mark.parametrize("role", [Role.REGION, Role.DEPARTMENT])
def test_no_answer_to_a_programme_betrays_a_sibling(county: None, role: Role) -> None:
    somebody(role)
    assert programme_betrayed(api_site.programme(api_site.token(f"{role}-{TOWN}"))) == {}


def test_a_token_without_the_right_reads_nothing(county: None) -> None:
    somebody(Role.DEPARTMENT)
    told = api_site.token(f"{Role.DEPARTMENT}-{TOWN}", Action.PLAN_READ)
    assert api_site.programme(told).get(f"{api_site.ROOT}/situation/{COUNTY}/analysis").status_code == 403
    assert programme_betrayed(api_site.programme(told)) == {}


def test_a_programme_of_the_county_is_told_of_them(county: None) -> None:
    somebody(Role.PLAN_OFFICE, COUNTY)
    found = programme_betrayed(api_site.programme(api_site.token(f"{Role.PLAN_OFFICE}-{COUNTY}")))
    for word in ("analysis", "comparison", "scopes"):
        assert any(f"/{word} " in path for path in found), (word, sorted(found))
