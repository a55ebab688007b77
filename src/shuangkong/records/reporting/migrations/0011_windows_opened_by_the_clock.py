import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_region_names"),
        ("reporting", "0010_set_aside_in_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="ByClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=60)),
                ("is_on", models.BooleanField(default=True)),
                ("starts_on", models.DateField()),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                ("journal", models.BigIntegerField()),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.region"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["region", "form"], name="by_clock_of_form")],
            },
        ),
    ]
