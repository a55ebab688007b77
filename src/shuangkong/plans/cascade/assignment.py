"""最优指派: pairs the rows of a table of scores with its columns, one to one, so that the sum is greatest."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf


def best_pairs(scores: Sequence[Sequence[float]]) -> tuple[tuple[int, int], ...]:
    """(row, column) pairs, each row and column at most once, with the greatest sum of scores.

    The Hungarian method (Kuhn 1955, in the shortest-path form of Jonker and Volgenant 1987), O(n²m). Ties go to the
    earlier row and column, so the same table always gives the same pairs.
    """
    if not scores or not scores[0]:
        return ()
    if len(scores) > len(scores[0]):
        turned = best_pairs([[row[column] for row in scores] for column in range(len(scores[0]))])
        return tuple(sorted((row, column) for column, row in turned))
    return _assigned([[-score for score in row] for row in scores])


def _assigned(costs: list[list[float]]) -> tuple[tuple[int, int], ...]:
    """Least cost; no more rows than columns. Row and column 0 of the potentials stand for none."""
    rows, columns = len(costs), len(costs[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        came_from = _shortest_path(costs, of_row, of_column, owner)
        column = came_from.pop()
        while column:
            owner[column] = owner[came_from[column]]
            column = came_from[column]
    return tuple(sorted((owner[column] - 1, column - 1) for column in range(1, columns + 1) if owner[column]))


def _shortest_path(
    costs: list[list[float]], of_row: list[float], of_column: list[float], owner: list[int]
) -> list[int]:
    """From the row of column 0 to the nearest free column; returns each column's forerunner, and that column."""
    columns = len(of_column) - 1
    nearest, came_from, is_used = [inf] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
    column = 0
    while True:
        is_used[column] = True
        row, step, following = owner[column], inf, 0
        for each in range(1, columns + 1):
            if is_used[each]:
                continue
            reduced = costs[row - 1][each - 1] - of_row[row] - of_column[each]
            if reduced < nearest[each]:
                nearest[each], came_from[each] = reduced, column
            if nearest[each] < step:
                step, following = nearest[each], each
        for each in range(columns + 1):
            if is_used[each]:
                of_row[owner[each]] += step
                of_column[each] -= step
            else:
                nearest[each] -= step
        column = following
        if not owner[column]:
            return [*came_from, column]
