"""登记不全的地方: places of which others count more than the registers hold, so that nothing is told of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice

from shuangkong.records.monitoring.rural_facts import SMALL, book_of, codes_of, short_of
from shuangkong.records.paths import below
from shuangkong.records.registry.models import Region

#: Places that one sentence each is said of.
_MOST = 5


def short_places(
    amounts: Iterable[tuple[Region, Decimal]], indicator: str, on: date
) -> Iterator[tuple[Region, Decimal, Decimal]]:
    """Place, how much others count of an indicator there, and how much is registered on a day.

    ``amounts``: where each row that is shown lies, and what it adds. Only of places all of whose rows are among them:
    of those of which a part is shown it is not known here. 2 queries, and 3 for each place.
    """
    yield from islice(_short_places(amounts, indicator, on), _MOST)


def _short_places(
    amounts: Iterable[tuple[Region, Decimal]], indicator: str, on: date
) -> Iterator[tuple[Region, Decimal, Decimal]]:
    shown: dict[str, Decimal] = defaultdict(Decimal)
    own = set()
    for region, amount in amounts:
        own.add(region.pk)
        for code in codes_of(region):
            shown[code] += amount
    counted = short_of(shown, indicator)
    for place in Region.objects.filter(pk__in=counted).order_by("pk"):
        if place.level not in SMALL and place.pk not in own:
            continue
        here = below(place.path, "region__path")
        marks = book_of(here, here).marks(on)
        registered = sum((amount for _, each, amount in marks if each == indicator), Decimal(0))
        if registered == shown[place.pk]:
            yield place, counted[place.pk], registered
