"""Values of the ledger of key projects, as pages and other rooms see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shuangkong.outlook.projects.told import Content, Event, Held, Particulars
from shuangkong.records.people.access import Where
from shuangkong.records.plans.tasks.rows import Handed


@dataclass(frozen=True, slots=True)
class Registered:
    """A project to be put on the list.

    ``owner`` is the name of a body of the place, or the source or credit code of an enterprise there.
    """

    region: str
    owner: str
    particulars: Particulars
    text: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says; ``on`` None is today."""

    content: Content
    text: str = ""
    document: str = ""
    on: date | None = None
    files: tuple[Handed, ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as it was recorded."""

    id: int
    event: Event
    text: str
    document: str
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file handed in with an event."""

    id: int
    event: int
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyProjectRow:
    """One project with all that happened, the oldest first, and what it leaves the project at."""

    id: int
    region: str
    region_name: str
    path: str
    body: int | None
    owner: str
    is_fictional: bool
    registered_by: str
    happened: tuple[Happened, ...]
    held: Held

    @property
    def where(self) -> Where:
        """Where it is, for the access functions."""
        return Where(self.path, frozenset({self.body}) if self.body is not None else frozenset())

    @property
    def name(self) -> str:
        return self.held.particulars.name

    @property
    def is_demo(self) -> bool:
        """What is done at an invented place is for show."""
        return self.is_fictional
