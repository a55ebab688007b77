"""What was told of a subject can be withdrawn, and then told again: once a day no longer holds for the rows as such."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_APPEND_ONLY = import_module("shuangkong.records.facts.migrations.0003_append_only")
#: SQLite makes the first anew, and with it go its triggers.
_TABLES = ("subjectchange", "subjectwithdrawal")
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}


def allow_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    vendor = editor.connection.vendor
    for table in _TABLES:
        for act in _ACTS.get(vendor, ()):
            on = f" ON facts_{table}" if vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS facts_{table}_no_{act}{on}")


def forbid_changes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    allow_changes(apps, editor)
    vendor = editor.connection.vendor
    for table in _TABLES:
        for act in _ACTS.get(vendor, ()):
            for statement in _APPEND_ONLY.statements(vendor, table, act):
                editor.execute(statement)


def _of(model: str) -> models.Field:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="withdrawals", to=f"facts.{model}"
    )


class Migration(migrations.Migration):
    dependencies = [("facts", "0003_append_only")]

    operations = [
        migrations.RemoveConstraint(model_name="subjectchange", name="subject_change_once"),
        migrations.CreateModel(
            name="SubjectWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change", _of("subjectchange")),
                ("membership", _of("scopemembership")),
                ("document", models.CharField(max_length=120)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(change__isnull=True) ^ models.Q(membership__isnull=True),
                        name="withdrawal_of_one",
                    )
                ]
            },
        ),
        migrations.RunPython(forbid_changes, allow_changes),
    ]
