from __future__ import annotations

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_given(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Cases that are not closed lie with the body that they were given to last, as their events say."""
    events = apps.get_model("verification", "CaseEvent").objects.filter(kind="assign", body__isnull=False)
    cases = apps.get_model("verification", "VerificationCase").objects.exclude(state="closed")
    for event in events.order_by("pk"):
        cases.filter(pk=event.case_id).update(given_to=event.body_id, given_from=event.on, given_until=None)


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_region_names"), ("verification", "0002_case_given_to_a_body")]

    operations = [
        migrations.AddField(
            "verificationbody",
            "acts_for",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.body"
            ),
        ),
        migrations.AddField("verificationbody", "acts_from", models.DateField(null=True)),
        migrations.AddField("verificationbody", "acts_until", models.DateField(null=True)),
        migrations.AddField(
            "verificationcase",
            "given_to",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="given",
                to="verification.verificationbody",
            ),
        ),
        migrations.AddField("verificationcase", "given_from", models.DateField(null=True)),
        migrations.AddField("verificationcase", "given_until", models.DateField(null=True)),
        migrations.AddField("caseevent", "until", models.DateField(null=True)),
        migrations.RunPython(keep_given, migrations.RunPython.noop),
    ]
