"""Findings belong to an audit, and audits stay: those found so far become the first audit of their plan."""

import django.db.models.deletion
from django.db import migrations, models


def gather(apps, editor):
    """One audit for the findings of each plan."""
    audits, findings = apps.get_model("plans", "Audit"), apps.get_model("plans", "AuditFinding")
    for plan, at in findings.objects.values_list("plan", "audited_at").distinct():
        made = audits.objects.create(plan_id=plan, audited_at=at)
        findings.objects.filter(plan=plan, audited_at=at).update(audit=made)


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("audited_at", models.DateTimeField()),
                ("audited_by", models.CharField(blank=True, max_length=150)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="audits", to="plans.plan"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="auditfinding",
            name="audit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="plans.audit"
            ),
        ),
        migrations.RunPython(gather, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="auditfinding", name="plan"),
        migrations.RemoveField(model_name="auditfinding", name="audited_at"),
        migrations.AlterField(
            model_name="auditfinding",
            name="audit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="plans.audit"
            ),
        ),
    ]
