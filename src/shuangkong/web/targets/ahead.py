"""往后看: what is foreseen of one target at the end of each coming year, in its own terms, beside its path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from shuangkong.core.fact import Subject
from shuangkong.core.finding import Message
from shuangkong.rulebook import open_rulebook
from shuangkong.web.outlook.accounts import committed_of
from shuangkong.web.outlook.foreseen import End, outlooks
from shuangkong.web.outlook.sought import sought
from shuangkong.web.targets.course import Course


@dataclass(frozen=True, slots=True)
class Ahead:
    """``ends``: by year; empty where nothing is forecast, and ``reason`` says why."""

    ends: Mapping[int, End]
    reason: Message | None = None

    @property
    def last(self) -> End | None:
        """The end of the plan."""
        return self.ends[max(self.ends)] if self.ends else None


def ahead_of(course: Course, as_of: date | None) -> Ahead | None:
    """None where the person may not read the figures, or the target is of a kind that has no course. 2 queries."""
    target, today, book = course.target, timezone.localdate(), open_rulebook()
    if course.is_hidden:
        return None
    is_region = target.subject_kind == "region"
    place = target.subject_code if is_region else ""
    asked = sought(course, book, book.every_rule(book.layer_of(place, as_of or today)))
    if asked is None:
        return None
    subject = Subject(target.subject_kind, target.subject_code)
    [found] = outlooks(subject, [asked], as_of, today, committed_of(place, as_of) if place else {})
    return Ahead({each.year: each for each in found.ends}, None if found.ends else found.series.reason)
