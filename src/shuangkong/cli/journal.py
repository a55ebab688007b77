"""核验日志：逐行重算哈希链 (re-check the journal; shares nothing with its writer but the sealing rule)."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from shuangkong.core.chain import Break, Link, breaks

_SEALED = ("at", "author", "body", "place", "act", "subject", "ground", "document", "before", "after")
_SAID = {
    "gap": "编号不连续：应为 {expected}，实为 {found}（有行被删去、插入或调换）。Numbers are not consecutive.",
    "previous": "与前一行不衔接：应为 {expected}，实为 {found}。It does not seal the row before it.",
    "content": "内容与封印不符：应为 {expected}，实为 {found}（内容或封印被改动）。Content and seal differ.",
    "head": "排在记下的最后一行（{expected}）之后：是绕过系统写入的，或记下的行号被改动。It stands behind the head.",
    "pointer": "{expected} 里的记录指着这一行，日志里没有（有行被删去）。A record points to it, and it is not there.",
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
    except (OSError, ValueError) as fault:
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

    is_anchored = bool(anchors)
    if file is None:
        _open()
        anchors = _newest() | _kept() | anchors
    checked, broken = _Counted(_of_file(file) if file else _of_database()), 0
    for each in chain(breaks(checked, sm3, anchors), () if file else _beside(checked)):
        broken += 1
        if broken <= _SHOWN:
            print(_sentence(each))
    if broken > _SHOWN:
        print(f"……另有 {broken - _SHOWN} 处。And {broken - _SHOWN} more.")
    if broken:
        print(f"JRN-902 日志不完整：{checked.count} 行中有 {broken} 处断裂。The journal is broken in {broken} places.")
        return 1
    print(f"日志完整：{checked.count} 行，最后一行的封印 {checked.last or '—'}。The journal holds.")
    if file is not None and not is_anchored:
        print("没有给出 --anchor：末尾有没有被删去，没有核对。No anchor was given: the end is not checked.")
    return 0


def _beside(checked: _Counted) -> Iterator[Break]:
    """What the rest of the database says against the rows: the head, and the numbers that other records point to."""
    from shuangkong.cli.pointers import unwritten

    newest = next(iter(_newest()), 0)
    if checked.number > newest:
        yield Break(checked.number, "head", str(newest), str(checked.number))
    for table, number in unwritten():
        yield Break(number, "pointer", table, "")


def _sentence(each: Break) -> str:
    return f"第 {each.sequence} 行 row {each.sequence}: " + _SAID[each.kind].format(
        expected=each.expected or "—", found=each.found or "—"
    )


class _Counted:
    """The rows in turn, with how many there were and the last seal."""

    def __init__(self, links: Iterator[Link]) -> None:
        self.links, self.count, self.last, self.number = links, 0, "", 0

    def __iter__(self) -> Iterator[Link]:
        for link in self.links:
            self.count, self.last, self.number = self.count + 1, link.digest, max(self.number, link.sequence)
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


def _kept() -> dict[int, str]:
    """Number and seal of each day, as ``tick`` wrote them down outside the database."""
    from shuangkong.records.journal.anchors import anchors

    return {each.sequence: each.digest for each in anchors()}


def _of_database() -> Iterator[Link]:
    """Plain SQL: what stands in the table, not what the store would say of it."""
    from django.db import connection

    columns = ", ".join(("sequence", "previous", "digest", *_SEALED))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM journal_journalrow ORDER BY sequence")
        while rows := cursor.fetchmany(5_000):
            for sequence, previous, digest, *content in rows:
                said = dict(zip(_SEALED, map(str, content), strict=True))
                yield Link(sequence, said, str(previous), str(digest))


def _of_file(path: Path) -> Iterator[Link]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield _link(json.loads(line))
            except (ValueError, TypeError) as fault:
                raise ValueError(f"{path} 第 {number} 行：{fault} (line {number})") from fault


def _link(row: object) -> Link:
    """One line of an export. Raises TypeError where it is none."""
    if not isinstance(row, dict):
        raise TypeError(f"应为 JSON 对象，实为 {type(row).__name__}")
    if not isinstance(row.get("sequence"), int):
        raise TypeError(f"sequence 应为整数，实为 {row.get('sequence')!r}")
    for name in ("previous", "digest", *_SEALED):
        if not isinstance(row.get(name), str):
            raise TypeError(f"{name} 应为文本，实为 {row.get(name)!r}")
    return Link(row["sequence"], {name: row[name] for name in _SEALED}, row["previous"], row["digest"])


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
