"""Findings are values: gathered, never thrown one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from shuangkong.core.span import Span


class Severity(StrEnum):
    """What a person must do: correct it, explain it, or know it. The order is the order of weight."""

    MUST_FIX = "must_fix"
    MUST_EXPLAIN = "must_explain"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence to a person, Chinese first."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a check found.

    Attributes:
        code: the check's number in its catalogue, such as ``PLN-001``; never reused.
        severity: see Severity.
        place: where, in words a person can follow (an item number, a table and row, a file and line).
        message: what is wrong and what to do next, both languages.
        ground: the arithmetic or the two quotations on which it rests, both languages; may be empty.
        spans: the pieces of the document it speaks of, the first being the place to open.
    """

    code: str
    severity: Severity
    place: str
    message: Message
    ground: Message | None = None
    spans: tuple[Span, ...] = field(default=())
