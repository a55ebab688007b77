"""A configuration read again: limits and listeners change, no connection is dropped, the operator is told."""

from __future__ import annotations

import json
import os
import signal
import socket
from pathlib import Path

import pytest
from devices import Line, frame, gateway, profile, qn_of, server, until

from shuangkong.gateway.listening.config import BadConfig, Config, Listener
from shuangkong.gateway.listening.doors import Changed
from shuangkong.gateway.listening.limits import Limits
from shuangkong.gateway.listening.server import Server

LINE, OTHER = Listener("line", "127.0.0.1", 0), Listener("other", "127.0.0.1", 0)


def reload(ours: Server, config: Config | BadConfig) -> str:
    """What the operator is told."""

    def again() -> Config:
        if isinstance(config, BadConfig):
            raise config
        return config

    ours._config_again = again
    told: list[str] = ours.told  # type: ignore[attr-defined]  # The ground keeps it there.
    before = len(told)
    ours.gate.loop.call_soon_threadsafe(ours.reload)
    until(lambda: any("GTW-107" in each or "GTW-001" in each for each in told[before:]))
    return "\n".join(told[before:])


def speaks(line: Line, number: int) -> bool:
    line.send(frame(number))
    return qn_of(line.answer()) == number


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_listeners_come_and_go_and_lines_stay(tmp_path: Path) -> None:
    with server(tmp_path, listeners=(LINE,)) as ours:
        first, line = ours.ports[0], Line(ours.ports[0])
        assert speaks(line, 1)
        said = reload(ours, Config((LINE, OTHER)))
        assert "新开监听：other" in said
        assert "now listening: other" in said
        assert ours.ports[0] == first
        new = Line(ours.ports[1])
        assert speaks(new, 2)
        assert "line（" not in reload(ours, Config((LINE, OTHER)))
        assert "不再监听（已有的连接不断）：line" in reload(ours, Config((OTHER,)))
        until(lambda: is_refused(first))
        assert speaks(line, 3)
        assert speaks(new, 4)
        assert {each.listener for each in ours.gate.connections} == {0, 1}
        assert ours.gate.listener_names == ("line", "other")


def test_limits_change_for_lines_that_are_there(tmp_path: Path) -> None:
    with server(tmp_path, listeners=(LINE,), per_address=1) as ours:
        line = Line(ours.ports[0])
        assert speaks(line, 1)
        assert Line(ours.ports[0]).answer() == b""
        said = reload(ours, Config((LINE,), Limits(per_address=3), segment_bytes=1 << 20))
        assert "limits: per_address" in said
        assert "in force after a restart: segment_bytes" in said
        more = Line(ours.ports[0])
        assert speaks(more, 2)
        assert speaks(line, 3)
        assert "idle_seconds" in reload(ours, Config((LINE,), Limits(per_address=3, idle_seconds=0.2)))
        until(lambda: not ours.gate.connections)
        assert ours.gate.ended["idle"] == 2


def test_what_cannot_be_taken_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    with server(tmp_path, listeners=(LINE,)) as ours, socket.create_server(("127.0.0.1", 0)) as taken:
        line = Line(ours.ports[0])
        assert "沿用原有的配置" in reload(ours, BadConfig("错", "wrong"))
        busy = Listener("busy", "127.0.0.1", taken.getsockname()[1])
        said = reload(ours, Config((LINE, busy, OTHER)))
        assert "GTW-109" in said
        assert "新开监听：other" in said
        missing = Listener("sealed", "127.0.0.1", 1, tmp_path / "none.pem")
        said = reload(ours, Config((LINE, missing)))
        assert "GTW-001" in said
        assert "sealed" in said
        until(lambda: len(ours.ports) == 1)
        assert speaks(line, 1)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP here")
def test_the_command_reads_its_file_again(tmp_path: Path) -> None:
    config, listener = tmp_path / "gateway.toml", '[[listener]]\naddress = "127.0.0.1:0"\n'
    config.write_text(listener + "[limits]\nper_address = 1\n")
    (tmp_path / "profiles.json").write_text(json.dumps([profile()]))
    with gateway(tmp_path / "gateway", "--config", str(config)) as (process, port):
        line = Line(port)
        assert speaks(line, 1)
        config.write_text(listener + "[limits]\nper_address = 2\n")
        os.kill(process.pid, signal.SIGHUP)

        def has_room() -> bool:
            more = Line(port)
            more.send(frame(2))
            return bool(more.answer())

        until(has_room)
        assert speaks(line, 3)


def test_nothing_changed_is_said_too() -> None:
    assert Changed().line() == "GTW-107 配置已重读。没有改动。Configuration read again. nothing changed."
