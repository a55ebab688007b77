"""嵌入式: the statements that make the tables in the embedded store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shuangkong.readings.tables.shape import COLUMNS, DATABASE, KEYS, ONCE, PARTS, PASSING, TOUCHING, VERSIONED

#: How columns lie on the disk, by name; what they hold differs little from row to row.
CODECS: Mapping[str, str] = {
    "point": "Delta, ZSTD(1)",
    "at": "Delta, ZSTD(1)",
    "hour": "Delta, ZSTD(1)",
    "stat": "ZSTD(1)",
    "flag": "ZSTD(1)",
    "value": "T64, ZSTD(1)",
    "version": "Delta, ZSTD(1)",
    "sum": "ZSTD(1)",
    "low": "T64, ZSTD(1)",
    "high": "T64, ZSTD(1)",
    "told": "T64, ZSTD(1)",
    "valid": "T64, ZSTD(1)",
    "stopped": "T64, ZSTD(1)",
    "token": "NONE",
}
#: An insert is acknowledged when the disk has it.
_DURABLE = "fsync_after_insert = 1, fsync_part_directory = 1"


def statements() -> Iterator[str]:
    """In their order; each leaves alone what is there already."""
    yield f"CREATE DATABASE IF NOT EXISTS {DATABASE}"
    for table in COLUMNS:
        yield table_statement(f"{DATABASE}.{table}", table, engine_of(table))
    for view, (source, statement) in TOUCHING.items():
        yield (
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS {DATABASE}.{view} TO {DATABASE}.touched"
            f" AS {statement.format(f'{DATABASE}.{source}')}"
        )
    # Where there is one copy it is always current.
    yield (
        f"CREATE VIEW IF NOT EXISTS {DATABASE}.replica_states AS SELECT table, total_replicas, active_replicas,"
        " log_max_index, log_pointer, queue_size FROM system.replicas"
    )


def engine_of(table: str) -> str:
    """The engine of a table that has one copy."""
    if table in VERSIONED:
        return "ReplacingMergeTree(version)"
    if table in ONCE:
        return "ReplacingMergeTree"
    return "SummingMergeTree" if table == "touched" else "MergeTree"


def table_statement(name: str, table: str, engine: str, *, codecs: bool = True, where: str = "") -> str:
    """One table; ``where`` stands behind its name."""
    columns = ", ".join(
        f"{column} {type_name}" + (f" CODEC({CODECS[column]})" if codecs and column in CODECS else "")
        for column, type_name in COLUMNS[table].items()
    )
    parts = f" PARTITION BY {PARTS[table]}" if table in PARTS else ""
    durable = f" SETTINGS {_DURABLE}" if codecs and table not in PASSING else ""
    key = ", ".join(KEYS[table])
    return f"CREATE TABLE IF NOT EXISTS {name}{where} ({columns}) ENGINE = {engine}{parts} ORDER BY ({key}){durable}"


def drop_part(table: str, part: str) -> str:
    """Takes a part of a table away."""
    return f"ALTER TABLE {DATABASE}.{table} DROP PARTITION {part}"
