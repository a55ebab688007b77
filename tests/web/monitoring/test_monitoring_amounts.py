"""Readings become closed amounts, these become facts; late data and marks make new versions, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from store_at_hand import StoreAtHand

from calling import call
from kept import kept
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.amounts.emissions import INDICATORS
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.models import Observation
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.monitoring import marks
from shuangkong.records.monitoring.amounts import newest, versions
from shuangkong.records.monitoring.models import LateData, Outlet
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import open_rulebook
from shuangkong.web.monitoring.closing import close, close_due
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
SO2, FLOW = "a21026", "a00000"
#: The last month that is over.
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
HOURS = ((ends_of(Span.MONTH, MONTH) - MONTH).days + 1) * 24
#: 100 m³/s of 10 mg/m³: 3.6 kg an hour; one hour of 50 mg/m³ before the gap: 18 kg, the greatest.
KG, GREATEST = D("3.6"), D(18)
GAP = range(400, 410)


def hour(number: int) -> datetime:
    return midnight(MONTH) + timedelta(hours=number)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(starts_on=MONTH.isoformat())
        site.connected(place, factors=(SO2, FLOW))
        yield place


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, outlet: int) -> StoreAtHand:
    """Every hour until today but ten, of which nothing came."""
    held = store_at_hand.use(monkeypatch)
    count = int((midnight(timezone.localdate()) - midnight(MONTH)) / timedelta(hours=1))
    for number in range(count):
        if number not in GAP:
            tell(held, outlet, number, 50 if number == 399 else 10)
    return held


def tell(store: StoreAtHand, outlet: int, number: int, value: object, place: tuple[int, int] = (1, 77)) -> None:
    for factor, told in ((SO2, value), (FLOW, 100)):
        store.put(point(outlet, factor), Kind.HOUR, hour(number), "avg", told, place=place)


@cache
def point(outlet: int, factor: str) -> int:
    return site.point(outlet, factor)


def facts(kind: str, code: str) -> list[Decimal | None]:
    rows = Observation.objects.filter(
        subject__kind=kind, subject__code=code, indicator__text="monitored_so2_emission"
    ).order_by("pk")
    return [each.value for each in rows]


def unit_of(outlet: int) -> str:
    return source_code(Outlet.objects.get(pk=outlet).enterprise_id or 0)


def test_every_indicator_is_in_the_policy() -> None:
    wanted = {each for own in INDICATORS.values() for each in own.values()}
    folder = open_rulebook().folder.root / "national" / "indicators"
    assert all((folder / f"{each}.yaml").is_file() for each in wanted)


def test_a_month_is_closed_told_and_closed_anew_by_late_data(outlet: int, store: StoreAtHand) -> None:
    done = close(MONTH)
    assert (done.months, done.kept) == (1, 1)
    [row] = newest(MONTH).values()
    kg = (HOURS - 11) * KG + 18 + 10 * GREATEST
    assert (row.kg, row.measured_hours, row.substituted_hours, row.open_hours) == (kg, HOURS - 10, 10, 0)
    tonnes = (kg / 1000).quantize(D("0.000001"))
    for kind, code in (("unit", unit_of(outlet)), ("region", site.COUNTY), ("region", "990000")):
        assert facts(kind, code) == [tonnes], (kind, code)
    assert close(MONTH).kept == 0, "the same again is no new version"
    assert facts("unit", unit_of(outlet)) == [tonnes]
    for number in GAP:
        tell(store, outlet, number, 20)
    assert close(MONTH).kept == 1
    late = ((HOURS - 11) * KG + 18 + 10 * D("7.2")) / 1000
    assert facts("unit", unit_of(outlet)) == [tonnes, late.quantize(D("0.000001"))]
    assert len(versions(outlet, SO2, MONTH)) == 2


def test_a_fact_is_explained_down_to_what_leads_to_its_frames(outlet: int, store: StoreAtHand) -> None:
    """Of a unit outlet by outlet, of a region place by place; as it was known when the fact was told."""
    close(MONTH)
    [row] = newest(MONTH).values()
    period = Period(MONTH.year, f"{MONTH.month:02d}")
    found = explain(Cell(Subject("unit", unit_of(outlet)), "monitored_so2_emission", period))
    own, whole = found.steps
    assert (own.value, own.rests_on) == (row.kg, ("amount", str(outlet), SO2, f"{MONTH:%Y-%m}"))
    assert own.formula == f"实测 {HOURS - 10} h + 替代 10 h"
    assert (whole.value, found.value) == (row.kg / 1000, (row.kg / 1000).quantize(D("0.000001")))
    above = explain(Cell(Subject("region", "990000"), "monitored_so2_emission", period))
    assert [step.rests_on[:2] for step in above.steps] == [("amounts", site.COUNTY), ()]
    words = ("monitored_so2_emission", str(period), f"region:{site.COUNTY}")
    page = site.visitor("bureau").get(reverse("indicators:figure", args=words)).content.decode()
    assert f"{reverse('monitoring:amounts')}?place={site.COUNTY}" in page


def asked(*words: str) -> str:
    told = call("explain", *words)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


def test_from_the_command_line_one_comes_down_to_the_frame(
    outlet: int, store: StoreAtHand, settings: Any, tmp_path: Path
) -> None:
    """Each answer says the next question: place, outlets, days, hours, the frame."""
    settings.EVIDENCE_FOLDER = tmp_path
    place = store_at_hand.hour_frame(tmp_path, site.MN, hour(30), "a21026-Avg=10,a21026-Flag=N")
    tell(store, outlet, 30, 10, place)
    close(MONTH)
    month, day = f"{MONTH:%Y-%m}", f"{MONTH + timedelta(days=1)}"
    told = asked(site.COUNTY, "monitored_so2_emission", month)
    for words in (
        (f"outlets:{site.COUNTY}", "monitored_so2_emission", month), (f"outlet:{outlet}", SO2, month),
        (f"outlet:{outlet}", SO2, day), (f"outlet:{outlet}", SO2, f"{day}T06"),
    ):  # fmt: skip
        assert f"→ shuangkong explain {' '.join(words)}" in told
        told = asked(*words)
    assert "10 × 360000 m³ / 1000000 = 3.6 kg" in told
    assert f"frame {place[0]}:{place[1]}" in told
    assert "a21026-Avg=10,a21026-Flag=N" in told
    said = json.loads(asked(f"outlet:{outlet}", "monitored_so2_emission", month, "--json"))
    assert (Decimal(said["kg"]), said["parts"][1]["next"]) == (
        newest(MONTH)[outlet, SO2].kg,
        [f"outlet:{outlet}", SO2, day],
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("outlet:9999999", SO2, "2026-10"), "IND-111"),
        (("outlet:x", SO2, "2026-10"), "IND-111"),
        (("outlet:1" + "0" * 30, SO2, "2026-10"), "IND-111"),
        (("outlet:{}", SO2, "2026"), "IND-110"),
        (("outlet:{}", SO2, "2026-10-05T99"), "IND-110"),
        (("outlets:990100", "monitored_so2_emission", "2026-10-05"), "IND-110"),
        (("outlet:{}", "monitored_cod_emission", "2026-10"), "IND-112"),
        (("outlet:{}", "无此指标", "2026-10"), "IND-102"),
        (("outlets:无此地", "monitored_so2_emission", "2026-10"), "IND-101"),
    ],
)
def test_a_wrong_question_of_hours_is_told_what_is_wrong(
    outlet: int, store: StoreAtHand, words: tuple[str, ...], code: str
) -> None:
    told = call("explain", *(each.format(outlet) for each in words))
    assert (told.returncode, told.stderr[:7]) == (2, code)


def test_what_is_not_known_is_missing_and_says_so(outlet: int, store: StoreAtHand) -> None:
    """Half a month lost: the capture rate is too low for any rule."""
    for number in range(100, HOURS):
        store.rows.pop((point(outlet, SO2), Kind.HOUR, hour(number).astimezone(store_at_hand.UTC), "avg"), None)
    close(MONTH)
    [row] = newest(MONTH).values()
    assert row.open_hours == HOURS - 100
    assert facts("unit", unit_of(outlet)) == [None]
    [told] = Observation.objects.filter(subject__kind="region", subject__code=site.COUNTY)
    assert "1 个不完整" in told.note
    page = site.visitor("bureau").get(reverse("monitoring:amounts"), {"month": f"{MONTH:%Y-%m}"}).content.decode()
    assert "MON-001" in page
    assert "MON-013" in page


def test_outlets_without_a_closing_say_why(outlet: int, store: StoreAtHand) -> None:
    bare = site.outlet(site.UNITS[1], "DW009", "water", starts_on=MONTH.isoformat())
    unheard = site.outlet(site.UNITS[1], "DW010", "water", starts_on=MONTH.isoformat())
    site.put("factors", outlet=str(unheard), factor="w01018", starts_on=MONTH.isoformat())
    page = site.visitor("bureau").get(reverse("monitoring:amounts"), {"month": f"{MONTH:%Y-%m}"})
    told = {each.outlet.pk: (each.factors, each.why[:5]) for each in page.context["unclosed"]}
    assert told == {
        outlet: ("二氧化硫", "还没有结算"), bare: ("", "没有登记应"), unheard: ("化学需氧量", "这个月没有"),
    }  # fmt: skip
    close(MONTH)
    page = site.visitor("bureau").get(reverse("monitoring:amounts"), {"month": f"{MONTH:%Y-%m}"})
    assert outlet not in {each.outlet.pk for each in page.context["unclosed"]}


def test_marks_make_the_clock_close_again(outlet: int, store: StoreAtHand) -> None:
    first = close_due()
    assert first.months >= 1
    assert close_due().months == 0, "once a day"
    marks.mark_hours(outlet, "", hour(GAP[0]), hour(GAP[-1] + 1), "F", marks.Reason.STOPPED, site.by("bureau"), "停炉")
    assert close_due().kept >= 1
    [row] = newest(MONTH).values()
    assert (row.stopped_hours, row.substituted_hours) == (10, 0)


def test_what_the_authority_agrees_to_makes_the_clock_close_again(outlet: int, store: StoreAtHand) -> None:
    Enterprise.objects.filter(name=site.UNITS[0]).update(industry="3110")
    first, last = hour(GAP[0]), hour(GAP[-1] + 1)
    number = marks.mark_hours(outlet, "", first, last, "F", marks.Reason.STOPPED, site.by("unit"), "停炉")
    close_due()
    marks.agree(number, site.by("bureau"), "现场看过")
    # As where the hours were of the last two days: nobody writes that they came late.
    LateData.objects.all().delete()
    assert close_due().kept >= 1
    [row] = newest(MONTH).values()
    assert (row.stopped_hours, row.substituted_hours) == (10, 0)


def test_a_page_leads_from_the_month_to_the_frame(
    outlet: int, store: StoreAtHand, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_FOLDER = tmp_path
    place = store_at_hand.hour_frame(tmp_path, site.MN, hour(30), "a21026-Avg=10,a21026-Flag=N")
    tell(store, outlet, 30, 10, place)
    close(MONTH)
    visitor = site.visitor("bureau")
    board = visitor.get(reverse("monitoring:amounts"), {"month": f"{MONTH:%Y-%m}"})
    address = reverse("monitoring:amount", args=(outlet, SO2))
    assert address in board.content.decode()
    day = MONTH + timedelta(days=1)
    page = visitor.get(address, {"month": f"{MONTH:%Y-%m}", "day": day.isoformat()}).content.decode()
    frame = reverse("monitoring:frame", args=(outlet, *place))
    assert frame in page
    assert "3.6" in page
    assert visitor.get(frame).status_code == 200
    assert site.visitor("neighbour").get(address).status_code == 404


def test_a_month_that_runs_is_kept_and_no_fact(outlet: int, store: StoreAtHand) -> None:
    today: date = timezone.localdate()
    if today.day == 1:
        pytest.skip("nothing of this month is over")
    close(today.replace(day=1))
    [row] = newest(today.replace(day=1)).values()
    assert (row.is_over, row.through) == (False, today - timedelta(days=1))
    assert row.due_hours == (today.day - 1) * 24
    assert facts("unit", unit_of(outlet)) == []
