"""启动采集网关：接收污染源数采仪的报文，落盘后应答，再读入读数库。 Starts the gateway for devices.

配置文件（TOML）写明监听地址、证书和限额；只监听一处时用 --address 即可。
设备档案取自本系统的登记，或用 --profiles 给出文件。
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuangkong.gateway.listening.config import Config
    from shuangkong.gateway.listening.gate import Gate
    from shuangkong.gateway.listening.orders import OrderDesk
    from shuangkong.gateway.listening.profile import ProfileSource
    from shuangkong.gateway.listening.server import Server

DEFAULT_ADDRESS = "127.0.0.1:8212"
#: What a consumer may take to end when the gateway stops, and how long to wait before one that died begins again.
STOP_SECONDS, AGAIN_SECONDS = 5, 3
_CONSUME = "import sys; from shuangkong.cli import main; sys.exit(main())"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="网关配置文件 (configuration, TOML)")
    parser.add_argument(
        "--address",
        action="append",
        metavar="HOST:PORT",
        help=f"监听地址，可多次给出，默认 {DEFAULT_ADDRESS} (where to listen; more than once)",
    )
    parser.add_argument("--certificate", type=Path, metavar="PEM", help="TLS 证书 (certificate for TLS)")
    parser.add_argument("--key", type=Path, metavar="PEM", help="TLS 私钥 (its private key)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="网关的文件夹，默认 var/gateway (where it writes)")
    parser.add_argument(
        "--profiles",
        type=Path,
        metavar="FILE",
        help="设备档案文件，不用登记；只接收、应答、留存，不读入 (profiles, JSON: keeps and answers, reads nothing in)",
    )
    parser.add_argument("--no-consumer", action="store_true", help="不在旁边读入 (no consumer beside it)")


def run(args: argparse.Namespace) -> int:
    """Listens until stopped; 0 then, 2 where it cannot begin."""
    from shuangkong.cli.refusal import CommandRefused
    from shuangkong.gateway.listening.config import BadConfig
    from shuangkong.gateway.listening.server import Server, run_server
    from shuangkong.readings.evidence.log import AlreadyWritten

    try:
        config = _config(args)
        folder, profiles, desk_of = _ground(args)
        with _consuming(folder, is_wanted=desk_of is not None and not args.no_consumer):
            again = None if args.config is None else partial(_config, args)
            run_server(lambda: Server(config, folder, profiles, _say, desk_of, again), _told)
    except BadConfig as refused:
        raise CommandRefused(refused.code, refused.zh, refused.en) from refused
    except AlreadyWritten as fault:
        raise CommandRefused(
            "GTW-002",
            f"另一个网关正在写“{args.folder or 'var/gateway'}”。请先停下它，或用 --folder 另指文件夹。",
            f"Another gateway writes there: {fault}. Stop it, or name another folder with --folder.",
        ) from fault
    except OSError as fault:
        raise CommandRefused(
            "GTW-003",
            f"监听不了：{fault.strerror or fault}。请核对地址是否被占用、是否有权使用。",
            f"Cannot listen: {fault.strerror or fault}. See whether the address is taken or may be used.",
        ) from fault
    return 0


def _config(args: argparse.Namespace) -> Config:
    from shuangkong.gateway.listening.config import Config, listener_at, read_config

    if args.config is not None:
        return read_config(args.config)
    addresses = args.address or [DEFAULT_ADDRESS]
    return Config(tuple(listener_at(each, args.certificate, args.key) for each in addresses))


def _ground(args: argparse.Namespace) -> tuple[Path, ProfileSource, Callable[[Gate], OrderDesk] | None]:
    """Where the gateway writes, who tells it of devices, and what asks devices for something."""
    from shuangkong.gateway.listening.profile import FileProfiles

    if args.profiles is not None and args.folder is not None:
        return args.folder, FileProfiles(args.profiles), None
    from shuangkong.cli.site import open_site

    open_site()
    from django.conf import settings

    folder = args.folder or settings.VAR / "gateway"
    if args.profiles is not None:
        return folder, FileProfiles(args.profiles), None
    from shuangkong.gateway.registered import RegisteredProfiles
    from shuangkong.gateway.standing import desk_of

    return folder, RegisteredProfiles(), desk_of


@contextmanager
def _consuming(folder: Path, *, is_wanted: bool) -> Iterator[None]:
    """A consumer in a process of its own while the context lasts; one that dies begins again.

    It ends when nobody is left at the other end of its input: however the gateway ends, its consumer does.
    """
    if not is_wanted:
        yield
        return
    stopped, held = threading.Event(), list[subprocess.Popen[bytes]]()

    def keep() -> None:
        while not stopped.is_set():
            command = [sys.executable, "-c", _CONSUME, "consume", "--while-open", "--folder", str(folder)]
            held[:] = [subprocess.Popen(command, stdin=subprocess.PIPE)]
            code = held[0].wait()
            if not stopped.is_set():
                _say(f"GTW-106 读入的进程停了（{code}），稍后再开。The consumer ended ({code}); it begins again.")
                stopped.wait(AGAIN_SECONDS)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stopped.set()
        for process in held:
            if process.stdin is not None:
                process.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)


def _told(server: Server) -> None:
    ports = ", ".join(f"{each.host}:{port}" for each, port in zip(server.config.listeners, server.ports, strict=True))
    _say(f"网关已启动 Gateway: {ports}")


def _say(line: str) -> None:
    print(line, file=sys.stderr if line.startswith("GTW") else sys.stdout, flush=True)
