"""What can be chosen among plans: places, years, titles and bodies, by name. Nothing is loaded whole.

Each function asks 1 query for at most ``count`` names, the ``chosen`` one first, so that a form can show what was
chosen however long the rest is. ``words`` must all stand in the name.
"""

from __future__ import annotations

from functools import reduce
from operator import and_

from django.db.models import Case, Q, Value, When

from shuangkong.records.plans.authority import EVERY
from shuangkong.records.plans.models import Plan
from shuangkong.records.registry.models import Body, Region
from shuangkong.records.registry.store import meanings


def places(seen: Q = EVERY, words: str = "", chosen: str = "", count: int | None = None) -> tuple[tuple[str, str], ...]:
    """Code and name of the regions that have a plan, by code. ``seen`` is a condition on the region's ``path``."""
    found = Region.objects.filter(seen, pk__in=Plan.objects.filter(region__isnull=False).values("region"))
    asked = found.filter(_asked(words, "name", chosen))
    return tuple(asked.order_by(_first(chosen), "code").values_list("code", "name")[:count])


def years(seen: Q = EVERY) -> tuple[int, ...]:
    """Every year of the plans' terms, the newest first. ``seen`` is a condition on ``region__path``."""
    ended = Plan.objects.filter(seen, end_year__isnull=False).order_by()
    terms = ended.values_list("start_year", "end_year").distinct()
    spans = (range(start or end, end + 1) for start, end in terms if end is not None)
    return tuple(sorted({year for span in spans for year in span}, reverse=True))


def titles(
    seen: Q = EVERY, words: str = "", chosen: int | None = None, count: int | None = None
) -> tuple[tuple[int, str], ...]:
    """Number and title of the plans in force, newest first. ``seen`` is a condition on columns of plans."""
    asked = Plan.objects.filter(seen, _asked(words, "title", chosen), version__gt=0)
    return tuple(asked.order_by(_first(chosen), "-issued_on", "-pk").values_list("pk", "title")[:count])


def bodies(
    seen: Q = EVERY, words: str = "", chosen: int | None = None, count: int | None = None
) -> tuple[tuple[int, str], ...]:
    """Number and name of bodies that stand for themselves, as they came. 1 query more, for aliases."""
    asked = Body.objects.filter(seen, _asked(words, "name", chosen)).exclude(pk__in=list(meanings()))
    return tuple(asked.order_by(_first(chosen), "pk").values_list("pk", "name")[:count])


def _asked(words: str, column: str, chosen: str | int | None) -> Q:
    """Every word stands in the name, or it was chosen; no words ask for all."""
    spoken = [Q(**{f"{column}__icontains": word}) for word in words.split()]
    return reduce(and_, spoken) | Q(pk=chosen or None) if spoken else Q()


def _first(chosen: str | int | None) -> Case:
    """Orders what was chosen before all else."""
    return Case(When(pk=chosen or None, then=Value(0)), default=Value(1))
