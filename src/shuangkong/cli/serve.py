"""启动网站。 Starts the site."""

from __future__ import annotations

import argparse
import signal
from typing import Any

from shuangkong.cli.address import Address, add_site_arguments, free_address

#: Requests that one worker answers at a time; each thread keeps a database connection of its own.
THREADS = 4
#: What a worker may take to finish its answers when the site stops; then it is ended.
STOP_SECONDS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_site_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Serves until stopped."""
    from shuangkong.cli.site import open_site

    address = free_address(args.address)
    open_site()
    from shuangkong.cli.administrator import appoint_administrators, ensure_administrator
    from shuangkong.records.people.models import Person

    if not Person.objects.exists():
        name, password = ensure_administrator()
        print(f"首次启动，已建管理员 First start, administrator made: {name} / {password}", flush=True)
    appoint_administrators()
    return serve(address, args.workers)


def serve(address: Address, workers: int) -> int:
    """Serves with granian in WSGI mode until stopped. Database connections are closed first: workers open their own."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    connections.close_all()
    print(f"网站已启动 Site: {' '.join(address.links)} （按 Ctrl+C 停止 to stop）", flush=True)
    Granian(
        "shuangkong.web.site.wsgi:application",
        address=address.host,
        port=address.port,
        workers=workers,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    ).serve(target_loader=application_of_worker, wrap_loader=False)
    return 0


def application_of_worker() -> Any:
    """The application, loaded in a worker that can be stopped while it loads.

    A worker starts as a copy of the server, with the server's way of hearing signals: one that comes before its own is
    in place would be lost, and the server would wait for ever. Ctrl+C reaches every process of a terminal: the server
    alone answers it, then tells its workers.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from shuangkong.web.site.wsgi import application

    return application
