"""To which oxygen a registered limit refers."""

from django.db import migrations

from shuangkong.records.decimals import ExactDecimalField


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0011_air_days_zones_prices")]

    operations = [migrations.AddField("limit", "reference_o2_pct", ExactDecimalField(null=True))]
