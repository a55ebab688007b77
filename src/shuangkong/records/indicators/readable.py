"""谁看得到哪一部分: the parts of a place whose own figures a person may read. The others are never named to them."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.indicators.engine import Law
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.indicators.small_sectors import LEAST, SECTOR, closed_sectors, least_on
from shuangkong.records.indicators.territory import REGION, Territory
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry.models import Region

#: A place below another that nobody has ever heard of: who may read it may read whatever lies there.
_ANYWHERE = "?"


class Readable:
    """What of figures that are looked at from the place at ``path``. Each part is judged by its own place.

    What is asked about need not lie below ``path``: a unit there may have been made of one that lay elsewhere. 1
    query, 1 more where units are asked about, 4 where sectors are; none for a person who may read everything anywhere.

    Attributes:
        is_whole: everything that lies below ``path`` may be read.
    """

    def __init__(self, by: Acting, path: str) -> None:
        self._by, self._path, self._territory = by, path, Territory()
        self.is_whole = may(by, Action.ACTUAL_READ, _below(path))
        self._is_everything = self.is_whole and may(by, Action.ACTUAL_READ, _below(SEPARATOR))

    @cached_property
    def _regions(self) -> frozenset[str]:
        return frozenset(Region.objects.filter(visible(self._by, Action.ACTUAL_READ)).values_list("pk", flat=True))

    def has(self, subject: Subject) -> bool:
        """Whether the figures of a region, of a unit in it or of a sector of it may be read.

        Not those of a sector of too few units, to whom may not read these (small_sectors).
        """
        if self._is_everything:
            return True
        region = subject if subject.kind == REGION else self._territory.whole(subject)
        is_open = region is not None and region.code in self._regions
        return is_open and (subject.kind != SECTOR or subject not in self._closed_sectors)

    @cached_property
    def _closed_sectors(self) -> frozenset[Subject]:
        """None for a person who may read everything below the place."""
        if self.is_whole:
            return frozenset()
        return closed_sectors(self._path, self._regions, self._territory, least_on(timezone.localdate()))

    def has_row(self, row: SubjectRow) -> bool:
        """The same of a subject as it is registered."""
        return self._is_everything or row.region in self._regions


def least_merged_parts(law: Law, day: date) -> int:
    """How many parts that may not be named one figure stands for at least, lest it give one of them away."""
    return int(law.parameter(LEAST, day).number)


def _below(path: str) -> Where:
    return Where(f"{path}{_ANYWHERE}{SEPARATOR}")
