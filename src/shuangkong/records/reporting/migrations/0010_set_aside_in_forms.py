from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0009_unsummed_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="setaside",
            name="forms",
            field=models.TextField(blank=True, default=""),
            preserve_default=False,
        ),
    ]
