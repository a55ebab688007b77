"""Columns of text: what does not fit is refused by whatever way it comes, and nothing is cut without a word."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from shuangkong.records.paths import PathField
from shuangkong.records.people.models import FactorRule, Person
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.texts import LineField, TextField

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
