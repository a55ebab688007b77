"""通知谁: the bodies that answer for regions, organisations and enterprises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.core.fact import Subject
from shuangkong.core.source_code import number_of
from shuangkong.records.registry.collectives import government_names
from shuangkong.records.registry.models import Body, Enterprise, Region

_REGION = "region"


def governments_of(regions: Iterable[str]) -> dict[str, int]:
    """Region → the body that is its government; named where no plan has named it yet. 2 queries, 1 more a new one."""
    names = dict(Region.objects.filter(pk__in=set(regions)).values_list("pk", "name"))
    called = {(code, each): code for code, name in names.items() for each in government_names(name)}
    found: dict[str, int] = {}
    for number, region, name in (
        Body.objects.filter(region__in=names).order_by("pk").values_list("pk", "region", "name")
    ):
        code = called.get((region or "", name))
        if code is not None:
            found.setdefault(code, number)
    lacking = [code for code in names if code not in found]
    made = Body.objects.bulk_create(Body(region_id=code, name=f"{names[code]}人民政府") for code in lacking)
    return found | {each.region_id: each.pk for each in made if each.region_id}


def answering(subjects: Mapping[Subject, str], region: str) -> dict[Subject, int]:
    """Subject → body that answers for it, of those that have one; a sector has none. At most 4 queries.

    Args:
        subjects: each with its name; region: in whose plans or register bodies of a name are looked for.
    """
    governments = governments_of(each.code for each in subjects if each.kind == _REGION)
    found = {each: governments[each.code] for each in subjects if each.kind == _REGION and each.code in governments}
    others = {each: name for each, name in subjects.items() if each.kind != _REGION}
    if not others:
        return found
    named = dict(Body.objects.filter(region=region, name__in=set(others.values())).values_list("name", "pk"))
    numbers = {number for each in others if (number := number_of(each.code)) is not None}
    enterprises = dict(Enterprise.objects.filter(pk__in=numbers, body__isnull=False).values_list("pk", "body"))
    for each, name in others.items():
        body = enterprises.get(number_of(each.code) or 0) or named.get(name)
        if body is not None:
            found[each] = body
    return found
