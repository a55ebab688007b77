"""Plans of monitoring, targets of sections by year, closed transmission rates, and who entered a manual result."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0015_sent_as"),
    ]

    operations = [
        migrations.AddField(
            model_name="manualresult",
            name="is_own",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="outlet",
            name="section_level",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.CreateModel(
            name="MonitoringPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor", models.CharField(max_length=12)),
                ("sort", models.CharField(max_length=12)),
                ("frequency", models.CharField(max_length=12)),
                ("document", models.CharField(blank=True, max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="monitoring.outlet"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["outlet", "factor"], name="monitoring_plan")],
            },
        ),
        migrations.CreateModel(
            name="RateClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("factor", models.CharField(max_length=12)),
                ("month", models.DateField()),
                ("through", models.DateField()),
                ("is_over", models.BooleanField()),
                ("hours", models.IntegerField()),
                ("stopped", models.IntegerField()),
                ("now_excused", models.IntegerField()),
                ("now_received", models.IntegerField()),
                ("now_valid", models.IntegerField()),
                ("excused", models.IntegerField()),
                ("received", models.IntegerField()),
                ("valid", models.IntegerField()),
                ("late", models.IntegerField()),
                ("rules", models.CharField(max_length=64)),
                ("closed_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rate_closings",
                        to="monitoring.outlet",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["outlet", "month", "factor"], name="rate_of_outlet"),
                    models.Index(fields=["month", "outlet"], name="rate_of_month"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.IntegerField()),
                ("water_class", models.IntegerField()),
                ("document", models.CharField(max_length=200)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="section_targets",
                        to="monitoring.outlet",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("outlet", "year"), name="section_target_once")],
            },
        ),
    ]
