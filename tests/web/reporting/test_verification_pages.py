"""Verification on its pages: who is looked at first and why, a case from its opening to its end, and who sees it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

sys.path.insert(0, str(Path(__file__).parents[2] / "records"))
import returns_site as site
from test_return_evidence import owed, reporter, tell

from kept import kept
from shuangkong.records.people.models import Person
from shuangkong.records.reporting.drafting import ToSave, save
from shuangkong.records.reporting.filing import NotReady, ToSubmit, submit
from shuangkong.records.reporting.models import OneHandFound, Reporter, SetAside, Version
from shuangkong.records.reporting.rows import finding_key
from shuangkong.records.reporting.suspected import keep_suspicions
from shuangkong.records.reporting.verification.models import CaseEvent, VerificationCase

pytestmark = pytest.mark.django_db
PAGES = ("suspicions", "alarms", "cases")


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[site.Site]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        found = site.settle()
        _filed(found.one, "one", closing_stock="150")
        _filed(found.other, "other")
        keep_suspicions()
        yield found


def _filed(number: int, who: str, **more: str) -> None:
    save(number, site.by(f"{who}-reporter"), ToSave(entries=site.told(**more)))
    try:
        submit(number, site.by(f"{who}-signatory"), ToSubmit())
    except NotReady as asked:
        said = {finding_key(each.code, each.place): "堆场雨损" for each in asked.findings}
        submit(number, site.by(f"{who}-signatory"), ToSubmit(explained=said))


def visitor(name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(Person.objects.get(username=name))
    return client


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/reporting/{path}")
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def opened(held: site.Site, client: Client) -> int:
    answer = client.post(f"/reporting/{held.one}/case/", {"ground": "库存不平", "code": ["RPT-100", "no such code"]})
    assert answer.status_code == 302, answer.content.decode()
    return VerificationCase.objects.get().pk


def test_the_unit_with_the_gravest_findings_stands_first_with_its_evidence(held: site.Site) -> None:
    page = text(visitor("statistics"), "suspicions/")
    assert page.index("青云水泥有限公司") < page.index("RPT-100") < page.index(f'href="/reporting/{held.one}/case/"')
    assert f'href="/reporting/{held.one}/"' in page
    assert "<td>" in page.split('class="sides"', 1)[1]
    assert "青云水泥有限公司" not in text(visitor("next"), "suspicions/")
    assert "RPT-100" in text(visitor("statistics"), "alarms/")
    assert "RPT-100" not in text(visitor("next"), "alarms/")


def test_a_case_is_opened_visited_and_decided(held: site.Site) -> None:
    office = visitor("statistics")
    assert 'value="RPT-100" checked' in text(office, f"{held.one}/case/")
    empty = office.post(f"/reporting/{held.one}/case/", {"ground": " "})
    assert (empty.status_code, "RPT-969" in empty.content.decode()) == (422, True)
    number = opened(held, office)
    assert "no such code" not in text(office, f"cases/{number}/")
    address, today = f"/reporting/cases/{number}/act/", f"{timezone.localdate()}"
    alone = office.post(address, {"kind": "visit", "on": today, "ground": "盘点煤堆", "people": "王 某"})
    assert (alone.status_code, "不少于两人" in alone.content.decode()) == (422, True)
    assert "盘点煤堆" in alone.content.decode(), "what was typed comes back"
    office.post(address, {"kind": "visit", "ground": "盘点煤堆", "people": "王某、李某"})
    office.post(address, {"kind": "ask", "ground": "少报五十吨"})
    wrong = office.post(address, {"kind": "correct", "version": "9"})
    assert (wrong.status_code, "RPT-965" in wrong.content.decode()) == (422, True)
    office.post(address, {"kind": "confirm", "ground": "账实相符"})
    page = text(office, f"cases/{number}/")
    assert "数据属实" in page
    assert "王某、李某" in page
    assert 'value="close"' in page
    assert 'value="visit"' not in page
    # What the case decided counts for the check: it was a false alarm, and no longer stands against the unit.
    assert "青云水泥有限公司" in text(office, "cases/")
    keep_suspicions(timezone.now() + timedelta(hours=1))
    alarm = text(office, "alarms/")
    assert "100.0" in alarm[alarm.index("RPT-100") :][:900]


def test_who_filed_it_is_told_so_before_anything_is_typed(held: site.Site) -> None:
    page = f"{held.one}/case/"
    assert 'name="ground"' in text(visitor("statistics"), page)
    Reporter.objects.filter(returns=held.one).update(body=site.by("statistics").body)
    told = text(visitor("statistics"), page)
    assert "RPT-990" in told
    assert 'name="ground"' not in told


def test_whoever_does_not_verify_sees_no_suspicion_and_no_case(held: site.Site) -> None:
    number = opened(held, visitor("county"))
    for who in ("one-reporter", "one-signatory", "other-signatory", "leader"):
        for path in (*(f"{page}/" for page in PAGES), f"cases/{number}/", f"{held.one}/case/"):
            text(visitor(who), path, 403)
    neighbour = visitor("next")
    for path in (f"cases/{number}/", f"{held.one}/case/"):
        text(neighbour, path, 404)
    assert neighbour.post(f"/reporting/cases/{number}/act/", {"kind": "note", "ground": "x"}).status_code == 404
    assert "青云水泥有限公司" not in text(neighbour, "cases/")


def test_a_body_is_registered_and_what_cannot_be_read_again_is_not_kept(held: site.Site) -> None:
    office = visitor("statistics")
    told = {"code": "91980000MA00000001", "name": "云川核查有限公司", "ground": "名录公告"}
    address = office.post("/reporting/verifiers/register/", told).headers["Location"]
    assert "没有登记有效资质" in office.get(address).content.decode()
    wrong = office.post(f"{address}tell/", {"what": "qualification", "from": "明天", "ground": "批准"})
    assert (wrong.status_code, "RPT-974" in wrong.content.decode()) == (422, True)
    office.post(f"{address}tell/", {"what": "qualification", "from": "2020-01-01", "ground": "批准"})
    assert "有有效资质" in office.get(address).content.decode()
    office.post(f"{address}tell/", {"what": "suspension", "from": "2020-01-01", "ground": "两次抽查不符"})
    assert "正在暂停承接核查" in office.get(address).content.decode()
    assert visitor("next").get(address).status_code == 404
    assert "云川核查" not in text(visitor("next"), "verifiers/")


def test_a_case_is_given_to_a_body_on_its_page(held: site.Site) -> None:
    office = visitor("statistics")
    told = {"code": "91980000MA00000001", "name": "云川核查有限公司", "ground": "名录公告"}
    body = office.post("/reporting/verifiers/register/", told).headers["Location"]
    case = f"cases/{opened(held, office)}/"
    number = body.split("?")[0].strip("/").rsplit("/", 1)[-1]
    given = {"kind": "assign", "body": number, "people": "王某、李某", "ground": "委托书"}
    refused = office.post(f"/reporting/{case}act/", given)
    assert (refused.status_code, "RPT-801" in refused.content.decode()) == (422, True)
    office.post(f"{body}tell/", {"what": "qualification", "from": "2020-01-01", "ground": "批准"})
    assert office.post(f"/reporting/{case}act/", given).status_code == 302
    assert f'<a href="/reporting/verifiers/{number}/">云川核查有限公司</a>' in text(office, case)


def test_a_check_is_set_aside_on_the_page_of_the_unit(held: site.Site) -> None:
    number = Reporter.objects.get(enterprise=held.enterprises["one"]).pk
    address, until = f"/reporting/units/{number}/aside/", f"{timezone.localdate() + timedelta(days=9)}"
    office = visitor("county")
    refused = office.post(address, {"code": "RPT-001", "until": until, "ground": "试"})
    assert (refused.status_code, "不得停用" in refused.content.decode()) == (422, True)
    assert office.post(address, {"code": "RPT-100", "until": until, "ground": "盘点中"}).status_code == 302
    for who in ("county", "one-signatory"):  # the unit reads on which ground
        assert "盘点中" in text(visitor(who), f"units/{number}/")
    assert "恢复检查" not in text(visitor("one-signatory"), f"units/{number}/")
    for who, status in (("one-signatory", 403), ("next", 404)):
        assert visitor(who).post(address, {"code": "RPT-101", "until": until, "ground": "试"}).status_code == status
    aside = SetAside.objects.get()
    assert office.post(f"{address}end/", {"aside": f"{aside.pk}", "ground": "盘清"}).status_code == 302
    assert office.post(f"{address}end/", {"aside": "999", "ground": "盘清"}).status_code == 422


def test_the_form_says_whence_a_first_value_is(held: site.Site) -> None:
    who = reporter(held, "other")
    months = [f"2026-{month:02d}" for month in range(1, 9)]
    tell(who, "metered_electricity", dict.fromkeys(months, "100000"), "千瓦时", "在线计量")
    number = owed(site.FORM, "2026-08", who)
    page = text(visitor("other-reporter"), f"{number}/form/")
    assert "计量台账 计量表读数（电力）（在线计量）" in page


def test_a_case_is_opened_on_a_sign_of_one_hand(held: site.Site) -> None:
    told = json.dumps([{"owned": held.one, "unit": "U", "form": "f", "period": "p", "at": "2026-10-01T00:00"}])
    OneHandFound.objects.create(sign="terminal", value="10.0.0.9", units=4, told=told, made_at=timezone.now())
    office = visitor("statistics")
    page = text(office, f"{held.one}/case/")
    assert 'value="one_hand.terminal" checked' in page
    assert "同一终端为多家填报" in page
    asked = {"ground": "多家同一终端", "code": ["one_hand.terminal"]}
    answer = office.post(f"/reporting/{held.one}/case/", asked, follow=True)
    assert "同一终端为多家填报" in answer.content.decode()
    assert CaseEvent.objects.get(kind="open").codes == "one_hand.terminal"


def test_who_filed_does_not_review_and_is_told_so_instead_of_buttons(held: site.Site) -> None:
    """As a person of another office, and as the body that filed it: no button that would be refused with RPT-917."""
    told, address = "换了身份也不能审核", f"{held.one}/"
    buttons = ('value="accept"', 'value="return"', f'href="/reporting/{held.one}/case/"')
    office = text(visitor("statistics"), address) + text(visitor("statistics"), "suspicions/")
    assert all(each in office for each in buttons)
    assert told not in office
    Version.objects.filter(owned=held.one).update(signed_by="statistics")
    page, listed = text(visitor("statistics"), address), text(visitor("statistics"), "suspicions/")
    assert told in page
    assert "由别人立案核查" in listed
    assert not [each for each in buttons if each in page + listed]
    assert f'name="accept" value="{held.one}"' not in text(visitor("statistics"), "desk/")
    Version.objects.filter(owned=held.one).update(signed_by="one-signatory")
    Reporter.objects.filter(returns=held.one).update(body=site.by("statistics").body)
    page = text(visitor("statistics"), address)
    assert "您所在单位报的" in page
    assert not [each for each in buttons if each in page]
    # Who files and reviews nothing anywhere is told nothing of reviewing.
    Reporter.objects.filter(returns=held.one).update(body=site.by("one-signatory").body)
    assert told not in text(visitor("one-signatory"), address)
