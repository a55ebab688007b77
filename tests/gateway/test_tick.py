"""``shuangkong tick`` as a process of its own, killed in the middle of handing over."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from peers import http_peer

import prepared

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).with_name("shuangkong"))
PATIENCE = 120

#: Fills a site: one clerk who wants text messages, one late task; the message may leave at once.
FILL = """
import sys
sys.path[:0] = [{records!r}]
from shuangkong.cli.site import open_site
open_site()
import reminding_county as county
from shuangkong.records.plans.reminders.channels import ChannelKind
from shuangkong.records.plans.reminders.choices import Choice, choose
from shuangkong.records.plans.reminders.models import Message
county.settle()
choose(county.who("clerk"), Choice(ChannelKind.SMS, "13900000000", is_on=True))
county.task("逾期的", county.in_days(-1))
county.tick("clerk")
Message.objects.update(next_at=county.at(-1))
"""


def ticking(site: Path, gateway: str, *words: str) -> subprocess.Popen[str]:
    """``shuangkong tick`` with further words, or a program of Python's where the first word is -c."""
    environment = os.environ | {"SHUANGKONG_VAR": str(site), "SHUANGKONG_SMS_GATEWAY": gateway}
    environment.pop("SHUANGKONG_DATABASE", None)
    command = [sys.executable, *words] if words[:1] == ("-c",) else [COMMAND, "tick", *words]
    return subprocess.Popen(
        command,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )


def told(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return said


def messages(site: Path, change: str = "") -> list[tuple[str, int]]:
    with closing(sqlite3.connect(site / "shuangkong.sqlite3")) as database:
        if change:
            database.execute(change)
            database.commit()
        return database.execute("SELECT outcome, attempts FROM reminders_message").fetchall()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A peer that takes what is sent and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE)
        yield listening


def test_a_clock_killed_while_handing_over_neither_loses_nor_repeats(tmp_path: Path, silent: socket.socket) -> None:
    site, quiet = prepared.empty(tmp_path), f"http://127.0.0.1:{silent.getsockname()[1]}/"
    told(ticking(site, quiet, "-c", FILL.format(records=str(HERE.parent / "records"))))
    process = ticking(site, quiet)
    connection, _ = silent.accept()
    with connection:
        assert b"POST" in connection.recv(65_536)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
    assert messages(site) == [("waiting", 1)]
    with http_peer((200, "")) as peer:
        assert "0 · 新消息 0 · 投递 0" in told(ticking(site, peer.url)), "its claim may still be somebody's"
        messages(site, "UPDATE reminders_message SET claimed_at = datetime(claimed_at, '-1 hour')")
        told(ticking(site, peer.url))
        assert messages(site) == [("doubtful", 1)]
        assert peer.asked == []
        assert "doubtful" in told(ticking(site, peer.url, "--outbox"))
        key = _key(site)
        told(ticking(site, peer.url, "--again", key, "--ground", "本人未收到"))
        assert "delivered 1" in told(ticking(site, peer.url))
        assert [asked.content["key"] for asked in peer.asked] == [key]
        assert "投递 0" in told(ticking(site, peer.url))


def _key(site: Path) -> str:
    with closing(sqlite3.connect(site / "shuangkong.sqlite3")) as database:
        return str(database.execute("SELECT key FROM reminders_message").fetchone()[0])


def test_a_ticking_clock_stops_when_it_is_told_to(tmp_path: Path) -> None:
    process = ticking(prepared.empty(tmp_path), "", "--every", "3600")
    assert process.stdout is not None
    assert "续期 0" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    process.stdout.close()
