"""演示：建库、装入演示数据、启动网站。 Creates the database, loads the demo, starts the site."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from shuangkong.cli.address import add_site_arguments, free_address
from shuangkong.cli.parts import add_part_arguments, gateway_of, parts_of
from shuangkong.cli.supervisor import Part


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_site_arguments(parser)
    add_part_arguments(parser)
    parser.add_argument("--no-serve", action="store_true", help="只装数据，不启动网站")
    parser.add_argument("--no-devices", action="store_true", help="不演示在线监测 (no invented devices)")
    parser.add_argument("--play", metavar="HOST:PORT", help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """0 when done or stopped. Repeatable: what is loaded already is left as it is."""
    if args.play:
        from shuangkong.cli.demo.devices import play

        return play(args.play)
    from shuangkong.cli.serve import serve
    from shuangkong.cli.site import open_site

    address, parts = (None, ()) if args.no_serve else (free_address(args.address), parts_of(args))
    print("· 数据库 database", flush=True)
    open_site()
    from django.conf import settings

    from shuangkong.cli.administrator import ensure_administrator
    from shuangkong.cli.demo.loading import BY, load_demo
    from shuangkong.cli.demo.people import ensure_people

    load_demo(lambda line: print(f"· {line}", flush=True))
    name, password = ensure_administrator()
    people = ensure_people(settings.DEMO_FOLDER, BY)
    print(f"演示用户 Demo users: {name} / {password} （管理员 administrator）", flush=True)
    for each in people:
        print(f"    {each.username} / {each.password} （{each.name}，虚构 invented）", flush=True)
    if address is None:
        return 0
    return serve(address, args.workers, parts if args.no_devices else (*parts, *_devices(parts)))


def _devices(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The part that plays the invented devices, which are registered first; none where no gateway would hear them."""
    gateway = gateway_of(parts)
    if gateway is None:
        return ()
    from django.conf import settings
    from django.utils import timezone

    from shuangkong.cli.demo.devices import tell_history
    from shuangkong.cli.demo.loading import BY
    from shuangkong.cli.demo.monitoring import ensure_monitoring
    from shuangkong.records.plans.reminders.turns import begin_turn

    if ensure_monitoring(settings.DEMO_FOLDER, BY):
        # The site's clock waits for the readings: before them it would find every outlet silent.
        begin_turn(timezone.now())
        print("· 虚构县的在线监测 the fictional county's monitoring", flush=True)
        tell_history()
    return (Part("演示设备 demo devices", ("demo", "--play", gateway)),)
