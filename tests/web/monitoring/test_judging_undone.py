"""What marks or late data undo never was: it is counted nowhere, and counts again when they are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import monitoring_site as site
import pytest
import store_at_hand
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.monitoring.alarms.life import Act, State
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarms, marks
from shuangkong.records.monitoring.alarm_counts import by_unit
from shuangkong.records.monitoring.marks import Reason
from shuangkong.records.monitoring.models import Alarm, Outlet, PowerPrice
from shuangkong.web.monitoring.compliance import known_of
from shuangkong.web.monitoring.judging import judge
from shuangkong.web.monitoring.power_prices import ENVIRONMENTAL, PriceLine, operations

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.connected(place, days=40)
        site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield place


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, outlet: int) -> list[datetime]:
    """The hours of twelve days, of which six exceed, ten days ago: three, a pause that no data came in, three."""
    store: StoreAtHand = store_at_hand.use(monkeypatch)
    hours = store_at_hand.last_hours(12 * 24)
    out, none = {*range(48, 51), *range(60, 63)}, range(51, 60)
    for number, at in enumerate(hours):
        if number not in none:
            store.put(site.point(outlet), Kind.HOUR, at, "avg", 61 if number in out else 20 + number % 7)
    marks.look_again(outlet, hours[48], hours[63])
    judge()
    return hours


def found(outlet: int) -> tuple[alarms.AlarmRow, ...]:
    return alarms.alarms(Q(outlet=outlet, rule="exceedance"))


def marked(outlet: int, first: datetime, last: datetime) -> int:
    number = marks.mark_hours(outlet, "", first, last, "D", Reason.FAULT, site.by("bureau"), "分析仪故障")
    judge()
    return number


def out_of_order(outlet: int, told: list[datetime]) -> tuple[bool, int]:
    """Whether the outlet exceeded that year, and in how many hours of those days."""
    place = Outlet.objects.select_related("enterprise").get(pk=outlet)
    first, last = told[0].date(), timezone.localdate()
    price = PriceLine(PowerPrice(enterprise=place.enterprise, sort=ENVIRONMENTAL), None)
    [line] = operations([price], first, last)
    return outlet in known_of([place], first, last).exceeded, line.exceeded_hours


def test_hours_that_exceed_are_counted_and_not_those_between(outlet: int, told: list[datetime]) -> None:
    [row] = found(outlet)
    assert (row.starts_at, row.ends_at) == (told[48], told[62] + HOUR)
    assert out_of_order(outlet, told) == (True, 6)
    # One that was found before hours were kept is as long as it lasted.
    Alarm.objects.filter(pk=row.id).update(instants=[])
    assert out_of_order(outlet, told) == (True, 15)


def test_what_has_ended_is_undone_by_marks_and_holds_again_without(outlet: int, told: list[datetime]) -> None:
    number = marked(outlet, told[47], told[64])
    [row] = found(outlet)
    assert (row.state, row.ends_at, row.undone_at is None) == (State.UNDONE, told[62] + HOUR, False)
    assert out_of_order(outlet, told) == (False, 0)
    [unit] = by_unit(Q(outlet=outlet, rule="exceedance"), timezone.now())
    assert (unit.all, unit.exceed, unit.open, unit.late, unit.lasted, unit.multiple) == (1, 0, 1, 0, timedelta(), None)
    level = row.level
    judge()
    [row] = found(outlet)
    assert (row.state, row.level, len(alarms.steps(row.id))) == (State.UNDONE, level, 3), "nothing goes on, or twice"
    marks.withdraw(number, site.by("bureau"), "误标")
    judge()
    [row] = found(outlet)
    assert (row.state, row.undone_at, row.due_at is None) == (State.OPEN, None, False)
    assert [each.act for each in alarms.steps(row.id)] == [Act.RAISE, Act.EASE, Act.UNDO, Act.RENEW, Act.EASE]
    assert out_of_order(outlet, told) == (True, 6)


def test_a_person_closes_what_is_undone_and_the_unit_need_not_explain(outlet: int, told: list[datetime]) -> None:
    marked(outlet, told[47], told[64])
    [row] = found(outlet)
    assert alarms.may_take(row, site.by("unit")) == ()
    assert alarms.may_take(row, site.by("bureau")) == (Act.CLOSE,)
    alarms.take_step(row.id, Act.CLOSE, site.by("bureau"), "已核对标记")
    judge()
    [row] = found(outlet)
    assert (row.state, row.undone_at is None) == (State.CLOSED, False)


def test_a_closed_one_stays_closed_and_is_counted_no_more(outlet: int, told: list[datetime]) -> None:
    [row] = found(outlet)
    alarms.take_step(row.id, Act.EXPLAIN, site.by("unit"), "启动", "process")
    for act, cause in ((Act.REVIEW, "process"), (Act.CLOSE, "")):
        alarms.take_step(row.id, act, site.by("bureau"), "属实", cause)
    number = marked(outlet, told[47], told[64])
    assert (found(outlet)[0].state, out_of_order(outlet, told)) == (State.CLOSED, (False, 0))
    marks.withdraw(number, site.by("bureau"), "误标")
    judge()
    assert (found(outlet)[0].state, out_of_order(outlet, told)) == (State.CLOSED, (True, 6))


def test_what_marks_part_is_two(outlet: int, told: list[datetime]) -> None:
    """A clean hour supplemented between parts it; marks of its second half leave the first."""
    marked(outlet, told[60], told[63])
    [row] = found(outlet)
    assert (row.starts_at, row.ends_at, row.undone_at) == (told[48], told[50] + HOUR, None)
    assert out_of_order(outlet, told) == (True, 3)
