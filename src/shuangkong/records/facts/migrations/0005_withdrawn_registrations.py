"""A registration can be withdrawn, and the code then registered anew: as the next edition of it."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_APPEND_ONLY = import_module("shuangkong.records.facts.migrations.0003_append_only")
#: SQLite makes both anew, and with them go their triggers.
_TABLES = ("subject", "subjectwithdrawal")
_ACTS = {"sqlite": ("UPDATE", "DELETE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
_OF = ("change", "membership", "registration")


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


def _of_one() -> models.Q:
    found = models.Q()
    for one in _OF:
        found |= models.Q(**{f"{each}__isnull": each != one for each in _OF})
    return found


class Migration(migrations.Migration):
    dependencies = [("facts", "0004_withdrawals")]

    operations = [
        migrations.RemoveConstraint(model_name="subjectwithdrawal", name="withdrawal_of_one"),
        migrations.RemoveConstraint(model_name="subject", name="fact_subject_once"),
        migrations.AddField("subject", "edition", models.SmallIntegerField(default=0)),
        migrations.AddConstraint(
            "subject", models.UniqueConstraint(fields=("kind", "code", "edition"), name="fact_subject_once")
        ),
        migrations.AddField(
            "subjectwithdrawal",
            "registration",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="withdrawals",
                to="facts.subject",
            ),
        ),
        migrations.AddConstraint(
            "subjectwithdrawal", models.CheckConstraint(condition=_of_one(), name="withdrawal_of_one")
        ),
        migrations.RunPython(forbid_changes, allow_changes),
    ]
