"""An invented province with a city, a county and two enterprises that owe the energy return of a month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.core.source_code import source_code
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import ABOVE_DESIGNATED_SIZE, enter
from shuangkong.records.facts.scopes import register as register_subjects
from shuangkong.records.people.acting import Acting, acting, appoint
from shuangkong.records.people.models import Person
from shuangkong.records.people.roles import Role
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import name_reporter, register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import Entry, figure, words

PROVINCE, CITY, COUNTY, OTHER = "980000", "980100", "980101", "980102"
FORM, PERIOD = "energy_purchase", "2026-09"
#: As far ahead as a last day may be decided of a return, less two years.
DUE = date(date.today().year + 3, 1, 1)  # noqa: DTZ011
ADMIN = Acting("admin", Role.ADMINISTRATOR, paths=("/",))
GROUND = "测试"


@dataclass
class Site:
    """``one`` and ``other`` are the numbers of two enterprises' returns; ``people`` by user name."""

    window: int = 0
    one: int = 0
    other: int = 0
    enterprises: dict[str, int] = field(default_factory=dict)


def by(name: str) -> Acting:
    """Somebody as he or she acts."""
    found = acting(Person.objects.get(username=name), date.today())  # noqa: DTZ011
    assert found is not None
    return found


def settle(period: str = PERIOD, form: str = FORM, due: date | None = DUE) -> Site:
    """The places, the people, two enterprises above designated size, and the window of the province."""
    registry.save_regions(
        RegionRow(code, name, level, parent, is_fictional=True)
        for code, name, level, parent in (
            (PROVINCE, "云岭省", "province", None), (CITY, "云川市", "city", PROVINCE),
            (COUNTY, "云桥县", "county", CITY), (OTHER, "云台县", "county", CITY),
        )
    )  # fmt: skip
    for name, region in (("county", COUNTY), ("city", CITY), ("province", PROVINCE), ("next", OTHER)):
        _person(name, Role.PLAN_OFFICE, "发展改革和统计局", region)
    _person("statistics", Role.DEPARTMENT, "统计局", COUNTY)
    _person("leader", Role.LEADING_GROUP, "县政府", COUNTY)
    site = Site()
    for key, name in (("one", "青云水泥有限公司"), ("other", "云桥纸业有限公司")):
        number = register_enterprise(ParticularsRow(name, COUNTY, "", "3011"), ADMIN, GROUND, date(2020, 1, 1))
        body = name_reporter(number, ADMIN, GROUND)
        site.enterprises[key] = number
        _person(f"{key}-reporter", Role.REPORTER, body, COUNTY)
        _person(f"{key}-signatory", Role.SIGNATORY, body, COUNTY)
        register_subjects([SubjectRow("unit", source_code(number), name, COUNTY)], GROUND, ADMIN)
        enter(("unit", source_code(number)), ABOVE_DESIGNATED_SIZE, date(2021, 1, 1), GROUND, ADMIN)
    site.window = open_window(form, period, PROVINCE, by("province"), due)
    site.one, site.other = (return_of(site, key) for key in ("one", "other"))
    return site


def return_of(site: Site, key: str) -> int:
    from shuangkong.records.reporting.models import Return

    return Return.objects.get(window=site.window, reporter__enterprise=site.enterprises[key]).pk


def _person(name: str, role: Role, body: int | str, region: str) -> None:
    Person.objects.create_user(name)
    number = body if isinstance(body, int) else registry.name_bodies(region, [body])[body]
    appoint(name, role, ADMIN, GROUND, number, region)


def told(**more: str) -> dict[str, Entry]:
    """The cells of raw coal, as a unit would fill them in; ``more`` column → figure."""
    figures = {
        "opening_stock": "100", "purchased": "900", "production_use": "800", "closing_stock": "200",
        "coefficient": "0.7143",
    } | more  # fmt: skip
    cells = {f"energy.raw_coal.{column}": figure(Decimal(value)) for column, value in figures.items()}
    return {**cells, "summary.production.last_year": figure(Decimal(600))}


__all__ = ["Entry", "words"]
