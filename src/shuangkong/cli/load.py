"""录入实际值：从 CSV 或 XLSX 文件读入，可先试算 (load actual values from a file, or try what it would do)."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from shuangkong.cli.opening import unopened
from shuangkong.cli.refusal import tell_refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, help="CSV 或 XLSX 文件；加 --template 时为要写出的空表")
    parser.add_argument("--source", default="", help="数据来源：行内未写来源时用")
    parser.add_argument("--dry-run", action="store_true", help="只试算，不写入")
    parser.add_argument("--by", default=getpass.getuser(), help="记录人（默认当前系统用户）")
    parser.add_argument("--template", action="store_true", help="写出一份空表供填写")


def run(args: argparse.Namespace) -> int:
    """0 loaded (or would be), 1 rows refused, 2 the file cannot be taken at all."""
    return _write_template(args.file) if args.template else _load(args)


def _write_template(path: Path) -> int:
    from shuangkong.papers.tables import FormField, write_form
    from shuangkong.records.facts.columns import CHOICES, COLUMNS

    fields = [
        FormField(column.headings[0], column.takes, column.is_required, CHOICES.get(column.name, ()))
        for column in COLUMNS
    ]
    try:
        path.write_bytes(write_form("实际值填报表", fields))
    except OSError as fault:
        raise unopened(path, fault) from fault
    print(f"已写出空表 Written: {path}")
    return 0


def _load(args: argparse.Namespace) -> int:
    from shuangkong.cli.site import open_site
    from shuangkong.papers.tables import SheetRefused, read_sheet

    try:
        sheet = read_sheet(args.file.read_bytes(), args.file.name)
    except SheetRefused as refused:
        return tell_refusal(refused, args)
    except OSError as fault:
        raise unopened(args.file, fault) from fault
    open_site()
    from shuangkong.cli.operator import operator
    from shuangkong.records.facts.store import load_rows
    from shuangkong.web.plans.tasks.derived import derive_loaded

    by = operator(args.by)
    report = load_rows(
        sheet.rows, name=args.file.name, digest=sheet.digest, source=args.source, by=by, is_dry_run=args.dry_run
    )
    if report.load is not None:
        derive_loaded(report.load)
    for verdict in report.verdicts:
        if verdict.verdict == "refused":
            print(f"{verdict.code} {verdict.message.zh}\n    {verdict.message.en}", file=sys.stderr)
        else:
            figures = f"{verdict.before} → {verdict.told}" if verdict.before else verdict.told
            print(f"第 {verdict.row} 行 {verdict.indicator} · {verdict.what}：{verdict.message.zh} {figures}")
    counts = "，".join(
        f"{word} {report.count(key)}"
        for word, key in (("新增", "new"), ("有变", "changed"), ("相同", "same"), ("不收", "refused"))
    )
    done = "已写入" if report.is_written else "试算，未写入" if args.dry_run else "有行不收，全部未写入"
    print(f"{counts}。{done}。")
    return 1 if report.count("refused") else 0
