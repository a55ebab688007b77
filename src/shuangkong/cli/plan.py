"""方案：阅读、审核一份方案文件 (read or audit a plan document: .docx, .pdf, .html, .txt)."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from shuangkong.cli.opening import policy_folder, unopened
from shuangkong.cli.refusal import tell_refusal
from shuangkong.papers.fence import Fenced, fenced_file
from shuangkong.papers.reading_page import reading_page
from shuangkong.plans.document import DocumentRefused
from shuangkong.plans.reading import Reading, Role
from shuangkong.plans.reading_json import to_json
from shuangkong.rulebook import open_rulebook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    read = verbs.add_parser("read", help="读成结构 (read into structure)")
    read.add_argument("file", type=Path, help="方案文件：.docx .pdf .html .txt")
    form = read.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="输出 JSON")
    form.add_argument("--html", action="store_true", help="输出一页网页，原文与结构并列")
    audit = verbs.add_parser("audit", help="审核：找出矛盾、差错和缺漏 (audit)")
    audit.add_argument("file", type=Path, help="方案文件：.docx .pdf .html .txt")
    audit.add_argument("--json", action="store_true", help="输出 JSON")
    for verb in (read, audit):
        verb.add_argument("--english", action="store_true", help="words in English")


def run(args: argparse.Namespace) -> int:
    """0 read (or audited with nothing that must be fixed), 1 findings that must be fixed, 2 no plan can be read."""
    try:
        found = _fenced(args.file)
    except DocumentRefused as refused:
        return tell_refusal(refused, args)
    reading: Reading = found.result
    if args.verb == "audit":
        from shuangkong.cli.plan_audit import run_audit

        return run_audit(reading, found.document, as_json=args.json, english=args.english)
    if args.json:
        print(json.dumps(to_json(reading, found.document.text), ensure_ascii=False, indent=1))
    elif args.html:
        print(reading_page(found.document, reading, english=args.english))
    else:
        print(_summary(reading))
    return 0


def _fenced(path: Path) -> Fenced:
    lexicon = open_rulebook(policy_folder()).lexicon()
    try:
        return fenced_file(path, "shuangkong.plans.study:read", lexicon)
    except OSError as fault:
        raise unopened(path, fault) from fault


def _summary(reading: Reading) -> str:
    head = reading.head
    years = f"{head.horizon.start_year or '—'}–{head.horizon.end_year or '—'}"
    lines = [
        f"{head.title or '（未找到标题）'}  {head.doc_no or '（无文号）'}",
        f"发文机关 {head.issuer or '—'}  日期 {head.issued_on or '—'}  地区 {head.region or '—'}  规划期 {years}",
        f"章 {len(reading.chapters)}  条 {len(reading.items)}  目标 {len(reading.targets)}"
        f"  界限 {len(reading.thresholds)}  定性任务 {len(reading.duties)}"
        f"  附表 {len(reading.tables)}（目标 {len(reading.annex_targets)}）",
        "",
    ]
    for item in reading.items:
        leads = "、".join(item.named(Role.LEAD) + item.named(Role.SHARED)) or "—"
        lines.append(f"{item.no} {item.title}  〔{leads}〕")
        for target in reading.targets:
            if target.item_no == item.no:
                base = f"（比{target.base_year}年）" if target.base_year else ""
                doubt = "  ？" + "；".join(d.message.zh for d in target.doubts) if target.doubts else ""
                when = target.deadline or ""
                lines.append(f"    {when} {target.indicator} {target.op} {target.value}{target.unit}{base}{doubt}")
    lines += [f"？ {doubt.message.zh}" for doubt in (*head.doubts, *reading.doubts)]
    return "\n".join(lines)
