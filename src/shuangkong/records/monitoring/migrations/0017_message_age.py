"""Messages of devices are found by their age."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0016_plans_targets_rates"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="devicemessage",
            index=models.Index(fields=["last_at"], name="device_message_age"),
        ),
    ]
