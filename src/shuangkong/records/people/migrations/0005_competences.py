from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import shuangkong.records.texts


class Migration(migrations.Migration):
    dependencies = [("people", "0004_withdrawals_and_makers"), ("registry", "0006_region_names")]

    operations = [
        migrations.CreateModel(
            name="Competence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matter", shuangkong.records.texts.LineField(max_length=40)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("ground", shuangkong.records.texts.TextField()),
                ("decided_by", shuangkong.records.texts.LineField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="competences", to="registry.body"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="competences", to="registry.region"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["region", "matter"], name="competence_newest")]},
        ),
    ]
