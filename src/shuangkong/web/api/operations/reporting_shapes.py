"""报表的形状: what calls about returns send and get."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from shuangkong.web.api.values import Line, Number, Text

#: An address of a cell, or a code of a finding with one.
Address = Annotated[str, Field(max_length=220, pattern=r"^[^\x00]*$")]
Value = Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$")]


class WindowOpen(Schema):
    """A form that is open for a period at a place."""

    id: int
    form: str
    period: str
    region: str
    due: date
    is_demo: bool


class WindowsOpen(Schema):
    """The newest period first."""

    items: list[WindowOpen]


class WindowToLock(Schema):
    """``region``: a place of the window; without it the whole window."""

    region: Line = ""
    ground: Text = ""


class WindowLocked(Schema):
    """How many returns were locked, and how many are left that not every level has approved."""

    locked: int
    left: int


class ReturnStanding(Schema):
    """What one unit owes of one form for one period, and how it stands; ``chain`` approves it, the lowest first."""

    id: int
    window: int
    form: str
    period: str
    reporter: int
    unit: str
    name: str
    region: str
    state: str
    clock: str
    due: date | None
    owed_by: date | None
    received_on: date | None
    version: int | None
    in_force: int | None
    level: int
    levels: int
    chain: list[str]
    is_demo: bool


class ReturnsStanding(Schema):
    """The newest period first. ``next`` is to be sent as ``after`` for the rows behind; null at the end."""

    items: list[ReturnStanding]
    next: int | None


class CellTold(Schema):
    """One cell: a figure as text in the unit that the form prints; ``state`` not_applicable where it does not apply."""

    address: str
    state: str
    value: str
    origin: str
    source: str


class DraftTold(Schema):
    """What the unit has filled in; ``stamp`` counts the times it was kept, 0: nothing was."""

    edition: str
    stamp: int
    cells: list[CellTold]
    keys: dict[str, list[str]]
    explained: dict[str, str]


class DraftToSave(Schema):
    """Cells by address as they are typed: a figure, words, ``不适用`` or ``/`` where it does not apply, "" for nothing.

    ``keys``: open table → keys of its rows, in order; ``whole``: nothing but these cells stays.
    """

    cells: dict[Address, Value] = Field(default={}, max_length=20_000)
    keys: dict[Address, list[Line]] = Field(default={})
    explained: dict[Address, Text] = Field(default={})
    whole: bool = False


class FindingTold(Schema):
    """What a check found; ``key`` is by which it is explained; ``explanation``, ``verdict`` "" where there is none."""

    key: str
    code: str
    severity: str
    address: str
    zh: str
    en: str
    explanation: str = ""
    verdict: str = ""
    id: int | None = None


class Stamped(Schema):
    """It is kept, ``findings`` with it: a value that is none of its cell stands there as it was sent."""

    stamp: int
    findings: list[FindingTold] = Field(default=[])


class Checked(Schema):
    """``unjudged``: codes of checks that could not be made, for lack of what they compare with."""

    findings: list[FindingTold]
    unjudged: list[str]
    may_be_submitted: bool


class ReturnToSubmit(Schema):
    """Without ``cells`` the draft is signed; with them they are the whole return. ``ground``: of a correction.

    ``base``: the version that a correction was made from. The same content twice is one version: send again what got no
    answer.
    """

    cells: dict[Address, Value] | None = Field(default=None, max_length=20_000)
    keys: dict[Address, list[Line]] = Field(default={})
    explained: dict[Address, Text] = Field(default={})
    ground: Text = ""
    base: int | None = None


class ReceiptTold(Schema):
    """The receipt: the version, the SM3 of the sealed content, when; ``is_new`` false: it had been received before."""

    id: int
    version: int
    digest: str
    at: datetime
    is_new: bool
    journal: int


class VersionTold(Schema):
    """One version as sealed: ``content`` is the canonical JSON that the digest is of."""

    number: int
    edition: str
    content: str
    digest: str
    base: int | None
    ground: str
    channel: str
    signed_by: str
    signed_at: datetime
    findings: list[FindingTold]


class EventTold(Schema):
    """One thing that happened to a return."""

    kind: str
    on: date
    version: int | None
    level: int
    region: str
    due: date | None
    ground: str
    document: str
    author: str
    at: datetime
    journal: int


class ReturnWhole(Schema):
    """A return with its versions and what happened to it; ``later``: found in the version that stands only after it was
    signed, by what came to be held beside it."""

    standing: ReturnStanding
    versions: list[VersionTold]
    later: list[FindingTold]
    events: list[EventTold]


class ReturnActTold(Schema):
    """``kind``: review, accept, return, approve, lock …; ``verdicts``: finding → whether its explanation holds.

    ``version``: the one that was read; where another stands by then, nothing is done.
    """

    kind: Line
    ground: Text = ""
    document: Line = ""
    due: date | None = None
    verdicts: dict[Number, bool] = Field(default={})
    version: Number | None = None


class WindowToOpen(Schema):
    """A form, a period as YYYY-MM, and a place; without ``due`` the last day is that of the form."""

    form: Line
    period: Line
    region: Line
    due: date | None = None


class Progress(Schema):
    """How far one window is, of what the caller sees."""

    window: int
    form: str
    period: str
    region: str
    due: date
    expected: int
    received: int
    in_time: int
    late: int
    overdue: int
    returned: int
    accepted: int
    approved: int
    not_due: int


class ProgressOfAll(Schema):
    """The newest period first."""

    items: list[Progress]


class UnitToFile(Schema):
    """The cells of one unit, by its code; as DraftToSave has them. What is left out stays as it is.

    ``explained``: key of a finding, as the verdicts have it → what the unit says to it. ``digest``: that of the
    verdict that was read; where figures, files or explanations would be others, it is not signed.
    """

    unit: Line
    cells: dict[Address, Value] = Field(min_length=1, max_length=20_000)
    explained: dict[Address, Text] = Field(default={}, max_length=2_000)
    digest: str = Field(default="", pattern="^([0-9a-f]{64})?$")


class ManyToFile(Schema):
    """One form of one period for many units. ``act``: try (writes nothing), keep (drafts, all or none), sign (keeps,
    then signs each by itself; what is not ready stays a draft). ``ground``: why what was accepted is corrected."""

    form: Line
    period: Line
    returns: list[UnitToFile] = Field(min_length=1, max_length=3_000)
    act: Literal["try", "keep", "sign"] = "try"
    ground: Text = ""


class UnitOwing(Schema):
    """A unit that the caller may file for; ``id`` of its return."""

    id: int
    unit: str
    name: str
    state: str
    has_draft: bool


class UnitsOwing(Schema):
    """By code; the form is at /reporting/forms, of this edition."""

    edition: str
    items: list[UnitOwing]


class UnitVerdict(Schema):
    """What became of one unit: ``faults`` could not be taken, ``findings`` of the checks; ``digest`` of what
    would be signed, figures, files and explanations together (so not that of the receipt); ``receipt`` where it was
    signed, ``refused`` why it was not."""

    id: int
    unit: str
    cells: int
    faults: list[FindingTold]
    findings: list[FindingTold]
    is_ready: bool
    digest: str = ""
    receipt: ReceiptTold | None = None
    refused: str = ""


class ManyVerdicts(Schema):
    """``strangers``: codes of units that the caller files nothing of this for; with one of them, or a fault, nothing
    is kept. ``kept``: units whose draft is otherwise now."""

    items: list[UnitVerdict]
    strangers: list[str]
    kept: int
