"""减排核算的数据格式: what the operations of the accounting of emissions take and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from shuangkong.indicators.emissions.formulas import Register
from shuangkong.indicators.emissions.standing import EventKind, State
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Text, listed

_MOST_ROWS, _MOST_FIGURES = 20_000, 40
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
Year = Annotated[int, Field(ge=1_900, le=2_999)]
Figures = Annotated[dict[str, FigureTold], Field(max_length=_MOST_FIGURES)]


class Reduction(Schema):
    """A reduction as it stands, amounts in tonnes of a full year; ``start`` is the month from which it counts.

    ``after_t``: the level of a year at which it leaves its source, ``credited_after_t`` as recognised.
    """

    id: int
    region: str
    region_name: str
    title: str
    body: int | None
    body_name: str
    source_code: str
    source_name: str
    outlet: str
    scope: str
    pollutant: str
    formula: str
    measure: str
    is_key: bool
    assigned_t: Figure | None
    note: str
    start: str
    reported_by: str
    reported_at: datetime
    state: Annotated[State, listed(State)]
    reported_t: Figure | None
    checked_t: Figure | None
    reviewed_t: Figure | None
    recognised_t: Figure | None
    after_t: Figure
    credited_after_t: Figure | None
    is_demo: bool
    is_fictional: bool


class SourceEntry(Schema):
    """A batch of vehicles, a plant or a herd that is registered; ``outlet`` is the number of a batch.

    ``basin``: the name of the river basin; "" where it is not told.
    """

    id: int
    region: str
    region_name: str
    sort: Annotated[Register, listed(Register)]
    code: str
    outlet: str
    name: str
    basin: str
    ground: str
    is_fictional: bool
    registered_by: str
    registered_at: datetime


class SourceEntries(Schema):
    """The newest first."""

    items: list[SourceEntry]


class SourceEntryTold(Schema):
    """One to be registered; ``code`` is that of its source, ``outlet`` the number of a batch."""

    region: Code
    sort: Annotated[Register, listed(Register)]
    code: Line
    name: Line
    outlet: Line = ""
    basin: Line = ""
    ground: Line


class Reductions(Schema):
    """The newest first."""

    items: list[Reduction]


class ReductionEvent(Schema):
    """One thing that happened."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    amount_t: Figure | None
    text: str
    document: str
    author: str
    at: datetime
    journal: int


class ReductionEvents(Schema):
    """Oldest first."""

    items: list[ReductionEvent]


class ReductionTold(Schema):
    """A reduction to be reported; ``inputs`` are the figures that the formula takes, by their names in it."""

    region: Code
    title: Line
    source: Line
    source_name: Line = ""
    pollutant: Line
    scope: Line
    formula: Line
    inputs: Figures
    starts: Month
    outlet: Line = ""
    is_key: bool = False
    assigned_t: FigureTold | None = None
    note: Line = ""
    text: Text = ""
    document: Line = ""


class ReductionActTold(Schema):
    """What is done about it; ``inputs`` and ``starts`` are those of a correction."""

    kind: Annotated[EventKind, listed(EventKind)]
    text: Text = ""
    amount_t: FigureTold | None = None
    on: Day | None = None
    document: Line = ""
    inputs: Figures | None = None
    starts: Month | None = None


class Inventory(Schema):
    """A base; ``totals`` in tonnes by pollutant, ``counts`` where it is the one that counts."""

    id: int
    region: str
    region_name: str
    sort: str
    year: int
    title: str
    excluded: str
    document: str
    sources: int
    totals: dict[str, Figure]
    counts: bool
    loaded_by: str
    loaded_at: datetime
    is_demo: bool
    is_fictional: bool


class Inventories(Schema):
    """The newest first."""

    items: list[Inventory]


class InventoryBody(Schema):
    """A base to be taken in: rows by the headings of the template; ``is_dry_run``: only tell the verdicts."""

    region: Code
    sort: Line
    year: Year
    title: Line
    document: Line
    excluded: Line = ""
    rows: Annotated[list[dict[str, Line]], Field(max_length=_MOST_ROWS)]
    is_dry_run: bool = True


class SourceVerdict(Schema):
    """What becomes of a row, counted from 2 as in a file."""

    row: int
    is_taken: bool
    what: str
    code: str
    column: str


class InventoryAnswer(Schema):
    """``inventory`` is the number of what was taken in; none while a row is refused, or in a dry run."""

    inventory: int | None
    verdicts: list[SourceVerdict]


class Choice(Schema):
    """Why a base counts."""

    ground: Text


class YearAccount(Schema):
    """One year in tonnes; a figure that is missing is none, never zero."""

    year: int
    before_t: Figure | None
    increment_t: Figure | None
    reduction_t: Figure | None
    reported_t: Figure | None
    emission_t: Figure | None
    reported_emission_t: Figure | None
    decline_pct: Figure | None


class SourcePart(Schema):
    """What one source has in the base and in what was recognised of it, with the numbers of those reductions.

    ``source`` is "" for what of the base no source tells.
    """

    source: str
    name: str
    base_t: Figure
    recognised_t: Figure
    level_t: Figure
    reductions: list[int]


class AccountPart(Schema):
    """A basin or a class of sources; ``key`` is its name or id, "" for what none is told of.

    ``recognised_t``: since the base until ``divided_year``; ``level_t``: base less that, what was added is not in it.
    """

    key: str
    base_t: Figure
    recognised_t: Figure
    level_t: Figure
    sources: list[SourcePart]


class Account(Schema):
    """One pollutant at a place: base, years, target rate, and key projects against what was assigned.

    ``basins`` (of water pollutants and wherever one is told) and ``classes`` are each the whole at the end of
    ``divided_year``.
    """

    region: str
    pollutant: str
    base_year: int
    base_t: Figure
    base_source: str
    years: list[YearAccount]
    target_pct: Figure | None
    projects_t: Figure
    assigned_t: Figure | None
    completion_pct: Figure | None
    divided_year: int
    basins: list[AccountPart]
    classes: list[AccountPart]
    known_on: date
    is_demo: bool


class Accounts(Schema):
    """By pollutant."""

    items: list[Account]
