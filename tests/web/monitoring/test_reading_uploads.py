"""Readings that others upload: only for their own points, once however often they come, later ones as new versions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import api_site
import monitoring_site as site
import pyarrow as pa
import pytest
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from housed import housed
from kept import kept
from shuangkong.readings.columns import Kind
from shuangkong.readings.store import Store
from shuangkong.readings.trace import Place, upload_of, upload_place
from shuangkong.readings.wire.client import StoreDown
from shuangkong.records.journal.models import JournalRow
from shuangkong.records.monitoring.models import LateData
from shuangkong.records.monitoring.uploads.models import ReadingUpload
from shuangkong.web.api.operations import monitoring_uploads
from shuangkong.web.monitoring.frames import frame_at
from shuangkong.web.monitoring.uploads import intake

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/monitoring/uploads"
ARROW, CSV, *_ = monitoring_uploads.MEDIA
HEAD = "outlet,factor,kind,at,stat,value,flag\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with housed(tmp_path_factory.mktemp("store")) as client:
        yield Store(client)


@pytest.fixture(scope="module")
def outlet(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with kept(django_db_blocker), translation.override("zh-hans"):
        site.settle()
        place = site.outlet()
        site.outlet(site.UNITS[1], "DA002")
        yield place


@pytest.fixture(autouse=True)
def at_hand(outlet: int, store: Store, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(intake, "opened", lambda: store)


def hour(back: int = 2) -> datetime:
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) - timedelta(hours=back)


def line(value: float, outlet: str = "DA001", factor: str = "a21026", at: datetime | None = None) -> str:
    return f"{outlet},{factor},hour,{(at or hour()).isoformat()},avg,{value},N\n"


def sent(content: bytes | str, name: str = "unit", media: str = CSV, **headers: str) -> tuple[int, Any]:
    programme = api_site.programme(api_site.token(name))
    answer = programme.post(ADDRESS, content if isinstance(content, bytes) else content.encode(), media, **headers)
    return answer.status_code, answer.json()


def held(store: Store, outlet: int, factor: str = "a21026") -> list[tuple[float, int | None]]:
    rows = store.series(site.point(outlet, factor), Kind.HOUR, "avg", hour(30), hour(0)).to_pylist()
    return [(row["value"], upload_of(Place(row["segment"], row["offset"]))) for row in rows]


def test_a_unit_uploads_for_its_own_points_alone(outlet: int, store: Store) -> None:
    told = HEAD + line(81.5) + line(7, "DA002") + line(5, "DA009") + line(3, factor="x99") + line(9, at=hour(-3))
    status, found = sent(told)
    assert status == 200
    assert (found["rows"], found["kept"], found["parts"]) == (5, 1, [{"row": 1, "rows": 5, "kept": 1}])
    assert {(each["outlet"], each["factor"], each["code"]) for each in found["left_out"]} == {
        ("DA002", "a21026", "MON-221"), ("DA009", "a21026", "MON-221"), ("DA001", "x99", "MON-223"),
        ("DA001", "a21026", "MON-224"),
    }  # fmt: skip
    assert held(store, outlet) == [(81.5, found["id"])]
    assert str(found["id"]) in frame_at(*upload_place(found["id"])).gone
    row = JournalRow.objects.get(act="monitoring.upload")
    assert (row.author, row.subject) == ("unit", f"reading_upload/{found['id']}")
    assert intake.path_of(found["digest"]).read_bytes() == told.encode()


def test_the_same_body_is_one_upload_and_a_changed_value_a_new_version(outlet: int, store: Store) -> None:
    first, second = (HEAD + line(value, at=hour(5)) for value in (10, 12))
    one, two, again = (sent(each)[1] for each in (first, second, first))
    assert (again["id"], again["times"]) == (one["id"], 2)
    assert (12.0, two["id"]) in held(store, outlet), "what was resent is not newer than what came after it"
    told = store.versions(site.point(outlet), Kind.HOUR, "avg", hour(5), hour(4))
    assert told["value"].to_pylist() == [10.0, 12.0]
    assert JournalRow.objects.filter(act="monitoring.upload").count() == 2
    listed = api_site.programme(api_site.token("bureau")).get(ADDRESS).json()["items"]
    assert [(each["id"], each["times"], each["kept"]) for each in listed] == [(one["id"], 2, 1), (two["id"], 1, 1)]
    assert api_site.programme(api_site.token("other")).get(ADDRESS).json()["items"] == []


def test_a_stream_of_arrow_is_taken_by_batches_and_by_number(outlet: int, store: Store) -> None:
    count = 500
    table = pa.table(
        {
            "outlet": pa.array([f"outlet/{outlet}"] * count).dictionary_encode(), "factor": ["a21002"] * count,
            "kind": ["minute"] * count, "stat": ["avg"] * count,
            "at": pa.array([hour(20) + timedelta(minutes=at) for at in range(count)], pa.timestamp("ms", "UTC")),
            "value": [at / 4 for at in range(count)],
        }
    )  # fmt: skip
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=300)
    status, found = sent(sink.getvalue(), "bureau", ARROW)
    assert (status, found["parts"]) == (
        200,
        [{"row": 1, "rows": 300, "kept": 300}, {"row": 301, "rows": 200, "kept": 200}],
    )
    assert [(each["row"], each["rows"], each["kept"]) for each in found["parts"]] == [(1, 300, 300), (301, 200, 200)]
    kept_ = store.series(site.point(outlet, "a21002"), Kind.MINUTE, "avg", hour(20), hour(0))["value"].to_pylist()
    assert kept_ == table["value"].to_pylist()


@pytest.mark.parametrize(
    ("code", "content", "media"),
    [
        ("MON-228", HEAD, "application/json"),
        ("MON-228", "", CSV),
        ("RDG-001", "not arrow", ARROW),
        ("RDG-002", HEAD.replace("value", "values") + line(1), CSV),
        ("RDG-003", HEAD + line(1) + line(2), CSV),
    ],
)
def test_what_cannot_be_read_is_refused_whole(outlet: int, code: str, content: str, media: str) -> None:
    status, found = sent(content, media=media)
    assert (status, found["code"]) == (422, code)
    assert not ReadingUpload.objects.exclude(kept=0).exists()


def test_who_may_not_and_what_is_too_large(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sent(HEAD + line(1), "office")[0] == 403
    assert sent(HEAD + line(1), "finance")[0] == 403
    assert sent(HEAD + line(1), "neighbour")[1]["left_out"][0]["code"] == "MON-221"
    monkeypatch.setattr(monitoring_uploads, "MOST_BYTES", 20)
    status, found = sent(HEAD + line(1))
    assert (status, found["code"]) == (413, "MON-227")


def test_while_the_store_is_down_nothing_counts_and_the_same_is_sent_again(
    outlet: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> Store:
        raise StoreDown("away")

    told = HEAD + line(44, at=hour(9))
    monkeypatch.setattr(intake, "opened", down)
    status, found = sent(told)
    assert (status, found["code"]) == (422, "MON-226")
    assert not JournalRow.objects.filter(act="monitoring.upload").exists()
    monkeypatch.setattr(intake, "opened", lambda: store)
    status, found = sent(told)
    assert (status, found["kept"], found["times"]) == (200, 1, 2)
    assert 44.0 in [value for value, _ in held(store, outlet)]


def test_readings_of_days_that_are_over_are_noted(outlet: int, store: Store) -> None:
    assert not LateData.objects.exists()
    at = hour(0) - timedelta(days=3)
    sent(HEAD + line(1, at=at) + line(2, at=at + timedelta(hours=1)))
    late = LateData.objects.order_by("month")
    assert (late[0].outlet_id, late[0].first_at) == (outlet, at)


def test_a_full_disk_is_said(outlet: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake.os, "fsync", full)
    status, found = sent(HEAD + line(1, at=hour(11)))
    assert (status, found["code"]) == (422, "MON-225")
    assert not [*Path(intake.path_of("ab").parents[1]).rglob(".*")], "nothing half-written is left"
