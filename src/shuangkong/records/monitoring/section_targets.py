"""断面目标: the class that each section is to keep in a year: as registered for the year, else for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shuangkong.records.monitoring.models import Outlet, SectionTarget

#: The level of sections that the nation examines, as registers write it.
NATIONAL = "national"


def targets_of(sections: Iterable[Outlet], year: int) -> Mapping[int, int | None]:
    """Section → class 1 to 6; None where none is set. 1 query."""
    told = tuple(sections)
    rows = SectionTarget.objects.filter(outlet__in=[each.pk for each in told], year=year)
    of_year = dict(rows.values_list("outlet", "water_class"))
    return {each.pk: of_year.get(each.pk, each.water_class) for each in told}
