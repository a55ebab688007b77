from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0019_undone_alarms"),
    ]

    operations = [
        migrations.AddField(
            model_name="mark",
            name="agreed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="mark",
            name="agreed_by",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="mark",
            name="waits",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(condition=models.Q(("waits", True)), fields=["outlet"], name="mark_waits"),
        ),
    ]
