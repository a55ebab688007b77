"""地址: where the site listens, the names that it answers to, and whether the port is free."""

from __future__ import annotations

import argparse
import errno
import os
import socket
from contextlib import suppress
from dataclasses import dataclass

from shuangkong.cli.refusal import CommandRefused

#: Environment variable of settings: further host names that may be asked for, separated by commas.
HOSTS = "SHUANGKONG_HOSTS"
_EVERYWHERE = frozenset({"0.0.0.0", "::"})
#: Addresses that lead nowhere (RFC 5737, RFC 6666): only asked which way there would lead; nothing is sent.
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "100::1"))


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` is a name or number as the system takes it (an IPv6 number without its brackets)."""

    host: str
    port: int
    scheme: str = "http"

    @property
    def names(self) -> tuple[str, ...]:
        """Hosts of addresses that reach it: its own, or every name of this machine where it listens everywhere."""
        return own_names() if self.host in _EVERYWHERE else (_in_address(self.host),)

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(f"{self.scheme}://{name}:{self.port}/" for name in self.names)


def add_site_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command takes that starts the site."""
    parser.add_argument("--address", default="127.0.0.1:8000", help="监听地址（默认 127.0.0.1:8000）")
    parser.add_argument("--workers", type=int, default=1, help="工作进程数（默认 1）")


def free_address(text: str) -> Address:
    """The address named by ``host:port``, after a look whether the site may listen there.

    Sets the hosts that settings read: call it before the site is opened.

    Raises:
        CommandRefused: CLI-001 not host:port, CLI-002 something listens there, CLI-004 the system refuses it.
    """
    address = _split(text)
    _require_free(address)
    named = filter(None, (os.environ.get(HOSTS, ""), *address.names))
    os.environ[HOSTS] = ",".join(named)
    return address


def require_free(text: str) -> None:
    """A look whether something may listen at ``host:port``; raises as ``free_address``."""
    _require_free(_split(text))


def is_free(text: str) -> bool:
    """Whether something may listen at ``host:port``."""
    try:
        require_free(text)
    except CommandRefused:
        return False
    return True


def some_free() -> str:
    """An address on loopback that nobody listened at a moment ago."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{trial.getsockname()[1]}"


def _split(text: str) -> Address:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not (port.isascii() and port.isdigit()) or not 0 < int(port[:6]) < 2**16:
        raise CommandRefused(
            "CLI-001",
            f"地址应为 主机:端口，端口为 1 到 65535，实为“{text}”。例如 127.0.0.1:8000。",
            f"Expected host:port with a port of 1 to 65535, found “{text}”. An example: 127.0.0.1:8000.",
        )
    return Address(host, int(port))


def _require_free(address: Address) -> None:
    """Listens for a moment, without sharing: the server shares its port, so two would answer by turns."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
            trial.listen()
    except OSError as fault:
        shown = f"{_in_address(address.host)}:{address.port}"
        if fault.errno == errno.EADDRINUSE:
            raise CommandRefused(
                "CLI-002",
                f"{shown} 已被占用：可能本站已在运行，也可能是别的程序。请先停止它，"
                "或换一个端口：make demo ADDRESS=127.0.0.1:8001。",
                f"{shown} is taken: this site may be running already, or another program. Stop it, or"
                " take another port: make demo ADDRESS=127.0.0.1:8001.",
            ) from fault
        raise CommandRefused(
            "CLI-004",
            f"不能在 {shown} 监听：应为本机的地址和可用的端口，系统答复“{fault.strerror}”。请换地址或端口。",
            f"Cannot listen at {shown}: expected an address of this machine and a port that may be used, the system"
            f" says “{fault.strerror}”. Take another one.",
        ) from fault


def own_names() -> tuple[str, ...]:
    """Names and numbers by which this machine is reached, loopback first; as far as it knows them itself."""
    found = ["127.0.0.1", socket.gethostname().lower()]
    for family, number in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.connect((number, 9))
            found.append(_in_address(trial.getsockname()[0]))
    return tuple(dict.fromkeys(found))


def _in_address(host: str) -> str:
    """The host as it stands in an address: an IPv6 number in brackets."""
    return f"[{host}]" if ":" in host else host
