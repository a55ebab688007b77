"""Values of notices, as pages and other stores see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.records.people.access import Where


class NoticeKind(StrEnum):
    """What a notice is about; ``thing`` is the number of that."""

    BAROMETER = "barometer"  # 晴雨表预警: an issue of the barometer
    RESPONSE = "response"  # 预警调控: a response
    WEATHER = "weather"  # 重污染天气应急: an alert, told to enterprises
    JOINT = "joint"  # 联防联控: an alert, told to neighbours
    ASSESSMENT = "assessment"  # 考核结果: an assessment
    CONSEQUENCE = "consequence"  # 考核后果: a consequence
    RETURN = "return"  # 报表: a return of online reporting
    CASE = "case"  # 核查案件: a case of verification, told to the unit it is on
    ENTRY = "entry"  # 一企一档事项: an entry of a unit's file, told to the unit
    WINDOW = "window"  # 报送提醒: a window of online reporting, told to those who still owe it


KINDS: dict[NoticeKind, Message] = {
    NoticeKind.BAROMETER: Message("晴雨表预警", "Warning of the barometer"),
    NoticeKind.RESPONSE: Message("预警调控措施", "Duties of a response"),
    NoticeKind.WEATHER: Message("重污染天气应急响应令", "Order for heavy-pollution weather"),
    NoticeKind.JOINT: Message("重污染天气联防联控通报", "Heavy-pollution notice to neighbours"),
    NoticeKind.ASSESSMENT: Message("考核结果", "Result of an assessment"),
    NoticeKind.CONSEQUENCE: Message("考核后果", "Consequence of an assessment"),
    NoticeKind.RETURN: Message("报表", "A return"),
    NoticeKind.CASE: Message("核查案件", "A case of verification"),
    NoticeKind.ENTRY: Message("一企一档事项", "An entry of the unit's file"),
    NoticeKind.WINDOW: Message("报送提醒", "Reminder to file"),
}


@dataclass(frozen=True, slots=True)
class Addressed:
    """One who is to be told; ``text`` is for this one alone."""

    body: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSend:
    """A notice about to be sent from the place ``region`` with its ``path``."""

    kind: NoticeKind
    thing: int
    title: str
    text: str
    region: str
    path: str
    bodies: tuple[Addressed, ...]
    is_urgent: bool = False
    is_demo: bool = False
    is_fictional: bool = False


@dataclass(frozen=True, slots=True)
class AddressedRow:
    """One who was told; ``at`` None: not acknowledged yet. ``is_lapsed``: nor need it be any more."""

    body: int
    name: str
    text: str
    answer: str = ""
    author: str = ""
    at: datetime | None = None
    journal: int | None = None
    is_lapsed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One notice with all whom it was sent to."""

    id: int
    kind: NoticeKind
    thing: int
    title: str
    text: str
    region: str
    path: str
    is_urgent: bool
    is_demo: bool
    is_fictional: bool
    author: str
    at: datetime
    journal: int
    bodies: tuple[AddressedRow, ...]

    @property
    def where(self) -> Where:
        return Where(self.path, frozenset(each.body for each in self.bodies))

    @property
    def waiting(self) -> tuple[AddressedRow, ...]:
        """Those who have not acknowledged it."""
        return tuple(each for each in self.bodies if each.at is None and not each.is_lapsed)
