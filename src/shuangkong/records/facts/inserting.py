"""Many rows into the table at once: one prepared statement on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import polars as pl
from django.db import connection

from shuangkong.records.facts.models import Load, Observation

#: What a row of the table holds besides its own number.
COLUMNS = (
    "indicator_id", "subject_id", "first_month", "months", "measure", "state", "origin", "maturity", "evidence",
    "value", "unit_id", "source_id", "note", "load_id",
)  # fmt: skip


def insert(frame: pl.DataFrame) -> None:
    """Writes rows that have these columns, those of one series beside one another. In the caller's transaction."""
    ordered = frame.sort("subject_id", "indicator_id", "first_month").select(COLUMNS)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    table = f'"{Observation._meta.db_table}"'
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (note))") as copy:
                copy.write(ordered.write_csv(include_header=False).encode())
        else:
            marks = ", ".join(["%s"] * len(COLUMNS))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", ordered.rows())


def next_load() -> int:
    """A number for a load whose rows are written before it: what it counts is known only then. 1 query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Load._meta.db_table])
        else:
            cursor.execute(
                "SELECT COALESCE(MAX(seq), 0) + 1 FROM sqlite_sequence WHERE name = %s", [Load._meta.db_table]
            )
        return int(cursor.fetchone()[0])
