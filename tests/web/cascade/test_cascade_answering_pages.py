"""Pages of who answers for a place or a firm; what holds of all pages of the cascade."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import cascade_site as site
import pytest
from cascade_asking import ANSWERS, REGISTER, naming, registered, text_of, words
from cascade_plans import COUNTY_OFFICE, COUNTY_PLAN, adopted
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.models import Responsibility
from shuangkong.records.plans.cascade.rows import EntryKind, LinkVerdict, Relation

pytestmark = pytest.mark.django_db


def test_vacancies_stand_first_until_somebody_is_named(office: Client) -> None:
    page = words(office, ANSWERS)
    assert "2 处没有第一责任人" in page
    assert "镇长是第一责任人" in page
    assert "CAS-504" in text_of(office.post(f"{ANSWERS}name/", naming(post="")), 422)
    refused = text_of(office.post(f"{ANSWERS}name/", naming(ground=" ")), 422)
    assert 'value="甲某"' in refused
    assert office.post(f"{ANSWERS}name/", naming()).status_code == 302
    answer = office.get(ANSWERS)
    assert "1 处没有第一责任人" in text_of(answer)
    assert [cell.text for cell in answer.context["responsible_table"].rows[0].cells[:5]] == [
        "东街镇", "第一责任人", "—", "甲某", "镇长",
    ]  # fmt: skip


def test_a_state_firm_down_to_the_post(office: Client) -> None:
    made = office.post(f"{ANSWERS}firm/", {"name": "县水务集团", "ground": "国资名录"})
    assert made.status_code == 302
    firm = int(re.findall(r"body/(\d+)/", made["Location"])[0])
    assert "没有第一责任人" in words(office, f"{ANSWERS}body/{firm}/")
    said = naming(subject=f"body-{firm}", rank="post", person="丙某", post="班长")
    assert "CAS-508" in text_of(office.post(f"{ANSWERS}name/", said), 422)
    office.post(f"{ANSWERS}name/", said | {"duty": "锅炉运行岗"})
    page = words(office, f"{ANSWERS}body/{firm}/")
    assert "锅炉运行岗" in page
    assert "3 处没有第一责任人" in words(office, ANSWERS)


def test_who_answered_before_is_kept_and_told_as_of_a_day(office: Client) -> None:
    office.post(f"{ANSWERS}name/", naming())
    Responsibility.objects.update(decided_at=timezone.now() - timedelta(days=20))
    office.post(f"{ANSWERS}name/", naming(person="乙某", starts_on="2025-06-01"))
    page = words(office, f"{ANSWERS}region/{site.TOWN}/")
    now = page.partition('id="now"')[2].partition("</section>")[0]
    assert ("乙某" in now, "甲某" in now, "甲某" in page) == (True, False, True)
    past = timezone.localdate() - timedelta(days=3)
    page = words(office, f"{ANSWERS}region/{site.TOWN}/?as_of={past}")
    assert ("乙某" in page, "甲某" in page) == (False, True)
    row = Responsibility.objects.latest("pk")
    assert "CAS-102" in text_of(office.post(f"{ANSWERS}end/{row.pk}/", {"ground": ""}), 422)
    assert office.post(f"{ANSWERS}end/{row.pk}/", {"ground": "调离"}).status_code == 302
    assert "2 处没有第一责任人" in words(office, ANSWERS)
    Responsibility.objects.filter(pk__gt=row.pk - 1).update(decided_at=timezone.now() - timedelta(days=1))
    assert "1 处没有第一责任人" in words(office, f"{ANSWERS}?as_of={past}")


def test_a_neighbour_names_nobody_here(office: Client) -> None:
    neighbour = site.visitor("neighbour")
    assert neighbour.post(f"{ANSWERS}name/", naming()).status_code == 403
    office.post(f"{ANSWERS}name/", naming())
    row = Responsibility.objects.get()
    assert neighbour.post(f"{ANSWERS}end/{row.pk}/", {"ground": "误"}).status_code == 404
    assert neighbour.get(f"{ANSWERS}region/{site.TOWN}/").status_code == 404
    assert "甲某" not in words(neighbour, ANSWERS)


def test_empty_pages_teach(db: None) -> None:
    site.people()
    office = site.visitor("county")
    assert "还没有已采用的方案" in words(office, "/plans/cascade/")
    assert "还没有登记" in words(office, REGISTER)
    alone = adopted(COUNTY_PLAN, site.COUNTY).id
    assert "这里只有一份方案" in words(office, "/plans/cascade/")
    assert "系统里还没有这份方案" in words(office, f"/plans/{alone}/cascade/")


#: Address → queries of the page itself, without those of the frame that every page has.
QUERIES: Mapping[str, int] = {
    "/plans/cascade/": 5,
    "/plans/{child}/cascade/": 8,
    "/plans/{child}/cascade/{linked}/": 24,
    "/plans/{child}/cascade/{linked}/pairs/": 24,
    "/plans/{child}/cascade/{linked}/gaps/": 26,
    "/plans/{child}/cascade/open/": 16,
    "/plans/{amended}/cascade/{link}/moves/": 15,
    REGISTER: 3,
    REGISTER + "{entry}/": 7,
    ANSWERS: 14,
    ANSWERS + "region/{town}/": 5,
}
#: A page that asks for nothing of its own.
FRAME = "/plans/upload/"


def test_the_number_of_queries_is_fixed(office: Client, child: int, linked: int) -> None:
    amendment, link = site.amend(child)
    entry, *_others = [registered(office, child, kind) for kind in EntryKind]
    office.post(f"{ANSWERS}name/", naming())
    numbers = {"child": child, "linked": linked, "amended": amendment, "link": link, "entry": entry, "town": site.TOWN}
    found = {path: _queries(office, path.format(**numbers)) for path in QUERIES}
    _grow(office, child, linked)
    grown = {path: _queries(office, path.format(**numbers)) for path in QUERIES}
    assert grown == found
    frame = _queries(office, FRAME)
    assert {path: count - frame for path, count in found.items()} == QUERIES


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as told:
        words(client, path)
    return len(told)


def _grow(office: Client, child: int, linked: int) -> None:
    """Tasks, entries, decisions, persons: more of everything that the pages list."""
    store.assign_gaps(linked, COUNTY_OFFICE, date(2030, 1, 1))
    for kind in EntryKind:
        for _time in [each for each in store.register_proposals(child) if each.kind is kind]:
            registered(office, child, kind)
    for number in range(4):
        body = store.add_state_firm(site.COUNTY, f"企业{number}", COUNTY_OFFICE, "名录")
        office.post(f"{ANSWERS}name/", naming(subject=f"body-{body}"))
        office.post(f"{ANSWERS}name/", naming(person=f"新任{number}", starts_on=f"2024-0{number + 2}-01"))
    title = {"title": "另一份上级方案", "doc_no": "某府发〔2022〕1号"}
    store.decide_link(child, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "另引", **title)
