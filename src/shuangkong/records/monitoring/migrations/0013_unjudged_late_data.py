"""From when on what came late was not judged yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0012_limit_reference")]

    operations = [
        migrations.AddField("latedata", "unjudged_from", models.DateTimeField(db_index=True, null=True)),
    ]
