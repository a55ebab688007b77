"""The database refuses to change or delete an entry of the ledger, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("certificateholder", "certificatebatch", "certificateentry", "certificateposting")
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_SQLITE = """
CREATE TRIGGER quotas_{table}_no_{act} BEFORE {act} ON quotas_{table}
BEGIN SELECT RAISE(ABORT, 'ledgers are append-only'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION ledgers_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'ledgers are append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER quotas_{table}_no_{act} BEFORE {act} ON quotas_{table}
FOR EACH STATEMENT EXECUTE FUNCTION ledgers_append_only()
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
            on = f" ON quotas_{table}" if vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS quotas_{table}_no_{act}{on}")


class Migration(migrations.Migration):
    dependencies = [("quotas", "0001_initial")]

    operations = [migrations.RunPython(forbid_changes, allow_changes)]
