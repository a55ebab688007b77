import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0012_more_days"),
        ("tasks", "0006_asks_stops_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=10)),
                ("due", models.DateField(null=True)),
                ("told", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("reminded", models.CharField(blank=True, max_length=40)),
                ("is_demo", models.BooleanField(default=False)),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_entries",
                        to="reporting.reporter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "state", "due"], name="file_entry_standing")],
            },
        ),
        migrations.CreateModel(
            name="FileEntryEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("told", models.TextField()),
                ("ground", models.TextField(blank=True)),
                ("author", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("journal", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="reporting.fileentry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FileEntryPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="reporting.fileentryevent",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.taskfile"
                    ),
                ),
            ],
        ),
    ]
