"""重点工程的数据格式: what the operations of the ledger of key projects take and answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from shuangkong.outlook.projects.told import Clearance, EventKind, Stage, Step
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, Number, Text, listed

_MOST = 40
#: A month as YYYY-MM.
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Year = Annotated[int, Field(ge=1_900, le=2_999)]
Expected = Annotated[dict[str, FigureTold], Field(max_length=_MOST)]
Days = Annotated[dict[Annotated[Step, listed(Step)], Day], Field(max_length=_MOST)]


class KeyProject(Schema):
    """A key project as it stands.

    ``state``: late, unstable, fine, over (not dispatched any more) or unjudged; ``faults``: fault → what it rests on.
    ``expected`` in tonnes of a full year by pollutant, or ``energy`` in tonnes of coal equivalent; ``is_stable`` null:
    too few months to tell.
    """

    id: int
    region: str
    region_name: str
    owner: str
    name: str
    family: str
    since: str
    milestones: dict[str, date]
    done: dict[str, date]
    expected: dict[str, Figure]
    source: str
    outlet: str
    measure: str
    task: int | None
    investment_cny: Figure | None
    funding: str
    ppp: str
    land: Annotated[Clearance, listed(Clearance)]
    approval: Annotated[Clearance, listed(Clearance)]
    state: str
    faults: dict[str, list[str]]
    is_stable: bool | None
    reductions: list[int]
    is_demo: bool


class KeyProjects(Schema):
    """The newest first."""

    items: list[KeyProject]


class ProjectLine(Schema):
    """What a project was assigned and what counts of it, by pollutant and year, in tonnes."""

    pollutant: str
    year: int
    assigned_t: Figure | None
    counted_t: Figure
    carried_t: Figure
    completion_pct: Figure | None


class ProjectTonnes(Schema):
    """By pollutant and year."""

    items: list[ProjectLine]


class ProjectEvent(Schema):
    """What was said of it; ``told`` is the content of the event. The oldest first."""

    id: int
    kind: Annotated[EventKind, listed(EventKind)]
    on: date
    told: dict[str, Any]
    text: str
    document: str
    author: str
    at: datetime
    journal: int


class ProjectEvents(Schema):
    """All that was said."""

    items: list[ProjectEvent]


class ProjectSum(Schema):
    """The projects of a place against a target of its plan, in tonnes.

    ``short_t``: what recognised tonnes lack of it; ``uncovered_t``: what even all that is expected would lack.
    """

    target: int
    pollutant: str
    place: str
    name: str
    target_t: Figure
    first_year: int
    last_year: int
    projects: int
    expected_t: Figure
    assigned_t: Figure
    counted_t: Figure
    completion_pct: Figure | None
    short_t: Figure
    uncovered_t: Figure


class ProjectSums(Schema):
    """``unlinked``: numbers of the reductions of key projects that no project on the list has."""

    items: list[ProjectSum]
    unlinked: list[int]


class ParticularsTold(Schema):
    """What a project is; ``expected`` as in KeyProject, ``milestones``: start, finish, run → last day."""

    name: Line
    family: Line
    since: Month
    milestones: Days
    expected: Expected
    source: Line = ""
    outlet: Line = ""
    measure: Line = ""
    task: Number | None = None
    investment_cny: FigureTold | None = None
    funding: Line = ""
    ppp: Line = ""
    land: Annotated[Clearance, listed(Clearance)] = Clearance.NONE
    approval: Annotated[Clearance, listed(Clearance)] = Clearance.NONE


class ProjectTold(ParticularsTold):
    """A project to be put on the list; ``owner``: the name of a body of the place, or the code of an enterprise."""

    region: Code
    owner: Line
    text: Text = ""
    document: Line = ""


class ProjectActTold(Schema):
    """One act: ``kind`` says which of the words below it takes.

    dispatch: month, stage, invested_cny, progress_pct, done; prove: month, running_pct, compliant_pct; retract: month;
    assign: pollutant, year, amount_t (null takes it back), target, task; link and release: reduction; revise:
    particulars; end and withdraw: none. ``text`` is the reason, needed where something is changed or taken back.
    """

    kind: Annotated[EventKind, listed(EventKind)]
    text: Text = ""
    document: Line = ""
    month: Month | None = None
    stage: Annotated[Stage, listed(Stage)] | None = None
    invested_cny: FigureTold | None = None
    progress_pct: FigureTold | None = None
    done: Days = Field(default_factory=dict)
    running_pct: FigureTold | None = None
    compliant_pct: FigureTold | None = None
    pollutant: Line = ""
    year: Year | None = None
    amount_t: FigureTold | None = None
    target: Number | None = None
    task: Number | None = None
    reduction: Number | None = None
    particulars: ParticularsTold | None = None
