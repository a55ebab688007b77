"""A unit's mark that no rule of marking covers holds for nothing until the authority agrees; late ones are listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.validity.marking import due_by
from shuangkong.readings.columns import Kind
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring import alarms, marks
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Mark, Outlet
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.monitoring.judging import judge

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, days=200)
        site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        # Of no industry that the rules of marking name.
        Enterprise.objects.filter(name=site.UNITS[0]).update(industry="3110")
        yield place


@pytest.fixture
def exceeding(monkeypatch: pytest.MonkeyPatch, outlet: int) -> list[datetime]:
    """Three hours that exceed, yesterday."""
    store: StoreAtHand = store_at_hand.use(monkeypatch)
    hours = store_at_hand.last_hours(48)
    for number, at in enumerate(hours):
        store.put(site.point(outlet), Kind.HOUR, at, "avg", 61 if number in (20, 21, 22) else 20 + number % 7)
    return hours[20:23]


def said_of(outlet: int) -> list[str]:
    judge()
    return [row.rule for row in alarms.alarms(Q(outlet=outlet, rule="exceedance", undone_at=None))]


def mark(outlet: int, first: datetime, last: datetime, who: str = "unit") -> int:
    return marks.mark_hours(outlet, "", first, last, "D", Reason.FAULT, site.by(who), "分析仪故障")


def test_it_changes_judging_when_the_authority_has_agreed_and_not_before(
    outlet: int, exceeding: list[datetime]
) -> None:
    number = mark(outlet, exceeding[0], exceeding[-1] + HOUR)
    assert marks.untold(outlet) == ()
    assert marks.marks([outlet], exceeding[0], exceeding[-1]) == ()
    assert said_of(outlet) == ["exceedance"]
    page = reverse("monitoring:marks", args=[outlet])
    assert "等主管部门同意" in site.visitor("unit").get(page).content.decode()
    assert "等主管部门同意的企业标记" in site.visitor("bureau").get(reverse("monitoring:validity")).content.decode()
    with pytest.raises(Refused) as caught:
        marks.agree(number, site.by("unit"), "我们自己看过")
    assert caught.value.code == "MON-193"
    agree = reverse("monitoring:mark_agree", args=[outlet, number])
    assert "同意标记" not in site.visitor("unit").get(page).content.decode()
    assert site.visitor("bureau").post(agree, {"text": "查了维修记录"}).status_code == 302
    row = Mark.objects.get(pk=number)
    assert (row.waits, row.agreed_by) == (False, "bureau")
    assert JournalRow.objects.filter(act="monitoring.agree_mark", ground="查了维修记录").count() == 1
    assert said_of(outlet) == []
    assert "bureau 已同意" in site.visitor("unit").get(page).content.decode()
    with pytest.raises(Refused) as caught:
        marks.agree(number, site.by("bureau"), "再来一次")
    assert caught.value.code == "MON-192"


def test_the_authority_refuses_by_withdrawing_and_what_it_marks_itself_holds(
    outlet: int, exceeding: list[datetime]
) -> None:
    number = mark(outlet, exceeding[0], exceeding[-1] + HOUR)
    marks.withdraw(number, site.by("bureau"), "没有佐证")
    assert not Mark.objects.get(pk=number).waits
    assert said_of(outlet) == ["exceedance"]
    mark(outlet, exceeding[0], exceeding[-1] + HOUR, "bureau")
    assert said_of(outlet) == []


def test_in_an_industry_of_the_rules_it_holds_at_once(outlet: int, exceeding: list[datetime]) -> None:
    Outlet.objects.filter(pk=outlet).update(industry="D4411")
    mark(outlet, exceeding[0], exceeding[-1] + HOUR)
    assert said_of(outlet) == []


def test_late_ones_are_listed_as_late(outlet: int, exceeding: list[datetime]) -> None:
    old = exceeding[0] - timedelta(days=70)
    mark(outlet, old, old + HOUR)
    page = site.visitor("bureau").get(reverse("monitoring:marks", args=[outlet])).content.decode()
    assert page.count("尚不作数；逾期标记") == 1
    assert "逾期标记" in site.visitor("bureau").get(reverse("monitoring:validity")).content.decode()
    mark(outlet, exceeding[0], exceeding[-1] + HOUR)
    again = site.visitor("bureau").get(reverse("monitoring:marks", args=[outlet])).content.decode()
    assert again.count("尚不作数；逾期标记") == 1, "yesterday's hours are in time"


def test_what_waits_is_on_the_desk_however_old(outlet: int, exceeding: list[datetime]) -> None:
    old = exceeding[0] - timedelta(days=150)
    agree = reverse("monitoring:mark_agree", args=[outlet, mark(outlet, old, old + HOUR)])
    assert agree in site.visitor("bureau").get(reverse("monitoring:marks", args=[outlet])).content.decode()


def test_the_interface_tells_what_waits_and_who_agreed(outlet: int, exceeding: list[datetime]) -> None:
    first, last = exceeding[0], exceeding[-1] + HOUR
    path, desk = f"/api/v1/monitoring/outlets/{outlet}/marks", "/api/v1/monitoring/waiting-marks"
    said = {"starts_at": first.isoformat(), "ends_at": last.isoformat(), "mark": "D", "reason": "fault", "text": "故障"}
    unit, bureau = site.visitor("unit"), site.visitor("bureau")
    span = {"start": first.isoformat(), "end": last.isoformat()}

    def listed() -> list[tuple[int, bool, str]]:
        rows = unit.get(path, span).json()["items"]
        return [(each["id"], each["waits"], each["agreed_by"]) for each in rows]

    theirs = bureau.post(path, said, content_type="application/json").json()
    made = unit.post(path, said, content_type="application/json").json()
    assert (theirs["waits"], made["waits"]) == (False, True)
    assert listed() == [(made["id"], True, ""), (theirs["id"], False, "")], "what holds stands last"
    waiting = bureau.get(desk).json()
    assert [(each["id"], each["outlet"]) for each in waiting["items"]] == [(made["id"], outlet)]
    assert (waiting["count"], waiting["next"]) == (1, None)
    assert site.visitor("other").get(desk).json()["items"] == []
    told = {"ground": "查了维修记录"}
    assert bureau.post(f"{path}/{made['id']}/agree", told, content_type="application/json").status_code == 200
    assert listed() == [(made["id"], False, "bureau"), (theirs["id"], False, "")]
    assert bureau.get(desk).json()["count"] == 0
    unit.post(f"{path}/{made['id']}/withdraw", told, content_type="application/json")
    assert listed() == [(theirs["id"], False, "")]


def test_evidence_is_due_on_a_day_of_the_month_after() -> None:
    assert due_by(date(2024, 1, 1), 10) == date(2024, 2, 10)
    assert due_by(date(2024, 12, 31), 10) == date(2025, 1, 10)
    assert due_by(date(2024, 1, 5), 31) == date(2024, 2, 29)
