"""Pages and operations by which a person decides on pairs of two plans."""

from __future__ import annotations

from datetime import timedelta

import api_site
import cascade_site as site
import pytest
from cascade_asking import text_of, words
from cascade_plans import CITY_PLAN, COUNTY_OFFICE, COUNTY_PLAN, adopted
from django.utils import timezone

from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.rows import LinkVerdict, Relation

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubted(db: None) -> tuple[int, int]:
    """The county's plan and its link to a city's plan, with one pair that only a person can decide."""
    site.people()
    asked, promised = "城镇新建建筑全部达到绿色建筑标准完成率达到100%。", "城镇新建绿色建筑达标率达到100%。"
    city = adopted(CITY_PLAN.replace("推广绿色建筑。", f"到2025年，{asked}"), site.CITY)
    county = adopted(COUNTY_PLAN.replace("推广绿色建筑。", f"到2025年，{promised}"), site.COUNTY)
    return county.id, store.decide_link(
        county.id, COUNTY_OFFICE, Relation.FOLLOWS, LinkVerdict.CONFIRMED, "文首所引", other=city.id
    )


def test_a_doubtful_pair_is_decided_on_its_page_before_it_is_offered(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    office, address = site.visitor("county"), f"/plans/{plan}/cascade/{link}/"
    page = words(office, address)
    assert f'href="{address}pairs/"><strong>1</strong> 对待认定' in page
    assert "绿色建筑" not in page.partition('id="first"')[2].partition("</section>")[0]
    (doubt,) = office.get(f"{address}pairs/").context["doubts"]
    assert doubt.above not in {gap.key for gap, _ in office.get(f"{address}gaps/").context["offers"]}
    said = {"above": doubt.above, "below": doubt.below, "verdict": "apart"}
    refused = text_of(office.post(f"{address}pairs/", said | {"ground": " "}), 422)
    assert "CAS-210" in refused
    assert "CAS-213" in text_of(office.post(f"{address}pairs/", said | {"verdict": "误", "ground": "口径不同"}), 422)
    assert office.post(f"{address}pairs/", said | {"ground": "口径不同"}).status_code == 302
    assert doubt.above in {gap.key for gap, _ in office.get(f"{address}gaps/").context["offers"]}
    told = office.get(f"{address}pairs/")
    assert [[cell.text for cell in row.cells][2:6] for row in told.context["decision_table"].rows] == [
        ["✕ 不是同一项", doubt.parent, doubt.child, "口径不同"]
    ]
    assert "没有待认定的对应" in text_of(told)


def test_any_two_of_one_sort_are_laid_together_by_a_person(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    office, address = site.visitor("county"), f"/plans/{plan}/cascade/{link}/"
    measures = office.get(f"{address}pairs/").context["sorts"][1]
    above = next(key for key, name in measures.parents if "绿色消费" in name)
    below = next(key for key, name in measures.children if "组织领导" in name)
    said = {"form": "free", "above": above, "below": below, "verdict": "paired", "ground": "（四）含此意"}
    assert office.post(f"{address}pairs/", said).status_code == 302
    rows = office.get(address).context["measure_table"].rows
    assert ["● 对应", "（四）", "推行绿色消费", "（四）", "加强组织领导"] in [
        [cell.text for cell in row.cells][:5] for row in rows
    ]
    assert "0</strong> 项措施没有对应" in words(office, address)


def test_who_only_reads_decides_on_no_pair(doubted: tuple[int, int]) -> None:
    plan, link = doubted
    address = f"/plans/{plan}/cascade/{link}/pairs/"
    (doubt,) = site.visitor("county").get(address).context["doubts"]
    said = {"above": doubt.above, "below": doubt.below, "verdict": "paired", "ground": "误"}
    for name, read, status in (("clerk", 200, 403), ("auditor", 200, 403), ("neighbour", 404, 404)):
        client = site.visitor(name)
        answer = client.get(address)
        assert answer.status_code == read, name
        assert 'name="verdict"' not in answer.content.decode(), name
        assert client.post(address, said).status_code == status, name
    past = f"{address}?as_of={timezone.localdate() - timedelta(days=1)}"
    assert site.visitor("county").get(past).status_code == 404
    assert site.visitor("county").post(past, said).status_code == 403


def test_programmes_decide_on_pairs(doubted: tuple[int, int]) -> None:
    """The same by the interface: told with the lines, decided, read again; a neighbour finds nothing."""
    _plan, link = doubted
    client, path = api_site.programme(api_site.token("county")), f"{api_site.ROOT}/links/{link}"
    (line,) = [each for each in client.get(f"{path}/comparison").json()["targets"] if each["is_doubtful"]]
    assert line["is_gap"] is False
    said = {"above": line["key"], "below": line["below"], "verdict": "paired", "ground": "同一指标"}
    answer = client.post(f"{path}/pairs", said, content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    (told,) = client.get(f"{path}/pairs").json()["items"]
    assert (told["id"], told["verdict"], told["is_target"]) == (answer.json()["id"], "paired", True)
    neighbour = api_site.programme(api_site.token("neighbour"))
    assert neighbour.get(f"{path}/pairs").status_code == 404
    assert neighbour.post(f"{path}/pairs", said, content_type="application/json").status_code == 404
