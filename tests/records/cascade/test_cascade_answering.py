"""Who answers for a place or a firm, since when and until when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cascade_plans import (
    COUNTY_OFFICE,
    NEIGHBOUR,
)
from django.db.models import Q
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.people.access import Forbidden
from shuangkong.records.plans.cascade import store
from shuangkong.records.plans.cascade.responsible_rows import Rank
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.places import add_place

pytestmark = pytest.mark.django_db


def mayor(person: str, region: str = "999901001", **said: object) -> store.Naming:
    return store.Naming(Rank.FIRST, person, "镇长", region=region, **said)  # type: ignore[arg-type]


def test_one_answers_first_for_each_town_and_firm(places: None) -> None:
    day = date(2024, 1, 1)
    firm = store.add_state_firm("999901", "县水务集团", COUNTY_OFFICE, "国资名录")
    assert [each.subject for each in store.vacancies("999901", day)] == ["东街镇", "西街镇", "县水务集团"]
    store.name_responsible(mayor("甲某", starts_on=day), COUNTY_OFFICE, "方案五（一）", "任命文件")
    head = store.Naming(Rank.FIRST, "乙某", "董事长", body=firm, starts_on=day)
    store.name_responsible(head, COUNTY_OFFICE, "方案五（一）")
    assert [each.subject for each in store.vacancies("999901", day)] == ["西街镇"]
    assert [each.subject for each in store.vacancies("999901", day - timedelta(days=1))] == [
        "东街镇",
        "西街镇",
        "县水务集团",
    ]


def test_five_levels_down_to_the_village(places: None) -> None:
    """五级: a village is added below its town; each level tells how many places nobody answers for."""
    day = date(2024, 1, 1)
    village = add_place("999901001", "999901001201", "虚构村", COUNTY_OFFICE, "统计用区划代码")
    with pytest.raises(Refused, match="REG-111"):
        add_place(village, f"{village}001", "村民小组", COUNTY_OFFICE, "名录")
    head = store.Naming(Rank.FIRST, "甲某", "村委会主任", region=village, starts_on=day)
    row = store.name_responsible(head, COUNTY_OFFICE, "秸秆禁烧责任书")

    def told(on: date) -> list[tuple[str, int, int]]:
        return [(each.level, each.places, each.vacant) for each in store.levels_answered("/999900/999901/", on)]

    assert told(day) == [("county", 1, 1), ("town", 2, 2), ("village", 1, 0)]
    assert told(day - timedelta(days=1)) == [("county", 1, 1), ("town", 2, 2), ("village", 1, 1)]
    store.end_responsibility(row, COUNTY_OFFICE, "换届", date(2024, 6, 30))
    assert told(date(2024, 7, 1))[-1] == ("village", 1, 1)


def test_posts_down_to_the_boiler_room(places: None) -> None:
    firm = store.add_state_firm("999901", "县水务集团", COUNTY_OFFICE, "国资名录")
    for duty, person in (("锅炉运行岗", "丙某"), ("计量岗", "丁某")):
        store.name_responsible(
            store.Naming(Rank.POST, person, "班长", body=firm, duty=duty), COUNTY_OFFICE, "企业岗位责任制"
        )
    found = store.responsible(Q(body=firm), timezone.localdate())
    assert {(row.duty, row.person, row.subject) for row in found} == {
        ("锅炉运行岗", "丙某", "县水务集团"), ("计量岗", "丁某", "县水务集团"),
    }  # fmt: skip
    with pytest.raises(Refused, match="CAS-508"):
        store.name_responsible(store.Naming(Rank.POST, "戊某", "班长", body=firm), COUNTY_OFFICE, "企业岗位责任制")


def test_who_answered_on_a_past_day_is_still_told(places: None) -> None:
    town = Q(region="999901001")
    store.name_responsible(mayor("甲某", starts_on=date(2022, 1, 1)), COUNTY_OFFICE, "任命")
    second = store.name_responsible(mayor("乙某", starts_on=date(2023, 6, 1)), COUNTY_OFFICE, "换届")
    people = {day: [row.person for row in store.responsible(town, day)]
              for day in (date(2021, 12, 31), date(2023, 5, 31), date(2023, 6, 1), date(2024, 1, 1))}  # fmt: skip
    assert list(people.values()) == [[], ["甲某"], ["乙某"], ["乙某"]]
    store.name_responsible(mayor("甲某某", starts_on=date(2022, 1, 1)), COUNTY_OFFICE, "姓名更正")
    assert [row.person for row in store.responsible(town, date(2022, 1, 1))] == ["甲某某"]
    assert [row.person for row in store.responsible(town, date(2024, 1, 1))] == ["乙某"]
    store.end_responsibility(second, COUNTY_OFFICE, "调离", date(2023, 12, 31))
    assert store.responsible(town, date(2024, 1, 1)) == ()
    assert [row.person for row in store.responsible(town, date(2023, 12, 31))] == ["乙某"]
    assert len(store.responsibility_history(town)) == 4
    assert [row.act for row in journal.of_subject("region/999901001")] == [
        "responsible.name", "responsible.name", "responsible.name", "responsible.end",
    ]  # fmt: skip


def test_nobody_is_named_from_elsewhere_or_without_a_ground(places: None) -> None:
    with pytest.raises(Forbidden):
        store.name_responsible(mayor("甲某"), NEIGHBOUR, "任命")
    with pytest.raises(Forbidden):
        store.add_state_firm("999901", "县水务集团", NEIGHBOUR, "国资名录")
    for wanted, ground, code in (
        (mayor("甲某"), " ", "CAS-102"),
        (mayor(" "), "任命", "CAS-504"),
        (mayor("甲某", "000000"), "任命", "CAS-503"),
        (store.Naming(Rank.FIRST, "甲某", "镇长"), "任命", "CAS-502"),
        (mayor("甲某", starts_on=date(2024, 1, 2), ends_on=date(2024, 1, 1)), "任命", "CAS-505"),
    ):
        with pytest.raises(Refused, match=code):
            store.name_responsible(wanted, COUNTY_OFFICE, ground)
    assert journal.head()[0] == 0
