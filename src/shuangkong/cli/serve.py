"""启动网站。 Starts the site."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shuangkong.cli.address import Address, add_site_arguments, free_address
from shuangkong.cli.beside import beside
from shuangkong.cli.certificate import Certificate, add_certificate_arguments, certificate_of
from shuangkong.cli.clock import timer
from shuangkong.cli.large_pages import keep_laying
from shuangkong.cli.parts import add_part_arguments, parts_of
from shuangkong.cli.supervisor import Part, end_with_parent, keeper

#: Requests that one worker answers at a time; each thread keeps a database connection of its own.
THREADS = 4
#: After how long a thread that computes lets another have its turn. Whoever holds the lock that all acts share waits
#: for its turn too, and everybody for it: Python's own 5 ms, times the threads, would be the time of every act.
SWITCH_SECONDS = 0.001
#: When garbage is sought: Python's own, meant for scripts, would seek it several times a request.
GARBAGE = (50_000, 10, 50)
#: What a worker may take to finish its answers when the site stops; then it is ended.
STOP_SECONDS = 8
_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_site_arguments(parser)
    add_part_arguments(parser)
    add_certificate_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Serves until stopped."""
    from shuangkong.cli.site import open_site

    address, parts, certificate = free_address(args.address), parts_of(args), certificate_of(args)
    open_site()
    from shuangkong.cli.administrator import appoint_administrators, ensure_administrator
    from shuangkong.records.people.models import Person

    if not Person.objects.exists():
        name, password = ensure_administrator()
        print(f"首次启动，已建管理员 First start, administrator made: {name} / {password}", flush=True)
    appoint_administrators()
    return serve(address, args.workers, parts, certificate)


def serve(address: Address, workers: int, parts: Sequence[Part] = (), certificate: Certificate | None = None) -> int:
    """Serves with granian in WSGI mode until stopped; ticks beside it as often as settings say, and keeps the parts up.

    Database connections are closed first: workers open their own.
    """
    from django.conf import settings
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _hear_as_server()
    connections.close_all()
    if certificate is not None:
        address = replace(address, scheme="https")
    print(f"网站已启动 Site: {' '.join(address.links)} （按 Ctrl+C 停止 to stop）", flush=True)
    site = Granian(
        "shuangkong.web.site.wsgi:application",
        address=address.host,
        port=address.port,
        workers=workers,
        interface=Interfaces.WSGI,
        websockets=False,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        ssl_cert=certificate.chain if certificate else None,
        ssl_key=certificate.key if certificate else None,
    )
    with beside(*filter(None, (keeper(parts), timer(settings.TICK_SECONDS)))) as let_go:
        # What stands beside the site ends while its workers do, not after them.
        site.shutdown = _first(let_go, site.shutdown)  # type: ignore[method-assign]
        site.serve(target_loader=application_of_worker, wrap_loader=False)
    return 0


def _first(act: Callable[[], None], then: Callable[..., None]) -> Callable[..., None]:
    def both(*words: Any, **named: Any) -> None:
        act()
        then(*words, **named)

    return both


def application_of_worker() -> Any:
    """The application, in a worker; where that is a fresh interpreter and no fork, this makes it hear as it should."""
    _hear_as_worker()
    from shuangkong.web.site.wsgi import application

    sys.setswitchinterval(SWITCH_SECONDS)
    # What the application is made of stays for good: collecting garbage need not look at it again. What a request
    # makes goes by itself when it ends; what does not is little, and waits.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    keep_laying()
    return application


def _hear_as_server() -> None:
    """Lets no signal be lost while the server starts; each loss would leave somebody waiting for it to stop.

    Until granian listens to them signals end the process: Python would turn Ctrl+C into an exception, and some places
    swallow those. A worker is forked with the server's handlers, which do nothing for it: signals wait until it has
    its own.
    """
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    os.register_at_fork(
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, _SIGNALS),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, _SIGNALS),
        after_in_child=_hear_as_worker,
    )


def _hear_as_worker() -> None:
    """The server tells a worker to stop, and may while it loads; Ctrl+C, which the whole terminal gets, does not."""
    end_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGINT})
