"""Rows of which a work of the clock could not be done are kept until it could."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0017_message_age"),
        ("registry", "0006_region_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="RowFault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("work", models.CharField(max_length=20)),
                ("row", models.BigIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("said", models.TextField()),
                ("count", models.IntegerField(default=1)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "region",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="registry.region"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("work", "row"), name="row_fault_once")],
            },
        ),
    ]
