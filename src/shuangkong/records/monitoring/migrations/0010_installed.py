"""When what measures a factor was installed; numbers of devices as the field writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0009_computed_flow")]

    operations = [
        migrations.AddField("factordue", "installed_on", models.DateField(null=True)),
        migrations.AlterField("device", "mn", models.CharField(max_length=32)),
    ]
