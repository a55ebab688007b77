"""演示：建库、装入演示数据、启动网站。 Creates the database, loads the demo, starts the site."""

from __future__ import annotations

import argparse
import sys

from shuangkong.cli.serve import split_address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--address", default="127.0.0.1:8000", help="监听地址（默认 127.0.0.1:8000）")
    parser.add_argument("--workers", type=int, default=1, help="工作进程数（默认 1）")
    parser.add_argument("--no-serve", action="store_true", help="只装数据，不启动网站")


def run(args: argparse.Namespace) -> int:
    """0 when done or stopped, 2 where the address is wrong. Repeatable: what is loaded already is left as it is."""
    from shuangkong.cli.serve import serve
    from shuangkong.cli.site import open_site

    try:
        host, port = split_address(args.address)
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2
    print("· 数据库 database", flush=True)
    open_site()
    from shuangkong.cli.administrator import ensure_administrator
    from shuangkong.cli.demo.loading import load_demo

    load_demo(lambda line: print(f"· {line}", flush=True))
    name, password = ensure_administrator()
    print(f"演示用户 Demo users: {name} / {password}", flush=True)
    return 0 if args.no_serve else serve(host, port, args.workers)
