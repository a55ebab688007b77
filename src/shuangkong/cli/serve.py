"""启动网站。 Starts the site."""

from __future__ import annotations

import argparse
import sys

#: Requests that one worker answers at a time; each thread keeps a database connection of its own.
THREADS = 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--address", default="127.0.0.1:8000", help="监听地址（默认 127.0.0.1:8000）")
    parser.add_argument("--workers", type=int, default=1, help="工作进程数（默认 1）")


def run(args: argparse.Namespace) -> int:
    """Serves until stopped; 2 where the address is not host:port."""
    from shuangkong.cli.site import open_site

    try:
        host, port = split_address(args.address)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    open_site()
    from shuangkong.cli.administrator import ensure_administrator
    from shuangkong.records.people.models import Person

    if not Person.objects.exists():
        name, password = ensure_administrator()
        print(f"首次启动，已建管理员 First start, administrator made: {name} / {password}", flush=True)
    return serve(host, port, args.workers)


def split_address(address: str) -> tuple[str, int]:
    """Host and port of ``host:port``; raises ValueError saying what was expected."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"地址应为 主机:端口，实为“{address}”。Expected host:port, found “{address}”.")
    return host, int(port)


def serve(host: str, port: int, workers: int) -> int:
    """Serves with granian in WSGI mode until stopped. Database connections are closed first: workers open their own."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    print(f"网站已启动 Site: http://{host}:{port}/ （按 Ctrl+C 停止）", flush=True)
    Granian(
        "shuangkong.web.site.wsgi:application",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
    ).serve()
    return 0
