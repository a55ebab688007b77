"""The main road on pages: an exceedance is seen, traced to its frame, explained, reviewed and closed; who may what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import monitoring_site as site
import pytest
import store_at_hand
from django.conf import LazySettings
from django.db.models import Q
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook
from store_at_hand import StoreAtHand

from kept import kept
from shuangkong.core.finding import Message
from shuangkong.monitoring.reading import Span
from shuangkong.readings.columns import Kind
from shuangkong.records.monitoring import alarm_counts, alarm_rules, alarms, orders, quarantine
from shuangkong.records.monitoring.models import Connection, Outlet, Quarantine
from shuangkong.web.api.operations import monitoring as api_monitoring
from shuangkong.web.monitoring.live import Standing
from shuangkong.web.monitoring.report import report_of
from shuangkong.web.monitoring.views import alarms as alarms_view
from shuangkong.web.monitoring.views import duty
from shuangkong.web.monitoring.views.outlet import midnight
from shuangkong.web.site.settings import LIVE_SECONDS

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Held:
    outlet: int
    device: int
    point: int


@pytest.fixture(scope="module")
def held(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Held]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet(reference_oxygen_pct="6")
        device = site.connected(place, factors=("a21026", "a00000", "a19001"))
        site.put("limits", outlet=str(place), factor="a21026", sort="permit", period="hour", high="35", unit="mg/m3",
                 is_converted="是", document="许可证", starts_on="2024-01-01")  # fmt: skip
        yield Held(place, device, site.point(place))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> StoreAtHand:
    return store_at_hand.use(monkeypatch)


def raised(held: Held, *, hours: int = 2, ended: bool = True, **more: object) -> int:
    start = store_at_hand.last_hours(hours)[0]
    told = {
        "outlet": held.outlet, "factor": "a21026", "rule": "exceedance", "key": f"{held.outlet}/a21026/{start}",
        "period": "hour", "starts_at": start, "ends_at": start + timedelta(hours=1) if ended else None,
        "peak": Decimal(61), "limit": Decimal(35), "unit": "mg/m3", "multiple": Decimal("0.74"),
        "text": Message("小时均值超标", "hourly mean out of limits"),
    } | more  # fmt: skip
    [number] = alarm_rules.raise_alarms([alarm_rules.Raised(**told)])  # type: ignore[arg-type]
    return number


def test_an_exceedance_is_seen_explained_reviewed_and_closed(held: Held) -> None:
    number = raised(held)
    path, act = f"/monitoring/alarms/{number}/", f"/monitoring/alarms/{number}/act/"
    unit, bureau = site.visitor("unit"), site.visitor("bureau")
    assert "小时均值超标" in unit.get(path).content.decode()
    refused = unit.post(act, {"act": "explain", "text": "脱硫泵故障", "cause": ""})
    assert refused.status_code == 422
    assert "脱硫泵故障" in refused.content.decode()
    assert unit.post(act, {"act": "explain", "text": "脱硫泵故障", "cause": "treatment"}).status_code == 302
    assert unit.post(act, {"act": "close", "text": "算了"}).status_code == 403
    assert bureau.post(act, {"act": "close", "text": "未审核不能办结"}).status_code == 422
    assert bureau.post(act, {"act": "review", "text": "属实", "cause": "treatment"}).status_code == 302
    assert bureau.post(act, {"act": "close", "text": "已修复，复测达标"}).status_code == 302
    found = bureau.get(path).content.decode()
    assert "已办结" in found
    assert [each.act.value for each in alarms.steps(number)] == ["raise", "ease", "explain", "review", "close"]
    assert f"/monitoring/alarms/{number}/" not in bureau.get("/monitoring/alarms/").content.decode()


def test_what_still_exceeds_cannot_be_closed(held: Held) -> None:
    number = raised(held, hours=3, ended=False)
    for name, act in (("unit", "explain"), ("bureau", "review")):
        site.visitor(name).post(f"/monitoring/alarms/{number}/act/", {"act": act, "text": "x", "cause": "process"})
    refused = site.visitor("bureau").post(f"/monitoring/alarms/{number}/act/", {"act": "close", "text": "x"})
    assert refused.status_code == 422
    assert "测量仍然异常" in refused.content.decode()


def test_duty_screen_and_curves(held: Held, store: StoreAtHand) -> None:
    minute = timezone.localtime().replace(second=0, microsecond=0) - timedelta(minutes=10)
    store.put(held.point, Kind.MINUTE, minute, "avg", "12.5")
    found = site.visitor("bureau").get("/monitoring/").content.decode()
    assert "二氧化硫 12.5 mg/m³" in found
    assert json.loads(found.split('id="duty-map" type="application/json">')[1].split("</script>")[0])["groups"]
    assert f'hx-trigger="every {duty.EVERY_SECONDS}s"' in found
    assert duty.EVERY_SECONDS + LIVE_SECONDS < 10, "live states come within ten seconds"
    hours = store_at_hand.last_hours(4)
    for number, at in enumerate(hours):
        store.put(held.point, Kind.HOUR, at, "zs_avg", 30 + 4 * number)
    page = site.visitor("unit").get(f"/monitoring/outlets/{held.outlet}/").content.decode()
    assert "42 ▲" in page
    assert "34 ▲" not in page
    drawn = json.loads(page.split('id="curve-a21026" type="application/json">')[1].split("</script>")[0])
    assert drawn["limits"] == [{"value": 35.0, "name": "许可证 35"}]
    assert site.visitor("other").get(f"/monitoring/outlets/{held.outlet}/").status_code == 404


def test_words_of_the_duty_screen_are_made_for_its_page_only(
    held: Held, store: StoreAtHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        site.outlet(code=f"DA70{number}")
    monkeypatch.setattr(duty, "_ROWS", 2)
    made: list[int] = []
    sound = duty._latest_words

    def counted(each: Standing, *told: Any) -> str:
        made.append(each.outlet.pk)
        return sound(each, *told)

    monkeypatch.setattr(duty, "_latest_words", counted)
    bureau = site.visitor("bureau")
    seen = set()
    for page in (1, 2):
        found = bureau.get("/monitoring/", {"standings-page": str(page)}).content.decode()
        assert len(made) == 2
        assert all(f"/monitoring/outlets/{number}/" in found.split('id="standings"')[1] for number in made)
        seen |= set(made)
        made.clear()
    assert len(seen) == 4


def test_pages_stand_while_the_store_is_down(held: Held) -> None:
    bureau = site.visitor("bureau")
    for path in ("", f"outlets/{held.outlet}/", "validity/", f"outlets/{held.outlet}/report/"):
        answer = bureau.get(f"/monitoring/{path}")
        assert answer.status_code == 200
        assert "读数库没有应答" in answer.content.decode(), path


def test_a_figure_leads_to_its_frame(held: Held, store: StoreAtHand, settings: LazySettings, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    at = store_at_hand.last_hours(1)[0]
    place = store_at_hand.hour_frame(settings.EVIDENCE_FOLDER, site.MN, at, "a21026-Avg=12.5,a21026-Flag=N")
    store.put(held.point, Kind.HOUR, at, "avg", "12.5", place=place)
    unit, frames = site.visitor("unit"), f"/monitoring/outlets/{held.outlet}/frames/"
    listed = unit.get(frames, {"at": at.isoformat(), "kind": "hour"}).content.decode()
    assert "2061 取污染物小时数据" in listed
    assert "二氧化硫 12.5" in listed
    whole = unit.get(f"{frames}{place[0]}/{place[1]}/").content.decode()
    assert f"MN={site.MN}" in whole
    assert "PW=123456" not in whole
    assert "PW=123456" in site.visitor("admin").get(f"{frames}{place[0]}/{place[1]}/").content.decode()
    other = site.outlet(site.UNITS[1], "DW001", "water")
    assert site.visitor("other").get(f"/monitoring/outlets/{other}/frames/{place[0]}/{place[1]}/").status_code == 404
    Connection.objects.filter(outlet=held.outlet).update(ends_at=at)
    assert unit.get(f"{frames}{place[0]}/{place[1]}/").status_code == 404, "it speaks for another outlet by then"
    Connection.objects.filter(outlet=held.outlet).update(ends_at=at + timedelta(hours=1))
    assert unit.get(f"{frames}{place[0]}/{place[1]}/").status_code == 200


def test_the_report_in_the_usual_form(held: Held, store: StoreAtHand) -> None:
    flow, oxygen = site.point(held.outlet, "a00000"), site.point(held.outlet, "a19001")
    day = timezone.localdate() - timedelta(days=1)
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number in range(24):
        at = first + timedelta(hours=number)
        store.put(held.point, Kind.HOUR, at, "avg", 20 if number else 44, "N" if number else "D")
        store.put(flow, Kind.HOUR, at, "avg", 10)
        store.put(oxygen, Kind.HOUR, at, "avg", 11)
    path = f"/monitoring/outlets/{held.outlet}/report/?on={day}&xlsx=report"
    sheet = CalamineWorkbook.from_filelike(BytesIO(site.visitor("unit").get(path).content)).get_sheet_by_index(0)
    rows = {str(row[0]): row for row in sheet.to_python()}
    heads = next(row for row in sheet.to_python() if row[0] == "时间")
    column = {str(name): number for number, name in enumerate(heads)}
    measured, converted, amount = (column[f"二氧化硫 {each}"] for each in ("实测", "折算", "排放量"))
    # 20 mg/m³ · 15 / 10 = 30; 20 mg/m³ · 36,000 m³ = 0.72 kg; the hour under fault counts for nothing.
    assert rows["01:00"][measured], rows["01:00"][converted] == (20, 30)
    assert rows["01:00"][amount] == pytest.approx(0.72)
    assert rows["00:00"][measured] == "—"
    assert rows["合计"][amount] == pytest.approx(23 * 0.72)
    assert rows["样本数"][measured] == 23
    month = site.visitor("unit").get(f"/monitoring/outlets/{held.outlet}/report/?on={day}&span=month").content.decode()
    assert f"{day:%m-%d}" in month


def test_means_of_water_are_weighed_by_the_flow_of_the_hours_that_count(held: Held, store: StoreAtHand) -> None:
    """40 mg/l in twenty hours is 40, whatever flowed in the other four; half a day's standstill leaves a day valid."""
    place = site.outlet(site.UNITS[1], "DW077", "water")
    for factor in ("w01018", "w00000"):
        site.put("factors", outlet=str(place), factor=factor, starts_on="2024-01-01")
    day = timezone.localdate() - timedelta(days=1)
    water, flow = site.point(place, "w01018"), site.point(place, "w00000")

    def mean() -> Decimal | None:
        [line] = [
            each for each in report_of(Outlet.objects.get(pk=place), Span.MONTH, day, day).lines if each.at == day
        ]
        return line.figures["w01018"].measured

    for number in range(24):
        at = midnight(day) + timedelta(hours=number)
        store.put(flow, Kind.HOUR, at, "avg", 27.8)
        store.put(water, Kind.HOUR, at, "avg", 40, "N" if number < 20 else "D")
    assert mean() == pytest.approx(40)
    for number in range(8, 24):
        store.put(water, Kind.HOUR, midnight(day) + timedelta(hours=number), "avg", 40, "F" if number > 11 else "D")
    assert mean() is None, "8 of 12 running hours are less than the share that is asked for"
    store.put(water, Kind.HOUR, midnight(day) + timedelta(hours=8), "avg", 80, "N")
    assert mean() == pytest.approx(Decimal(400) / 9), "9 of 12 are enough"


def test_marks_win_and_reach_the_store(
    held: Held, store: StoreAtHand, django_capture_on_commit_callbacks: object
) -> None:
    hours = store_at_hand.last_hours(5)
    desk = f"/monitoring/outlets/{held.outlet}/marks/"
    told = {"first": f"{hours[0]:%Y-%m-%dT%H:%M}", "last": f"{hours[2]:%Y-%m-%dT%H:%M}", "factor": "a21026",
            "mark": "M",
            "reason": "maintenance", "text": "更换滤芯"}  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert site.visitor("unit").post(desk, told).status_code == 302
    assert [row["mark"] for row in store.marked if row["point"] == held.point and row["by"] == "person"] == ["M", "M"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert site.visitor("bureau").post(desk, told | {"mark": "N", "text": "核查无维护"}).status_code == 302
    assert store.marked[-1]["mark"] == "N" or any(row["mark"] == "N" for row in store.marked)
    refused = site.visitor("unit").post(desk, told | {"last": f"{timezone.now() + timedelta(days=2):%Y-%m-%dT%H:00}"})
    assert refused.status_code == 422
    assert site.visitor("other").post(desk, told).status_code == 404
    assert site.visitor("office").post(desk, told).status_code == 403


def test_the_validity_board_tells_gaps(held: Held, store: StoreAtHand) -> None:
    first = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for number in range(20):
        store.put(held.point, Kind.HOUR, first + timedelta(hours=number), "avg", 20)
    found = site.visitor("bureau").get("/monitoring/validity/", {"outlet": held.outlet}).content.decode()
    assert "✓ 有效" in found
    assert "没有收到数据" in found
    assert "氧气含量" in found.split("空缺")[1]


def test_only_fitting_commands_are_offered(held: Held) -> None:
    bureau, path = site.visitor("bureau"), f"/monitoring/devices/{held.device}/order/"
    offered = bureau.get(path).content.decode()
    assert "2061 取污染物小时数据" in offered
    assert "9014" not in offered
    assert "3022" not in offered
    told = {"command": "2061", "BeginTime": "2024-05-01T00:00", "EndTime": "2024-04-01T00:00", "ground": "补数"}
    refused = bureau.post(path, told)
    assert refused.status_code == 422
    assert "EndTime" in refused.content.decode()
    assert bureau.post(path, told | {"EndTime": "2024-05-02T00:00"}).status_code == 302
    [due] = orders.waiting()
    assert due.fields == {"BeginTime": "20240501000000", "EndTime": "20240502000000"}
    assert site.visitor("unit").get(path).status_code == 403
    assert site.visitor("unit").get(f"/monitoring/orders/{due.id}/").status_code == 200
    bureau.post(f"/monitoring/orders/{due.id}/cancel/", {"ground": "不用了"})
    assert orders.waiting() == ()


def test_quarantine_is_for_those_who_sift(held: Held) -> None:
    now = timezone.now()
    for mn in ("77777770000001", site.MN):
        sort = quarantine.QuarantineSort.UNIT if mn == site.MN else quarantine.QuarantineSort.DEVICE
        quarantine.tell(quarantine.Seen(mn, sort, "单位不能换算", now, "a21026" if mn == site.MN else ""))
    bureau, path = site.visitor("bureau"), "/monitoring/quarantine/"
    assert "77777770000001" in bureau.get(path).content.decode()
    assert site.visitor("office").get(path).status_code == 403
    neighbour = site.visitor("neighbour").get(path).content.decode()
    assert "77777770000001" in neighbour
    assert site.MN not in neighbour
    row = Quarantine.objects.get(mn=site.MN)
    bureau.post(f"{path}{row.pk}/decide/", {"decision": "settled", "ground": "已登记单位"})
    assert site.MN not in bureau.get(path).content.decode()
    quarantine.tell(quarantine.Seen(site.MN, quarantine.QuarantineSort.UNIT, "又来了", now, "a21026"))
    assert site.MN in bureau.get(path).content.decode()


def test_the_board_counts_all_alarms_and_lists_them_in_batches(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more than a batch none is left out: counted all, the gravest in the first, the rest behind it."""
    monkeypatch.setattr(alarms_view, "_BATCH", 4)
    start = store_at_hand.last_hours(1)[0]
    other = site.outlet(site.UNITS[1], "DW009", "water")
    told = [
        alarm_rules.Raised(
            outlet=other if number < 3 else held.outlet, rule="exceedance" if number % 2 else "jump", key=f"n/{number}",
            starts_at=start - timedelta(hours=number), ends_at=None if number == 7 else start, factor="a21026",
            multiple=Decimal(number), due_at=start - timedelta(days=1) if number == 9 else None,
        )
        for number in range(10)
    ]  # fmt: skip
    numbers = alarm_rules.raise_alarms(told)
    rows = {row.key: row for row in alarms.alarms(Q(pk__in=numbers))}
    bureau = site.visitor("bureau")
    pages = [bureau.get("/monitoring/alarms/", {"batch": str(page)}).content.decode() for page in (1, 2, 3)]
    assert all("未办结 <strong>10</strong> 件" in page and "逾期未说明 <strong>1</strong> 件" in page for page in pages)
    listed = [[key for key, row in rows.items() if f"/monitoring/alarms/{row.id}/" in page] for page in pages]
    assert sorted(key for part in listed for key in part) == sorted(rows)
    assert set(listed[0]) == {"n/7", "n/1", "n/3", "n/5"}, "what goes on, then the newest exceedances"
    assert "共 10 件" in pages[0]
    assert "第 9 — 10 件" in pages[2]
    units = {each.name: each for each in alarm_counts.by_unit(Q(pk__in=numbers), start + timedelta(hours=1))}
    mine = units[site.UNITS[0]]
    assert (mine.all, mine.exceed, mine.open, mine.late, mine.multiple) == (7, 4, 7, 1, 9)
    assert mine.lasted == timedelta(hours=sum(range(3, 10)) + 1)
    assert units[site.UNITS[1]].all == 3
    answer = bureau.get("/api/v1/monitoring/alarms", {"page": "2"}).json()
    assert (answer["count"], answer["items"], answer["next"]) == (10, [], None)
    monkeypatch.setattr(api_monitoring, "_ALARMS_A_PAGE", 4)
    asked, got = 1, []
    while asked is not None:
        answer = bureau.get("/api/v1/monitoring/alarms", {"page": str(asked)}).json()
        got, asked = [*got, *(each["id"] for each in answer["items"])], answer["next"]
    assert sorted(got) == sorted(numbers)
