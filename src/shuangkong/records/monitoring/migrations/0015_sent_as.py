"""Of what gas a device's figures are, in which unit a range is told, what devices tell beside readings, and when."""

import django.db.models.deletion
from django.db import migrations, models

import shuangkong.records.decimals

_OUTLET = "monitoring.outlet"


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0014_manual_results")]

    operations = [
        migrations.AddField("deviceunit", "moisture", models.CharField(blank=True, default="", max_length=8), False),
        migrations.AddField("deviceunit", "gas_state", models.CharField(blank=True, default="", max_length=8), False),
        migrations.AddField("factordue", "unit", models.CharField(blank=True, default="", max_length=20), False),
        migrations.CreateModel(
            name="ReferenceOxygen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference_o2_pct", shuangkong.records.decimals.ExactDecimalField()),
                ("document", models.CharField(max_length=200)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reference_oxygens", to=_OUTLET
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeviceMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort", models.CharField(max_length=12)),
                ("factor", models.CharField(blank=True, max_length=12)),
                ("name", models.CharField(blank=True, max_length=32)),
                ("text", models.TextField(blank=True)),
                ("told_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("count", models.IntegerField(default=1)),
                ("last_at", models.DateTimeField()),
                ("key", models.CharField(max_length=160, unique=True)),
                ("segment", models.BigIntegerField()),
                ("offset", models.BigIntegerField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="monitoring.device"
                    ),
                ),
                (
                    "outlet",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to=_OUTLET
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="monitoring.servicerecord",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["outlet", "last_at"], name="device_message")]},
        ),
    ]
