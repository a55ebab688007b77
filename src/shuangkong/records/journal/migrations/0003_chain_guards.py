"""The database refuses a row that does not seal the one before it, and a head that goes back or goes away."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from shuangkong.core.chain import START

#: Whether a new row follows the last one: its number and the digest that it seals.
_FOLLOWS = """
(NEW.sequence = 1 AND NEW.previous = '{start}') OR EXISTS (
  SELECT 1 FROM journal_journalrow AS before WHERE before.sequence = NEW.sequence - 1 AND before.digest = NEW.previous)
"""
_SQLITE = (
    """
    CREATE TRIGGER journal_row_follows BEFORE INSERT ON journal_journalrow WHEN NOT ({follows})
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a row follows the last one'); END
    """,
    """
    CREATE TRIGGER journal_head_goes_on BEFORE UPDATE ON journal_journalhead WHEN NEW.sequence < OLD.sequence
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: its head goes on'); END
    """,
    """
    CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_journalhead
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only: its head stays'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE OR REPLACE FUNCTION journal_row_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN IF NOT ({follows}) THEN RAISE EXCEPTION 'the journal is append-only: a row follows the last one'; END IF;
    RETURN NEW; END $$
    """,
    """
    CREATE TRIGGER journal_row_follows BEFORE INSERT ON journal_journalrow
    FOR EACH ROW EXECUTE FUNCTION journal_row_follows()
    """,
    """
    CREATE TRIGGER journal_head_goes_on BEFORE UPDATE ON journal_journalhead
    FOR EACH ROW WHEN (NEW.sequence < OLD.sequence) EXECUTE FUNCTION journal_append_only()
    """,
    """
    CREATE TRIGGER journal_head_stays BEFORE DELETE ON journal_journalhead
    FOR EACH ROW EXECUTE FUNCTION journal_append_only()
    """,
    """
    CREATE TRIGGER journal_head_is_kept BEFORE TRUNCATE ON journal_journalhead
    FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()
    """,
)


def guard_chain(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    told = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}.get(editor.connection.vendor, ())
    for statement in told:
        editor.execute(statement.replace("{follows}", _FOLLOWS.format(start=START)))


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]

    operations = [migrations.RunPython(guard_chain, migrations.RunPython.noop)]
