"""Records outside the journal that point to its rows: whoever cuts the journal leaves them pointing at nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

#: What a column that holds the number of a row is called.
COLUMN = "journal"


def tables() -> tuple[str, ...]:
    """Every table with such a column."""
    models = apps.get_models()
    return tuple(
        sorted(model._meta.db_table for model in models if any(f.column == COLUMN for f in model._meta.local_fields))
    )


def unwritten() -> Iterator[tuple[str, int]]:
    """Table and number of each row that is pointed to but not there. 1 query a table."""
    for table in tables():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT {COLUMN} FROM {table} AS one WHERE {COLUMN} IS NOT NULL AND NOT EXISTS"
                f" (SELECT 1 FROM journal_journalrow AS row WHERE row.sequence = one.{COLUMN}) ORDER BY {COLUMN}"
            )
            numbers = [number for (number,) in cursor.fetchall()]
        yield from ((table, number) for number in numbers)
