"""命令行 `shuangkong`: one module a command, named in COMMANDS; nothing is decided here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from shuangkong.cli.refusal import CommandRefused, tell_refusal
from shuangkong.policyfile.folder import PolicyRefused

#: Exit code of a command that the person stopped, as shells give it.
STOPPED = 130

#: command word → module with ``add_arguments(parser)`` and ``run(args) -> int``; imported when used: start-up is quick.
COMMANDS: dict[str, str] = {
    "amounts": "shuangkong.cli.amounts",
    "demo": "shuangkong.cli.demo",
    "serve": "shuangkong.cli.serve",
    "listen": "shuangkong.cli.listen",
    "simulate": "shuangkong.cli.simulate",
    "consume": "shuangkong.cli.consume",
    "collect": "shuangkong.cli.collect",
    "uplink": "shuangkong.cli.uplink",
    "store": "shuangkong.cli.store",
    "readings": "shuangkong.cli.readings",
    "load": "shuangkong.cli.load",
    "subjects": "shuangkong.cli.subjects",
    "plan": "shuangkong.cli.plan",
    "policy": "shuangkong.cli.policy",
    "compute": "shuangkong.cli.compute",
    "explain": "shuangkong.cli.explain",
    "barometer": "shuangkong.cli.barometer",
    "tasks": "shuangkong.cli.tasks",
    "journal": "shuangkong.cli.journal",
    "judge": "shuangkong.cli.judge",
    "tick": "shuangkong.cli.tick",
    "docs": "shuangkong.cli.docs",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the process exit code (0 done, 1 findings that must be fixed, 2 wrong use)."""
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if not word.startswith("-")), None)
    parser = argparse.ArgumentParser(prog="shuangkong", description="双控：节能减排综合工作方案的运行系统")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    runs: dict[str, Callable[[argparse.Namespace], int]] = {}
    for word, module_name in COMMANDS.items():
        if chosen in COMMANDS and word != chosen:
            continue
        module = import_module(module_name)
        sub = commands.add_parser(word, help=(module.__doc__ or "").strip().splitlines()[0], description=module.__doc__)
        module.add_arguments(sub)
        runs[word] = module.run
    args = parser.parse_args(words)
    try:
        return runs[args.command](args)
    except CommandRefused as refused:
        return tell_refusal(refused, args)
    except PolicyRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # The reader of our output (head, a pager) has gone: nobody is left to tell.
        sys.stdout = None
        return 0
