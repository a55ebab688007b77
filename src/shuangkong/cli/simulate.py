"""模拟站点：让成百上千个虚构的排口和电表连上网关，实时上报或补历史，带各种毛病。 Plays invented stations.

默认接着此刻实时上报；--history 先补这些天的数据，越快越好，以应答为准。
站点由 --seed 决定，同一种子总是同样的站点和数据。
--profiles 写出这些站点的设备档案（供 shuangkong listen --profiles 使用），--roster 写出各登记册的导入文件；
两者都不连网关。
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import fields
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shuangkong.cli.refusal import CommandRefused

if TYPE_CHECKING:
    from shuangkong.gateway.simulated.counts import Counts
    from shuangkong.gateway.simulated.line import Address
    from shuangkong.gateway.simulated.running import Play
    from shuangkong.monitoring.simulated.roster import Owner
    from shuangkong.monitoring.simulated.site import Site

DEFAULT_ADDRESS = "127.0.0.1:8212"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--address", default=DEFAULT_ADDRESS, metavar="HOST:PORT", help="网关的地址 (of the gateway)")
    parser.add_argument("--gas", type=int, default=20, metavar="N", help="废气排口数 (outlets of gas)")
    parser.add_argument("--water", type=int, default=10, metavar="N", help="废水排口数 (outlets of water)")
    parser.add_argument("--meters", type=int, default=5, metavar="N", help="电表数 (energy meters)")
    parser.add_argument("--seed", type=int, default=212, metavar="N", help="种子 (the same seed, the same stations)")
    parser.add_argument("--plain", action="store_true", help="全部按标准发送 (no habits of real devices)")
    parser.add_argument("--troubled", type=float, metavar="SHARE", help="有毛病的站点所占份额 0–1 (with troubles)")
    parser.add_argument(
        "--history", nargs=2, type=date.fromisoformat, metavar=("FROM", "TO"), help="补这些天的历史 (days of history)"
    )
    parser.add_argument("--no-live", action="store_true", help="补完历史就结束 (end after the history)")
    parser.add_argument("--words", metavar="A,B", help="只发这些数据，如 hour_data,day_data (only these commands)")
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help="每秒发这么多帧，不等应答 (open loop)")
    parser.add_argument("--seconds", type=float, default=0.0, metavar="N", help="最多这么久 (at most so long)")
    parser.add_argument("--report", type=float, default=10.0, metavar="N", help="每隔几秒报数 (seconds between counts)")
    parser.add_argument("--profiles", type=Path, metavar="FILE", help="只写出设备档案 (write the profiles and end)")
    parser.add_argument(
        "--roster", type=Path, metavar="FOLDER", help="只写出各登记册的导入文件 (write files for the registers and end)"
    )
    parser.add_argument(
        "--owner",
        action="append",
        metavar="NAME,REGION,LONGITUDE,LATITUDE",
        help="站点归属的企业、区划代码和经纬度，可多次给出 (an enterprise that owns stations)",
    )
    parser.add_argument("--centre", metavar="URL", help="电表按用能单位上传到这个登记地址 (meters upload there, NHJC)")
    parser.add_argument(
        "--unit",
        action="append",
        metavar="CREDIT-CODE,REGION",
        help="上传的用能单位，可多次给出 (a unit whose meters upload)",
    )
    parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="登记的起始日 (registered from)")
    parser.add_argument("--policy", type=Path, metavar="FOLDER", help="政策文件夹（默认自动查找）")


def run(args: argparse.Namespace) -> int:
    """Plays until stopped; 0, or 1 where frames of a history were not acknowledged in the end."""
    from shuangkong.cli.opening import policy_folder
    from shuangkong.gateway.simulated.running import run_cast
    from shuangkong.monitoring.simulated.cast import TROUBLED_SHARE, cast
    from shuangkong.monitoring.simulated.roster import roster
    from shuangkong.monitoring.simulated.site import Kind
    from shuangkong.monitoring.wire_codes import hj212_codes
    from shuangkong.rulebook import open_rulebook

    sites = cast(
        args.seed,
        gas=args.gas,
        water=args.water,
        meters=args.meters,
        is_plain=args.plain,
        troubled_share=TROUBLED_SHARE if args.troubled is None else args.troubled,
    )
    if args.profiles is not None:
        args.profiles.write_text(json.dumps([profile(site) for site in sites], ensure_ascii=False, indent=1), "utf-8")
        print(f"{args.profiles}：{len(sites)} 个站点的档案已写入。Profiles of {len(sites)} stations written.")
        return 0
    if args.roster is not None:
        return _write_roster(args.roster, roster(sites, _owners(args.owner or []), args.since or date.today()))  # noqa: DTZ011
    codes = hj212_codes(open_rulebook(policy_folder(args.policy)).folder)
    play = _play(args)
    beside = _uploads(args, sites, play)
    if beside:
        sites = tuple(site for site in sites if site.kind is not Kind.METER)
    counts = in_loop(
        run_cast(sites, codes, named_address(args.address), play, lambda line: print(line, flush=True), beside)
    )
    return 1 if counts.given_up and args.no_live else 0


def _owners(told: list[str]) -> list[Owner]:
    from shuangkong.monitoring.simulated.roster import Owner

    owners = []
    for text in told:
        parts = text.split(",")
        try:
            name, region, longitude, latitude = parts
            owners.append(Owner(name, region, float(longitude), float(latitude)))
        except ValueError:
            raise CommandRefused(
                "SIM-004",
                f"企业应写成“名称,区划代码,经度,纬度”，实为“{text}”。",
                f"Expected an enterprise as name,region,longitude,latitude, found “{text}”.",
            ) from None
    if not owners:
        raise CommandRefused(
            "SIM-005",
            "登记册要写明排放口属于哪家企业。请用 --owner 至少给出一家。",
            "The registers ask whose the outlets are. Name one enterprise at least with --owner.",
        )
    return owners


def _uploads(
    args: argparse.Namespace, sites: Sequence[Site], play: Play
) -> list[Callable[[Counts], Coroutine[None, None, None]]]:
    """The uploads of meters, one of a unit; none where no centre is named."""
    from shuangkong.gateway.simulated.uploading import units, upload
    from shuangkong.monitoring.simulated.site import Kind
    from shuangkong.protocols.nhjc.profile import Profile

    if not args.centre:
        return []
    told = [tuple(text.split(",")) for text in args.unit or []]
    named = [(pair[0], pair[1]) for pair in told if len(pair) == 2]
    if not named or len(named) != len(told):
        raise CommandRefused(
            "SIM-006",
            "电表上传要写明单位：--unit 统一社会信用代码,区划代码，可多次给出。",
            "Meters upload for units: name them with --unit CREDIT-CODE,REGION, more than once if need be.",
        )
    profile = Profile("simulated")
    meters = [site for site in sites if site.kind is Kind.METER]
    return [partial(upload, unit, args.centre, profile, play) for unit in units(meters, named) if unit.meters]


def _write_roster(folder: Path, rows: dict[str, list[dict[str, str]]]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for number, (register, found) in enumerate(rows.items(), start=1):
        if not found:
            continue
        keys = list(dict.fromkeys(key for row in found for key in row))
        path = folder / f"{number}-{register}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as lines:
            writer = csv.DictWriter(lines, keys)
            writer.writeheader()
            writer.writerows(found)
        print(f"{path}：{len(found)} 行。{len(found)} rows.")
    return 0


def profile(site: Site) -> dict[str, object]:
    """What the gateway has to know of a station, under the names of ``gateway.listening.profile.Profile``."""
    from shuangkong.gateway.listening.profile import Profile
    from shuangkong.monitoring.simulated.site import Manner

    told: dict[str, object] = {
        "mn": site.mn,
        "password": site.password,
        "keys": [site.key.hex()] if site.key else [],
        "variants": sorted({"hj212", site.variant}),
        "units": {each.code: each.unit for each in site.factors if Manner.OLD_CODES in site.manners},
        "encoding": "gbk" if Manner.GBK in site.manners else "utf-8",
        "edition": site.edition.value,
        "system": site.st,
    }
    known = {each.name for each in fields(Profile)}
    return {name: value for name, value in told.items() if name in known}


def _play(args: argparse.Namespace) -> Play:
    from shuangkong.gateway.simulated.running import Play
    from shuangkong.monitoring.simulated.playing import EVERYTHING

    words = tuple(args.words.split(",")) if args.words else ()
    unknown = [word for word in words if word not in EVERYTHING]
    if unknown:
        raise CommandRefused(
            "SIM-001",
            f"没有“{unknown[0]}”这种数据。可用：{', '.join(EVERYTHING)}。",
            f"There is no “{unknown[0]}”; expected one of {', '.join(EVERYTHING)}.",
        )
    first, last = args.history or (None, None)
    if first is not None and last is not None and last < first:
        raise CommandRefused(
            "SIM-002",
            f"历史的末日 {last} 早于首日 {first}。请先写首日。",
            f"The history ends on {last}, before it begins on {first}. Put the first day first.",
        )
    return Play(first, last, not args.no_live, words, args.rate, args.seconds, args.report)


def named_address(text: str) -> Address:
    """The address of a gateway. Raises CommandRefused: SIM-003, it is not host:port."""
    from shuangkong.gateway.simulated.line import Address

    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65_535:
        raise CommandRefused(
            "SIM-003",
            f"网关的地址应为“主机:端口”，实为“{text}”。例如 {DEFAULT_ADDRESS}。",
            f"Expected the gateway's address as host:port, found “{text}”; such as {DEFAULT_ADDRESS}.",
        )
    return Address(host.strip("[]"), int(port))


def in_loop[T](play: Coroutine[Any, Any, T]) -> T:
    """Runs it in the quickest loop of this system."""
    if sys.platform == "win32":
        return asyncio.run(play)
    import uvloop

    return uvloop.run(play)
