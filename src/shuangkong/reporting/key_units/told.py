"""清单上的话: lines of the list of a key energy user's duties, and all that is known of a unit for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from shuangkong.core.finding import Message
from shuangkong.reporting.content import Content
from shuangkong.reporting.entry_kinds import EntryKind
from shuangkong.reporting.entry_life import EntryState

#: The form by which it tells of its duties, and that of its yearly report.
DUTIES, REPORT = "key_unit_duty", "utilisation_report"


class Duty(StrEnum):
    """Lines of the list, in their order."""

    LISTED = "listed"  # 在名单
    TIER = "tier"  # 用能分级
    BUDGET = "budget"  # 用能预算
    LEDGER = "ledger"  # 能源消费台账
    METERS = "meters"  # 计量器具检定
    SYSTEM = "system"  # 能源管理体系
    AUDIT = "audit"  # 能源审计
    FOLLOW_UP = "follow_up"  # 审计意见整改
    COMMITMENT = "commitment"  # 节能自愿承诺
    ASSESSMENT = "assessment"  # 节能目标考核
    MANAGER = "manager"  # 能源管理负责人
    REPORT = "report"  # 能源利用状况报告


class Answer(StrEnum):
    """YES in place; NO somebody said that it is not, or it has run out; UNKNOWN nothing says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a line rests on; ``Line.number`` is that of the return or assessment, of entries that of the unit."""

    LIST = "list"
    RETURN = "return"
    METERS = "meters"
    STAFF = "staff"
    ENTRIES = "entries"
    ASSESSMENT = "assessment"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a published list."""

    name: Message
    starts: date
    until: date | None
    document: str

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Limits:
    """From how much a year on a unit is a key user, and from how much it may be made one, in tce."""

    threshold: Decimal
    designated: Decimal
    is_verified: bool

    def range_of(self, value: Decimal) -> Message | None:
        """In which range of the law a yearly consumption lies; None below all of them."""
        high = f"{self.threshold:,}"
        if value >= self.threshold:
            return Message(f"{high} 吨标准煤以上", f"{high} tce and more")
        if value >= self.designated:
            low = f"{self.designated:,}"
            return Message(f"{low}—{high} 吨标准煤，可以指定", f"{low} to {high} tce, may be designated")
        return None


@dataclass(frozen=True, slots=True)
class Consumption:
    """What a unit used by an accepted return, in tce; ``is_whole``: of a whole year, else since January."""

    value: Decimal
    period: str
    owned: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The newest yearly report as it stands; ``is_returned``: what came was sent back and nothing came since."""

    period: str
    owned: int
    received_on: date | None
    due: date | None
    is_accepted: bool
    is_released: bool
    is_returned: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """An entry of the unit's file as it stands; ``is_late``: its last day is past with something still to do; ``due``
    that day, None where it has none."""

    kind: EntryKind
    state: EntryState
    is_late: bool
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that is known of a unit.

    Attributes:
        listed: entries of it, past ones too. ``has_lists``: whether any list is known where it lies.
        duties: its newest accepted return of DUTIES, of ``period``, with its number.
        meters: of each meter in use until when its verification holds, None where nobody said; None instead of all
            of them where the person may not read their register.
        managers: names of those in charge of energy by the register.
        filed: entries of its file that the person may read, none of them struck; ``reporter`` its number.
        assessed: (period, grade, number) of the newest assessment; grade "" while it goes on.
    """

    limits: Limits
    listed: tuple[Listed, ...] = ()
    has_lists: bool = False
    consumption: Consumption | None = None
    duties: Content | None = None
    period: str = ""
    owned: int = 0
    meters: tuple[date | None, ...] | None = ()
    managers: tuple[str, ...] = ()
    report: Report | None = None
    assessed: tuple[str, str, int] | None = None
    filed: tuple[Filed, ...] = ()
    reporter: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One duty, what is known of it, in words, and what that rests on."""

    duty: Duty
    answer: Answer
    said: Message
    basis: Basis = Basis.NOTHING
    number: int = 0
