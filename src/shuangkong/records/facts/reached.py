"""Which subjects a person may load figures of, and the place that holds them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile

from shuangkong.core.finding import Message
from shuangkong.records.facts.parsing import RowRefused
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.paths import SEPARATOR
from shuangkong.records.people.access import Where, may, visible
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.registry import store as registry
from shuangkong.records.targets.models import Target
from shuangkong.records.targets.territory import BELOW


@dataclass(frozen=True, slots=True)
class Reached:
    """What one load may speak of.

    ``paths`` are those of its regions; ``bound`` what else the targets of the person's places bind, None where the
    person may load everywhere.
    """

    by: Acting
    paths: Mapping[str, str]
    bound: frozenset[tuple[str, str]] | None

    @classmethod
    def of(cls, told: Iterable[SubjectRow], by: Acting) -> Reached:
        """1 query a 500 regions, 1 more for a person who may not load everywhere."""
        paths = registry.paths(code for each in told if (code := _listed(each)))
        if may(by, Action.ACTUAL_LOAD, Where(SEPARATOR)):
            return cls(by, paths, None)
        within = visible(by, Action.ACTUAL_LOAD, "plan__region__path")
        found = Target.objects.filter(within).values_list("subject_kind", "subject_code").distinct()
        return cls(by, paths, frozenset(found))

    def covers(self, subject: SubjectRow) -> bool:
        """Whether the person may tell of it: a region in their places, or whom a target of their places binds."""
        path = self.paths.get(_listed(subject), "")
        if path:
            return may(self.by, Action.ACTUAL_LOAD, Where(path))
        return self.bound is None or subject.key in self.bound

    def refusal(self, subject: SubjectRow) -> RowRefused:
        """Why it is not covered."""
        place = self.by.region_name or self.by.region
        expected = Message(f"{place}及其以下的对象", f"a subject in {place} or below it")
        return RowRefused("TGT-113", "subject", expected, subject.name)

    @property
    def place(self) -> str:
        """The path of the narrowest region that holds every region told of; the person's own where there is none."""
        lines = [path.strip(SEPARATOR).split(SEPARATOR) for path in self.paths.values()]
        if not lines:
            return self.by.paths[0] if self.by.paths else SEPARATOR
        held = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, zip(*lines, strict=False))]
        return SEPARATOR + "".join(code + SEPARATOR for code in held)


def _listed(subject: SubjectRow) -> str:
    """The code of the region in the register; a part that no list holds lies in the region named before it.

    "" where it is not known in which region a subject lies.
    """
    return subject.region or (subject.code.partition(BELOW)[0] if subject.kind == "region" else "")
