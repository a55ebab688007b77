"""Values of the register of enterprises, as pages and other stores see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shuangkong.core.source_code import source_code


class EnterpriseEventKind(StrEnum):
    """What happened to an enterprise."""

    REGISTER = "register"  # 登记
    CHANGE = "change"  # 变更（名称、代码、地址、行业）
    CLOSE = "close"  # 关停、注销
    REOPEN = "reopen"  # 恢复
    BODY = "body"  # 指定填报单位


class System(StrEnum):
    """Another system that has numbers of its own for enterprises."""

    PERMIT = "permit"  # 排污许可证
    STATISTICS = "statistics"  # 环境统计
    CENSUS = "census"  # 污染源普查
    ENERGY = "energy"  # 重点用能单位
    MONITORING = "monitoring"  # 自动监控


@dataclass(frozen=True, slots=True)
class ParticularsRow:
    """What an enterprise is; ``region`` and ``industry`` are codes, ``credit_code`` and ``industry`` "" for none."""

    name: str
    region: str
    credit_code: str = ""
    industry: str = ""


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """One enterprise on a day.

    ``same_as`` is the record that it means after the newest decision, itself included; ``path`` that of its region;
    ``body`` whom its people act for.
    """

    id: int
    particulars: ParticularsRow
    region_name: str
    path: str
    body: int | None
    is_open: bool
    is_fictional: bool
    same_as: int

    @property
    def source(self) -> str:
        """Its source code."""
        return source_code(self.id)

    @property
    def name(self) -> str:
        return self.particulars.name


@dataclass(frozen=True, slots=True)
class EnterpriseEventRow:
    """What an enterprise is from a day on, and who said so; ``changed`` are the particulars that the event moved."""

    id: int
    enterprise: int
    kind: EnterpriseEventKind
    on: date
    particulars: ParticularsRow
    region_name: str
    body: int | None
    changed: tuple[str, ...]
    ground: str
    document: str
    author: str
    at: datetime
    journal: int


@dataclass(frozen=True, slots=True)
class IdentifierRow:
    """By which number another system knows an enterprise; ``enterprise`` is the record that bears it."""

    id: int
    enterprise: int
    system: System
    value: str
    ground: str
    decided_by: str
    decided_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """One enterprise that was merged into another, or of which the other was split off."""

    before: int
    before_name: str
    after: int
    after_name: str
    kind: str
    on: date
    document: str
    decided_by: str
