"""方案的结构: what a plan document means once read. Frozen values; every one knows the span it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from math import prod

from shuangkong.core.finding import Message
from shuangkong.core.span import Span


class Kind(StrEnum):
    """What sort of commitment a number is; decides its arithmetic."""

    REDUCTION_RATE = "reduction_rate"  # 比基年下降 15%
    CAP_TOTAL = "cap_total"  # 总量控制在 … 以内
    CAP_INCREMENT = "cap_increment"  # 增量控制在 … 以内, 零增长
    LEVEL_FLOOR = "level_floor"  # 率、系数、水平达到 … 以上
    LEVEL_CAP = "level_cap"  # 比重降到 … 以下
    GROWTH = "growth"  # 增长 …
    SHARE = "share"  # 占比、比例、比重
    COUNT = "count"  # 建成 18 家
    REDUCTION_AMOUNT = "reduction_amount"  # 重点工程减排量
    COMPLETION = "completion"  # 全部、100%
    STAGE = "stage"  # Ⅳ类, 国Ⅵ, 一级A
    POINT_GAIN = "point_gain"  # 提高 5 个百分点


class Op(StrEnum):
    """The relation as printed. LT and GT occur in thresholds only."""

    LE = "<="
    GE = ">="
    EQ = "="
    ABOUT = "~"
    LT = "<"
    GT = ">"


class Strength(StrEnum):
    """How firmly it is promised."""

    FIRM = "firm"
    AMBITION = "ambition"  # 力争、争取
    BASIC = "basic"  # 基本


class Nature(StrEnum):
    """约束性 or 预期性, where the document says so."""

    BINDING = "binding"
    EXPECTED = "expected"


class Role(StrEnum):
    """What a responsible body is to a measure."""

    LEAD = "lead"  # 牵头单位, or the one body of …负责
    PARTICIPANT = "participant"  # 参加单位、配合单位
    SHARED = "shared"  # 按职责分工负责
    STANDING = "standing"  # 以下均需…落实，不再列出


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why something read is not certain. ``weight`` in 0..1 is how much of the confidence it takes away."""

    code: str
    weight: float
    message: Message


def confidence(doubts: tuple[Doubt, ...]) -> float:
    """1 where nothing is doubtful; each doubt takes its share of what is left."""
    return round(prod(1 - doubt.weight for doubt in doubts), 3)


@dataclass(frozen=True, slots=True)
class Horizon:
    """The years a plan covers; None where the document does not say and nothing lets it be known."""

    base_year: int | None
    start_year: int | None
    end_year: int | None


@dataclass(frozen=True, slots=True)
class ParentDocument:
    """A document that the plan says it follows or cites. ``role`` is ``parent`` or ``cited``."""

    title: str
    doc_no: str | None
    role: str
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """Identity of the document. ``spans`` gives the place of each field that was found, by field name."""

    title: str | None
    doc_no: str | None
    issuer: str | None
    issued_on: date | None
    region: str | None
    horizon: Horizon
    base_years: tuple[int, ...]
    parents: tuple[ParentDocument, ...]
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    redaction: str | None
    notice_title: str | None = None
    spans: dict[str, Span] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """One responsible body as printed, typos included; an alias is a later decision."""

    name: str
    role: Role
    span: Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """One measure sentence of an item: the sub-task a person can be asked about."""

    ordinal: int
    span: Span


@dataclass(frozen=True, slots=True)
class Chapter:
    """A top-level heading; ``no`` is None where the document lost its number."""

    no: str | None
    title: str
    span: Span
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One operative item (measure).

    ``no`` is the full path, full width (（十二）, 三（一）1); ``path`` its levels. ``open_ended`` is the 等 of the
    bracket, ``bracket`` its place, ``span`` heading to end of text, ``title_span`` the heading alone.
    """

    no: str
    path: tuple[str, ...]
    title: str
    chapter_no: str | None
    chapter_title: str | None
    bodies: tuple[Body, ...]
    open_ended: bool
    sentences: tuple[Sentence, ...]
    span: Span
    title_span: Span
    bracket: Span | None = None
    doubts: tuple[Doubt, ...] = ()

    def named(self, role: Role) -> tuple[str, ...]:
        """Names of the bodies with that role, in printed order."""
        return tuple(body.name for body in self.bodies if body.role is role)


@dataclass(frozen=True, slots=True)
class Target:
    """One quantitative commitment: one row for each printed number and indicator.

    ``indicator`` is the official name where the lexicon knows it, with denominator and nested scope as part of its
    identity (``scope`` and ``denominator`` repeat them apart). ``unit`` is as printed (万吨标准煤, %, 个), with the
    denominator that the name prints ahead (万元…能耗1.2吨标准煤: 吨标准煤/万元). ``deadline``
    is ``2020``, ``2017-12`` or None; ``inherited`` names the fields carried over from an earlier clause or from the
    plan's horizon. ``span`` is the quotation, ``value_span`` the number. ``region`` is the row label of an annex table,
    None in the text; ``base_value`` the value of the base year where it is printed beside the target (由1.53降到1.22).
    ``starts`` is the day, month or year from which it holds (2018年1月1日起: ``2018-01-01``), else None.
    """

    item_no: str
    indicator: str
    indicator_printed: str
    kind: Kind
    op: Op
    value: Decimal
    unit: str
    base_year: int | None
    deadline: str | None
    scope: str | None
    denominator: str | None
    strength: Strength
    nature: Nature | None
    span: Span
    value_span: Span
    region: str | None = None
    in_words: bool = False
    base_value: Decimal | None = None
    inherited: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = ()
    starts: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The level of a quantity in a past year as the text prints it (2020年为1000吨, 由2020年的120万吨…): no commitment.

    ``year`` is None where the text gives none; the rest as in Target.
    """

    item_no: str
    indicator: str
    value: Decimal
    unit: str
    year: int | None
    span: Span
    value_span: Span


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that classifies (≥500头, 20蒸吨/时): kept apart from targets."""

    item_no: str
    subject: str
    op: Op
    value: Decimal
    unit: str
    span: Span
    value_span: Span
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty without a number: dates as in Target, ``recurrence`` 每年 or 定期, ``extent`` 全部…"""

    item_no: str
    what: str
    extent: str | None
    deadline: str | None
    recurrence: str | None
    strength: Strength
    span: Span
    doubts: tuple[Doubt, ...] = ()
    starts: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an annex table with its meaning; ``header`` joins the tiers of a two-tier head."""

    header: str
    unit: str | None
    role: str  # label | unit | base | target | change | increment | amount | other
    indicator: str | None
    kind: Kind | None
    year: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. ``value`` is None for a dash or an empty cell; ``bracketed`` marks [-14], a rate of change."""

    text: str
    value: Decimal | None
    bracketed: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row: first cell the label; ``group`` the heading row above (工业：), ``is_total`` all regions."""

    label: str
    cells: tuple[Cell, ...]
    group: str | None
    is_total: bool
    span: Span


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """An annex table, typed; ``notes`` are the footnotes below it with their spans."""

    no: int
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[tuple[str, Span], ...]
    span: Span
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one document; ``annex_targets`` are table cells joined by indicator and region."""

    head: Head
    chapters: tuple[Chapter, ...]
    items: tuple[Item, ...]
    targets: tuple[Target, ...]
    thresholds: tuple[Threshold, ...]
    duties: tuple[Duty, ...]
    tables: tuple[AnnexTable, ...]
    annex_targets: tuple[Target, ...]
    standing: tuple[Body, ...]
    annex_list: tuple[tuple[int, str, Span], ...] = ()
    doubts: tuple[Doubt, ...] = ()
    baselines: tuple[Baseline, ...] = ()
