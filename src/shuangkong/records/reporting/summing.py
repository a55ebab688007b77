"""同表合计: what several units of a region tell of the region itself is one fact, their sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import F
from django.utils import timezone

from shuangkong.core.period import Period
from shuangkong.records.registry.models import Region
from shuangkong.records.reporting.forms import form_at
from shuangkong.records.reporting.models import ClockMark, Return, Version
from shuangkong.records.reporting.rows import ReturnRow
from shuangkong.records.reporting.store import return_row, standing_of
from shuangkong.reporting.content import Content, read_canonical
from shuangkong.reporting.forms.ranking import names_regions

_NAMED = "named_regions"


def lock_places(numbers: Iterable[int]) -> None:
    """Locks the regions of some returns, in their order, before the returns: of two sums one is made after the other.

    1 query, within the transaction of the caller.
    """
    places = Return.objects.filter(pk__in=list(numbers)).values("reporter__region")
    list(Region.objects.select_for_update(no_key=True).filter(pk__in=places).order_by("pk").values_list("pk"))


def lock_named() -> None:
    """Locks what units tell of regions that they name: wherever these units lie, one sum is made after the other.

    Taken after the locks of places and returns, before the journal's. 2 queries, within the transaction of the caller.
    """
    mark, _ = ClockMark.objects.get_or_create(name=_NAMED, defaults={"at": timezone.now()})
    ClockMark.objects.select_for_update().get(pk=mark.pk)


def lock_named_by(numbers: Iterable[int]) -> None:
    """The same where one of some returns names regions: before the first of many is recorded. 1 query, or 3.

    Raises Refused where the policy has a form no more.
    """
    told = Return.objects.filter(pk__in=list(numbers)).values_list("form", "period", "reporter__region").distinct()
    if any(names_regions(form_at(form, Period.parse(period), region)) for form, period, region in told):
        lock_named()


def is_approved(held: Return) -> bool:
    """Whether every level has approved the version in force, though a correction of it waits."""
    now = standing_of(held)
    if now.kept is not None:
        now = replace(now, state=now.kept[0], level=now.kept[1])
    return now.is_whole


def others(row: ReturnRow, *, is_anywhere: bool = False) -> Iterator[tuple[ReturnRow, Content, bool]]:
    """(return, what its version in force says, whether it is approved) of the same form, region and period. 2 queries.

    ``is_anywhere``: of any region. Not of the return itself.
    """
    found = Return.objects.filter(form=row.form, period=row.period, in_force__isnull=False)
    found = found.exclude(pk=row.id)
    if not is_anywhere:
        found = found.filter(reporter__region=row.reporter.region)
    rows = {held.pk: held for held in found.select_related("reporter__region", "window").order_by("pk")}
    versions = Version.objects.filter(owned__in=list(rows), number=F("owned__in_force")).order_by("owned")
    for owned, content in versions.values_list("owned", "content"):
        yield return_row(rows[owned]), read_canonical(content), is_approved(rows[owned])
