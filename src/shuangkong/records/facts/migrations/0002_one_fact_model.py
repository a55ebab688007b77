"""One model of facts: small numbers for what many figures share, origins and evidence, vintages beside one another."""

from itertools import batched

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Max

import shuangkong.records.decimals
from shuangkong.core.fact import Evidence, Maturity, Measure, Origin, State
from shuangkong.core.period import Period
from shuangkong.records.facts.codes import EVIDENCES, MATURITIES, MEASURES, ORIGINS, STATES

_BATCH = 1_000
_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
_SHARED = {
    "db_constraint": False,
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
}


def take_over(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Every figure told so far, as reported statistics, in the order in which it was told."""
    former, made = apps.get_model("facts", "FormerObservation"), apps.get_model("facts", "Observation")
    load, word, subject = (apps.get_model("facts", name) for name in ("Load", "Word", "Subject"))
    load.objects.filter(pk__in=former.objects.filter(is_demo=True).values("load")).update(is_demo=True)
    loads: dict[object, int] = {}
    for at, by, is_demo in (
        former.objects.filter(load=None).values_list("recorded_at", "recorded_by", "is_demo").distinct()
    ):
        loads[at, by, is_demo] = load.objects.create(
            name="", sha256="", source="", rows_new=0, rows_changed=0, rows_same=0, is_demo=is_demo,
            loaded_at=at, loaded_by=by,
        ).pk  # fmt: skip
    words = {}
    for kind in ("indicator", "unit", "source"):
        texts = former.objects.order_by(kind).values_list(kind, flat=True).distinct()
        word.objects.bulk_create([word(kind=kind, text=text) for text in texts], batch_size=_BATCH)
        words |= {(kind, text): pk for text, pk in word.objects.filter(kind=kind).values_list("text", "pk")}
    named = former.objects.values_list("subject_kind", "subject_code").annotate(name=Max("subject_name"))
    subject.objects.bulk_create(
        [
            subject(kind=kind, code=code, name=name, region=code.partition("/")[0] if kind == "region" else "")
            for kind, code, name in named
        ],
        batch_size=_BATCH,
    )
    subjects = {(kind, code): pk for kind, code, pk in subject.objects.values_list("kind", "code", "pk")}
    for rows in batched(former.objects.order_by("pk").iterator(_BATCH), _BATCH):
        made.objects.bulk_create([made(**_columns(row, words, subjects, loads)) for row in rows])


def _columns(row, words, subjects, loads):
    period = Period.parse(row.period)
    return {
        "indicator_id": words["indicator", row.indicator],
        "subject_id": subjects[row.subject_kind, row.subject_code],
        "first_month": period.first_month,
        "months": period.months,
        "measure": MEASURES.number(Measure(row.measure)),
        "state": STATES.number(State(row.state)),
        "origin": ORIGINS.number(Origin.REPORTED),
        "maturity": MATURITIES.number(Maturity(row.maturity)),
        "evidence": EVIDENCES.number(Evidence.STATISTICAL),
        "value": row.value,
        "unit_id": words["unit", row.unit],
        "source_id": words["source", row.source],
        "note": row.note,
        "load_id": row.load_id or loads[row.recorded_at, row.recorded_by, row.is_demo],
    }


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_initial")]

    operations = [
        migrations.RenameModel("Observation", "FormerObservation"),
        migrations.AddField("Load", "is_demo", models.BooleanField(default=False)),
        migrations.AlterField("Load", "loaded_at", models.DateTimeField(db_index=True)),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", _ID.clone()),
                ("kind", models.CharField(max_length=9)),
                ("text", models.CharField(max_length=600)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "text"), name="fact_word_once")]},
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("id", _ID.clone()),
                ("kind", models.CharField(max_length=12)),
                ("code", models.CharField(max_length=120)),
                ("name", models.CharField(max_length=120)),
                ("region", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "code"), name="fact_subject_once")],
                "indexes": [models.Index(fields=["region", "kind"], name="fact_subject_region")],
            },
        ),
        migrations.CreateModel(
            name="SubjectChange",
            fields=[
                ("id", _ID.clone()),
                ("kind", models.CharField(max_length=8)),
                ("on", models.DateField()),
                ("document", models.CharField(max_length=120)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                (
                    "before",
                    models.ForeignKey("facts.Subject", django.db.models.deletion.PROTECT, related_name="became"),
                ),
                (
                    "after",
                    models.ForeignKey("facts.Subject", django.db.models.deletion.PROTECT, related_name="came_from"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("before", "after", "on"), name="subject_change_once")]
            },
        ),
        migrations.CreateModel(
            name="ScopeMembership",
            fields=[
                ("id", _ID.clone()),
                ("scope", models.CharField(max_length=40)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                ("document", models.CharField(max_length=120)),
                ("decided_by", models.CharField(max_length=150)),
                ("decided_at", models.DateTimeField()),
                (
                    "subject",
                    models.ForeignKey("facts.Subject", django.db.models.deletion.PROTECT, related_name="memberships"),
                ),
            ],
            options={"indexes": [models.Index(fields=["scope", "subject"], name="scope_members")]},
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", _ID.clone()),
                ("indicator", models.ForeignKey(to="facts.Word", **_SHARED)),
                ("subject", models.ForeignKey(to="facts.Subject", **_SHARED)),
                ("first_month", models.SmallIntegerField()),
                ("months", models.SmallIntegerField()),
                ("measure", models.SmallIntegerField()),
                ("state", models.SmallIntegerField()),
                ("origin", models.SmallIntegerField()),
                ("maturity", models.SmallIntegerField()),
                ("evidence", models.SmallIntegerField()),
                ("value", shuangkong.records.decimals.ExactDecimalField(null=True)),
                ("unit", models.ForeignKey(to="facts.Word", **_SHARED)),
                ("source", models.ForeignKey(to="facts.Word", **_SHARED)),
                ("note", models.TextField(blank=True)),
                (
                    "load",
                    models.ForeignKey(
                        "facts.Load",
                        django.db.models.deletion.PROTECT,
                        related_name="observations",
                        db_constraint=False,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "indicator", "first_month"], name="fact_series"),
                    models.Index(fields=["first_month", "months", "indicator"], name="fact_period"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", 0), ("value__isnull", False)),
                            models.Q(models.Q(("state", 0), _negated=True), ("value__isnull", True)),
                            _connector="OR",
                        ),
                        name="fact_value_only_where_told",
                    )
                ],
            },
        ),
        migrations.RunPython(take_over, migrations.RunPython.noop),
        migrations.DeleteModel("FormerObservation"),
    ]
