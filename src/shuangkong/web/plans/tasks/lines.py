"""One task as a line of any page: what it is, whose, how late, how it stands, with every word ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from shuangkong.plans.tasks.events import ANSWERING
from shuangkong.plans.tasks.standing import Clock, Standing, Thresholds, clock
from shuangkong.records.plans.tasks.naming import told_name
from shuangkong.records.plans.tasks.rows import TaskRow
from shuangkong.web.plans.tasks.words import CLOCKS, GRADES, KINDS, LEVELS, PARTS, SIGNS, STATES, clock_words
from shuangkong.web.site.scope import link


@dataclass(frozen=True, slots=True)
class Line:
    """A task ready to be shown. ``stands`` is how it stood on the day asked for; ``derived_href`` its ground."""

    row: TaskRow
    stands: Standing
    clock: Clock
    href: str
    derived_href: str

    day: date

    @property
    def clock_word(self) -> str:
        return str(CLOCKS[self.clock])

    @property
    def clock_words(self) -> str:
        return clock_words(self.clock, self.stands, self.day)

    @property
    def sign(self) -> str:
        return SIGNS[self.clock]

    @property
    def level(self) -> str:
        return LEVELS[self.clock]

    @property
    def state(self) -> str:
        return str(STATES[self.stands.state])

    @property
    def grade(self) -> str:
        return str(GRADES[self.stands.grade])

    @property
    def derived(self) -> str:
        return str(GRADES[self.row.derived_grade]) if self.row.derived_grade else ""

    @property
    def kind(self) -> str:
        return str(KINDS[self.row.kind])

    @property
    def title(self) -> str:
        """Number, title, enterprise and period: enough to tell it on the phone."""
        return f"{self.row.number} {told_name(self.row)}".strip()

    @property
    def due(self) -> str:
        return self.stands.due.isoformat() if self.stands.due else ""

    @property
    def owing(self) -> str:
        """Names of those who owe it."""
        return "、".join(dict.fromkeys(part.name for part in self.row.parts if part.part in ANSWERING))

    @property
    def helping(self) -> str:
        """Names of those who help."""
        return "、".join(dict.fromkeys(part.name for part in self.row.parts if part.part not in ANSWERING))

    def part_of(self, bodies: Iterable[int]) -> str:
        """What some bodies are to it, in words."""
        mine = set(bodies)
        return "、".join(dict.fromkeys(str(PARTS[part.part]) for part in self.row.parts if part.id in mine))


def line(request: HttpRequest, row: TaskRow, day: date, days: Thresholds) -> Line:
    """A task on a day."""
    now = row.standing
    return Line(row, now, clock(now, day, days), link(request, "tasks:task", row.id), _derived(request, row), day)


def lines(request: HttpRequest, rows: Iterable[TaskRow], day: date, days: Thresholds) -> list[Line]:
    """Many tasks on a day."""
    return [line(request, row, day, days) for row in rows]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the tasks of a page are labelled: once where it holds of all of them, else beside each."""

    is_demo: bool
    is_fictional: bool


def labels(found: Iterable[Line]) -> Labels | None:
    """The labels that all tasks share; None where they differ."""
    told = {(each.row.is_demo, each.row.is_fictional) for each in found}
    return Labels(*told.pop()) if len(told) == 1 else None


def _derived(request: HttpRequest, row: TaskRow) -> str:
    word, _slash, number = row.derived_from.partition("/")
    name = {"target": "targets:target", "task": "tasks:task"}.get(word)
    return link(request, name, int(number)) if name else ""
