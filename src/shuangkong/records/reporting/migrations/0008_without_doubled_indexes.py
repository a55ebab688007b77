"""Three indexes of single columns go: another index begins with each of the columns, and every return that is signed
would write both. The indexes alone are dropped: a table of millions of returns is not made anew for it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

_DOUBLED = (
    ("reporting_return_reporter_id_e0310faf", "reporting_return", "reporter_id"),  # return_reporter has it
    ("reporting_return_window_id_c3bb1bc4", "reporting_return", "window_id"),  # return_window
    ("reporting_version_owned_id_f07aa67f", "reporting_version", "owned_id"),  # version_once
)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0007_a_file_left_out"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{table}" ("{column}")')
                for name, table, column in _DOUBLED
            ],
            state_operations=[
                migrations.AlterField(
                    model_name=model,
                    name=name,
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name=related,
                        to=f"reporting.{to}",
                    ),
                )
                for model, name, related, to in (
                    ("return", "reporter", "returns", "reporter"),
                    ("return", "window", "returns", "window"),
                    ("version", "owned", "history", "return"),
                )
            ],
        ),
    ]
