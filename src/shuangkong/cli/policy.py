"""政策文件：检查、查找、列出待核对的值 (policy files: check, find, stale).

check 逐个读取 policy/ 的文件并核对来源、单位、词汇、生效期和案例；find 查找名称、别名、数值并给出所在行；
stale 列出尚未与原文核对、或核对已久的值。
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

from shuangkong.cli.opening import policy_folder
from shuangkong.core.finding import Finding
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.search import find
from shuangkong.policyfile.staleness import Reason, stale
from shuangkong.rulebook import check_policy

REASONS = {
    Reason.UNVERIFIED: ("未与原文核对", "not compared with its document"),
    Reason.CHECK_IS_OLD: ("核对已久", "compared long ago"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--policy", type=Path, metavar="FOLDER", help="政策文件夹（默认自动查找）")
    shared.add_argument("--json", action="store_true", help="输出 JSON")
    shared.add_argument("--english", action="store_true", help="English messages")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    tasks.add_parser("check", parents=[shared], help="检查全部政策文件 (check everything)")
    finding = tasks.add_parser("find", parents=[shared], help="查找词语 (find a word)")
    finding.add_argument("word", metavar="WORD")
    staling = tasks.add_parser(
        "stale", parents=[shared], help="列出待核对的值 (values to compare with their documents)"
    )
    staling.add_argument("--on", type=date.fromisoformat, default=None, metavar="DAY", help="以哪一天为准，默认今天")
    staling.add_argument("--days", type=int, default=365, help="核对超过多少天算久，默认 365")


def run(args: argparse.Namespace) -> int:
    """0 nothing to fix, 1 findings."""
    return TASKS[args.task](PolicyFolder(policy_folder(args.policy)), args)


def _check(folder: PolicyFolder, args: argparse.Namespace) -> int:
    findings = check_policy(folder)
    if args.json:
        _print_json(_finding_row(finding) for finding in findings)
    else:
        for finding in findings:
            print(f"{finding.place}  {finding.code}  {finding.message.en if args.english else finding.message.zh}")
        if args.english:
            print(f"{len(folder.names)} files, {len(findings)} findings.")
        else:
            print(f"共 {len(folder.names)} 个文件，{len(findings)} 处问题。")
    return 1 if findings else 0


def _find(folder: PolicyFolder, args: argparse.Namespace) -> int:
    hits = tuple(find(folder, args.word))
    if args.json:
        _print_json({"place": str(hit.place), "path": hit.path, "text": hit.text} for hit in hits)
        return 0
    for hit in hits:
        print("  ".join(filter(None, (str(hit.place), hit.path, " ".join(hit.text.split())))))
    if not hits:
        print(f"No policy file mentions “{args.word}”." if args.english else f"没有政策文件提到“{args.word}”。")
    return 0


def _stale(folder: PolicyFolder, args: argparse.Namespace) -> int:
    on = args.on or date.today()  # noqa: DTZ011 - the office's own calendar day
    entries = tuple(stale(folder, on, timedelta(days=args.days)))
    language = 1 if args.english else 0
    heads = (
        ("层级", "位置", "编号", "内容", "来源", "原因", "核对日"),
        ("layer", "place", "id", "what", "source", "reason", "checked"),
    )
    rows = [
        (
            entry.layer,
            str(entry.place),
            entry.id,
            entry.text,
            entry.source,
            REASONS[entry.reason][language],
            str(entry.checked_on or "—"),
        )
        for entry in entries
    ]
    if args.json:
        _print_json(
            {**dict(zip(heads[1], row, strict=True)), "reason": entry.reason}
            for row, entry in zip(rows, entries, strict=True)
        )
        return 0
    print(" | ".join(heads[language]))
    for row in rows:
        print(" | ".join(row))
    print(f"{len(rows)} to compare with their documents." if args.english else f"共 {len(rows)} 项待核对。")
    return 0


def _finding_row(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "place": finding.place,
        "message": {"zh": finding.message.zh, "en": finding.message.en},
    }


def _print_json(rows: Iterable[object]) -> None:
    print(json.dumps(list(rows), ensure_ascii=False, indent=2))


TASKS: dict[str, Callable[[PolicyFolder, argparse.Namespace], int]] = {"check": _check, "find": _find, "stale": _stale}
