import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0002_clock_turn"),
        ("tasks", "0006_asks_stops_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="event",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tasks.taskevent"
            ),
        ),
    ]
