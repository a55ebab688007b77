"""重污染天气应急的样子: what calls about alerts and lists of measures send and are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from shuangkong.outlook.weather.orders import OrderKind
from shuangkong.web.api.operations.notices import Receipt
from shuangkong.web.api.values import Code, Day, Figure, FigureTold, Line, listed

Level = Annotated[int, Field(ge=1, le=3)]
Year = Annotated[int, Field(ge=1, le=9_999)]


class Order(Schema):
    """One order; ``level`` 1 red, 2 orange, 3 yellow, none of an end; ``list`` by which it called."""

    id: int
    kind: str
    level: int | None
    starts_at: datetime
    document: str
    ground: str
    signed_by: str
    list: int | None
    author: str
    journal: int


class Alert(Schema):
    """A response: its level in force (none once it has ended), its orders, the first first."""

    id: int
    region: str
    neighbours: list[str]
    level: int | None
    orders: list[Order]
    is_demo: bool
    is_fictional: bool


class Outcome(Schema):
    """What a line was asked to cut a day and what its told emissions show; ``cause``: why that cannot be told."""

    unit: str
    pollutant: str
    asked_t: Figure
    before_t: Figure | None
    during_t: Figure | None
    reduced_t: Figure | None
    reduced_pct: Figure | None
    is_done: bool | None
    cause: str


class WholeAlert(Alert):
    """With who was told and has acknowledged it, and what came of it."""

    receipts: list[Receipt]
    outcomes: list[Outcome]


class Alerts(Schema):
    """The newest first."""

    items: list[Alert]


class Cut(Schema):
    """Tonnes a day of a pollutant."""

    pollutant: str
    amount_t: Figure


class CutTold(Schema):
    """Tonnes a day of a pollutant, as they are sent."""

    pollutant: Line
    amount_t: FigureTold


class ListedMeasure(Schema):
    """What a process line of an enterprise does at a level."""

    enterprise: str
    process: str
    level: int
    action: str
    cuts: list[Cut]
    verification: str


class MeasureTold(Schema):
    """As it is sent: the enterprise by its name, credit code or source code."""

    enterprise: Line
    process: Line
    level: Level
    action: Line
    cuts: tuple[CutTold, ...] = ()
    verification: Line


class ShareJudged(Schema):
    """A level and pollutant: what all measures cut, in per cent of what the place emits, and what policy demands."""

    level: int
    pollutant: str
    cut_t: Figure
    share_pct: Figure | None
    required_pct: Figure | None
    is_enough: bool | None


class MeasureList(Schema):
    """One version of a list; ``emitted`` by the whole place, of which ``source`` tells whence it is."""

    id: int
    region: str
    year: int
    document: str
    source: str
    emitted: list[Cut]
    measures: list[ListedMeasure]
    shares: list[ShareJudged]
    journal: int
    is_demo: bool
    is_fictional: bool


class ToLoad(Schema):
    """A new version of a place's list."""

    region: Code
    year: Year
    document: Line
    source: Line
    emitted: tuple[CutTold, ...] = ()
    measures: Annotated[tuple[MeasureTold, ...], Field(max_length=20_000)]


class AlertToStart(Schema):
    """A response to be started; ``neighbours`` are codes of the regions that are told."""

    region: Code
    level: Level
    starts_at: datetime
    document: Line
    ground: Line
    signed_by: Line
    neighbours: tuple[Code, ...] = ()


class ToFollow(Schema):
    """An order on a response under way: change, with the level, or end."""

    kind: Annotated[OrderKind, listed(OrderKind)]
    level: Level | None = None
    starts_at: datetime
    document: Line
    ground: Line
    signed_by: Line


class DailyTold(Schema):
    """What a process line emitted on a day."""

    enterprise: Line
    process: Line
    day: Day
    amounts: tuple[CutTold, ...]


class ToTell(Schema):
    """Daily emissions with their source."""

    source: Line
    rows: Annotated[tuple[DailyTold, ...], Field(max_length=20_000)]
