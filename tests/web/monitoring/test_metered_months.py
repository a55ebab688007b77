"""Showings become months of meters, these become facts of their unit; late data and swaps make new versions."""

from __future__ import annotations

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

from kept import kept
from shuangkong.core.fact import Cell, Subject
from shuangkong.core.period import Period
from shuangkong.core.source_code import source_code
from shuangkong.monitoring.reading import Span, ends_of
from shuangkong.readings.columns import Kind
from shuangkong.records.facts.models import Observation
from shuangkong.records.indicators.explaining import explain
from shuangkong.records.monitoring.late_meters import LatePoint, keep_late_meters, reopened_meters
from shuangkong.records.monitoring.metered import metered, metering_ledger
from shuangkong.records.monitoring.metering import newest, versions
from shuangkong.records.monitoring.models import Point
from shuangkong.records.monitoring.registers.acts import revise_row
from shuangkong.records.monitoring.registers.table import REGISTERS
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.web.monitoring.metered_closing import close, close_due
from shuangkong.web.monitoring.views.outlet import midnight

pytestmark = pytest.mark.django_db
D = Decimal
#: The last month that is over.
MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
LAST = ends_of(Span.MONTH, MONTH)
HOURS = ((LAST - MONTH).days + 1) * 24
MAIN, SECOND, OUT, SUB, GAS = "1000000000000001", "1000000000000002", "1000000000000003", "1000000000000004", "15"


def meter(item: str, name: str, **more: str) -> int:
    told = {
        "enterprise": site.UNITS[0], "item": item, "name": name, "carrier": "electricity", "unit": "kWh", "level": "1",
        "scale": "100000", "multiplier": "40", "high": "4000", "starts_on": "2024-01-01",
    } | more  # fmt: skip
    return site.put("meters", **told)


@pytest.fixture(scope="module")
def meters(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, int]]:
    """Two lines into a unit, one out of it, one meter below the first; gas is measured below the unit alone."""
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        yield {
            MAIN: meter(MAIN, "一号进线"),
            SECOND: meter(SECOND, "二号进线", multiplier="", unit="万千瓦时", high="1"),
            OUT: meter(OUT, "转供电", multiplier="", direction="out"),
            SUB: meter(SUB, "一号车间", level="2", multiplier=""),
            GAS: meter(GAS, "窑炉燃气", level="2", carrier="natural_gas", unit="m3", multiplier=""),
        }


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, meters: dict[str, int]) -> StoreAtHand:
    """Showings on the hour: 50 an hour × 40; 0.1 ten-thousands an hour; 100 out; 500 below. Until today."""
    held = store_at_hand.use(monkeypatch)
    for item, step in ((MAIN, "50"), (SECOND, "0.1"), (OUT, "100"), (SUB, "500")):
        fill(held, meters[item], D(step))
    return held


def fill(store: StoreAtHand, number: int, step: Decimal, begin: int = 0, first: int = 0,
         last: int | None = None) -> None:  # fmt: skip
    count = told_hours() if last is None else last
    for each in range(first, count + 1):
        show(store, number, each, (begin + step * (each - first)) % 100_000)


def told_hours() -> int:
    """How many hours of showings there are: until the last midnight."""
    return int((midnight(timezone.localdate()) - midnight(MONTH)) / timedelta(hours=1))


def show(store: StoreAtHand, number: int, hour: int, value: object, flag: str = "N") -> None:
    store.put(point(number), Kind.RTD, at(hour), "total", value, flag, (3, 1_000 + hour))


def hide(store: StoreAtHand, number: int, first: int, last: int) -> None:
    for hour in range(first, last):
        store.rows.pop((point(number), Kind.RTD, at(hour).astimezone(store_at_hand.UTC), "total"))


def at(hour: int) -> datetime:
    return midnight(MONTH) + timedelta(hours=hour)


@cache
def point(number: int) -> int:
    return int(Point.objects.get(meter=number, factor="").pk)


def unit() -> int:
    return int(Enterprise.objects.get(name=site.UNITS[0]).pk)


def facts(indicator: str = "metered_electricity") -> list[Decimal | None]:
    rows = Observation.objects.filter(
        subject__kind="unit", subject__code=source_code(unit()), indicator__text=indicator
    )  # fmt: skip
    return [each.value for each in rows.order_by("pk")]


#: An hour of the unit: 2,000 and 1,000 kWh in, 100 out; what the workshop used is in it already.
AN_HOUR = 2_000 + 1_000 - 100


def test_a_month_is_closed_told_once_and_sub_meters_are_not_counted_twice(store: StoreAtHand) -> None:
    done = close(MONTH)
    assert (done.months, done.kept) == (5, 5)
    assert facts() == [D(HOURS * AN_HOUR)]
    assert facts("metered_natural_gas") == [None], "nobody measures the gas that comes into the unit"
    [told] = Observation.objects.filter(indicator__text="metered_natural_gas")
    assert "没有进出用能单位的总表" in told.note
    again = close(MONTH)
    assert (again.kept, again.told) == (0, 0)
    assert facts() == [D(HOURS * AN_HOUR)]


def test_late_showings_reopen_the_month(meters: dict[str, int], store: StoreAtHand) -> None:
    until = min(HOURS + 30, told_hours() + 1)  # on the first days of a month less is told yet
    hide(store, meters[MAIN], HOURS - 30, until)
    close(MONTH)
    assert facts() == [None], "silent over the month's end: how much of it belongs to the month is not known"
    [row] = [newest(MONTH, [meters[MAIN]])[meters[MAIN]]]
    assert (row.open_hours, row.amount) == (31, D((HOURS - 31) * 2_000))
    assert "MON-031" in row.content
    fill(store, meters[MAIN], D(50), 50 * (HOURS - 30), HOURS - 30, until - 1)
    assert close(MONTH).kept == 1
    assert facts() == [None, D(HOURS * AN_HOUR)]
    assert [each.open_hours for each in versions(meters[MAIN], MONTH)] == [0, 31]


def test_a_swap_that_is_registered_late_settles_the_month_at_once(meters: dict[str, int], store: StoreAtHand) -> None:
    """At 100.5 h the counter of the first line goes at 5,025 and one that shows 7 takes its place."""
    fill(store, meters[MAIN], D(50), 32, 101)
    assert close_due().kept >= 5
    assert close_due().months == 0, "once a day"
    [row] = [newest(MONTH, [meters[MAIN]])[meters[MAIN]]]
    assert (row.open_hours, "MON-032" in row.content) == (1, True)
    site.put("swaps", meter=str(meters[MAIN]), at=f"{at(100) + timedelta(minutes=30):%Y-%m-%d %H:%M}", last="5025",
             first="7")  # fmt: skip
    assert close_due().kept >= 1
    assert facts()[-1] == D(HOURS * AN_HOUR)


def test_told_hours_stand_where_there_is_no_counter(meters: dict[str, int], store: StoreAtHand) -> None:
    """Hours as a unit uploads them are amounts already: no multiplier. One is told as not valid."""
    hide(store, meters[MAIN], 0, told_hours() + 1)
    for hour in range(HOURS):
        store.put(point(meters[MAIN]), Kind.HOUR, at(hour), "cou", 2_000, "D" if hour == 5 else "")
    close(MONTH)
    row = newest(MONTH, [meters[MAIN]])[meters[MAIN]]
    assert (row.told_hours, row.open_hours, row.amount) == (HOURS - 1, 1, D((HOURS - 1) * 2_000))
    store.put(point(meters[MAIN]), Kind.HOUR, at(5), "cou", 2_000)
    close(MONTH)
    assert facts()[-1] == D(HOURS * AN_HOUR)


def test_a_return_asks_for_a_span_and_is_told_what_it_rests_on(meters: dict[str, int], store: StoreAtHand) -> None:
    hide(store, meters[SECOND], 48, 120)
    close(MONTH)
    whole = metered(unit(), MONTH, LAST)
    assert set(whole) == {"electricity", "natural_gas"}
    power = whole["electricity"]
    assert (power.amount, power.unit, power.is_complete, power.completeness_pct) == (
        HOURS * AN_HOUR, "kwh", True, 100
    )  # fmt: skip
    assert [(each.name, each.direction, each.months) for each in power.parts] == [
        ("一号进线", "in", (f"{MONTH:%Y-%m}",)), ("二号进线", "in", (f"{MONTH:%Y-%m}",)),
        ("转供电", "out", (f"{MONTH:%Y-%m}",)),
    ]  # fmt: skip
    gas = whole["natural_gas"]
    assert (gas.amount, gas.is_complete, len(gas.findings), gas.parts) == (None, False, 1, ())
    # Of the first three days the second line is known on two; what the silence brought lies over the third's end.
    three = metered(unit(), MONTH, MONTH + timedelta(days=2), ["electricity"])["electricity"]
    assert (three.amount, three.is_complete) == (72 * 1_900 + 47 * 1_000, False)
    assert three.completeness_pct == D("88.43")
    longer = metered(unit(), MONTH, MONTH + timedelta(days=5))["electricity"]
    assert (longer.amount, longer.is_complete) == (144 * AN_HOUR, True)
    ahead = metered(unit(), MONTH, timezone.localdate() + timedelta(days=40))["electricity"]
    assert (ahead.is_complete, ahead.completeness_pct < 100) == (False, True)
    assert metered(unit(), date(2020, 1, 1), date(2020, 1, 31)) == {}


def test_the_ledger_of_metering_instruments(meters: dict[str, int]) -> None:
    rows = metering_ledger(unit(), LAST)
    assert [(each.name, each.level, each.carrier, each.number) for each in rows][:2] == [
        ("一号进线", 1, "electricity", MAIN), ("二号进线", 1, "electricity", SECOND)
    ]  # fmt: skip


def test_a_month_that_runs_is_no_fact(store: StoreAtHand) -> None:
    today = timezone.localdate()
    if today.day == 1:
        pytest.skip("nothing of this month is over")
    close(today.replace(day=1))
    assert facts() == []
    part = metered(unit(), today.replace(day=1), today)["electricity"]
    assert (part.is_complete, part.through) == (False, today - timedelta(days=1))
    assert part.amount == (today.day - 1) * 24 * AN_HOUR


def test_questions_do_not_grow_with_the_meters(
    meters: dict[str, int], store: StoreAtHand, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        close(MONTH)


def test_a_figure_is_explained_down_to_showings_of_counters(meters: dict[str, int], store: StoreAtHand) -> None:
    fill(store, meters[MAIN], D(50), 99_990 - 50 * 200)
    close(MONTH)
    cell = Cell(Subject("unit", source_code(unit())), "metered_electricity", Period(MONTH.year, f"{MONTH.month:02d}"))
    found = explain(cell)
    assert found.value == HOURS * AN_HOUR
    steps = {each.name.zh: each for each in found.steps}
    begin = steps["一号进线 期初示数"]
    assert (begin.value, begin.formula) == (89_990, f"{MONTH} 00:00 @3:1000")
    assert steps["一号进线 翻转"].formula.endswith("99990 → 40")
    assert steps["一号进线 本月用量"].value == HOURS * 2_000
    assert (steps["各总表合计"].formula, steps["各总表合计"].value) == ("一号进线 + 二号进线 − 转供电", found.value)


def test_pages_lead_from_the_unit_to_the_frame(
    meters: dict[str, int], store: StoreAtHand, settings: Any, tmp_path: Path
) -> None:
    settings.EVIDENCE_FOLDER = tmp_path
    site.put("devices", region=site.COUNTY, enterprise=site.UNITS[0], kind="logger", mn=site.MN, name="电表采集器",
             edition="auto", check_value="any", encoding="auto", starts_on="2024-01-01")  # fmt: skip
    revise_row(REGISTERS["meters"], meters[MAIN], {"device": site.MN, "code": "i33201"}, site.by("bureau"), "接入")
    place = store_at_hand.hour_frame(tmp_path, site.MN, at(30), "i33201-Info=1500")
    store.put(point(meters[MAIN]), Kind.RTD, at(30), "total", 1_500, "", place)
    close(MONTH)
    visitor, month = site.visitor("unit"), f"{MONTH:%Y-%m}"
    board = visitor.get(reverse("monitoring:metered"), {"month": month}).content.decode()
    why = reverse("indicators:figure", args=("metered_electricity", month, f"unit:{source_code(unit())}"))
    assert why in site.visitor("bureau").get(reverse("monitoring:metered"), {"month": month}).content.decode()
    assert why not in board, "a reporter may not read figures: the meter's own page explains"
    assert "✓ 完整，已入库" in board
    assert "MON-036" in board
    page = site.visitor("bureau").get(why).content.decode()
    assert "一号进线 期初示数" in page
    address = reverse("monitoring:meter", args=(meters[MAIN],))
    assert address in visitor.get(reverse("monitoring:meters")).content.decode()
    meter_page = visitor.get(address, {"month": month, "day": f"{MONTH + timedelta(days=1)}"}).content.decode()
    frame = reverse("monitoring:meter_frame", args=(meters[MAIN], *place))
    assert frame in meter_page
    assert f"{HOURS * 2_000:,}".replace(",", "") in meter_page.replace(",", "").replace("\u202f", "").replace(" ", "")
    assert "i33201-Info=1500" in visitor.get(frame).content.decode()
    assert visitor.get(reverse("monitoring:meter_frame", args=(meters[SUB], *place))).status_code == 404


def test_a_unit_sees_its_own_meters_alone(meters: dict[str, int], store: StoreAtHand) -> None:
    close(MONTH)
    for name, sees in (("unit", True), ("bureau", True), ("other", False), ("neighbour", False)):
        visitor = site.visitor(name)
        status = visitor.get(reverse("monitoring:meter", args=(meters[MAIN],))).status_code
        assert status == (200 if sees else 404), name
        for page in ("monitoring:meters", "monitoring:metered"):
            told = visitor.get(reverse(page), {"month": f"{MONTH:%Y-%m}"})
            assert told.status_code == 200
            assert (site.UNITS[0] in told.content.decode()) == sees, (name, page)


def test_a_meter_s_unit_must_become_that_of_its_carrier(meters: dict[str, int]) -> None:
    with pytest.raises(Refused, match="吨"):
        meter("77", "错表", unit="吨")
    meter("78", "对表")
    with pytest.raises(Refused, match="已登记"):
        meter("78", "又一块")


def metered_api(name: str, month: str = f"{MONTH:%Y-%m}") -> Any:
    return site.visitor(name).get("/api/v1/monitoring/metered", {"month": month}).json()


def test_energy_is_told_in_coal_equivalent_and_a_range_stays_one(meters: dict[str, int], store: StoreAtHand) -> None:
    """Electricity at 0.1229 kgce/kWh; the gas of the unit's own line has a range of coefficients; water counts not."""
    close(MONTH)
    assert facts("metered_energy") == [None], "gas is not measured where it comes in"
    revise_row(REGISTERS["meters"], meters[GAS], {"level": "1"}, site.by("bureau"), "总表")
    water = meter("16", "水表", carrier="fresh_water", unit="m3", multiplier="")
    for number in (meters[GAS], water):
        fill(store, number, D(1))
    close(MONTH)
    assert facts("metered_energy") == [None], "the standard's coefficient of gas is a range: nobody averages it"
    [told] = metered_api("bureau")["items"]
    power = D(HOURS * AN_HOUR) * D("0.0001229")
    assert [D(str(told[key])) for key in ("low_tce", "high_tce")] == [
        power + HOURS * D("0.0011"), power + HOURS * D("0.00133")
    ]  # fmt: skip
    assert (told["is_whole"], told["is_verified"]) == (True, False)
    assert {each["carrier"]: each["low_tce"] for each in told["carriers"]}["fresh_water"] is None
    page = site.visitor("bureau").get(reverse("monitoring:metered"), {"month": f"{MONTH:%Y-%m}"}).content.decode()
    assert f"{HOURS * AN_HOUR:,}.000" in page
    assert "※" in page
    assert (
        site.visitor("neighbour").get("/api/v1/monitoring/metered", {"month": f"{MONTH:%Y-%m}"}).json()["items"] == []
    )
    assert site.visitor("bureau").get("/api/v1/monitoring/metered", {"month": "x"}).json()["code"] == "MON-229"
    revise_row(REGISTERS["meters"], meters[GAS], {"ends_on": "2024-02-01"}, site.by("bureau"), "停用")
    close(MONTH)
    assert facts("metered_energy")[-1] == power.quantize(D("0.001"))


def test_what_comes_late_opens_a_month_of_long_ago(meters: dict[str, int], store: StoreAtHand) -> None:
    old = date(MONTH.year - 1, MONTH.month, 1)
    for number in (SECOND, OUT, SUB, GAS):
        revise_row(REGISTERS["meters"], meters[number], {"ends_on": "2024-02-01"}, site.by("bureau"), "停用")
    close(old)
    assert newest(old, [meters[MAIN]])[meters[MAIN]].open_hours
    assert close_due().kept
    assert close_due().months == 0
    count = (ends_of(Span.MONTH, old) - old).days * 24 + 24
    for hour in range(count + 1):
        store.put(point(meters[MAIN]), Kind.RTD, midnight(old) + timedelta(hours=hour), "total", 10 * hour)
    last = midnight(old) + timedelta(hours=count)
    keep_late_meters(
        [LatePoint(point(meters[MAIN]), midnight(old), last), LatePoint(10**6, last, last)], timezone.now()
    )
    assert set(reopened_meters(old + timedelta(days=40))) >= {old}
    assert close_due().kept
    assert newest(old, [meters[MAIN]])[meters[MAIN]].amount == count * 10 * 40
