"""读入网关收到的报文：从原始报文日志到读数库。 Reads what the gateway received into the readings store.

`shuangkong listen` 自带一个；只有日志和网站不在同一台机器上、或者要单独停开时，才另外运行。
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from threading import Event, Thread
from time import sleep

#: What a batch that has begun may take when the gateway is gone; what it leaves is read again from the bookmark.
_FINISH_SECONDS = 4.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--folder", type=Path, metavar="DIR", help="网关的文件夹，默认 var/gateway (the gateway's)")
    parser.add_argument("--while-open", action="store_true", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Reads until stopped; 0 then."""
    from shuangkong.cli.site import open_site

    open_site()
    from django.conf import settings

    from shuangkong.gateway.standing import consumer_of

    stopped = Event()
    if args.while_open:
        # Ctrl+C, which the whole terminal gets, is for the gateway, which stops us by closing our input.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Thread(target=_wait_for_end, args=(stopped,), daemon=True).start()
    for each in (signal.SIGTERM, *(() if args.while_open else (signal.SIGINT,))):
        signal.signal(each, lambda *_: stopped.set())
    consumer = consumer_of(args.folder or settings.VAR / "gateway")
    consumer.run(stopped)
    consumer.close()
    return 0


def _wait_for_end(stopped: Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stopped.set()
    sleep(_FINISH_SECONDS)
    os._exit(1)
