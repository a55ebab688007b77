"""Of which region a region was part, as computations met it; the database refuses to change or delete that too."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_TABLE = "computedregion"
_refusing = import_module("shuangkong.records.indicators.migrations.0003_results_append_only")


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for act in _refusing._ACTS.get(vendor, ()):
        for statement in _refusing.statements(vendor, _TABLE, act):
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_results_at_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="ComputedRegion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=12)),
                ("whole", models.CharField(blank=True, max_length=12)),
                (
                    "computation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="regions", to="indicators.computation"
                    ),
                ),
            ],
        ),
        migrations.RunPython(forbid_changes, migrations.RunPython.noop),
    ]
