"""Values of responses, as pages and other stores see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shuangkong.outlook.response.states import Event, Standing, standing
from shuangkong.records.people.access import Where


@dataclass(frozen=True, slots=True)
class Happened:
    """One event; ``tasks``: duty → number of the task that it became."""

    event: Event
    author: str
    at: datetime
    journal: int
    tasks: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRow:
    """One response with all that happened, the oldest first."""

    id: int
    issue: int
    region: str
    path: str
    target: int
    subject: tuple[str, str]
    subject_name: str
    indicator: str
    indicator_name: str
    rule: str
    is_demo: bool
    is_fictional: bool
    happened: tuple[Happened, ...]

    @property
    def where(self) -> Where:
        return Where(self.path)

    @property
    def standing(self) -> Standing:
        found = standing(each.event for each in self.happened)
        assert found is not None, "a response begins with the event that raised it"
        return found

    @property
    def tasks(self) -> tuple[int, ...]:
        return tuple(task for each in self.happened for task in each.tasks.values())
