"""Values of the ledger of certificates, as pages and the interface see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shuangkong.core.finding import Message
from shuangkong.quotas.certificates import Act


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as a person or a file tells it: holders by name."""

    act: str
    batch: str
    first: str
    last: str
    giver: str = ""
    taker: str = ""
    on: str = ""
    has_power: str = ""
    ground: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class HolderRow:
    """``held`` and ``retired`` count certificates, as known at the end of a day."""

    id: int
    name: str
    region: str
    region_name: str
    path: str
    held: int
    retired: int
    is_demo: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry. Names of holders are those of their accounts; "" where there is none."""

    id: int
    act: Act
    batch: str
    first: int
    last: int
    giver: str
    taker: str
    giver_region: str
    taker_region: str
    on: date
    has_power: bool
    ground: str
    document: str
    is_demo: bool
    author: str
    at: datetime
    journal: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one row: ``code`` QTA-200 where it can be taken."""

    row: int
    code: str
    message: Message
    field: str = ""

    @property
    def is_refused(self) -> bool:
        return self.code != TAKEN


TAKEN = "QTA-200"


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """One verdict a row; ``journal`` is the row of the journal, None where nothing was written."""

    verdicts: tuple[Verdict, ...]
    journal: int | None

    @property
    def refused(self) -> tuple[Verdict, ...]:
        return tuple(each for each in self.verdicts if each.is_refused)
