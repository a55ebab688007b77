"""在线监测的数据格式: what the operations on outlets, alarms, orders and marks take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils import timezone
from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field
from pydantic_core import PydanticCustomError

from shuangkong.core.horizon import is_near, years
from shuangkong.monitoring.alarms.life import State as AlarmState
from shuangkong.monitoring.mark import Mark
from shuangkong.records.monitoring.alarms import NEEDS, Cause
from shuangkong.records.monitoring.marks import Origin, Reason
from shuangkong.records.monitoring.orders import State as OrderState
from shuangkong.records.monitoring.quarantine import Decision
from shuangkong.web.api.room import Made
from shuangkong.web.api.values import FAR, Code, Day, Figure, Line, Text, listed
from shuangkong.web.monitoring.data import Source
from shuangkong.web.monitoring.live import State


def _near(at: datetime) -> datetime:
    today = timezone.localdate()
    if not is_near(at.date(), today):
        first, last = years(today)
        raise PydanticCustomError(FAR, "a moment from {first} to {last}", {"first": first, "last": last})
    return at


#: A moment with its zone, near enough that something can be reckoned with it.
Moment = Annotated[AwareDatetime, AfterValidator(_near)]
#: Which page of a list.
type Page = Annotated[int, Field(ge=1, lt=2**31)]
_ACTS = "^(" + "|".join(each.value for each in NEEDS) + ")$"
_CAUSES = "^(|" + "|".join(each.value for each in Cause) + ")$"


class OutletState(Schema):
    """An outlet now: ``latest`` by factor in its own unit, ``at`` of the newest; null: nothing came lately."""

    id: int
    name: str
    code: str
    kind: str
    unit: str
    region: str
    state: Annotated[State, listed(State)]
    at: datetime | None
    open_alarms: int
    mn: str
    latest: dict[str, Figure | None]


class OutletStates(Schema):
    """``is_up``: the store of readings answered."""

    items: list[OutletState]
    is_up: bool


class OutletReading(Schema):
    """One figure: ``flag`` as sent, ``mark`` as decided; (``segment``, ``offset``): where its frame lies.

    ``source``: the device told it; or it did not, and we reckoned it of its minutes, of its hours, or (a flow) of the
    velocity, or (NOx) of NO and NO2. ``sent``: what the device told where it told wet gas, or gas as in the duct: then
    ``value`` is of dry gas at standard state, null where its state is not known; null: as ``value``.
    """

    factor: str
    at: datetime
    stat: str
    value: Figure | None
    flag: str
    mark: str
    segment: int
    offset: int
    source: Annotated[Source, listed(Source)]
    sent: Figure | None


class Readings(Schema):
    """By factor, time and statistic, of the time before ``until``.

    ``next``: where more is asked for than one answer takes, the start to ask for the rest with; null: that is all.
    ``note`` says so in both languages, else "".
    """

    items: list[OutletReading]
    until: datetime
    next: datetime | None
    note: str


class MonitoringAlarm(Schema):
    """What a rule found, in both languages, and how its case stands. ``ends_at`` null: it lasts."""

    id: int
    outlet: int
    outlet_name: str
    unit_name: str
    region: str
    factor: str
    rule: str
    period: str
    level: int
    starts_at: datetime
    ends_at: datetime | None
    peak: Figure | None
    limit: Figure | None
    unit: str
    multiple: Figure | None
    zh: str
    en: str
    segment: int | None
    offset: int | None
    state: Annotated[AlarmState, listed(AlarmState)]
    cause: str
    due_at: datetime | None


class Alarms(Schema):
    """The newest first; ``count`` of all there are, ``next``: the page with the rest, null: that is all."""

    items: list[MonitoringAlarm]
    count: int
    next: int | None


class AlarmStepTold(Schema):
    """A step of a case."""

    act: str
    cause: str
    receiver: str
    text: str
    author: str
    at: datetime
    journal: int | None


class AlarmDetail(MonitoringAlarm):
    """With its steps, the oldest first."""

    steps: list[AlarmStepTold]


class AlarmActTold(Schema):
    """A step: ``cause`` for explain and review, ``receiver`` for hand_over, ``text`` for all that say why."""

    act: Annotated[str, Field(pattern=_ACTS)]
    text: Text = ""
    cause: Annotated[str, Field(pattern=_CAUSES)] = ""
    receiver: Annotated[str, Field(max_length=120)] = ""


class DeviceOrderLine(Schema):
    """An order as it stands; secrets among ``fields`` are not told."""

    id: int
    mn: str
    outlet: int | None
    command: str
    fields: dict[str, str]
    ground: str
    is_automatic: bool
    state: Annotated[OrderState, listed(OrderState)]
    tries: int
    author: str
    at: datetime
    ended_at: datetime | None
    answer: str


class DeviceOrders(Schema):
    """The newest first; ``count`` of all there are, ``open``: not over; ``next``: the page with the rest, or null."""

    items: list[DeviceOrderLine]
    count: int
    open: int
    next: int | None


class OrderTold(Schema):
    """``command``: CN; ``fields`` by their names in the protocol, times as 14 digits."""

    command: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    fields: dict[Annotated[str, Field(max_length=40)], Line] = Field(default_factory=dict, max_length=20)
    ground: Text


class WhyTold(Schema):
    """Why."""

    ground: Text


class OutletMark(Schema):
    """A mark on hours; ``factor`` empty: all of them; the end is not included.

    ``waits``: for the authority's agreement, until which it holds for nothing; ``agreed_by``: who gave it, or empty.
    """

    id: int
    outlet: int
    factor: str
    starts_at: datetime
    ends_at: datetime
    mark: str
    origin: Annotated[Origin, listed(Origin)]
    reason: str
    text: str
    author: str
    at: datetime
    waits: bool
    agreed_by: str


class MarksOf(Schema):
    """Those that wait for agreement first, then those that hold, the strongest last."""

    items: list[OutletMark]


class WaitingMarks(Schema):
    """The oldest hours first; ``count`` of all there are; ``next``: the page with the rest, or null."""

    items: list[OutletMark]
    count: int
    next: int | None


class HoursMarked(Made):
    """The number of the mark; ``waits``: for the authority's agreement, until which it holds for nothing."""

    waits: bool


class HoursMarkTold(Schema):
    """Whole hours; ``factor`` empty: all of the outlet's."""

    factor: Annotated[str, Field(max_length=12, pattern=r"^[0-9a-zA-Z]*$")] = ""
    starts_at: Moment
    ends_at: Moment
    mark: Annotated[Mark, listed(Mark)]
    reason: Annotated[Reason, listed(Reason)]
    text: Text


class QuarantineLine(Schema):
    """What was kept apart."""

    id: int
    mn: str
    sort: str
    factor: str
    text: str
    address: str
    first_at: datetime
    last_at: datetime
    count: int
    decision: str


class Quarantined(Schema):
    """The newest first."""

    items: list[QuarantineLine]


class QuarantineTold(Schema):
    """What becomes of it, and why."""

    decision: Annotated[Decision, listed(Decision)]
    ground: Text


class PublicationTold(Schema):
    """A year's list of a place was published."""

    region: Code
    year: Annotated[int, Field(ge=1_990, le=2_999)]
    on: Day
    document: Line
