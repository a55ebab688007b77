"""谁是谁的部分: regions by the register, sectors and registered units by the region that they lie in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import cached_property

from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.indicators.engine import Law
from shuangkong.indicators.forerunners import Forerunners
from shuangkong.indicators.graph import Subjects
from shuangkong.records.facts.models import Subject as SubjectTable
from shuangkong.records.facts.succession import history
from shuangkong.records.registry.models import Region

REGION = "region"
_WITHIN = "/"


class Territory:
    """Wholes and parts, read when first asked for: 1 query for regions, 1 for units, 1 for who became whom.

    The parts of a region are the regions below it that are still there; the figures of former ones stand in those of
    whatever they became (indicators.forerunners).
    """

    def __init__(self) -> None:
        self._histories: dict[date | None, Forerunners] = {}

    def with_history(self, law: Law, as_of: date | None = None) -> Law:
        """The law, and who became whom as known by the end of a day."""
        if as_of not in self._histories:
            self._histories[as_of] = history(as_of)
        return replace(law, subjects=replace(law.subjects, history=self._histories[as_of]))

    @property
    def subjects(self) -> Subjects:
        return Subjects(self.whole, self.parts)

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return dict(Region.objects.values_list("pk", "parent_id"))

    @cached_property
    def _children(self) -> dict[str, tuple[Subject, ...]]:
        found: dict[str, list[Subject]] = defaultdict(list)
        today = timezone.localdate()
        standing = Region.objects.filter(ends_on__isnull=True, parent__isnull=False).exclude(became__on__lte=today)
        for code, parent in standing.order_by("pk").values_list("pk", "parent_id"):
            found[str(parent)].append(Subject(REGION, code))
        return {code: tuple(parts) for code, parts in found.items()}

    @cached_property
    def _regions_of_others(self) -> dict[tuple[str, str], str]:
        rows = SubjectTable.objects.exclude(kind=REGION).exclude(region="").order_by("edition")
        return {(kind, code): region for kind, code, region in rows.values_list("kind", "code", "region")}

    def whole(self, subject: Subject) -> Subject | None:
        if subject.kind == REGION:
            code = self._parents.get(subject.code)
        elif _WITHIN in subject.code:
            code = subject.code.partition(_WITHIN)[0]
        else:
            code = self._regions_of_others.get((subject.kind, subject.code))
        return Subject(REGION, code) if code else None

    def parts(self, subject: Subject) -> tuple[Subject, ...]:
        return self._children.get(subject.code, ()) if subject.kind == REGION else ()

    @cached_property
    def wholes(self) -> dict[str, str]:
        """Region → the one that its figures add up to; "" where there is none, or it stands no more."""
        standing = {part.code: whole for whole, parts in self._children.items() for part in parts}
        return {code: standing.get(code, "") for code in self._parents}

    def subjects_in(self, regions: Collection[str]) -> tuple[Subject, ...]:
        """Regions, all below them, and whoever else lies there."""
        found = dict.fromkeys(each for code in regions for each in self.within(Subject(REGION, code)))
        there = {each.code for each in found}
        others = (Subject(*key) for key, region in self._regions_of_others.items() if region in there)
        return (*found, *others)

    def within(self, subject: Subject) -> tuple[Subject, ...]:
        """The subject, its parts, theirs and so on."""
        found = [subject]
        for each in found:
            found.extend(self.parts(each))
        return tuple(found)
