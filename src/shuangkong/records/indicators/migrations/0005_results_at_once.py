"""Results are written a million at a time: what nobody asks for is not looked up and not kept for each of them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_REFUSED = """
CREATE TRIGGER indicators_computedfigure_no_{act} BEFORE {act} ON indicators_computedfigure
BEGIN SELECT RAISE(ABORT, 'results are append-only'); END
"""


def forbid_changes_again(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew where a column changes, and its triggers are gone; PostgreSQL keeps them."""
    if editor.connection.vendor == "sqlite":
        for act in ("UPDATE", "DELETE"):
            editor.execute(_REFUSED.format(act=act))


def _reference(to: str, name: str) -> "models.ForeignKey[models.Model, models.Model]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_finished")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forbid_changes_again),
        migrations.AlterField("computedfigure", "indicator", _reference("facts.word", "+")),
        migrations.AlterField("computedfigure", "subject", _reference("facts.subject", "+")),
        migrations.AlterField("computedfigure", "computation", _reference("indicators.computation", "figures")),
        migrations.RunPython(forbid_changes_again, migrations.RunPython.noop),
    ]
