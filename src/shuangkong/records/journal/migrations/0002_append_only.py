"""The database refuses to change or delete a row of the journal, whoever asks."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_SQLITE = """
CREATE TRIGGER journal_row_no_{act} BEFORE {act} ON journal_journalrow
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER journal_row_no_{act} BEFORE {act} ON journal_journalrow
FOR EACH {unit} EXECUTE FUNCTION journal_append_only()
"""


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for act in ("UPDATE", "DELETE"):
            editor.execute(_SQLITE.format(act=act))
    elif editor.connection.vendor == "postgresql":
        editor.execute(_POSTGRESQL_FUNCTION)
        for act, unit in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            editor.execute(_POSTGRESQL.format(act=act, unit=unit))


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunPython(forbid_changes, migrations.RunPython.noop)]
