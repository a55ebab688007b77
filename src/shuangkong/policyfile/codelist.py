"""A code list in CSV beside the YAML that declares it: columns as declared, every cell text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from shuangkong.core.finding import Finding
from shuangkong.policyfile.node import Mapping, Place
from shuangkong.policyfile.refusal import refuse


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One line of the list, from 2; ``cells`` by column name."""

    place: Place
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class CodesRead:
    """What became of one list; both may be present."""

    rows: tuple[CodeRow, ...]
    findings: tuple[Finding, ...]


def read_codes(path: Path, shown_as: str, declared: Mapping) -> CodesRead:
    """Reads the CSV at ``path`` whose columns ``declared`` (a file of kind CODE_LIST) names."""
    return read_rows(path, shown_as, tuple(declared.mapping("columns").entries), declared.key_places["file"])


def read_rows(path: Path, shown_as: str, columns: tuple[str, ...], declared: Place) -> CodesRead:
    """Reads the CSV at ``path``; ``declared``: where its name is written."""
    if not path.is_file():
        problem = {"problem": f"找不到 {shown_as}", "problem_en": f"{shown_as} is not there"}
        return CodesRead((), (refuse("POL-031", declared, **problem),))
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            return _rows(reader, columns, shown_as)
        except (csv.Error, UnicodeDecodeError) as error:
            place = Place(shown_as, reader.line_num)
            finding = refuse(
                "POL-031", place, problem=f"不是合法的 CSV（{error}）", problem_en=f"no valid CSV ({error})"
            )
            return CodesRead((), (finding,))


def _rows(reader: Iterator[list[str]], expected: tuple[str, ...], shown_as: str) -> CodesRead:
    header = tuple(next(reader, ()))
    if header != expected:
        zh = f"应有列 {', '.join(expected)}，实有 {', '.join(header)}"
        en = f"expected columns {', '.join(expected)}, found {', '.join(header)}"
        return CodesRead((), (refuse("POL-031", Place(shown_as, 1), problem=zh, problem_en=en),))
    rows: list[CodeRow] = []
    findings: list[Finding] = []
    for line, cells in enumerate(reader, start=2):
        place = Place(shown_as, line)
        if len(cells) != len(expected):
            zh, en = (
                f"应有 {len(expected)} 格，实有 {len(cells)} 格",
                f"expected {len(expected)} cells, found {len(cells)}",
            )
            findings.append(refuse("POL-031", place, problem=zh, problem_en=en))
        else:
            rows.append(CodeRow(place, dict(zip(expected, cells, strict=True))))
    return CodesRead(tuple(rows), tuple(findings))


def check_tree(rows: tuple[CodeRow, ...]) -> Iterator[Finding]:
    """Every code has a name, its parent is listed, its intervals (where the list has them) do not overlap."""
    codes = {row.cells["code"] for row in rows}
    for row in rows:
        code, name, parent = (row.cells[key] for key in ("code", "name", "parent"))
        if not code or not name:
            yield refuse("POL-031", row.place, problem="编码或名称为空", problem_en="empty code or name")
        if parent and parent not in codes:
            yield refuse(
                "POL-031", row.place, problem=f"上级 {parent} 不在表中", problem_en=f"parent {parent} is not listed"
            )
    for earlier, later in pairwise(sorted(rows, key=lambda row: (row.cells["code"], row.cells.get("from", "")))):
        if earlier.cells["code"] == later.cells["code"] and not _ends_before(earlier, later):
            yield refuse(
                "POL-031",
                later.place,
                problem=f"编码 {later.cells['code']} 与第 {earlier.place.line} 行的有效期重叠",
                problem_en=f"code {later.cells['code']} is in force at the same time as line {earlier.place.line}",
            )


def _ends_before(earlier: CodeRow, later: CodeRow) -> bool:
    until = earlier.cells.get("until", "")
    return bool(until) and until < later.cells["from"]
