"""登记册: which table, whose rows they are, where they lie, and which of its fields say so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models

from shuangkong.core.finding import Message
from shuangkong.records.monitoring.registers.field import Field
from shuangkong.records.monitoring.registers.tally import Tally
from shuangkong.records.people.access import Where
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action

if TYPE_CHECKING:
    from shuangkong.records.monitoring.registers.store import RegisterRow

#: What a row would be, by key of its fields → raises Refused where it cannot be. ``row`` is its number, None for new.
type Check = Callable[[Mapping[str, Any], int | None], None]
#: What a row brings with it: points of readings and the like; or what it leaves behind when it is revised.
type Follows = Callable[[Any], None]
#: Who puts a row in, or would change it, is told to it: marks whose it is, or raises Refused where it is another's.
type Owns = Callable[[Any, Acting], None]

#: Rows of a register, those that ended too, as of a day → what they add up to.
type Counts = Callable[[Sequence[RegisterRow], date], Iterable[Tally]]
#: Columns of a region's path and of a unit's body → the condition that the person who asks may see what bears them.
type Seen = Callable[[str, str | None], models.Q]
#: As ``Counts``, with what the rows say nothing of: others beside them, of those that the person may see.
type Beside = Callable[[Sequence[RegisterRow], date, Seen], Iterable[Tally]]


@dataclass(frozen=True, slots=True)
class Register:
    """One register.

    ``action`` changes it. ``region`` and ``enterprise`` name the columns, from a row on, of its region and of its
    enterprise ("" where there is none); ``until`` is the key of the field that ends a row. ``follows`` is told of a row
    as it has become, ``leaves`` as it was before it is revised. ``signs`` is told who puts a row in, ``guards`` who
    would revise it, before anything of it is changed; ``whose`` says of a row whose it is. ``counts`` says what rows
    add up to, ``beside`` also what stands beside them and told nothing.
    """

    key: str
    name: Message
    question: Message
    model: type[models.Model]
    fields: tuple[Field, ...]
    action: Action
    region: str
    enterprise: str = ""
    until: str = "ends_on"
    checks: tuple[Check, ...] = ()
    follows: Follows | None = None
    leaves: Follows | None = None
    signs: Owns | None = None
    guards: Owns | None = None
    whose: Callable[[Any], Message] | None = None
    counts: Counts | None = None
    beside: Beside | None = None

    @property
    def path(self) -> str:
        """The column of the path of its region."""
        return f"{self.region}__path"

    @property
    def body(self) -> str | None:
        """The column of the body of its enterprise."""
        return f"{self.enterprise}__body" if self.enterprise else None

    def field(self, key: str) -> Field:
        """Raises StopIteration where there is none."""
        return next(each for each in self.fields if each.key == key)

    @property
    def can_end(self) -> bool:
        """Whether its rows hold until a day: what happened once does not end."""
        return any(each.key == self.until for each in self.fields)

    def where(self, row: Any) -> Where:
        """Where a row lies, and whose body it is."""
        region = _along(row, self.region)
        enterprise = _along(row, self.enterprise) if self.enterprise else None
        body = enterprise.body_id if enterprise is not None else None
        return Where(region.path, frozenset({body}) if body is not None else frozenset())


def _along(row: Any, column: str) -> Any:
    for step in column.split("__"):
        row = getattr(row, step)
        if row is None:
            return None
    return row
