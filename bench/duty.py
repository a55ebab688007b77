"""The duty screen: how long its page takes at a city's and a province's number of outlets, and where the time goes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep
from typing import Any

import numpy as np
import pyarrow as pa

from bench.ground import ROOT, NotMeasured, Row, milliseconds

TITLE = "The duty screen"
NOTE = (
    "Invented outlets of eight factors, all on the map, one of fifty over a limit; two hours of them are in the store: "
    "an instant each minute and a mean each ten minutes, half of them converted too. SQLite; the page is asked as a "
    "browser that watches asks it, by one person who sees all. Twelve screens: each asks every six seconds for a "
    "minute, in one process, while every outlet tells an instant each six seconds; they share readings of three "
    "seconds. SHUANGKONG_DUTY names other numbers of outlets."
)
SIZES, FACTORS = "300,5000", ("a21026", "a21002", "a34013", "a00000", "a19001", "a01012", "a01013", "a01014")
#: Factors of which a converted value is told too.
CONVERTED = 4
_RUN = """
import sys
from pathlib import Path
from shuangkong.readings.engine.process import run
run(Path(sys.argv[1]), "127.0.0.1", 0, lambda address: print(address, flush=True))
"""
_BATCH, _RUNS = 1_000_000, 5
_SCREENS, _EVERY, _ROUNDS = 12, 6, 10


def rows() -> Iterator[Row]:
    """Each size in a process of its own, over a database and a store of its own."""
    for size in os.environ.get("SHUANGKONG_DUTY", SIZES).split(","):
        with tempfile.TemporaryDirectory() as folder:
            told = subprocess.run(
                [sys.executable, "-m", "bench.duty", size], cwd=ROOT, env=os.environ | {"SHUANGKONG_VAR": folder},
                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            )  # fmt: skip
        if told.returncode:
            raise NotMeasured(told.stderr[-500:])
        for line in told.stdout.splitlines():
            what, _, result = line.rpartition(": ")
            yield Row(what, result)


def main(count: int) -> None:
    """Prints a line a measurement."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuangkong.web.site.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db.models import Q

    from shuangkong.readings.opening import FOLDER
    from shuangkong.web.monitoring import live

    call_command("migrate", verbosity=0)
    points = _registered(count)
    with _store(settings.VAR / FOLDER):
        values = _told(points)
        found, visitor = live.outlets(Q()), _visitor()
        name, told = f"{count:,} outlets", f"{len(points):,} points, {values:,} values in two hours"

        def say(what: str, act: Callable[[], object]) -> None:
            print(f"{name}{what}: {milliseconds(act, _RUNS):.0f} ms")

        shared, settings.LIVE_SECONDS = settings.LIVE_SECONDS, 0
        say(f", {told}, the page opened", lambda: _opened(visitor))
        say(": of it how they stand", lambda: live.standings(found))
        say(": of it the store", lambda: _asked(points))
        known = _opened(visitor)
        say(": news asked for, read anew, nothing new", lambda: _news(visitor, known))
        say(": the same where all is new", lambda: _news(visitor, ""))
        settings.LIVE_SECONDS = 60
        shown = _opened(visitor)
        say(": news asked for, of a shared reading", lambda: _news(visitor, shown))
        settings.LIVE_SECONDS = shared
        print(f"{name}: twelve screens: {_screens(visitor, points)}")
        # Minutes more of the same hours: what is asked is the newest.
        settings.LIVE_SECONDS = 0
        _told(points, every=20)
        say(": the page opened where three times as many values were told", lambda: _opened(visitor))


def _opened(visitor: Any) -> str:
    """Opens the page; what it says that it shows."""
    answer = visitor.get("/monitoring/")
    assert answer.status_code == 200
    return answer.content.decode().partition('"Live-Shown": "')[2].partition('"')[0]


def _news(visitor: Any, known: str) -> str:
    """Asks for news of what is shown; what is shown then."""
    told = {"HX-Request": "true", "HX-Target": "live-said", "Live-Shown": known}
    answer = visitor.get("/monitoring/", headers=told)
    assert answer.status_code == 200
    return answer.content.decode().partition('"Live-Shown": "')[2].partition('"')[0]


def _screens(visitor: Any, points: list[int]) -> str:
    """Twelve for a minute, one after the other, while values arrive; how long an answer takes."""
    known, took, telling = [_opened(visitor)] * _SCREENS, list[float](), None
    begun = perf_counter()
    with ThreadPoolExecutor(1) as other:
        for turn in range(_ROUNDS * _SCREENS):
            if turn % _SCREENS == 0:
                if telling is not None:
                    telling.result()
                telling = other.submit(_instant, points)
            due = begun + turn * _EVERY / _SCREENS
            sleep(max(0, due - perf_counter()))
            known[turn % _SCREENS] = _news(visitor, known[turn % _SCREENS])
            took.append(1000 * (perf_counter() - due))
    tenths = quantiles(took, n=20)
    return f"median {median(took):.0f} ms, p95 {tenths[-1]:.0f} ms from the moment that each was due"


def _instant(points: list[int]) -> None:
    """Every outlet tells of now."""
    from django.utils import timezone

    from shuangkong.web.monitoring import data

    data.store().append(_table(np.array(points, dtype=np.uint32), "rtd", "rtd", timezone.now(), 1, 1))


def _registered(count: int) -> list[int]:
    """Places, units of four outlets, their devices and points; the numbers of the points."""
    from django.utils import timezone

    from shuangkong.records.monitoring.models import Connection, Device, Outlet, Point
    from shuangkong.records.registry import store as registry
    from shuangkong.records.registry.models import Body, Enterprise
    from shuangkong.records.registry.rows import RegionRow

    code, since = "990100", timezone.localdate() - timedelta(days=400)
    registry.save_regions([RegionRow("990000", "青原市", "city"), RegionRow(code, "云桥县", "county", "990000")])
    units = range(-(-count // 4))
    bodies = Body.objects.bulk_create(Body(region_id=code, name=f"单位{each}", kind="company") for each in units)
    firms = Enterprise.objects.bulk_create(
        Enterprise(name=body.name, region_id=code, body=body, industry="4411") for body in bodies
    )
    outlets = Outlet.objects.bulk_create(
        Outlet(enterprise=firms[number // 4], region_id=code, kind="gas", code=f"DA{number}", name=f"排放口{number}",
               object="key_discharger", starts_on=since, longitude=Decimal(104) + Decimal(number) / 1000,
               latitude=Decimal(30) + Decimal(number % 71) / 100)
        for number in range(count)
    )  # fmt: skip
    devices = Device.objects.bulk_create(
        Device(region_id=code, enterprise=each.enterprise, kind="logger", mn=f"{number:014d}", name="数采仪",
               edition="auto", check_value="any", encoding="auto", starts_on=since)
        for number, each in enumerate(outlets)
    )  # fmt: skip
    now = timezone.now()
    Connection.objects.bulk_create(
        Connection(device=device, outlet=outlet, starts_at=now - timedelta(days=400))
        for device, outlet in zip(devices, outlets, strict=True)
    )
    _alarmed([each.pk for each in outlets[::50]], now)
    made = Point.objects.bulk_create(Point(outlet=each, factor=factor) for each in outlets for factor in FACTORS)
    return [int(each.pk) for each in made]


def _alarmed(outlets: list[int], now: datetime) -> None:
    """Outlets that are over a limit."""
    from shuangkong.core.finding import Message
    from shuangkong.records.monitoring.alarm_rules import Raised, raise_alarms

    raise_alarms([
        Raised(outlet=each, factor=FACTORS[0], rule="exceedance", key=f"{each}", period="hour", starts_at=now,
               ends_at=None, peak=Decimal(61), limit=Decimal(35), unit="mg/m3", multiple=Decimal("0.74"),
               text=Message("小时均值超标", "hourly mean out of limits"))
        for each in outlets
    ])  # fmt: skip


def _told(points: list[int], every: int = 60) -> int:
    """Tells the store two hours: an instant each ``every`` seconds, a mean each ten minutes; returns how many."""
    from django.utils import timezone

    from shuangkong.web.monitoring import data

    end = timezone.now().replace(second=0, microsecond=0)
    store, count = data.store(), 0
    numbers = np.array(points, dtype=np.uint32)
    half = numbers[np.arange(len(numbers)) % len(FACTORS) < CONVERTED]
    for kind, stat, step, own in (
        ("rtd", "rtd", every, numbers), ("rtd", "zs_rtd", every, half), ("minute", "avg", 600, numbers),
        ("minute", "zs_avg", 600, half),
    ):  # fmt: skip
        times = np.arange(7200 // step)
        for part in np.array_split(own, max(1, -(-len(own) * len(times) // _BATCH))):
            store.append(_table(part, kind, stat, end, step, len(times)))
            count += len(part) * len(times)
    return count


def _table(points: np.ndarray, kind: str, stat: str, end: datetime, step: int, times: int) -> pa.Table:
    from shuangkong.readings.columns import READINGS

    rows = len(points) * times
    at = np.tile(int(end.timestamp()) - step * np.arange(times), len(points))
    return pa.table(
        {
            "point": np.repeat(points, times), "kind": _words(kind, rows),
            "at": pa.array(at).cast(pa.timestamp("s", "UTC")), "stat": _words(stat, rows),
            "value": np.round(np.abs(np.random.default_rng(7).normal(20, 5, rows)), 2), "flag": _words("N", rows),
            "segment": np.full(rows, 1, dtype=np.uint32), "offset": np.arange(rows, dtype=np.uint64) * 400,
        },
        schema=READINGS,
    )  # fmt: skip


def _words(word: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(count, dtype=np.int8), [word])


def _asked(points: list[int]) -> None:
    """What the page asks of the store, alone."""
    from django.utils import timezone

    from shuangkong.readings.columns import Kind
    from shuangkong.web.monitoring import data, live

    first, last = timezone.now() - live.LOOKED_BACK, timezone.now() + live.LOOKED_BACK
    data.newest_values(points, (Kind.RTD, Kind.MINUTE), live.SAID, first, last)


def _visitor() -> Any:
    from django.test import Client

    from shuangkong.records.people.acting import Acting, appoint
    from shuangkong.records.people.models import Person
    from shuangkong.records.people.roles import Role

    person = Person.objects.create_user("bench")
    appoint("bench", Role.ADMINISTRATOR, Acting("bench", Role.ADMINISTRATOR, paths=("/",)), "测量")
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    return client


@contextmanager
def _store(folder: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", _RUN, str(folder)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
