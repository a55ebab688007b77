"""启动采集网关：接收污染源数采仪的报文，落盘后应答，再读入读数库。 Starts the gateway for devices.

配置文件（TOML）写明监听地址、证书和限额；只监听一处时用 --address 即可。
设备档案取自本系统的登记，或用 --profiles 给出文件。
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shuangkong.gateway.listening.config import Config
    from shuangkong.gateway.listening.profile import ProfileSource
    from shuangkong.gateway.listening.server import Server

DEFAULT_ADDRESS = "127.0.0.1:8212"


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
    parser.add_argument("--profiles", type=Path, metavar="FILE", help="设备档案文件，不用登记 (profiles, JSON)")


def run(args: argparse.Namespace) -> int:
    """Listens until stopped; 0 then, 2 where it cannot begin."""
    from shuangkong.cli.refusal import CommandRefused
    from shuangkong.gateway.listening.config import BadConfig
    from shuangkong.gateway.listening.server import Server, run_server
    from shuangkong.readings.evidence.log import AlreadyWritten

    try:
        config = _config(args)
        folder, profiles = _ground(args)
        run_server(lambda: Server(config, folder, profiles, _say), _told)
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


def _ground(args: argparse.Namespace) -> tuple[Path, ProfileSource]:
    """Where the gateway writes, and who tells it of devices."""
    from shuangkong.gateway.listening.profile import FileProfiles, NoProfiles

    if args.profiles is not None and args.folder is not None:
        return args.folder, FileProfiles(args.profiles)
    from shuangkong.cli.site import open_site

    open_site()
    from django.conf import settings

    folder = args.folder or settings.VAR / "gateway"
    return folder, FileProfiles(args.profiles) if args.profiles is not None else NoProfiles()


def _told(server: Server) -> None:
    ports = ", ".join(f"{each.host}:{port}" for each, port in zip(server.config.listeners, server.ports, strict=True))
    _say(f"网关已启动 Gateway: {ports}")


def _say(line: str) -> None:
    print(line, file=sys.stderr if line.startswith("GTW") else sys.stdout, flush=True)
