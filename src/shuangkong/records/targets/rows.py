"""Values of targets, as pages see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangkong.core.span import Span
from shuangkong.core.trace import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The share of an adopted decomposition by which a target counts (records.targets.in_force).

    Attributes:
        place: name of who shared it out; ``since``: the day of the adoption.
        printed: the plan's own figure where it is another, in the unit of the target.
        dues: year → what is due by its end, in the terms of the target.
        is_laid_down: whether somebody gave these years one by one; else they follow from the whole.
        steps: why so much.
    """

    decomposition: int
    share: int
    place: str
    since: date | None
    printed: Decimal | None
    dues: Mapping[int, Decimal]
    is_laid_down: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One target of an adopted plan for one subject.

    See records.targets.models.Target for the meaning of the fields. ``assigned``: the share that it counts by; None:
    it counts as printed. A share that no plan prints has its number below zero.
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
    assigned: Assigned | None = None


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
