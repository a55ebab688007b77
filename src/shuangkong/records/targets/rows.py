"""Values of targets, as pages see them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shuangkong.core.span import Span


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of an adopted plan for one subject.

    See records.targets.models.Target for the meaning of the fields.
    """

    id: int
    plan: int
    plan_title: str
    version: int
    measure: int | None
    entry: int
    ordinal: int
    item_no: str
    is_headline: bool
    subject_kind: str
    subject_code: str
    subject_name: str
    indicator: str
    indicator_name: str
    indicator_printed: str
    kind: str
    op: str
    value: Decimal
    unit: str
    base_year: int | None
    base_value: Decimal | None
    base_unit: str
    deadline: str
    start_year: int | None
    end_year: int | None
    plan_base_year: int | None
    scope: str
    denominator: str
    strength: str
    nature: str
    in_words: bool
    reserve: Decimal | None
    excluded: str
    span: Span
    value_span: Span
    table: tuple[int, int, int] | None  # table no, row, column
    is_demo: bool
    is_fictional: bool


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One line under a parent target: ``kind`` child, reserve or excluded."""

    parent: int
    child: int | None
    kind: str
    name: str
    subject_code: str
    value: Decimal | None
    note_zh: str
    note_en: str
