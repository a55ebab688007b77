"""Regions by code or by name, all read at once: for whole files and whole plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from shuangkong.records.registry.rows import RegionRow


class RegionLookup:
    """Finds regions by code, full name, name without its last word, or with the names above it in front."""

    def __init__(self, rows: Iterable[RegionRow]) -> None:
        self.by_code = {row.code: row for row in rows}
        self._by_name: dict[str, list[RegionRow]] = defaultdict(list)
        for row in self.by_code.values():
            self._by_name[row.name].append(row)
            if len(row.name) > 2:
                self._by_name[row.name[:-1]].append(row)

    def find(self, printed: str) -> tuple[RegionRow, ...]:
        """Every region that may be meant: full names outrank short ones, those still listed outrank former ones."""
        wanted = "".join(printed.split())
        if wanted in self.by_code:
            return (self.by_code[wanted],)
        found = self._by_name.get(wanted) or [
            row for start in range(1, len(wanted)) for row in self._by_name.get(wanted[start:], ())
            if self._is_below(row, wanted[:start])
        ]  # fmt: skip
        found = [row for row in found if row.name == wanted] or found
        return tuple([row for row in found if row.ends_on is None] or found)

    def _is_below(self, row: RegionRow, above: str) -> bool:
        """Whether the words in front of a name are names above it."""
        parent = self.by_code.get(row.parent or "")
        if parent is None:
            return False
        names = {parent.name, parent.name[:-1]}
        return above in names or any(above.endswith(name) for name in names) or self._is_below(parent, above)
