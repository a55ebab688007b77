"""What manual monitoring found for hours that devices lost."""

import django.db.models.deletion
from django.db import migrations, models

import shuangkong.records.decimals


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0013_unjudged_late_data")]

    operations = [
        migrations.CreateModel(
            name="ManualResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor", models.CharField(max_length=12)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("concentration", shuangkong.records.decimals.ExactDecimalField(null=True)),
                ("flow_m3_h", shuangkong.records.decimals.ExactDecimalField(null=True)),
                ("kg_per_hour", shuangkong.records.decimals.ExactDecimalField(null=True)),
                ("laboratory", models.CharField(max_length=120)),
                ("document", models.CharField(max_length=200)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("is_withdrawn", models.BooleanField(default=False)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="manual_results",
                        to="monitoring.outlet",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["outlet", "starts_at"], name="manual_result")]},
        ),
    ]
