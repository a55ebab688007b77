import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commendation", "0001_initial"),
        ("registry", "0005_enterprises"),
    ]

    operations = [
        migrations.AddField(
            model_name="commendation",
            name="honoured_enterprise",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.enterprise"
            ),
        ),
    ]
