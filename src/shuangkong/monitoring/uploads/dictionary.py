"""数据字典: the code tables that access ends fetch before they say what they send, known by their version.

The tables are code lists of policy; their version follows from what they hold, so that a client that compares versions
fetches and configures anew whenever a table has changed, and never else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from shuangkong.policyfile.books import code_rows
from shuangkong.policyfile.folder import PolicyFolder

_FOLDER = "nhjc"
#: Hexadecimal digits of a version: short enough to be read aloud.
_DIGITS = 12
#: Columns that only our own lists have.
_INNER = frozenset({"parent"})


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table: ``id`` names it, ``index`` is the number by which a province's clients ask for it ("" none)."""

    id: str
    name: str
    index: str
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All tables, and the version of them together."""

    version: str
    tables: tuple[CodeTable, ...]

    def asked(self, which: str) -> tuple[CodeTable, ...]:
        """The table of that number or id; all where none is named; nothing where there is none such."""
        return tuple(each for each in self.tables if which in ("", each.index, each.id))


@cache
def dictionary(folder: PolicyFolder) -> Dictionary:
    """Raises PolicyRefused where a list cannot be read."""
    tables = tuple(
        CodeTable(
            row["code"], row["name"], row["index"], tuple(map(_told, code_rows(folder, f"{_FOLDER}/{row['code']}")))
        )
        for row in code_rows(folder, f"{_FOLDER}/tables")
    )
    held = [(each.id, each.name, each.index, each.rows) for each in tables]
    return Dictionary(sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:_DIGITS], tables)


def _told(row: Mapping[str, str]) -> Mapping[str, str]:
    return {name: cell for name, cell in row.items() if cell and name not in _INNER}
