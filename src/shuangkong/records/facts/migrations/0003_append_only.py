"""The database refuses to change or delete what was told, and what it was told with, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = ("observation", "load", "word", "subject", "subjectchange", "scopemembership")
_SQLITE = """
CREATE TRIGGER facts_{table}_no_{act} BEFORE {act} ON facts_{table}
BEGIN SELECT RAISE(ABORT, 'facts are append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION facts_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'facts are append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER facts_{table}_no_{act} BEFORE {act} ON facts_{table}
FOR EACH STATEMENT EXECUTE FUNCTION facts_append_only()
"""


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if editor.connection.vendor == "sqlite":
            for act in ("UPDATE", "DELETE"):
                editor.execute(_SQLITE.format(table=table, act=act))
        elif editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL_FUNCTION)
            for act in ("UPDATE", "DELETE", "TRUNCATE"):
                editor.execute(_POSTGRESQL.format(table=table, act=act))


class Migration(migrations.Migration):
    dependencies = [("facts", "0002_one_fact_model")]

    operations = [migrations.RunPython(forbid_changes, migrations.RunPython.noop)]
