"""Columns of text: what does not fit is refused by whatever way it comes, and nothing is cut without a word."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from shuangkong.assessment.commendation import Honoured
from shuangkong.plans.tasks.events import Part
from shuangkong.records.assessment.commendation.proposing import propose
from shuangkong.records.assessment.commendation.rows import Wanted as Commended
from shuangkong.records.paths import PathField
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.models import FactorRule, Person
from shuangkong.records.people.roles import Role
from shuangkong.records.plans.cascade.responsible import add_state_firm
from shuangkong.records.plans.tasks.adding import Wanted, add
from shuangkong.records.plans.tasks.matters import raise_matter
from shuangkong.records.plans.tasks.models import TITLE_SIGNS
from shuangkong.records.plans.tasks.rows import TaskKind
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.enterprises.acts import register_enterprise
from shuangkong.records.registry.enterprises.rows import ParticularsRow
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.registry.places import add_place
from shuangkong.records.texts import LineField, TextField, brief

COUNTY = "999901"
#: Columns that Django's own user has; people.persons holds them.
_OF_DJANGO = {"password", "username", "first_name", "last_name", "email"}
COLUMNS = [
    field
    for model in apps.get_models()
    if model.__module__.startswith("shuangkong.")
    for field in model._meta.local_fields
    if isinstance(field, models.CharField | models.TextField)
    and not (model is Person and field.name in _OF_DJANGO)
    and not isinstance(field, PathField)
]


@pytest.mark.parametrize("field", COLUMNS, ids=str)
def test_every_column_of_text_refuses_what_does_not_fit(field: models.Field) -> None:  # type: ignore[type-arg]
    from django.db import connection

    assert isinstance(field, LineField | TextField)
    most = field.max_length
    if most is not None:
        assert field.get_db_prep_save("字" * most, connection) == "字" * most
        with pytest.raises(Refused, match="TXT-102") as refusal:
            field.get_db_prep_save("字" * (most + 1), connection)
        assert (refusal.value.field, str(most) in refusal.value.message.zh) == (field.attname, True)
    with pytest.raises(Refused, match="TXT-101"):
        field.get_db_prep_save("前\0后", connection)


def _make(name: str) -> None:
    Body.objects.create(name=name)


def _make_many(name: str) -> None:
    Body.objects.bulk_create([Body(name=name)])


def _change(name: str) -> None:
    Body.objects.create(name="局")
    Body.objects.filter(name="局").update(name=name)


@pytest.mark.django_db
@pytest.mark.parametrize("way", [_make, _make_many, _change])
def test_whatever_way_it_is_stored(way: object) -> None:
    for name, code in (("局" * 121, "TXT-102"), ("局\0", "TXT-101")):
        with pytest.raises(Refused, match=code), transaction.atomic():
            way(name)  # type: ignore[operator]
    assert set(Body.objects.values_list("name", flat=True)) <= {"局"}


@pytest.mark.django_db
def test_text_without_end_is_kept_whole() -> None:
    ground = "依据" * 10_000
    FactorRule.objects.create(role="region", is_required=True, ground=ground, decided_by="a", decided_at=timezone.now())
    assert FactorRule.objects.get().ground == ground
    assert not Region.objects.exists()


def test_what_is_taken_from_a_document_tells_that_it_is_cut() -> None:
    assert (brief("四个汉字", 4), brief("四个汉字", 3)) == ("四个汉字", "四个…")


@pytest.mark.django_db
def test_no_store_cuts_what_a_person_typed(regions: None) -> None:
    body = Body.objects.create(name="县发改局", region_id=COUNTY)
    by = Acting("office", Role.PLAN_OFFICE, region=COUNTY, paths=("/999901/",))
    today, parts = timezone.localdate(), ((body.pk, Part.SOLE),)
    firm = ParticularsRow("厂", COUNTY)
    for way, most in (
        (lambda text: raise_matter(text, "经过", today, by), 200),
        (lambda text: add(Wanted(TaskKind.OTHER, text, parts, COUNTY), by), TITLE_SIGNS),
        (lambda text: add(Wanted(TaskKind.RECTIFY, "改", parts, COUNTY, due=today, subject=text), by), 120),
        (lambda text: add_state_firm(COUNTY, text, by, "名录"), 120),
        (lambda text: add_place(COUNTY, "999901009", text, by, "名录"), 80),
        (lambda text: register_enterprise(firm, by, "名录", document=text), 120),
        (lambda text: propose(Commended(Honoured.UNIT, "厂", text, "事迹", COUNTY, ground="会议"), by), 120),
        (lambda text: propose(Commended(Honoured.UNIT, text, "奖", "事迹", COUNTY, ground="会议"), by), 120),
    ):
        with pytest.raises(Refused, match="TXT-102"), transaction.atomic():
            way("字" * (most + 1))
        assert way("字" * most)
