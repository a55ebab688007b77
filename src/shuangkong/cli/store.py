"""启动读数库：在线监测的读数和汇总。 Starts the store of readings and keeps its roll-ups current.

环境变量 SHUANGKONG_STORE 写明 ClickHouse 集群的地址时，不启动内嵌的读数库，只为集群做汇总。
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuangkong.readings.validity import Validity
    from shuangkong.readings.wire.client import Client


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--folder", type=Path, metavar="DIR", help="读数库的文件夹，默认 var/store (where it writes)")
    parser.add_argument(
        "--port", type=int, default=0, help="本机端口，默认任取一个空闲的 (port on loopback; 0: a free one)"
    )
    parser.add_argument("--no-roll", action="store_true", help="不做汇总 (leave the roll-ups to another process)")
    parser.add_argument(
        "--make-tables", action="store_true", help="在集群上建表后结束 (make the tables on the cluster, then end)"
    )


def run(args: argparse.Namespace) -> int:
    """Serves until stopped; 0 then, 2 where it cannot begin."""
    from shuangkong.readings.opening import is_cluster

    if args.make_tables or is_cluster():
        return _serve_cluster(args)
    return _serve_embedded(args)


def _serve_embedded(args: argparse.Namespace) -> int:
    from shuangkong.cli.refusal import CommandRefused
    from shuangkong.readings.engine import process
    from shuangkong.readings.wire.client import Client

    folder, zone, validity = _ground(args.folder)

    def beside(address: str, key: str, stopping: threading.Event) -> None:
        _roll(stopping, Client([address], key=key), zone, validity)

    try:
        process.run(folder, "127.0.0.1", args.port, _told, None if args.no_roll else beside)
    except process.StoreTaken as taken:
        raise CommandRefused(
            "STR-001",
            f"“{folder}”的读数库已在运行。请先停下它，或用 --folder 另指文件夹。",
            f"The store in “{folder}” runs already. Stop it, or name another folder with --folder.",
        ) from taken
    except OSError as fault:
        raise CommandRefused(
            "STR-002",
            f"读数库启动不了：{fault.strerror or fault}。请核对文件夹的权限和端口。",
            f"The store cannot start: {fault.strerror or fault}. See to its folder and port.",
        ) from fault
    return 0


def _serve_cluster(args: argparse.Namespace) -> int:
    from shuangkong.cli.refusal import CommandRefused
    from shuangkong.readings.opening import is_cluster, open_client
    from shuangkong.readings.tables.cluster import statements

    if not is_cluster():
        raise CommandRefused(
            "STR-003",
            "没有写明集群：环境变量 SHUANGKONG_STORE 应为各节点的地址，如 http://host:8123。",
            "No cluster is named: SHUANGKONG_STORE should hold the addresses of its nodes, such as http://host:8123.",
        )
    folder, zone, validity = _ground(args.folder)
    client = open_client(folder)
    if args.make_tables:
        makes = client.anywhere()
        for statement in statements():
            makes.do(statement)
        print("表已建好 Tables are made", flush=True)
        return 0
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    _told(" ".join(client.addresses))
    if args.no_roll:
        stopping.wait()
    else:
        _roll(stopping, client, zone, validity)
    return 0


def _roll(stopping: threading.Event, client: Client, zone: str, validity: Validity) -> None:
    from shuangkong.readings.rolling import Roller
    from shuangkong.readings.turning import roll_until

    roll_until(stopping, Roller(client, zone, validity), lambda line: print(line, file=sys.stderr, flush=True))


def _ground(folder: Path | None) -> tuple[Path, str, Validity]:
    """Where the store writes, where its days begin, and what counts."""
    from django.conf import settings

    from shuangkong.cli.site import name_settings
    from shuangkong.readings.opening import FOLDER
    from shuangkong.readings.validity import validity_of
    from shuangkong.rulebook import open_rulebook

    name_settings()
    return folder or settings.VAR / FOLDER, settings.TIME_ZONE, validity_of(open_rulebook().monitoring().marks)


def _told(address: str) -> None:
    print(f"读数库已启动 Store: {address}", flush=True)
