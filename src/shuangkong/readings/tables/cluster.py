"""集群: the statements that make the tables on a cluster: each shard has a share of the points, each replica all of it.

Servers name their places with the macros ``shard`` and ``replica``, the cluster is called ``readings`` in their
configuration, and ``every_replica`` names each of them as a shard of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from shuangkong.readings.tables.embedded import engine_of, table_statement
from shuangkong.readings.tables.shape import COLUMNS, DATABASE, PASSING, TOUCHING

CLUSTER, EVERY_REPLICA = "readings", "every_replica"
_ON = f" ON CLUSTER {CLUSTER}"


def statements(*, codecs: bool = True) -> Iterator[str]:
    """In their order, for any node; ``codecs``: current servers, which know how columns are packed best."""
    yield f"CREATE DATABASE IF NOT EXISTS {DATABASE}{_ON}"
    for table in COLUMNS:
        name = f"{DATABASE}.{table}"
        if table in PASSING:
            yield table_statement(name, table, engine_of(table), codecs=codecs, where=_ON)
            continue
        yield table_statement(f"{name}_local", table, _replicated(table), codecs=codecs, where=_ON)
        yield (
            f"CREATE TABLE IF NOT EXISTS {name}{_ON} AS {name}_local"
            f" ENGINE = Distributed('{CLUSTER}', '{DATABASE}', '{table}_local', {_sharded(table)})"
        )
    for view, (source, statement) in TOUCHING.items():
        yield (
            f"CREATE MATERIALIZED VIEW IF NOT EXISTS {DATABASE}.{view}{_ON} TO {DATABASE}.touched_local"
            f" AS {statement.format(f'{DATABASE}.{source}_local')}"
        )
    # Servers count replicas in a byte, or in four: the old and the current ones.
    count = "UInt32" if codecs else "UInt8"
    yield (
        f"CREATE TABLE IF NOT EXISTS {DATABASE}.replica_states{_ON} (table String, total_replicas {count},"
        f" active_replicas {count}, log_max_index UInt64, log_pointer UInt64, queue_size UInt32)"
        f" ENGINE = Distributed('{EVERY_REPLICA}', 'system', 'replicas')"
    )


def _replicated(table: str) -> str:
    name, _, arguments = engine_of(table).partition("(")
    place = f"'/clickhouse/tables/{{shard}}/{DATABASE}/{table}', '{{replica}}'"
    return f"Replicated{name}({place}{', ' + arguments if arguments else ')'}"


def _sharded(table: str) -> str:
    return "intHash32(point)" if "point" in COLUMNS[table] else "1"


def drop_part(table: str, part: str) -> str:
    """Takes a part of a table away, on every node."""
    return f"ALTER TABLE {DATABASE}.{table}_local{_ON} DROP PARTITION {part}"
