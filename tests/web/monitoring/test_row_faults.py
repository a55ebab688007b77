"""One row that cannot be done keeps no other: it is kept as a fault, shown to those on duty, and tried again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.cli import tick
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.arrivals import Late, keep_late
from shuangkong.records.monitoring.models import AmountClosing, LateData, MarkToTell, Outlet, RateClosing, RowFault
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.records.refusal import Refused
from shuangkong.web.monitoring import closing, evaluating, judging, pushing, rate_closing
from shuangkong.web.monitoring.fencing import by_outlet
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
NOX, FLOW = "a21002", "a00000"
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
LAST = ends_of(Span.MONTH, MONTH)
BROKEN = RuntimeError("brought about by the test")


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[int, int]]:
    """Two outlets; of the first something will always go wrong."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        own = []
        for number, unit in enumerate(site.UNITS):
            place = site.outlet(unit, starts_on=MONTH.isoformat())
            site.connected(place, mn=f"8888888000000{number}", factors=(NOX, FLOW))
            own.append(place)
        yield own[0], own[1]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, both: tuple[int, int]) -> StoreAtHand:
    held = store_at_hand.use(monkeypatch)
    for place in both:
        for number in range(30):
            at = midnight(MONTH) + timedelta(hours=number)
            held.put(site.point(place, NOX), Kind.HOUR, at, "avg", 20)
            held.put(site.point(place, FLOW), Kind.HOUR, at, "avg", 10)
    return held


def bad_of(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, is_bad: Any) -> None:
    sound = getattr(module, name)

    def done(*told: Any, **more: Any) -> Any:
        if is_bad(*told):
            raise BROKEN
        return sound(*told, **more)

    monkeypatch.setattr(module, name, done)


def fault(work: Work) -> RowFault:
    [found] = RowFault.objects.filter(work=work)
    assert "brought about by the test" in found.said
    return found


@pytest.mark.parametrize("count", [1, 2, 7, 100])
def test_halving_finds_the_one(both: tuple[int, int], count: int) -> None:
    things = [Outlet(pk=10_000 + number, name=str(number)) for number in range(count)]
    calls: list[int] = []

    def do(some: Any) -> list[int]:
        calls.append(len(some))
        if any(each.pk == 10_000 for each in some):
            raise BROKEN
        return [each.pk for each in some]

    done = [number for part in by_outlet(Work.LIFE).done(things, do) for number in part]
    assert sorted(done) == list(range(10_001, 10_000 + count))
    assert fault(Work.LIFE).row == 10_000
    calls.clear()
    by_outlet(Work.LIFE).done(things, do)
    assert calls == ([count - 1] if count > 1 else []) + [1], "the faulty one is known: the others go at once"
    assert fault(Work.LIFE).count == 2
    assert by_outlet(Work.LIFE).done(things, lambda some: len(some))
    assert not RowFault.objects.exists()


def test_a_store_that_is_down_is_nobodys_fault(both: tuple[int, int]) -> None:
    def do(_some: Any) -> None:
        raise StoreDown("away")

    with pytest.raises(StoreDown):
        by_outlet(Work.LIFE).done(list(Outlet.objects.all()), do)
    assert not RowFault.objects.exists()


def test_an_outlet_that_cannot_be_judged(
    both: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is judged, what came late of the faulty one stays to be judged, and the duty screen says so."""
    began = timezone.now() - timedelta(days=20)
    keep_late([Late(each, began, began) for each in both], timezone.now() - timedelta(hours=2))
    bad_of(monkeypatch, judging, "exceedances", lambda case: case.outlet.pk == both[0])
    assert judging.judge().outlets == 2
    assert fault(Work.JUDGING).row == both[0]
    assert LateData.objects.get(outlet=both[0]).unjudged_from is not None
    assert LateData.objects.get(outlet=both[1]).unjudged_from is None
    shown = site.visitor("bureau").get("/monitoring/").content.decode()
    assert "报警判定没有办成 1 项：青石热电厂" in shown
    assert "没有办成" not in site.visitor("neighbour").get("/monitoring/").content.decode()
    monkeypatch.undo()
    store_at_hand.use(monkeypatch)
    judging.judge()
    assert not RowFault.objects.exists()


def test_an_outlet_that_cannot_be_closed(
    both: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_of(monkeypatch, closing, "reckoned", lambda outlet, *_told: outlet.pk == both[0])
    assert closing.close_due().kept
    assert set(AmountClosing.objects.values_list("outlet", flat=True)) == {both[1]}
    assert fault(Work.AMOUNTS).row == both[0]


def test_an_outlet_whose_amounts_cannot_be_kept(
    both: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each outlet is reckoned once, however often halves are kept."""
    bad_of(monkeypatch, closing, "keep", lambda closed: any(each.outlet == both[0] for each in closed))
    asked: list[int] = []
    bad_of(monkeypatch, closing, "reckoned", lambda outlet, *_told: asked.append(outlet.pk))
    closing.close(MONTH)
    assert set(AmountClosing.objects.values_list("outlet", flat=True)) == {both[1]}
    assert sorted(asked) == sorted(both)


def test_an_outlet_whose_rates_cannot_be_reckoned(
    both: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad_of(monkeypatch, rate_closing, "lines_of", lambda found, *_told: any(each.pk == both[0] for each in found))
    assert rate_closing.close_rates_due()
    assert set(RateClosing.objects.values_list("outlet", flat=True)) == {both[1]}
    assert fault(Work.RATES).row == both[0]


def test_a_mark_that_cannot_be_told(both: tuple[int, int], store: StoreAtHand) -> None:
    """Of a year far off, as desks let through once: the newer ones are told, and the work behind is done."""
    far = datetime(26, 11, 20, tzinfo=UTC)
    MarkToTell.objects.create(outlet_id=both[0], first_at=far, last_at=far + timedelta(hours=1), at=timezone.now())
    near = midnight(LAST)
    MarkToTell.objects.create(outlet_id=both[1], first_at=near, last_at=near + timedelta(hours=1), at=timezone.now())
    told = store.mark

    def mark(table: Any) -> int:
        if any(each["at"].year < 1971 for each in table.to_pylist()):
            raise BROKEN
        return told(table)

    store.mark = mark  # type: ignore[method-assign]
    assert pushing.push_waiting() == 1
    assert set(MarkToTell.objects.values_list("outlet", flat=True)) == {both[0]}
    assert "0026" in fault(Work.TELLING).name or "26-11-20" in fault(Work.TELLING).name


@pytest.mark.parametrize(
    "first", ["0026-11-20T00:00", "0001-01-01T00:00", "1969-12-31T00:00", "9999-12-31T23:00", "0001-01-01T00:00+14:00"]
)
def test_marks_of_years_far_off_are_refused_at_the_door(both: tuple[int, int], first: str) -> None:
    at = datetime.fromisoformat(first)
    at = at if at.tzinfo else timezone.make_aware(at)
    with pytest.raises(Refused) as refused:
        marks.mark_hours(both[0], "", at, at, "D", marks.Reason.FAULT, site.by("unit"), "笔误")
    assert refused.value.code == "MON-191"
    told = {"first": first, "last": first, "mark": "D", "reason": "fault", "text": "笔误"}
    answer = site.visitor("unit").post(f"/monitoring/outlets/{both[0]}/marks/", told)
    assert answer.status_code in (400, 422)
    assert "MON-191" in answer.content.decode()
    assert not MarkToTell.objects.exists()


def test_one_work_of_the_clock_never_keeps_another(
    both: tuple[int, int], store: StoreAtHand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(judging, "judge", lambda: (_ for _ in ()).throw(BROKEN))
    monkeypatch.setattr(evaluating, "evaluate_due", lambda: (_ for _ in ()).throw(BROKEN))
    done: list[str] = []
    monkeypatch.setattr("shuangkong.web.monitoring.reappearing.look_for_life", lambda: done.append("life") or 0)
    monkeypatch.setattr("shuangkong.web.monitoring.rate_facts.tell_rates_due", lambda: done.append("rates") or 0)
    monkeypatch.setattr(
        "shuangkong.web.monitoring.compliance_facts.tell_compliance_due", lambda: done.append("compliance") or 0
    )
    works = tick._Works()
    tick._monitor(works)
    assert done == ["life", "rates", "compliance"]
    assert works.faults == 2
    assert capsys.readouterr().err.count("RMD-902") == 2
