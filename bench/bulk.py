"""Rows by the million into the site's own tables: one prepared statement on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models


def insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Inserts rows; ``columns`` are names of columns, those not named get what the model says where nothing is said."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    usual = {name: field.get_default() for name, field in fields.items() if name not in columns and name != "id"}
    names = [fields[name].column for name in (*columns, *usual)]
    plain = _for_sqlite if connection.vendor == "sqlite" else _for_postgresql
    rest = tuple(map(plain, usual.values()))
    told = (tuple(map(plain, row)) + rest for row in rows)
    _WRITE[connection.vendor](model._meta.db_table, names, told)


def settle() -> None:
    """Numbers go on behind those given; the database counts what it has, so that it plans its queries well."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in models_of_the_site():
                table, key = model._meta.db_table, model._meta.pk
                if isinstance(key, models.AutoField):
                    cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT COALESCE(MAX(id), 1) FROM {table}))"  # noqa: E501
                    )
        cursor.execute("ANALYZE")


def models_of_the_site() -> list[type[models.Model]]:
    """Every table of ours."""
    from django.apps import apps

    return [model for model in apps.get_models() if model.__module__.startswith("shuangkong.")]


def _sqlite(table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(names))
    listed = ", ".join(f'"{name}"' for name in names)
    connection.ensure_connection()
    connection.connection.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', rows)


def _postgresql(table: str, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    listed = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


_WRITE = {"sqlite": _sqlite, "postgresql": _postgresql}


def _for_sqlite(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return value


def _for_postgresql(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
