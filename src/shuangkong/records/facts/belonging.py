"""统计范围的成员: which subjects belong to a scope in a period; whoever became another by then is gone, though entered.

A period is that of its last day: whoever entered or left within it belongs, or not, as the list at its end says.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from shuangkong.core.fact import Subject
from shuangkong.indicators.forerunners import Forerunners
from shuangkong.records.facts.rows import SubjectRow
from shuangkong.records.facts.scopes import Membership, stays


@dataclass(frozen=True, slots=True)
class Belonging:
    """Every stay in one scope, and who became whom, as known on a day."""

    stays: tuple[Membership, ...]
    past: Forerunners

    def members(self, day: date) -> tuple[SubjectRow, ...]:
        """Who belongs on a day, by code."""
        there = {each.subject.key: each.subject for each in self.stays if each.holds(day)}
        return tuple(row for key, row in sorted(there.items()) if not self.past.is_gone(Subject(*key), day))


def belonging(scope: str, past: Forerunners, as_of: date | None = None) -> Belonging:
    """Of a scope, as known by the end of a day. 1 query."""
    return Belonging(stays(scope, as_of=as_of), past)


def belongings(scopes: Collection[str], past: Forerunners, as_of: date | None = None) -> dict[str, Belonging]:
    """The same of several scopes. 1 query, none where there is no scope."""
    every = stays(*scopes, as_of=as_of) if scopes else ()
    return {scope: Belonging(tuple(each for each in every if each.scope == scope), past) for scope in scopes}
