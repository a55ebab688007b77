"""核验日志：逐行重算哈希链 (re-check the journal; shares nothing with its writer but the sealing rule)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from shuangkong.core.chain import Break, Link, breaks

_SEALED = ("at", "author", "body", "place", "act", "subject", "ground", "document", "before", "after")
_SAID = {
    "gap": "编号不连续：应为 {expected}，实为 {found}（有行被删去、插入或调换）。Numbers are not consecutive.",
    "previous": "与前一行不衔接：应为 {expected}，实为 {found}。It does not seal the row before it.",
    "content": "内容与封印不符：应为 {expected}，实为 {found}（内容或封印被改动）。Content and seal differ.",
    "anchor": "与另处留存的封印不符：应为 {expected}，实为 {found}。It differs from the seal kept elsewhere.",
}
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser(
        "verify", help="逐行重算，找出被改动、删去或调换的行 (find altered, dropped, reordered rows)"
    )
    verify.add_argument(
        "--file", type=Path, help="核验导出的文件，不读数据库 (an exported file instead of the database)"
    )
    verify.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="N:SEAL",
        help="公文上印的编号和封印，可多次给出 (number and seal as printed on a paper)",
    )
    export = acts.add_parser("export", help="导出为每行一个 JSON (one JSON a line)")
    export.add_argument("--file", type=Path, help="写入的文件，默认写到屏幕 (default: standard output)")


def run(args: argparse.Namespace) -> int:
    """0 the chain holds or was exported, 1 it is broken, 2 wrong use."""
    try:
        return _export(args.file) if args.act == "export" else _verify(args.file, _anchors(args.anchor))
    except (OSError, ValueError, KeyError) as fault:
        print(f"JRN-901 无法核验：{fault}。Cannot be checked.", file=sys.stderr)
        return 2


def _anchors(given: list[str]) -> dict[int, str]:
    pairs = [text.partition(":") for text in given]
    for number, _, seal in pairs:
        if not (number.isdecimal() and seal):
            raise ValueError(f"--anchor 应为 编号:封印，实为 {number}")
    return {int(number): seal for number, _, seal in pairs}


def _verify(file: Path | None, anchors: dict[int, str]) -> int:
    from shuangkong.records.journal.digest import sm3

    if file is None:
        _open()
        anchors = _newest() | anchors
    checked, broken = _Counted(_of_file(file) if file else _of_database()), 0
    for each in breaks(checked, sm3, anchors):
        broken += 1
        if broken <= _SHOWN:
            print(_sentence(each))
    if broken > _SHOWN:
        print(f"……另有 {broken - _SHOWN} 处。And {broken - _SHOWN} more.")
    if broken:
        print(f"JRN-902 日志不完整：{checked.count} 行中有 {broken} 处断裂。The journal is broken in {broken} places.")
        return 1
    print(f"日志完整：{checked.count} 行，最后一行的封印 {checked.last or '—'}。The journal holds.")
    return 0


def _sentence(each: Break) -> str:
    return f"第 {each.sequence} 行 row {each.sequence}: " + _SAID[each.kind].format(
        expected=each.expected or "—", found=each.found or "—"
    )


class _Counted:
    """The rows in turn, with how many there were and the last seal."""

    def __init__(self, links: Iterator[Link]) -> None:
        self.links, self.count, self.last = links, 0, ""

    def __iter__(self) -> Iterator[Link]:
        for link in self.links:
            self.count, self.last = self.count + 1, link.digest
            yield link


def _open() -> None:
    from shuangkong.cli.site import open_site

    open_site()


def _newest() -> dict[int, str]:
    """Number and seal of the newest row as the writer keeps them: rows dropped at the end are found by it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT sequence, digest FROM journal_journalhead WHERE sequence > 0")
        return dict(cursor.fetchall())


def _of_database() -> Iterator[Link]:
    """Plain SQL: what stands in the table, not what the store would say of it."""
    from django.db import connection

    columns = ", ".join(("sequence", "previous", "digest", *_SEALED))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM journal_journalrow ORDER BY sequence")
        while rows := cursor.fetchmany(5_000):
            for sequence, previous, digest, *content in rows:
                yield Link(sequence, dict(zip(_SEALED, content, strict=True)), previous, digest)


def _of_file(path: Path) -> Iterator[Link]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield Link(row["sequence"], {name: row[name] for name in _SEALED}, row["previous"], row["digest"])


def _export(file: Path | None) -> int:
    _open()
    target = file.open("w", encoding="utf-8") if file else sys.stdout
    try:
        for link in _of_database():
            row = {"sequence": link.sequence, **link.content, "previous": link.previous, "digest": link.digest}
            target.write(json.dumps(row, ensure_ascii=False) + "\n")
    finally:
        if file:
            target.close()
    return 0
