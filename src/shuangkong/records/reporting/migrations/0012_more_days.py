import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0011_windows_opened_by_the_clock"),
        ("tasks", "0006_asks_stops_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="PutOff",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateField()),
                ("due", models.DateField()),
                ("ground", models.TextField()),
                ("document", models.CharField(blank=True, max_length=120)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                ("journal", models.BigIntegerField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="put_off", to="reporting.window"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Petition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(max_length=10)),
                ("ground", models.TextField()),
                ("due", models.DateField(null=True)),
                ("name", models.CharField(blank=True, max_length=255)),
                ("author", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("journal", models.BigIntegerField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=150)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_in", models.BigIntegerField(null=True)),
                (
                    "event",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reporting.event"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.taskfile"
                    ),
                ),
                (
                    "owned",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="petitions", to="reporting.return"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("owned", "kind"), name="petition_open_once"
                    )
                ],
            },
        ),
    ]
