"""Values of the ledger of emissions, as pages and other rooms see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from shuangkong.core.finding import Message
from shuangkong.indicators.emissions.claim import Claim
from shuangkong.indicators.emissions.credit import MONTHS_A_YEAR, Credit
from shuangkong.indicators.emissions.formulas import Months, Register
from shuangkong.indicators.emissions.standing import EventKind, Standing
from shuangkong.policyfile.expression.given import exact, plain
from shuangkong.records.people.access import Where
from shuangkong.records.plans.tasks.rows import Handed


@dataclass(frozen=True, slots=True)
class Reported:
    """A reduction to be reported.

    Attributes:
        region: code of the place where the source stands.
        source: source or credit code of an enterprise, or the code that the base inventory has.
        inputs: name in the formula → figure, in the formula's units.
        starts: year and month from which it counts.
        assigned_t: what was assigned, where it is a key project.
    """

    region: str
    title: str
    source: str
    source_name: str
    pollutant: str
    scope: str
    formula: str
    inputs: Mapping[str, Decimal]
    starts: tuple[int, int]
    outlet: str = ""
    is_key: bool = False
    assigned_t: Decimal | None = None
    note: str = ""
    text: str = ""
    document: str = ""
    files: tuple[Handed, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What an act says; ``amount_t`` tonnes of a full year, None where the step before is taken as it is.

    ``inputs`` and ``starts`` are those of a correction; ``on`` None is today.
    """

    text: str = ""
    amount_t: Decimal | None = None
    on: date | None = None
    document: str = ""
    inputs: Mapping[str, Decimal] | None = None
    starts: tuple[int, int] | None = None
    files: tuple[Handed, ...] = ()


@dataclass(frozen=True, slots=True)
class ReductionRow:
    """One reduction and how it stands; ``inputs`` and ``starts`` as told last.

    ``after_t``: the level at which it leaves its source, as reckoned last; ``credited_after_t`` as recognised.
    """

    id: int
    region: str
    region_name: str
    path: str
    title: str
    body: int | None
    body_name: str
    source_code: str
    source_name: str
    is_registered: bool
    outlet: str
    scope: str
    pollutant: str
    formula: str
    measure: str
    months: Months
    is_key: bool
    assigned_t: Decimal | None
    note: str
    inputs: Mapping[str, Decimal]
    starts: int
    after_t: Decimal
    credited_after_t: Decimal | None
    rulebook: str
    reported_by: str
    reported_at: datetime
    is_fictional: bool
    standing: Standing

    @property
    def where(self) -> Where:
        """Where it is, for the access functions."""
        return Where(self.path, frozenset({self.body}) if self.body is not None else frozenset())

    @property
    def is_demo(self) -> bool:
        """What is done at an invented place is for show."""
        return self.is_fictional

    @property
    def start(self) -> str:
        """The month from which it counts, as YYYY-MM."""
        year, month = divmod(self.starts, MONTHS_A_YEAR)
        return f"{year}-{month + 1:02d}"

    def credit(self, amount_t: Decimal) -> Credit:
        """What an amount of it counts for."""
        return Credit(self.id, self.starts, self.months, amount_t)

    def claim(self, amount_t: Decimal) -> Claim:
        """What it claims with an amount, which is at most the one that was reported."""
        reckoned_t = self.standing.reported_t
        return self._way(self.after_t, amount_t if reckoned_t is None else reckoned_t, amount_t)

    @property
    def credited(self) -> Claim | None:
        """What was recognised of it; None where it does not count."""
        amount_t = self.standing.counts_t
        if amount_t is None or self.credited_after_t is None:
            return None
        return self._way(self.credited_after_t, amount_t, amount_t)

    def _way(self, after_t: Decimal, fallen_t: Decimal, amount_t: Decimal) -> Claim:
        return Claim(
            project=self.id,
            source=self.source_code,
            outlet=self.outlet,
            pollutant=self.pollutant,
            starts=self.credit(amount_t).first_month,
            before_t=plain(exact(after_t) + exact(fallen_t)),
            after_t=after_t,
            amount_t=amount_t,
            formula=self.formula,
            inputs=self.inputs,
        )


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file handed in."""

    id: int
    name: str
    medium: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ReductionEventRow:
    """One thing that happened."""

    id: int
    kind: EventKind
    on: date
    amount_t: Decimal | None
    text: str
    document: str
    author: str
    at: datetime
    journal: int
    files: tuple[FileRow, ...] = ()


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """One base; ``totals``: pollutant → tonnes, each source by the surest way of knowing; ``counts``: it is chosen."""

    id: int
    region: str
    region_name: str
    path: str
    sort: str
    year: int
    title: str
    excluded: str
    document: str
    sources: int
    totals: Mapping[str, Decimal]
    counts: bool
    is_demo: bool
    is_fictional: bool
    loaded_by: str
    loaded_at: datetime

    @property
    def where(self) -> Where:
        return Where(self.path)


@dataclass(frozen=True, slots=True)
class EntryTold:
    """A batch, plant or herd to be registered; ``code`` is that of its source, ``outlet`` the number of a batch.

    ``basin``: the name of the river basin it lies in, "" where it is not known.
    """

    region: str
    sort: str
    code: str
    name: str
    outlet: str = ""
    ground: str = ""
    basin: str = ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One that is registered."""

    id: int
    region: str
    region_name: str
    path: str
    sort: Register
    code: str
    outlet: str
    name: str
    basin: str
    ground: str
    is_fictional: bool
    registered_by: str
    registered_at: datetime

    @property
    def where(self) -> Where:
        return Where(self.path)


@dataclass(frozen=True, slots=True)
class InventoryTold:
    """Whose base a file is, and what it is called."""

    region: str
    sort: str
    year: int
    title: str
    document: str
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """What becomes of one row of a file: ``is_taken``, or what is wrong with it, in which column."""

    row: int
    is_taken: bool
    what: str
    code: str = ""
    column: str = ""
    message: Message | None = None


@dataclass(frozen=True, slots=True)
class InventoryReport:
    """What taking a file in did, or would do. Nothing is written while a row is refused."""

    verdicts: tuple[SourceVerdict, ...]
    inventory: int | None
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def refused(self) -> int:
        return sum(not each.is_taken for each in self.verdicts)
