"""Who decides on which form: its owner's department, the statistics office on statistics; nobody on what they filed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import returns_site as site
from django.db.models import Q
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from kept import kept
from shuangkong.records.people.access import Forbidden, Where, may
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action, Role
from shuangkong.records.refusal import Refused
from shuangkong.records.reporting import setting_aside, store
from shuangkong.records.reporting.accepting import without_open_findings
from shuangkong.records.reporting.acts import Said, act, acts_allowed, approve_all
from shuangkong.records.reporting.beside import _set_aside
from shuangkong.records.reporting.competence import decided_by, done_where_one_is, matter_of
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import ToSubmit, submit
from shuangkong.records.reporting.models import Reporter, Return
from shuangkong.records.reporting.own_filed import own_among
from shuangkong.records.reporting.reminding import urge
from shuangkong.records.reporting.verification.another import filed_among
from shuangkong.records.reporting.verification.cases import open_case
from shuangkong.reporting.forms.model import SubjectKind
from shuangkong.reporting.life import EventKind as K
from shuangkong.rulebook import open_rulebook

pytestmark = pytest.mark.django_db
#: What the name of a department of each owner of a form is.
BUREAUS = {
    "农业农村": "农业农村局", "发展改革": "发展改革局", "商务": "商务局", "城市管理": "城市管理局",
    "工业和信息化": "工信局", "市场监管": "市场监督管理局", "机关事务": "机关事务服务中心",
    "水利": "水务局", "生态环境": "生态环境局",
    "统计": "统计局", "能源": "能源局", "交通运输": "交通运输局", "住房城乡建设": "住房和城乡建设局",
}  # fmt: skip


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker):
        made = site.settle()
        for number, who in ((made.one, "one"), (made.other, "other")):
            save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told()))
            submit(number, site.by(f"{who}-signatory"), ToSubmit())
        yield made


def bureau(name: str, role: Role = Role.DEPARTMENT, region: str = site.COUNTY) -> Acting:
    """Somebody of a body of the county that files nothing."""
    path = {site.COUNTY: f"/{site.PROVINCE}/{site.CITY}/{site.COUNTY}/", site.CITY: f"/{site.PROVINCE}/{site.CITY}/"}
    return Acting(
        name, role, body=987654, body_name=name, bodies=frozenset({987654}), region=region, paths=(path[region],)
    )


STRANGERS = ("交通运输局", "生态环境局", "财政局")


@pytest.mark.parametrize("name", STRANGERS)
def test_a_department_that_the_form_does_not_concern_does_nothing_to_it(held: site.Site, name: str) -> None:
    by = bureau(name)
    for kind in (K.REVIEW, K.ACCEPT, K.RETURN, K.EXTEND, K.EXEMPT):
        with pytest.raises(Forbidden):
            act(held.one, by, kind)
    with pytest.raises(Forbidden):
        open_case(held.one, by, "抽查")
    row = store.one(held.one)
    assert row is not None
    assert acts_allowed(row, by) == []
    assert not may(by, Action.RETURN_READ, row.where)
    assert not store.returns(store.readable(by))
    assert not store.returns(decided_by(by, Action.RETURN_REVIEW))
    assert not without_open_findings(by, [row])
    assert not Return.objects.filter(done_where_one_is(by, Action.RETURN_APPROVE), pk=held.one)
    assert urge(held.window, Q(), by, "") == (0, 0, 0)


def test_they_are_counted_for_them_all_the_same(held: site.Site) -> None:
    assert store.count_of(store.countable(bureau("交通运输局"))) == 2
    assert store.count_of(store.countable(bureau("云桥镇政府", Role.REGION))) == 2


def test_the_plan_office_approves_statistics_and_does_not_judge_them(held: site.Site) -> None:
    office, statistics = bureau("发展改革局", Role.PLAN_OFFICE), site.by("statistics")
    with pytest.raises(Forbidden, match=r"PPL-203.*统计"):
        act(held.one, office, K.ACCEPT)
    assert not store.returns(decided_by(office, Action.RETURN_REVIEW))
    assert len(store.returns(decided_by(statistics, Action.RETURN_REVIEW))) == 2
    act(held.one, statistics, K.ACCEPT)
    row = store.one(held.one)
    assert row is not None
    assert K.APPROVE in acts_allowed(row, office)
    assert K.APPROVE in acts_allowed(row, statistics), "the statistics office of the level may, too"
    assert K.APPROVE not in acts_allowed(row, bureau("统计局", region=site.CITY)), "the county comes first"
    approve_all([held.one], statistics)


@pytest.mark.parametrize("role", [Role.REGION, Role.DEPARTMENT, Role.LEADING_GROUP, Role.PLAN_OFFICE, Role.AUDITOR])
def test_who_reads_what_units_tell_for_statistics(held: site.Site, role: Role) -> None:
    """Who approves and who audits; of others nobody who is not concerned."""
    row = store.one(held.one)
    assert row is not None
    by = replace(bureau("某局", role), paths=("/",)) if role is Role.AUDITOR else bureau("某局", role)
    reads = role in (Role.LEADING_GROUP, Role.PLAN_OFFICE, Role.AUDITOR)
    assert may(by, Action.RETURN_READ, row.where) is reads
    assert bool(store.returns(store.readable(by) & Q(pk=held.one))) is reads
    assert may(by, Action.RETURN_READ, replace(row.where, matter=matter_of("utilisation_report"))) is (
        role is not Role.DEPARTMENT
    )


def test_an_administrator_reads_no_statistics_of_single_units(held: site.Site) -> None:
    row = store.one(held.one)
    assert row is not None
    assert not may(site.ADMIN, Action.RETURN_READ, row.where)
    assert not store.returns(store.readable(site.ADMIN))
    assert store.count_of(store.countable(site.ADMIN)) == 2
    assert may(site.ADMIN, Action.RETURN_READ, replace(row.where, matter=matter_of("utilisation_report")))


def test_each_form_is_decided_on_by_its_owner_and_statistics_by_the_statistics_office() -> None:
    forms = open_rulebook().forms_on(timezone.localdate())
    assert {form.owner for form in forms} <= set(BUREAUS)
    for form in forms:
        where = Where(bureau("").paths[0], matter=matter_of(form.id))
        found = {word for word, name in BUREAUS.items() if may(bureau(name), Action.RETURN_REVIEW, where)}
        assert found == {form.owner} | ({"统计"} if form.is_statistical else set()), form.id
        is_of_unit = form.subject not in (SubjectKind.REGION, SubjectKind.DEPARTMENT)
        office = bureau("方案办", Role.PLAN_OFFICE)
        assert may(office, Action.RETURN_REVIEW, where) is not (form.is_statistical and is_of_unit), form.id


def test_a_form_that_names_no_owner_stays_with_the_plan_office() -> None:
    where = Where(bureau("").paths[0], matter=matter_of("no_such_form"))
    assert may(bureau("方案办", Role.PLAN_OFFICE), Action.RETURN_REVIEW, where)
    assert not may(bureau("统计局"), Action.RETURN_REVIEW, where)


def test_a_check_is_set_aside_in_the_forms_that_one_decides_on(held: site.Site) -> None:
    unit, until = Reporter.objects.get(returns=held.one).pk, timezone.localdate() + timedelta(days=9)
    rules = open_rulebook().return_checks().rules
    general = next(rule.code for rule in rules.values() if rule.is_suppressible and not rule.forms)
    own = next(rule.code for rule in rules.values() if rule.is_suppressible and rule.forms == ("energy_purchase",))
    with pytest.raises(Forbidden):
        setting_aside.begin(unit, own, until, bureau("交通运输局"), "不适用")
    setting_aside.begin(unit, general, until, bureau("交通运输局"), "不适用")
    today = timezone.localdate()
    assert not _set_aside([unit], "energy_purchase", today)
    assert general in _set_aside([unit], "transport_enterprise", today)[unit]
    number = setting_aside.begin(unit, general, until, bureau("发展改革局"), "不适用")
    assert general in _set_aside([unit], "utilisation_report", today)[unit]
    with pytest.raises(Refused, match="RPT-984"):
        setting_aside.begin(unit, general, until, bureau("发展改革局"), "不适用")
    with pytest.raises(Forbidden):
        setting_aside.end(number, bureau("交通运输局"), "再用")
    setting_aside.begin(unit, own, until, site.by("statistics"), "不适用")
    assert own in _set_aside([unit], "energy_purchase", today)[unit]


@pytest.mark.parametrize("kind", [K.ACCEPT, K.RETURN, K.APPROVE, K.SEND_BACK])
def test_nobody_decides_on_what_the_own_body_filed(held: site.Site, kind: K) -> None:
    row = store.one(held.one)
    assert row is not None
    if kind in (K.APPROVE, K.SEND_BACK):
        act(held.one, site.by("statistics"), K.ACCEPT)
    by = replace(site.by("county"), bodies=row.reporter.bodies)
    with pytest.raises(Refused, match="RPT-917"):
        act(held.one, by, kind, Said("理由"))
    now = store.one(held.one)
    assert now is not None
    assert kind not in acts_allowed(now, by)
    assert [each.pk for each in Return.objects.filter(store.of_others(by))] == [held.other]


def test_nor_the_person_who_signed_it_as_another(held: site.Site) -> None:
    by = replace(site.by("statistics"), author="one-signatory")
    with pytest.raises(Refused, match=r"RPT-917.*本人"):
        act(held.one, by, K.ACCEPT)
    row = store.one(held.one)
    assert row is not None
    assert {K.REVIEW, K.ACCEPT, K.RETURN, K.EXTEND}.isdisjoint(acts_allowed(row, by))
    assert K.REMIND not in acts_allowed(row, by)
    assert acts_allowed(row, by, store.version(held.one, 1)) == acts_allowed(row, by)
    assert K.ACCEPT in acts_allowed(row, site.by("statistics"), store.version(held.one, 1))
    both = store.returns(Q(pk__in=[held.one, held.other]))
    assert [each.id for each in without_open_findings(by, both)] == [held.other]
    assert own_among([held.one, held.other], by) == {held.one}
    assert filed_among(both, by) == {held.one}
    act(held.other, by, K.ACCEPT)
