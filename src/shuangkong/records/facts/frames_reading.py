"""Rows of a question as columns: through COPY on PostgreSQL, on SQLite row by row or, where only figures are asked
for, as text that SQLite writes itself, many rows at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import pairwise
from typing import Any

import polars as pl
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

type Schema = Mapping[str, type[pl.DataType]]

_AT_ONCE = 100_000
#: Rows of a table that lie beside one another, by their numbers.
_BLOCK = 1 << 16
#: Looking up a row through an index takes as long as passing by this many.
_PASSED_BY = 4
#: Rows whose text is in memory at once.
_BLOCKS_AT_ONCE = 8


def table(found: QuerySet[Any], columns: Schema) -> pl.DataFrame:
    """Rows of any question as columns of these names. 1 query."""
    asked = _asked(found, columns)
    if asked is None:
        return pl.DataFrame(schema=columns)
    return _from_postgresql(*asked, columns) if connection.vendor == "postgresql" else _from_sqlite(*asked, columns)


def figures(found: QuerySet[Any], columns: Schema, among: QuerySet[Any], group: str) -> pl.DataFrame:
    """The same, quickly, of columns that hold numbers and decimals alone; in no order.

    Args:
        among: all rows with the values of an index that the question names; ``found`` are some of them.
        group: one of the columns, the last of those of the index.

    1 query; on SQLite 2 more, and 1 for each half a million rows of the table that are read straight through.
    """
    if connection.vendor == "postgresql":
        return table(found, columns)
    parts = [pl.DataFrame(schema=columns), *(_parsed(text, columns) for text in _texts(found, columns, among, group))]
    return pl.concat(parts)


def _asked(found: QuerySet[Any], columns: Iterable[str]) -> tuple[str, tuple[Any, ...]] | None:
    try:
        return found.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # a condition that no row can meet
        return None


def _from_sqlite(sql: str, parameters: tuple[Any, ...], columns: Schema) -> pl.DataFrame:
    parts = [pl.DataFrame(schema=columns)]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(_AT_ONCE):
            parts.append(pl.DataFrame(rows, schema=dict(columns), orient="row"))
    return pl.concat(parts)


def _texts(found: QuerySet[Any], columns: Schema, among: QuerySet[Any], group: str) -> Iterator[str]:
    """Lines of values with commas, a text of many lines."""
    asked = _asked(found, columns)
    if asked is None:
        return
    sql, parameters = asked
    marks, names = ",".join(["%%s"] * len(columns)), ", ".join(f'"{name}"' for name in columns)
    lines = f"SELECT group_concat(printf('{marks}', {names}), char(10)) FROM"
    pieces = _pieces(among)
    with connection.cursor() as cursor:
        if pieces is None:
            cursor.execute(f'{lines} ({sql}) GROUP BY "{group}"', parameters)
            yield from (text for (text,) in cursor.fetchall())
            return
        name = f'"{found.model._meta.db_table}"'
        straight = sql.replace(f"FROM {name}", f"FROM {name} NOT INDEXED", 1)
        for first, beyond in pieces:
            cursor.execute(f"{lines} ({straight} AND {name}.id >= %s AND {name}.id < %s)", (*parameters, first, beyond))
            text = cursor.fetchone()[0]
            if text is not None:
                yield text


def _pieces(among: QuerySet[Any]) -> list[tuple[int, int]] | None:
    """Numbers of rows from and to which the table is read through; None where few of those in between are wanted."""
    plain = among.order_by()
    blocks = sorted(plain.annotate(block=F("pk") / _BLOCK).values_list("block", flat=True).distinct())
    if len(blocks) * _BLOCK > _PASSED_BY * plain.count():
        return None
    edges = [place for place, (one, other) in enumerate(pairwise(blocks), 1) if other != one + 1]
    runs = [blocks[first:beyond] for first, beyond in pairwise([0, *edges, len(blocks)])] if blocks else []
    pieces = [run[at : at + _BLOCKS_AT_ONCE] for run in runs for at in range(0, len(run), _BLOCKS_AT_ONCE)]
    return [(piece[0] * _BLOCK, (piece[-1] + 1) * _BLOCK) for piece in pieces]


def _parsed(text: str, columns: Schema) -> pl.DataFrame:
    return pl.read_csv(text.encode(), has_header=False, new_columns=list(columns), schema=dict(columns))


def _from_postgresql(sql: str, parameters: tuple[Any, ...], columns: Schema) -> pl.DataFrame:
    told = BytesIO()
    with connection.cursor() as cursor:
        # Bound beforehand: where Django notes queries, its cursor's copy takes no parameters.
        statement = cursor.mogrify(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)", parameters)
        with cursor.copy(statement) as copy:
            for block in copy:
                told.write(block)
    if not told.tell():
        return pl.DataFrame(schema=columns)
    told.seek(0)
    return pl.read_csv(told, has_header=False, new_columns=list(columns), schema_overrides=list(columns.values()))
