"""部件: what stands beside the site, as its commands were asked: store of readings, gateway for devices, passing on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from shuangkong.cli.address import is_free, require_free, some_free
from shuangkong.cli.supervisor import Part

#: Where devices are told to send, unless something listens there already.
GATEWAY = "127.0.0.1:8212"
NONE = "none"


def add_part_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command takes that starts the parts."""
    parser.add_argument(
        "--gateway",
        metavar="HOST:PORT",
        help=f"采集网关的监听地址，默认 {GATEWAY}，被占用时任取一个；none 不启动 (for devices; none: no gateway)",
    )
    parser.add_argument("--gateway-config", type=Path, metavar="FILE", help="网关配置文件 (its configuration, TOML)")
    parser.add_argument(
        "--no-uplink", action="store_true", help="不转报上级平台 (nothing is passed on to platforms above)"
    )
    parser.add_argument("--no-store", action="store_true", help="不启动读数库 (the store runs elsewhere)")


def parts_of(args: argparse.Namespace) -> tuple[Part, ...]:
    """The parts that were asked for, in the order of their start.

    Raises:
        CommandRefused: an address was named for devices that cannot be listened at.
    """
    parts = [] if args.no_store else [Part("读数库 store", ("store",))]
    if args.gateway_config is not None:
        parts.append(Part("网关 gateway", ("listen", "--config", str(args.gateway_config))))
    elif args.gateway != NONE:
        parts.append(Part("网关 gateway", ("listen", "--address", _gateway(args.gateway))))
    if not args.no_uplink:
        # It waits where the site's pages name no platform above: whoever names one need not start anything.
        parts.append(Part("转报 uplink", ("uplink",)))
    return tuple(parts)


def gateway_of(parts: Sequence[Part]) -> str | None:
    """Where the gateway among parts listens; None: there is none, or its configuration says."""
    words = next((part.words for part in parts if part.words[:2] == ("listen", "--address")), None)
    return words[2] if words else None


def _gateway(named: str | None) -> str:
    if named is not None:
        require_free(named)
        return named
    return GATEWAY if is_free(GATEWAY) else some_free()
