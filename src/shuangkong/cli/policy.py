"""政策文件：检查、查找、问依据、列出待核对的值、比较草案 (policy files: check, find, why, stale, diff).

check 逐个读取 policy/ 的文件并核对来源、单位、词汇、生效期和案例；find 查找名称、别名、数值并给出所在行；
why 说明某地某日适用的规定出自哪个文件、哪一层、哪一条；stale 列出尚未与原文核对、或核对已久的值；
diff 在签发之前逐个数说明草案或另一层会改变什么。
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

from shuangkong.cli import policy_diff
from shuangkong.cli.opening import policy_folder
from shuangkong.cli.policy_diff import diff
from shuangkong.cli.policy_place import add_place, asked, day_of
from shuangkong.cli.policy_why import why
from shuangkong.core.finding import Finding
from shuangkong.policyfile.effect import files_in_force
from shuangkong.policyfile.search import find
from shuangkong.policyfile.staleness import Reason, stale
from shuangkong.rulebook import Rulebook, check_policy

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
    add_place(finding)
    asking = tasks.add_parser("why", parents=[shared], help="某地某日为什么是这个规定 (why a rule is what it is)")
    asking.add_argument("id", metavar="ID", help="编号、指标或参数的名称")
    add_place(asking)
    staling = tasks.add_parser(
        "stale", parents=[shared], help="列出待核对的值 (values to compare with their documents)"
    )
    add_place(staling)
    staling.add_argument("--days", type=int, default=365, help="核对超过多少天算久，默认 365")
    differing = tasks.add_parser("diff", parents=[shared], help="草案或另一层会移动哪些数 (what a change moves)")
    policy_diff.add_arguments(differing)


def run(args: argparse.Namespace) -> int:
    """0 nothing to fix, 1 findings."""
    return TASKS[args.task](Rulebook(policy_folder(args.policy)), args)


def _check(rulebook: Rulebook, args: argparse.Namespace) -> int:
    folder = rulebook.folder
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


def _within(rulebook: Rulebook, args: argparse.Namespace, *, is_asked: bool) -> frozenset[str] | None:
    """The files that hold in the place asked for; None where all are to be looked at."""
    return frozenset(files_in_force(rulebook.folder, asked(rulebook, args).layer).values()) if is_asked else None


def _find(rulebook: Rulebook, args: argparse.Namespace) -> int:
    within = _within(rulebook, args, is_asked=bool(args.place or args.on))
    hits = tuple(find(rulebook.folder, args.word, within))
    if args.json:
        _print_json({"place": str(hit.place), "path": hit.path, "text": hit.text} for hit in hits)
        return 0
    for hit in hits:
        print("  ".join(filter(None, (str(hit.place), hit.path, " ".join(hit.text.split())))))
    if not hits:
        print(f"No policy file mentions “{args.word}”." if args.english else f"没有政策文件提到“{args.word}”。")
    return 0


def _stale(rulebook: Rulebook, args: argparse.Namespace) -> int:
    within = _within(rulebook, args, is_asked=bool(args.place))
    entries = tuple(stale(rulebook.folder, day_of(args), timedelta(days=args.days), within))
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


TASKS: dict[str, Callable[[Rulebook, argparse.Namespace], int]] = {
    "check": _check,
    "find": _find,
    "why": why,
    "stale": _stale,
    "diff": diff,
}
