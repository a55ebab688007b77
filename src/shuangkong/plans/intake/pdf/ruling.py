"""Drawn lines → tables: which rectangles of a page are cells, merges included.

Lines that touch make one table. Their places cut it into small fields; two neighbouring fields are one cell where no
line is drawn between them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shuangkong.plans.intake.limits import TABLE_CELLS
from shuangkong.plans.intake.pdf.glyphs import Glyph, Stroke

#: Lines nearer than this (points) are one line drawn twice, or meet.
_NEAR = 3.0
#: Share of a field's side that must be drawn to part it from its neighbour.
_DRAWN = 0.6


@dataclass(frozen=True, slots=True)
class RuledCell:
    row: int
    column: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class RuledTable:
    """``xs`` from left to right and ``ys`` from top to bottom are the places of its lines; cells lie between them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[RuledCell, ...]

    @property
    def top(self) -> float:
        return self.ys[0]

    def field_of(self, glyph: Glyph) -> tuple[int, int] | None:
        """Row and column of the field in which a character stands, or None outside."""
        x, y = (glyph.left + glyph.right) / 2, glyph.middle
        if not (self.xs[0] <= x < self.xs[-1] and self.ys[-1] < y <= self.ys[0]):
            return None
        row = sum(1 for line in self.ys if y <= line) - 1
        return row, bisect_right(self.xs, x) - 1


def tables_of(across: Sequence[Stroke], down: Sequence[Stroke]) -> list[RuledTable]:
    """Tables of a page from top to bottom; a single box or a lone rule is none."""
    tables = []
    for level, upright in _touching(_merged(across), _merged(down)):
        table = _table(level, upright)
        if table is not None and len(table.cells) > 1:
            tables.append(table)
    return sorted(tables, key=lambda table: -table.top)


def _merged(strokes: Iterable[Stroke]) -> list[Stroke]:
    """Pieces of one line put together."""
    merged: list[Stroke] = []
    for at, group in _grouped(strokes):
        for stroke in sorted(group, key=lambda s: s.start):
            if merged and merged[-1].at == at and stroke.start <= merged[-1].end + _NEAR:
                merged[-1] = Stroke(at, merged[-1].start, max(merged[-1].end, stroke.end))
            else:
                merged.append(Stroke(at, stroke.start, stroke.end))
    return merged


def _grouped(strokes: Iterable[Stroke]) -> list[tuple[float, list[Stroke]]]:
    groups: list[tuple[float, list[Stroke]]] = []
    for stroke in sorted(strokes, key=lambda s: s.at):
        if groups and stroke.at - groups[-1][0] <= _NEAR:
            groups[-1][1].append(stroke)
        else:
            groups.append((stroke.at, [stroke]))
    return groups


def _touching(across: list[Stroke], down: list[Stroke]) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Connected families of lines."""
    owner = list(range(len(across) + len(down)))

    def root(at: int) -> int:
        while owner[at] != at:
            owner[at] = owner[owner[at]]
            at = owner[at]
        return at

    for i, level in enumerate(across):
        for j, upright in enumerate(down, len(across)):
            meets = level.start - _NEAR <= upright.at <= level.end + _NEAR
            if meets and upright.start - _NEAR <= level.at <= upright.end + _NEAR:
                owner[root(i)] = root(j)
    families: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for at, stroke in enumerate(across + down):
        families.setdefault(root(at), ([], []))[0 if at < len(across) else 1].append(stroke)
    return [family for family in families.values() if family[0] and family[1]]


def _table(across: list[Stroke], down: list[Stroke]) -> RuledTable | None:
    left, right = min(s.start for s in across), max(s.end for s in across)
    bottom, top = min(s.start for s in down), max(s.end for s in down)
    xs = _places([left, right, *(s.at for s in down)])
    ys = _places([bottom, top, *(s.at for s in across)])[::-1]
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > TABLE_CELLS:
        return None
    fields = _Fields(xs, ys)
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if column and not _drawn(down, xs[column], ys[row + 1], ys[row]):
                fields.unite((row, column), (row, column - 1))
            if row and not _drawn(across, ys[row], xs[column], xs[column + 1]):
                fields.unite((row, column), (row - 1, column))
    return RuledTable(tuple(xs), tuple(ys), fields.cells())


def _places(values: Iterable[float]) -> list[float]:
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _NEAR:
            places.append(value)
    return places


def _drawn(strokes: Iterable[Stroke], at: float, start: float, end: float) -> bool:
    drawn = sum(
        max(0.0, min(stroke.end, end) - max(stroke.start, start)) for stroke in strokes if abs(stroke.at - at) <= _NEAR
    )
    return drawn >= _DRAWN * (end - start)


class _Fields:
    """Fields of a table, united where nothing is drawn between them."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        self._columns = len(xs) - 1
        self._owner = list(range(self._columns * (len(ys) - 1)))

    def unite(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        a, b = self._root(one[0] * self._columns + one[1]), self._root(other[0] * self._columns + other[1])
        self._owner[max(a, b)] = min(a, b)

    def cells(self) -> tuple[RuledCell, ...]:
        families: dict[int, list[tuple[int, int]]] = {}
        for at in range(len(self._owner)):
            families.setdefault(self._root(at), []).append(divmod(at, self._columns))
        cells = []
        for members in families.values():
            top, left = min(r for r, _ in members), min(c for _, c in members)
            height, width = max(r for r, _ in members) - top + 1, max(c for _, c in members) - left + 1
            cells.append(RuledCell(top, left, height, width))
        return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))

    def _root(self, at: int) -> int:
        while self._owner[at] != at:
            self._owner[at] = self._owner[self._owner[at]]
            at = self._owner[at]
        return at
