"""任务整批进出：从表格录入，导出为 CSV、XLSX 或 JSON Lines (tasks in from tables, and out)."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from shuangkong.cli.opening import unopened
from shuangkong.cli.refusal import tell_refusal

_SORTS = ("tasks", "owners", "progress", "bodies", "appointments")
_EXPORTS = ("tasks", "events", "bodies")
_FORMS = ("csv", "xlsx", "jsonl")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    taken = acts.add_parser("import", help="从 CSV 或 XLSX 录入 (take a table in)")
    taken.add_argument("file", type=Path, help="CSV 或 XLSX 文件 (a table)")
    taken.add_argument("--sort", choices=_SORTS, default="tasks", help="表里是什么 (what its rows are)")
    taken.add_argument("--accepted", action="store_true", help="只录入收下的行 (write the rows that are taken)")
    taken.add_argument("--dry-run", action="store_true", help="只试算，不写入 (write nothing)")
    taken.add_argument("--by", default=getpass.getuser(), help="记录人，默认当前系统用户 (on whose account)")
    out = acts.add_parser("export", help="导出 (take a table out)")
    out.add_argument("file", type=Path, nargs="?", help="写入的文件，默认写到屏幕 (default: standard output)")
    out.add_argument("--what", choices=_EXPORTS, default="tasks", help="导出什么 (what to take out)")
    out.add_argument("--form", choices=_FORMS, help="格式，默认看文件名 (default: as the file's name says, else csv)")


def run(args: argparse.Namespace) -> int:
    """0 done (or would be), 1 rows refused, 2 the file cannot be taken at all."""
    return _import(args) if args.act == "import" else _export(args)


def _import(args: argparse.Namespace) -> int:
    from shuangkong.papers.tables import SheetRefused, read_sheet

    try:
        sheet = read_sheet(args.file.read_bytes(), args.file.name)
    except SheetRefused as refused:
        return tell_refusal(refused, args)
    except OSError as fault:
        raise unopened(args.file, fault) from fault
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.cli.operator import operator
    from shuangkong.records.plans.exchange.rows import Mode, Sort, Verdict
    from shuangkong.records.plans.exchange.store import load_rows

    report = load_rows(
        Sort(args.sort), sheet.rows, operator(args.by), name=args.file.name, digest=sheet.digest,
        mode=Mode.ACCEPTED if args.accepted else Mode.WHOLE, is_dry_run=args.dry_run,
    )  # fmt: skip
    for each in report.verdicts:
        if each.verdict is Verdict.REFUSED:
            print(f"{each.code} {each.message.zh}\n    {each.message.en}", file=sys.stderr)
    counts = [report.count(each) for each in Verdict]
    done = "已写入 written" if report.load else "未写入 nothing written"
    print("新增 new {}，已录入过 same {}，不收 refused {}。{}。".format(*counts, done))
    return 1 if report.count(Verdict.REFUSED) else 0


def _export(args: argparse.Namespace) -> int:
    from shuangkong.cli.site import open_site

    open_site()
    from shuangkong.cli.operator import operator
    from shuangkong.papers.streams import Form, stream
    from shuangkong.records.plans.exchange.out import HEADINGS, Export, rows

    ending = args.file.suffix.removeprefix(".") if args.file else ""
    form = Form(args.form or (ending if ending in _FORMS else "csv"))
    what = Export(args.what)
    pieces = stream(form, HEADINGS[what], rows(what, operator(getpass.getuser())))
    try:
        target = args.file.open("wb") if args.file else sys.stdout.buffer
    except OSError as fault:
        raise unopened(args.file, fault) from fault
    try:
        for piece in pieces:
            target.write(piece)
    finally:
        if args.file:
            target.close()
    return 0
