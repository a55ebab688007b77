"""Who is in charge of a matter at a place: the body that is named for it, from a day to a day; else names say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import returns_site as site
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[1] / "web"))
import api_site

from kept import kept
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.people.access import Forbidden, Where, may
from shuangkong.records.people.charges import ToCharge, charges_of, in_charge
from shuangkong.records.people.charging import charge, nameable
from shuangkong.records.people.models import Competence, Person
from shuangkong.records.people.roles import NO_CHARGES, Action, Role, matters, same_matter
from shuangkong.records.people.tokens import token_acting
from shuangkong.records.refusal import Refused
from shuangkong.records.registry import store as registry
from shuangkong.records.reporting.competence import matter_of
from shuangkong.records.reporting.levels import competent_bodies, settle_departments
from shuangkong.records.reporting.models import Return
from shuangkong.records.reporting.store import one
from shuangkong.records.reporting.windows import follow_windows, open_window

pytestmark = pytest.mark.django_db
FORM, BUREAU = "energy_department", "县工业和经济局"
COUNTY = f"/{site.PROVINCE}/{site.CITY}/{site.COUNTY}/"
TODAY = timezone.localdate()


@pytest.fixture(scope="module")
def settled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    """A county none of whose bodies has 能源 in its name, and a window of the energy department's form."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        found = site.settle()
        site._person("bureau", Role.DEPARTMENT, BUREAU, site.COUNTY)
        site._person("above", Role.DEPARTMENT, "市能源局", site.CITY)
        found.window = open_window(FORM, "2025", site.PROVINCE, site.by("province"), site.DUE)
        yield found


def body(name: str = BUREAU, region: str = site.COUNTY) -> int:
    return registry.name_bodies(region, [name])[name]


def named(matter: str = "能源", who: int | None = None, **said: object) -> ToCharge:
    plain = {"since": TODAY, "until": None, "ground": "三定方案"} | said
    return ToCharge(site.COUNTY, matter, body() if who is None else who, **plain)  # type: ignore[arg-type]


def owed() -> Return:
    return Return.objects.select_related("reporter").get(reporter__region=site.COUNTY, form=FORM)


def reviews(name: str, form: str = FORM, path: str = COUNTY) -> bool:
    return may(site.by(name), Action.RETURN_REVIEW, Where(path, matter=matter_of(form)))


def test_nobody_acts_until_a_body_is_named(settled: site.Site) -> None:
    assert owed().reporter.body_id is None
    assert not reviews("bureau")
    charge(named(), site.by("county"))
    assert settle_departments(site.COUNTY, "能源") == 1
    row = one(owed().pk)
    assert row is not None
    assert may(site.by("bureau"), Action.RETURN_FILE, row.where)
    assert reviews("bureau")
    assert reviews("bureau", path=f"{COUNTY}980101001/"), "and below"
    assert not reviews("bureau", path=f"/{site.PROVINCE}/{site.CITY}/{site.OTHER}/")
    told = JournalRow.objects.get(act="people.charge")
    assert (told.subject, told.ground, told.place) == (f"region/{site.COUNTY}", "三定方案", COUNTY)


def test_it_goes_before_the_name(settled: site.Site) -> None:
    """Statistics of the county go to the bureau: its statistics office is not in charge by its name there any more."""
    assert reviews("statistics", "energy_purchase")
    assert not reviews("bureau", "energy_purchase")
    charge(named("统计"), site.by("county"))
    assert not reviews("statistics", "energy_purchase")
    assert reviews("bureau", "energy_purchase")
    assert not reviews("bureau", "grid_sales"), "of energy, which is no statistics, nobody is named"
    assert competent_bodies([site.COUNTY], "统计")[site.COUNTY].name == BUREAU
    assert reviews("above"), "what is named at a place says nothing of the place above"


def test_it_has_days(settled: site.Site) -> None:
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    charge(named(since=tomorrow), site.by("county"))
    assert not reviews("bureau")
    assert (site.COUNTY, "能源") in in_charge([site.COUNTY], tomorrow)
    charge(named(since=yesterday - timedelta(days=9), until=yesterday), site.by("county"))
    assert not in_charge([site.COUNTY], TODAY)
    assert not in_charge([site.COUNTY], tomorrow), "the newest that has begun says it"
    assert charges_of(site.COUNTY, [body()], yesterday).held == {"能源"}
    assert site.by("bureau").charges == NO_CHARGES


def test_a_later_one_takes_its_place(settled: site.Site) -> None:
    charge(named(), site.by("county"))
    charge(named(who=body("统计局")), site.by("county"))
    assert (reviews("bureau"), reviews("statistics")) == (False, True)
    settle_departments(site.COUNTY, "能源")
    assert owed().reporter.body_id == body("统计局")


def test_the_list_that_follows_the_scopes_keeps_to_who_is_in_charge_today(settled: site.Site) -> None:
    """The form is of a year long past, on whose last day nobody was named."""
    energy, tomorrow = body("能源局"), TODAY + timedelta(days=1)
    follow_windows(TODAY)
    assert owed().reporter.body_id == energy, "by its name"
    charge(named(), site.by("county"))
    settle_departments(site.COUNTY, "能源")
    follow_windows(tomorrow)
    assert owed().reporter.body_id == body(), "not the old one again by its name"


def test_who_is_named_from_a_day_on_files_from_that_day_and_no_longer_than_named(settled: site.Site) -> None:
    named_row = Competence.objects.get(pk=charge(named(since=TODAY + timedelta(days=1)), site.by("county")))
    settle_departments(site.COUNTY, "能源")
    follow_windows(TODAY)
    assert owed().reporter.body_id is None, "not before that day"
    Competence.objects.filter(pk=named_row.pk).update(starts_on=TODAY)
    follow_windows(TODAY + timedelta(days=1))
    assert owed().reporter.body_id == body(), "the clock hands it over, with nobody on the page"
    Competence.objects.filter(pk=named_row.pk).update(
        starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)
    )
    follow_windows(TODAY + timedelta(days=2))
    assert owed().reporter.body_id is None, "whose naming ended files no more, though no name fits"


def test_who_names_and_what_is_refused(settled: site.Site) -> None:
    for who in ("bureau", "leader", "one-signatory", "next"):
        with pytest.raises(Forbidden):
            charge(named(), site.by(who))
    for told, code in (
        (named(ground=" "), "PPL-194"), (named("天文"), "PPL-192"), (named(who=body("市能源局", site.CITY)), "PPL-193"),
        (named(until=TODAY - timedelta(days=1)), "PPL-195"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=code):
            charge(told, site.by("county"))
    charge(named(), site.ADMIN)
    charge(named(), site.by("city"))


def test_nobody_names_the_own_body_and_a_firm_is_in_charge_of_nothing(settled: site.Site) -> None:
    own, firm = body("发展改革和统计局"), site.by("one-reporter").body
    with pytest.raises(Refused, match="PPL-196"):
        charge(named("统计", own), site.by("county"))
    with pytest.raises(Refused, match="PPL-193"):
        charge(named("统计", firm), site.by("county"))
    offered = {number for number, _ in nameable(site.COUNTY, site.by("county"))}
    assert body() in offered
    assert not {own, firm} & offered
    charge(named("统计", own), site.by("city"))


def test_a_token_acts_for_what_its_body_is_named_for(settled: site.Site) -> None:
    charge(named(), site.by("county"))
    told = token_acting(f"Bearer {api_site.token('bureau')}")
    assert told is not None
    assert told.charges == site.by("bureau").charges
    assert told.charges.held == {"能源"}


def test_words_that_mean_the_same_departments_are_one_matter() -> None:
    assert same_matter("统计") == {"统计", "statistics"}
    assert same_matter("生态环境") == {"生态环境", "monitoring"}
    assert not [each for each in matters() if each.isascii()]
    assert len({same_matter(each) for each in matters()}) == len(matters())


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def test_all_that_goes_over_is_said_before_anybody_is_named(settled: site.Site) -> None:
    told = visitor("county").get("/people/competences/").content.decode()
    rows = {word: told.split(f">{word}</td>", 1)[-1].split("</tr>", 1)[0] for word in ("生态环境", "市场监管", "统计")}
    assert "审核、升级和办结在线监测报警" in rows["生态环境"]
    assert "审查和评价单位的承诺、审计建议、计量和认证" in rows["市场监管"]
    assert "审核、升级和办结在线监测报警" not in rows["市场监管"]
    assert "立案、委托、定性和结案核查" in rows["统计"]


def test_the_board_says_that_nobody_acts_and_leads_to_where_one_is_named(settled: site.Site) -> None:
    office, board, page = visitor("county"), f"/reporting/windows/{settled.window}/", "/people/competences/"
    told = office.get(board).content.decode()
    assert 'id="unacted"' in told
    assert "没有单位归口，没有人能填报" in told
    assert "没有单位归口，请指定" in office.get(page).content.decode()
    wrong = office.post(page, {"matter": "能源", "body": f"{body()}", "ground": " "})
    assert (wrong.status_code, "PPL-194" in wrong.content.decode()) == (422, True)
    sent = {"matter": "能源", "body": f"{body()}", "ground": "三定方案"}
    answer = office.post(page, sent, follow=True).content.decode()
    said = answer.split("从起始日起由它办理", 1)[1].split("</p>", 1)[0]
    assert "审核报表" in said
    assert "登记排放口" not in said, "that goes with another matter"
    listed = office.get(page).content.decode()
    assert BUREAU in listed
    assert "三定方案" in listed
    assert f"{site.COUNTY}" not in [row.reporter.region_id for row in Return.objects.filter(
        window=settled.window, reporter__body=None).select_related("reporter")]  # fmt: skip
    assert visitor("leader").get(page).status_code == 403
    assert visitor("bureau").post(page, sent).status_code == 403
