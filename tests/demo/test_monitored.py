"""The monitoring of the demo: its cast is registered without refusals, and pages tell what its devices sent."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest
from django.utils import timezone

import prepared
from shuangkong.cli.demo.cast import COUNTY, Cast, lines
from shuangkong.cli.demo.monitoring import sites, take_monitoring
from shuangkong.cli.operator import operator
from shuangkong.gateway.registered import RegisteredDevices, RegisteredProfiles
from shuangkong.monitoring.simulated.site import Kind
from shuangkong.protocols.hj212.codes import Edition
from shuangkong.records.monitoring.models import KeyDischarger, Outlet, OutletStandard
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.rows import RegionRow

FICTIONAL = Path(__file__).parents[2] / "demo" / "fictional"
TODAY = date(2026, 5, 20)
#: After this long something hangs; nothing is measured by it.
PATIENCE = 180


@pytest.mark.django_db
def test_the_cast_is_registered_once_and_known_to_the_gateway() -> None:
    registry.save_regions(
        [
            RegionRow(each["code"], each["name"], each["level"], each["parent"] or None, is_fictional=True)
            for each in lines(FICTIONAL / "regions.csv")
        ]
    )
    by = operator("demo")
    for each in lines(FICTIONAL / "enterprises.csv"):
        wanted = ParticularsRow(each["name"], each["region"], each["credit_code"], each["industry"])
        register_enterprise(wanted, by, each["ground"], date.fromisoformat(each["on"]))
    cast = Cast(FICTIONAL, TODAY)
    assert take_monitoring(FICTIONAL, cast, by)
    assert not take_monitoring(FICTIONAL, cast, by)
    played = sites(FICTIONAL)
    assert {each.edition for each in played} == set(Edition)
    outlets = Outlet.objects.filter(region__path__contains=COUNTY)
    assert {each.kind for each in outlets} == {"gas", "water", "air", "section"}
    # The outline of the invented county: every outlet is found on the map.
    assert all(0 < each.longitude < 10 and 0 < each.latitude < 7 for each in outlets if each.longitude is not None)
    assert all("虚构" in each.name for each in outlets)
    assert OutletStandard.objects.count() == 4
    assert KeyDischarger.objects.filter(year=TODAY.year).count() == 4
    profiles, devices = RegisteredProfiles().load(), RegisteredDevices().devices()
    for site in played:
        assert site.mn.encode() in profiles
        assert len(devices[site.mn].spells) == (site.kind is not Kind.METER)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def shown(folder: Path) -> Iterator[str]:
    """The demo with its parts on free ports, once the readings have come; it has stopped afterwards."""
    port, gateway = free_port(), free_port()
    words = ["demo", "--address", f"127.0.0.1:{port}", "--gateway", f"127.0.0.1:{gateway}"]
    command = [str(Path(sys.executable).with_name("shuangkong")), *words]
    said = folder / "said-now.txt"
    with said.open("w") as log:
        running = subprocess.Popen(
            command, env=prepared.environment(folder), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        ends = time.monotonic() + PATIENCE
        while "The demo's readings have come" not in said.read_text():
            assert running.poll() is None, said.read_text()
            assert time.monotonic() < ends, said.read_text()
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(PATIENCE)
        parts = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        assert f"127.0.0.1:{gateway}" not in parts


def signed_in(origin: str, folder: Path) -> OpenerDirector:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', read(opener, f"{origin}/login/"))
    assert token
    password = json.loads((folder / "demo_passwords.json").read_text())["environment"]
    told = {"csrfmiddlewaretoken": token[1], "username": "environment", "password": password}
    opener.open(Request(f"{origin}/login/", urlencode(told).encode(), {"Origin": origin}), timeout=PATIENCE)
    return opener


def read(opener: OpenerDirector, url: str) -> str:
    return str(opener.open(url, timeout=PATIENCE).read().decode())


@pytest.mark.skipif(not Path("/proc").exists() or os.name != "posix", reason="looks at the list of processes")
def test_the_demo_shows_what_its_devices_send(tmp_path: Path) -> None:
    folder = prepared.demo(tmp_path)
    # As if the demo had run until yesterday: the weeks before take a while, and are told by the same way.
    until = timezone.localdate() - timedelta(days=1)
    (folder / "demo_monitoring.json").write_text(json.dumps({"until": until.isoformat()}))
    with shown(folder) as origin:
        visitor = signed_in(origin, folder)
        duty = read(visitor, f"{origin}/monitoring/")
        assert "演示数据" in duty
        outlets = sorted(set(re.findall(r"/monitoring/outlets/(\d+)/", duty)))
        assert len(outlets) == 6
        # Each has sent minutes a while ago: a column of figures and no silence.
        assert duty.count("未接入") == 0
        report = read(visitor, f"{origin}/monitoring/outlets/{outlets[0]}/report/?date={until}")
        assert len(re.findall(r">\d+\.\d\d<", report)) > 100
        for page in ("validity", "alarms", "rates", "quality", "meters", "coverage"):
            assert "演示数据" in read(visitor, f"{origin}/monitoring/{page}/"), page
        frames = read(visitor, f"{origin}/monitoring/outlets/{outlets[0]}/frames/")
        assert f"/monitoring/outlets/{outlets[0]}/frames/" in frames
