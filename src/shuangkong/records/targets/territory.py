"""Whom an annex row binds: a region of the registry, another part of the plan's territory, or a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from shuangkong.plans.reading import AnnexTable
from shuangkong.records.registry import store as registry
from shuangkong.records.registry.rows import RegionRow
from shuangkong.records.targets.drafts import Accepted, Subject

#: Between the code of a plan's region and the name of a part that no list holds (镇、开发区).
BELOW = "/"


@dataclass(frozen=True)
class Territory:
    """The region of a plan, and the words by which a row or its heading tells a part of it.

    ``names``, ``headings`` and ``other_names`` are patterns with ``*`` for any words.
    """

    home: Subject
    names: tuple[str, ...]
    headings: tuple[str, ...]
    other_names: tuple[str, ...]

    @classmethod
    def of(cls, home: Subject, words: Mapping[str, tuple[str, ...]]) -> Territory:
        """``words`` are the lists of ``plans/lexicon``."""
        return cls(home, words["part_names"], words["part_headings"], words["no_part_names"])

    def subjects(self, accepted: Iterable[Accepted]) -> Mapping[str, Subject]:
        """Printed row label → whom it binds. 2 queries, 2 more where a label names none of the nearest regions."""
        heads: dict[str, set[str]] = {}
        for each in accepted:
            if each.target.region:
                heads.setdefault(each.target.region, set()).add(_heading(each.table))
        near = registry.children(self.home.code)
        known = {label: self._listed(label, near) for label in heads}
        if not all(known.values()):
            far = tuple(registry.regions(registry.codes_below(self.home.code)).values())
            known = {label: subject or self._listed(label, far) for label, subject in known.items()}
        return {label: known[label] or self._unlisted(label, heads[label]) for label in heads}

    def _listed(self, label: str, below: Iterable[RegionRow]) -> Subject | None:
        """The one region of the registry that a label means: the plan's own or one below it, never one elsewhere."""
        if registry.is_called(self.home.name, label):
            return self.home
        named = [each for each in below if registry.is_called(each.name, label)]
        if len(named) > 1:
            named = [each for each in named if each.ends_on is None]
        return Subject("region", named[0].code, label) if len(named) == 1 else None

    def _unlisted(self, label: str, headings: Iterable[str]) -> Subject:
        """A part of the territory is known by the region it lies in: its name may be borne elsewhere too."""
        if self._is_part(label, headings):
            return Subject("region", f"{self.home.code}{BELOW}{label}", label)
        return Subject("unit", label, label)

    def _is_part(self, label: str, headings: Iterable[str]) -> bool:
        name = "".join(label.split()).split("（")[0].split("(")[0]
        if _matches(name, self.names):
            return True
        return not _matches(name, self.other_names) and any(_matches(head, self.headings) for head in headings)


def _heading(table: AnnexTable | None) -> str:
    """What stands above the labels of a table's rows."""
    columns = table.columns if table else ()
    return next(("".join(column.header.split()) for column in columns if column.role == "label"), "")


def _matches(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)
