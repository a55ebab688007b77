"""The rated capacity of transformers."""

from django.db import migrations

import shuangkong.records.decimals


class Migration(migrations.Migration):
    dependencies = [("equipment", "0001_initial")]

    operations = [
        migrations.AddField("machine", "capacity_kva", shuangkong.records.decimals.ExactDecimalField(null=True)),
    ]
