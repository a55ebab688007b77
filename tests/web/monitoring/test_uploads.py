"""The platform's side of uploads: asked, confirmed, fetched once; figures kept once, later ones as new versions."""

from __future__ import annotations

import json
import zlib
from copy import copy
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pyarrow as pa
import pytest
from api_site import token
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from monitoring_site import by, settle, visitor
from pytest_django.live_server_helper import LiveServer

from shuangkong.gateway.collector.amounts import Amount
from shuangkong.gateway.collector.forwarding import forward
from shuangkong.gateway.collector.keeping import Kept
from shuangkong.gateway.collector.plan import read_plan
from shuangkong.monitoring.uploads.book import UploadRule
from shuangkong.monitoring.uploads.dictionary import dictionary
from shuangkong.protocols.nhjc import Item, Profile, read_code
from shuangkong.protocols.nhjc.codes import Scope
from shuangkong.protocols.nhjc.messages import Every, Source, write_data
from shuangkong.protocols.nhjc.profile import Auth
from shuangkong.readings.trace import Place, figure_of
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.models import Meter, Point, RowFault
from shuangkong.records.monitoring.row_faults import Work
from shuangkong.records.monitoring.uploads import connecting
from shuangkong.records.monitoring.uploads.looking import access_ends
from shuangkong.records.monitoring.uploads.models import AccessEnd, UploadBody, UploadFigure, UploadItem
from shuangkong.records.monitoring.uploads.oddities import below_zero
from shuangkong.records.monitoring.uploads.taking import access_of
from shuangkong.records.people.models import Token
from shuangkong.records.people.roles import Action
from shuangkong.records.people.tokens import revoke_token
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Enterprise
from shuangkong.rulebook import Rulebook, open_rulebook
from shuangkong.web.monitoring.uploads import intake, storing
from shuangkong.web.monitoring.uploads.storing import store_owed
from shuangkong.web.monitoring.uploads.views import uplink

CODE = "91990000000000001X"
POWER = "00-00-0000-023300-10"
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> None:
    settle()
    Enterprise.objects.filter(name="青石热电厂").update(credit_code=CODE)


def call(step: str, said: Any) -> dict[str, str]:
    answer = Client(headers={"host": "localhost"}).post(f"/uplink/{step}", json.dumps(said), "application/json")
    told: dict[str, str] = answer.json()
    return told


def connected() -> str:
    call("register", {"enterpriseCode": CODE, "region": "990100"})
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "已核对")
    device = call("register", {"enterpriseCode": CODE, "region": "990100"})["deviceId"]
    said = {"deviceId": device, "enterpriseCode": CODE, "collectItemConfig": [{"dataCode": POWER, "name": "电"}]}
    assert call("configure", said)["responseCode"] == "0"
    return device


def figures(device: str, *values: int, code: str = POWER) -> dict[str, Any]:
    found = read_code(code)
    assert found is not None
    start = datetime(2026, 3, 1)  # noqa: DTZ001 - messages carry local times
    items = [
        Item(found, Decimal(value), Every.DAY, start + timedelta(days=at), Source.METER, Scope.PLANT, True)
        for at, value in enumerate(values)
    ]
    return write_data(device, CODE, items, Profile("p"), start)


def test_nothing_is_handed_out_before_it_is_confirmed_and_then_once(site: None) -> None:
    assert call("register", {"enterpriseCode": "x", "region": "990100"})["responseMessage"].startswith("MON-231")
    said = {"enterpriseCode": CODE, "region": "990100"}
    assert [call("register", said)["responseCode"] for _ in range(2)] == ["1", "1"]
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "已核对")
    handed = call("register", said)
    assert (handed["responseCode"], len(handed["deviceId"])) == ("0", 32)
    assert "deviceId" not in call("register", said), "whoever asks again waits to be confirmed anew"
    device = connected_again(said)
    assert device == handed["deviceId"]
    assert JournalRow.objects.filter(act="monitoring.connect").count() == 2


def test_the_number_goes_only_to_the_address_that_was_confirmed(site: None) -> None:
    ask = lambda address: connecting.ask(CODE, "990100", address, with_key=False)  # noqa: E731
    assert ask("10.0.0.1") is None
    assert ask("10.0.0.66") is None
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "已核对")
    assert ask("10.0.0.66") is None, "whoever knows the code of a unit"
    handed = ask("10.0.0.1")
    assert handed is not None
    assert ask("10.0.0.66") is None
    [row] = access_ends(Q(), timezone.localdate().replace(day=1), timezone.localdate())
    assert (row.is_confirmed, row.asked_from) == (False, "10.0.0.66")
    held = AccessEnd.objects.get()
    assert held.confirmed_at is not None, "what is connected stays so, whoever asks"
    assert access_of(handed.device, CODE) == held
    connecting.confirm(held.pk, by("office"), "换了采集器")
    assert access_of(handed.device, CODE) == held, "confirmed anew and not fetched: it goes on with what it has"
    assert connecting.unit_of("", handed.device) == held.enterprise
    [row] = access_ends(Q(), timezone.localdate().replace(day=1), timezone.localdate())
    assert (row.is_confirmed, row.is_picked) == (True, False)
    with pytest.raises(Refused):
        connecting.confirm(held.pk, by("office"), "再确认")
    assert ask("10.0.0.1") is None
    fetched = ask("10.0.0.66")
    assert fetched is not None
    assert fetched.device == handed.device
    assert ask("10.0.0.66") is None


def connected_again(said: dict[str, str]) -> str:
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "换了采集器")
    return call("register", said)["deviceId"]


def test_figures_are_kept_once_and_a_later_one_is_a_new_version(site: None) -> None:
    device = connected()
    for _ in range(2):
        assert call("data", figures(device, 10, 20))["responseCode"] == "0"
    assert (UploadFigure.objects.count(), UploadBody.objects.filter(step="data").count()) == (2, 1)
    assert call("data", figures(device, 10, 25))["responseCode"] == "0"
    assert list(UploadFigure.objects.order_by("pk").values_list("value", "is_newest")) == [
        (10, True),
        (20, False),
        (25, True),
    ]


def test_one_bad_figure_is_named_and_the_others_are_kept(site: None) -> None:
    device = connected()
    said = figures(device, 10, 20, 30)
    said["data"][1]["dataValue"] = "many"
    said["data"][2]["dataCode"] = "00-00-0000-010104-10"
    told = call("data", said)
    assert told["responseCode"] == "1"
    assert "data[1].dataValue" in told["responseMessage"]
    assert "00-00-0000-010104-10" in told["responseMessage"]
    assert list(UploadFigure.objects.values_list("value", flat=True)) == [10]


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "9999-12-31"])
def test_a_figure_of_a_year_far_off_is_named_and_the_others_are_kept(site: None, day: str) -> None:
    """What no store of readings holds; a sender that is answered with a fault sends the same for ever."""
    said = figures(connected(), 10, 20)
    said["data"][1]["statDate"] = f"{day} 00:00:00"
    told = call("data", said)
    assert (told["responseCode"], POWER in told["responseMessage"]) == ("1", True)
    assert list(UploadFigure.objects.values_list("value", flat=True)) == [10]


def test_a_sign_that_is_none_is_answered_in_the_words_of_the_interface() -> None:
    told = call("register", {"enterpriseCode": "91\x00", "region": "990100"})
    assert told["responseCode"] == "1"
    assert "U+0000" in told["responseMessage"]


def test_another_unit_cannot_write_with_the_number(site: None) -> None:
    device = connected()
    said = figures(device, 10) | {"enterpriseCode": "91990000000000002X"}
    assert call("data", said)["responseMessage"].startswith("MON-235")
    connecting.end(AccessEnd.objects.get().pk, by("office"), "停用")
    assert call("data", figures(device, 10))["responseMessage"].startswith("MON-235")
    assert not UploadFigure.objects.exists()


def test_what_is_no_message_is_answered() -> None:
    client = Client(headers={"host": "localhost"})
    assert client.post("/uplink/data", b"\xff", "application/json").status_code == 400
    assert client.post("/uplink/data", b"[" * 100_000, "application/json").status_code == 400
    assert client.get("/uplink/data").status_code == 405
    for said in (7, [], {"deviceId": 3}):
        assert call("data", said)["responseCode"] == "1"


def test_who_sees_and_who_connects(site: None) -> None:
    call("register", {"enterpriseCode": CODE, "region": "990100"})
    number = AccessEnd.objects.get().pk
    for name, status in (("office", 200), ("unit", 200), ("other", 404), ("neighbour", 404)):
        assert visitor(name).get(f"/monitoring/uploads/{number}/").status_code == status, name
    assert "青石热电厂" not in visitor("other").get("/monitoring/uploads/").content.decode()
    said = {"act": "confirm", "ground": "已核对"}
    assert visitor("bureau").post(f"/monitoring/uploads/{number}/act/", said).status_code == 403
    assert visitor("office").post(f"/monitoring/uploads/{number}/act/", {"act": "confirm"}).status_code == 422
    assert visitor("office").post(f"/monitoring/uploads/{number}/act/", said).status_code == 302
    assert "等待接入端取号" in visitor("office").get(f"/monitoring/uploads/{number}/").content.decode()


def test_the_board_tells_what_is_missing(site: None) -> None:
    device = connected()
    AccessEnd.objects.get().items.update(since=timezone.make_aware(datetime(2026, 3, 1)))  # noqa: DTZ001
    call("data", figures(device, *[10] * 27))
    page = visitor("office").get("/monitoring/uploads/?month=2026-03").content.decode()
    assert "87.10 ▼不合要求" in page
    one = visitor("office").get(f"/monitoring/uploads/{AccessEnd.objects.get().pk}/?month=2026-03").content.decode()
    assert "2026-03-28" in one


def test_figures_that_can_hardly_be_are_told_on_the_page(site: None) -> None:
    """A day below zero, and real-time figures at 3:17: kept as they came, and said."""
    device = connected()
    AccessEnd.objects.get().items.update(since=timezone.make_aware(datetime(2026, 3, 1)))  # noqa: DTZ001
    address = f"/monitoring/uploads/{AccessEnd.objects.get().pk}/?month=2026-03"
    call("data", figures(device, 10, 20))
    call("data", told_hours(device, 1, 2, 3, 4, step=15))
    assert "可疑" not in visitor("office").get(address).content.decode()
    assert call("data", figures(device, 10, -20))["responseCode"] == "0"
    found = told_hours(device, 5, 6)
    for at, row in enumerate(found["data"]):
        row["statDate"] = f"2026-03-05 03:{17 + at}:00"
    assert call("data", found)["responseCode"] == "0"
    page = visitor("office").get(address).content.decode()
    assert "MON-039" in page
    assert "1 个数小于零，最早的是 2026-03-02 00:00 的 -20" in page
    assert "2 个实时数（统计类型 0）不是从 15 分钟的整倍数开始，最早的是 2026-03-05 03:17" in page


def test_as_many_odd_items_as_a_unit_likes(site: None) -> None:
    """A unit chooses how many items it configures: each with a figure below zero, told of its first."""
    call("data", figures(connected(), -10, -20))
    access, model = AccessEnd.objects.get(), UploadItem.objects.get()
    one = UploadFigure.objects.order_by("starts").first()
    assert one is not None
    made = []
    for number in range(1_100):
        model.pk, model.code = None, f"{number:016d}"
        model.save(force_insert=True)
        one.pk, one.item_id = None, model.pk
        made.append(copy(one))
    UploadFigure.objects.bulk_create(made)
    found = below_zero(access.pk, date(2026, 3, 1))
    assert len(found) == 1_101
    assert {each.value for each in found} == {Decimal(-10)}


class StoreOfRows:
    """A store that keeps what it is given, or is away."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.is_down = False

    def append(self, table: pa.Table) -> int:
        if self.is_down:
            raise StoreDown("away")
        self.rows += table.to_pylist()
        return int(table.num_rows)

    def latest(self, kind: str) -> list[tuple[datetime, float, str]]:
        told = {}
        for row in sorted(self.rows, key=lambda each: each["offset"]):
            told[row["point"], row["kind"], row["at"]] = row
        rows = [row for row in told.values() if row["kind"] == kind]
        return sorted((timezone.localtime(row["at"]).replace(tzinfo=None), row["value"], row["flag"]) for row in rows)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> StoreOfRows:
    held = StoreOfRows()
    monkeypatch.setattr(intake, "opened", lambda: held)
    return held


def told_hours(device: str, *values: int, step: int = 60, is_valid: bool = True) -> dict[str, Any]:
    found = read_code(POWER)
    assert found is not None
    items = [
        Item(found, Decimal(value), Every.REAL_TIME, MARCH + timedelta(minutes=step * at), Source.METER, Scope.PLANT,
             is_valid)
        for at, value in enumerate(values)
    ]  # fmt: skip
    return write_data(device, CODE, items, Profile("p"), MARCH)


MARCH = datetime(2026, 3, 1)  # noqa: DTZ001 - messages carry local times


def test_figures_become_readings_and_later_ones_later_versions(site: None, readings: StoreOfRows) -> None:
    device = connected()
    call("data", figures(device, 10, 20))
    call("data", told_hours(device, 1, 2))
    call("data", figures(device, 10, 25))
    call("data", figures(device, 10, 20))
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert readings.latest("day") == [(MARCH, 10, "N"), (MARCH + day, 20, "N")], "what was told last"
    assert readings.latest("hour") == [(MARCH, 1, "N"), (MARCH + hour, 2, "N")]
    assert {(row["stat"], row["segment"]) for row in readings.rows} == {("cou", 0)}
    assert [figure_of(Place(row["segment"], row["offset"])) for row in readings.rows] == list(
        UploadFigure.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_quarters_of_an_hour_are_told_as_minutes_and_as_the_hour_once_all_are_there(
    site: None, readings: StoreOfRows
) -> None:
    device = connected()
    call("data", told_hours(device, 1, 2, 3, step=15))
    assert readings.latest("hour") == []
    call("data", told_hours(device, 1, 2, 3, 4, 5, step=15))
    assert readings.latest("hour") == [(MARCH, 10, "N")]
    assert [value for _, value, _ in readings.latest("minute")] == [1, 2, 3, 4, 5]
    call("data", told_hours(device, 1, 2, 3, 7, step=15, is_valid=False))
    assert readings.latest("hour") == [(MARCH, 13, "D")]


def test_what_the_store_did_not_get_stays_owed(site: None, readings: StoreOfRows) -> None:
    device = connected()
    readings.is_down = True
    assert call("data", figures(device, 10, 20))["responseCode"] == "0"
    with pytest.raises(StoreDown):
        store_owed()
    readings.is_down = False
    assert (store_owed(), store_owed(), len(readings.rows)) == (2, 0, 2)


def test_an_item_that_cannot_be_stored_keeps_no_other(
    site: None, readings: StoreOfRows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its figures stay owed and are tried once at each run; those of the others are given."""
    device = connected()
    readings.is_down = True
    call("data", figures(device, 10, 20))
    call("data", told_hours(device, 1, 2))
    item = UploadItem.objects.get()
    other = UploadItem.objects.create(access=item.access, code="9" * 16, name="坏的", since=item.since)
    UploadFigure.objects.filter(every=int(Every.REAL_TIME)).update(item=other)
    readings.is_down = False
    sound, runs = storing._hours, list[int]()

    def bad(wanted: set[tuple[int, datetime]]) -> Any:
        if any(each == other.pk for each, _hour in wanted):
            runs.append(len(wanted))
            raise RuntimeError("brought about by the test")
        return sound(wanted)

    for each in UploadFigure.objects.filter(item=other):
        UploadFigure.objects.filter(pk=each.pk).update(starts=each.starts + timedelta(minutes=1))
    monkeypatch.setattr(storing, "_hours", bad)
    assert store_owed() == 2
    assert [row["value"] for row in readings.rows] == [10, 20]
    fault = RowFault.objects.get(work=Work.UPLOADS)
    assert (fault.row, fault.name) == (other.pk, "青石热电厂 坏的")
    runs.clear()
    assert (store_owed(), runs) == (0, [2]), "known to be faulty: tried once, by itself"
    monkeypatch.undo()
    monkeypatch.setattr(intake, "opened", lambda: readings)
    assert store_owed() == 2
    assert not RowFault.objects.exists()


def test_a_meter_registered_later_takes_its_figures_over(site: None, readings: StoreOfRows) -> None:
    device = connected()
    call("data", figures(device, 10))
    unit = Enterprise.objects.get(credit_code=CODE)
    meter = Meter.objects.create(
        enterprise=unit, item=POWER.replace("-", ""), name="总表", carrier="electricity", unit="kWh", level=1,
        starts_on=MARCH.date(),
    )  # fmt: skip
    call("data", figures(device, 10, 20))
    own = Point.objects.get(meter=meter).pk
    assert [(row["point"] == own, row["value"]) for row in readings.rows] == [(False, 10), (True, 10), (True, 20)]
    assert (Point.objects.get(pk=own).upload_items.get().code, store_owed()) == (meter.item, 0)


def test_a_figure_beyond_all_measure_is_told(site: None, readings: StoreOfRows) -> None:
    told = call("data", figures(connected(), 10**12))
    assert (told["responseCode"], readings.rows) == ("1", [])


@pytest.fixture
def asks_for_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place's platform lets nobody in without one, in a field of its own."""
    rule = UploadRule(Profile("p", Auth.TOKEN, token_field="ak", upload_time="07:00:00"), is_sealed=False)
    monkeypatch.setattr(uplink, "_rule", lambda _region: rule)


def test_without_a_token_of_the_unit_nothing_is_taken(site: None, asks_for_token: None) -> None:
    own = {"ak": token("unit", Action.MONITORING_UPLOAD)}
    asked = {"enterpriseCode": CODE, "region": "990100"}
    for wrong in (
        {}, {"ak": ""}, {"ak": own["ak"][:-1] + "x"}, {"ak": 7}, {"ak": token("other", Action.MONITORING_UPLOAD)},
        {"ak": token("unit", Action.MONITORING_READ)},
    ):  # fmt: skip
        for step in ("register", "version", "configure", "data"):
            said = call(step, asked | wrong)
            assert said["responseCode"] == "1"
            assert said["responseMessage"].startswith("MON-266 ak")
    assert not AccessEnd.objects.exists()
    call("register", asked | own)
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "已核对")
    device = call("register", asked | own)["deviceId"]
    assert call("version", {"deviceId": device})["responseMessage"].startswith("MON-266")
    assert call("version", {"deviceId": device} | own)["dicVersion"]
    told = {"deviceId": device, "enterpriseCode": CODE, "collectItemConfig": [{"dataCode": POWER, "name": "电"}]}
    assert call("configure", told | own)["responseCode"] == "0"
    assert call("data", figures(device, 10))["responseMessage"].startswith("MON-266")
    assert call("data", figures(device, 10) | own)["responseCode"] == "0"
    assert UploadFigure.objects.get().value == 10
    for body in UploadBody.objects.all():
        assert own["ak"].encode() not in zlib.decompress(body.content), "what is kept opens nothing"
    revoke_token(Token.objects.get(prefix=own["ak"].split("_")[1]).pk, by("unit"))
    assert call("data", figures(device, 20) | own)["responseMessage"].startswith("MON-266")
    assert call("register", {"enterpriseCode": "x", "region": "990100"} | own)["responseMessage"].startswith("MON-266")


def test_a_unit_is_sealed_as_its_own_place_asks_whatever_region_it_names(
    site: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = UploadRule(Profile("p", upload_time="07:00:00"), is_sealed=True)
    open_ = UploadRule(Profile("n", upload_time="07:00:00"), is_sealed=False)
    rules = {"990100": open_, "990200": open_, "990000": open_}
    monkeypatch.setattr(uplink, "_rule", lambda region: rules[region])
    clear = connected()
    rules["990100"] = sealed
    for region in ("990200", "", "99", "9901001"):
        told = call("register", {"enterpriseCode": CODE, "region": region})["responseMessage"]
        assert told.startswith("MON-281")
        assert "云桥县（990100）" in told
    assert call("data", figures(clear, 10))["responseMessage"].startswith("MON-279"), "it has no key: nothing in clear"
    said = {"enterpriseCode": CODE, "region": "990000"}
    call("register", said)
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "改为加密")
    key = call("register", said)["secretKey"]
    assert len(key) == 32, "the place around it is no other place"
    assert call("data", figures(clear, 10))["responseCode"] == "1"
    assert not UploadFigure.objects.exists()
    code = read_code(POWER)
    assert code is not None
    item = Item(code, Decimal(10), Every.DAY, MARCH, Source.METER, Scope.PLANT, True)
    told = write_data(clear, CODE, [item], Profile("p", key=bytes.fromhex(key)), MARCH)
    assert call("data", told)["responseCode"] == "0"


def test_a_number_that_nobody_has_is_told_to_register(site: None) -> None:
    assert call("version", {"deviceId": "d" * 32})["responseMessage"].startswith("MON-235")
    assert call("version", {"deviceId": connected()})["responseCode"] == "0"


def test_the_dictionary_is_served_and_its_version_follows_what_it_holds(
    site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = connected()
    held = call("dictionary", {"deviceId": device})
    tables: Any = held["data"]
    assert [each["id"] for each in tables][:2] == ["processes", "data_classes"]
    [uses] = call("dictionary", {"deviceId": device, "itemIndex": "14"})["data"]
    assert uses["codes"][0] == {"code": "10", "name": "购进", "english": "purchase"}
    assert call("dictionary", {"deviceId": device, "itemIndex": "99"})["responseMessage"].startswith("MON-280")
    assert call("dictionary", {"deviceId": "d" * 32})["responseMessage"].startswith("MON-235")
    assert call("version", {"deviceId": device})["dicVersion"] == held["dicVersion"]
    copytree(open_rulebook().folder.root, tmp_path / "policy")
    with (tmp_path / "policy/national/codes/nhjc/uses.csv").open("a", encoding="utf-8") as file:
        file.write("11,另一用途,,another use\n")
    changed = dictionary(Rulebook(tmp_path / "policy").folder)
    assert changed.version != held["dicVersion"]
    assert [row["code"] for row in changed.asked("uses")[0].rows] == ["10", "30", "11"]


@pytest.mark.django_db(transaction=True)
def test_a_real_collector_uploads_to_the_real_site(live_server: LiveServer, tmp_path: Path) -> None:
    settle()
    Enterprise.objects.filter(name="青石热电厂").update(credit_code=CODE)
    path = tmp_path / "collector.toml"
    path.write_text(
        f'[unit]\nenterprise = "{CODE}"\nregion = "990100"\n[[meter]]\nname = "m"\nprotocol = "dlt645"\n'
        f'address = "000000000001"\nhost = "127.0.0.1"\nport = 1\n[[meter.item]]\nname = "forward_active_energy"\n'
        f'code = "{POWER}"\n[[centre]]\nname = "c"\nregister_url = "{live_server.url}/uplink/register"\n',
        encoding="utf-8",
    )
    plan, kept = read_plan(path), Kept(tmp_path / "kept.db")
    day = datetime(2026, 3, 2)  # noqa: DTZ001 - a collector keeps local times
    kept.set_figures(plan.meters[0].items[0].code.plain, [Amount(Every.DAY, day, Decimal("12.5"), True)])
    later = day + timedelta(days=1, hours=12)
    assert forward(plan, plan.centres[0], kept, later).reason.startswith("已收到接入申请")
    connecting.confirm(AccessEnd.objects.get().pk, by("office"), "已核对")
    forward(plan, plan.centres[0], kept, later + timedelta(hours=1))
    kept.close()
    assert list(UploadFigure.objects.values_list("value", flat=True)) == [Decimal("12.5")]
