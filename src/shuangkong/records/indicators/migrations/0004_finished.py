"""A computation tells when it came to its end; those so far all did, each in one transaction."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def finish_all(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("indicators", "Computation").objects.update(finished_at=models.F("computed_at"))


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_results_append_only")]

    operations = [
        migrations.AddField("computation", "finished_at", models.DateTimeField(null=True)),
        migrations.RunPython(finish_all, migrations.RunPython.noop),
    ]
