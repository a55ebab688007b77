"""Forms of regions and departments: who of a level owes them, who fills them in, whose facts they become."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import returns_site as site
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.facts.models import Observation
from shuangkong.records.people.access import Forbidden
from shuangkong.records.people.roles import Role
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body
from shuangkong.records.reporting.acts import Said, act
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.levels import called_in, competent_bodies
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.store import one, readable
from shuangkong.records.reporting.verification.another import may_handle
from shuangkong.records.reporting.verification.cases import act_on_case, open_case
from shuangkong.records.reporting.windows import open_window
from shuangkong.reporting.content import figure
from shuangkong.reporting.life import EventKind as K
from shuangkong.reporting.verification.standing import Event, EventKind

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        found = site.settle()
        site._person("accounts", Role.DEPARTMENT, "市统计局", site.CITY)
        site._person("housing", Role.DEPARTMENT, "住房和城乡建设局", site.COUNTY)
        yield found


def opened(form: str, period: str, region: str, who: str) -> dict[str, Return]:
    number = open_window(form, period, region, site.by(who), site.DUE)
    rows = Return.objects.select_related("reporter__body").filter(window=number)
    return {f"{row.reporter.kind} {row.reporter.region_id}": row for row in rows}


def test_a_balance_is_owed_by_the_province_and_its_cities(settled: site.Site) -> None:
    rows = opened("energy_balance_input", "2025", site.PROVINCE, "province")
    assert set(rows) == {f"region {site.PROVINCE}", f"region {site.CITY}"}
    city = rows[f"region {site.CITY}"]
    assert (city.reporter.body and city.reporter.body.name, city.reporter.name) == ("市统计局", "云川市（统计）")
    assert city.chain == f"{site.CITY} {site.PROVINCE}"
    province = rows[f"region {site.PROVINCE}"].reporter.body
    assert province is not None
    assert province.name == "发展改革和统计局", "one office holds both"
    assert one(city.pk).where.bodies == site.by("accounts").bodies  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("region", "body", "called"),
    [("云桥县", "县农业农村局", "云桥县农业农村局"), ("云桥县", "云桥县统计局", "云桥县统计局"),
     ("云桥县", "统计局", "云桥县统计局"), ("云川市", "市政府办公室", "云川市政府办公室"),
     ("云川市", "市场监督管理局", "云川市市场监督管理局"), ("云川市", "市市场监督管理局", "云川市市场监督管理局"),
     ("云川市", "市民政局", "云川市民政局"), ("云桥区", "市容管理局", "云桥区市容管理局")],
)  # fmt: skip
def test_a_body_is_called_by_its_place_once(region: str, body: str, called: str) -> None:
    assert called_in(region, body) == called


def test_a_firm_whose_name_holds_the_word_is_no_competent_department(settled: site.Site) -> None:
    site._person("firm", Role.REPORTER, "云桥新能源有限公司", site.COUNTY)
    Body.objects.filter(name="云桥新能源有限公司").update(kind="enterprise")
    assert competent_bodies([site.COUNTY], "能源") == {}
    Body.objects.create(region_id=site.COUNTY, name="县能源事务管理服务中心办公室")
    assert competent_bodies([site.COUNTY], "能源")[site.COUNTY].name == "县能源事务管理服务中心办公室"


def test_a_municipal_series_becomes_the_region_s_own_facts(settled: site.Site) -> None:
    rows = opened("gdp_accounts", "2026-Q3", site.PROVINCE, "province")
    assert set(rows) == {f"region {code}" for code in (site.CITY, site.COUNTY, site.OTHER)}
    county = rows[f"region {site.COUNTY}"].pk
    by = site.by("statistics")
    save(county, by, ToSave(entries={"value.gdp_current.amount": figure(Decimal(12_300_000_000))}))
    try:
        submit(county, by, ToSubmit())
    except NotReady as asked:
        said = {finding_key(each.code, each.place): "快报数" for each in asked.findings}
        submit(county, by, ToSubmit(explained=said))
    with pytest.raises(Refused, match="RPT-917"):
        act(county, by, K.ACCEPT, Said(verdicts=verdicts(county)))
    with pytest.raises(Refused, match="RPT-990"):
        open_case(county, by, "抽查")
    case = open_case(county, site.by("city"), "抽查")
    with pytest.raises(Refused, match="RPT-990"):
        act_on_case(case, by, Event(EventKind.NOTE, timezone.localdate(), "看账"))
    row = one(county)
    assert row is not None
    assert (may_handle(row, by), may_handle(row, site.by("city"))) == (False, True)
    act(county, site.by("city"), K.ACCEPT, Said(verdicts=verdicts(county)))
    told = set(Observation.objects.values_list("subject__kind", "subject__code"))
    assert ("region", site.COUNTY) in told
    assert not [code for kind, code in told if "." in code]


def verdicts(number: int) -> dict[int, bool]:
    from shuangkong.records.reporting.models import Explanation

    return dict.fromkeys(
        Explanation.objects.filter(finding__version__owned=number).values_list("finding", flat=True), True
    )


def test_a_department_form_is_owed_by_the_department_of_each_region(settled: site.Site) -> None:
    rows = opened("housing_department", "2025", site.CITY, "city")
    assert set(rows) == {f"department {code}" for code in (site.CITY, site.COUNTY, site.OTHER)}
    county = rows[f"department {site.COUNTY}"]
    assert county.reporter.name == "云桥县住房和城乡建设局"
    assert set(Return.objects.filter(readable(site.by("housing"))).values_list("pk", flat=True)) >= {county.pk}
    other = rows[f"department {site.OTHER}"]
    with pytest.raises(Forbidden):
        save(other.pk, site.by("housing"), ToSave(entries={}))
    assert timezone.localdate() < site.DUE
