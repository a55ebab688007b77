"""The database refuses to change or delete a result, and what it was computed from, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("computedfigure", "computedload", "toldcolumn")
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_SQLITE = """
CREATE TRIGGER indicators_{table}_no_{act} BEFORE {act} ON indicators_{table}
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION results_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'results are append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER indicators_{table}_no_{act} BEFORE {act} ON indicators_{table}
FOR EACH STATEMENT EXECUTE FUNCTION results_append_only()
"""


def statements(vendor: str, table: str, act: str) -> tuple[str, ...]:
    """What makes a database of that vendor refuse an act on a table."""
    if vendor == "postgresql":
        return _FUNCTION, _POSTGRESQL.format(table=table, act=act)
    return (_SQLITE.format(table=table, act=act),)


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for table in TABLES:
        for act in _ACTS.get(vendor, ()):
            for statement in statements(vendor, table, act):
                editor.execute(statement)


def allow_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """The way back."""
    vendor = editor.connection.vendor
    for table in TABLES:
        for act in _ACTS.get(vendor, ()):
            on = f" ON indicators_{table}" if vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS indicators_{table}_no_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_told_columns")]

    operations = [migrations.RunPython(forbid_changes, allow_changes)]
