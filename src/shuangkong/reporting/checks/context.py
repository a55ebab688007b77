"""审核所凭: what a return is held against beside itself. Whatever is not held is told as “not judged”, never passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shuangkong.core.fact import State
from shuangkong.core.finding import Message
from shuangkong.core.period import Period

#: What stands in a cell: a figure, a word, or why there is none.
type Told = Decimal | str | State


@dataclass(frozen=True, slots=True)
class Sheet:
    """One return as checks see it.

    Attributes:
        values: address → what stands there; ``keys``: rows of its open tables, in order.
        said: addresses of which the reporter says that they do not apply; one left blank is not among them.
    """

    values: Mapping[str, Told]
    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    said: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Norm:
    """What a figure usually is, by robust statistics (checks.norms): they bear outliers and uneven distributions.

    Attributes:
        median, spread: of earlier figures; spread is the median absolute deviation, unscaled.
        count: how many figures it rests on.
        seasonal: median of the same period of earlier years; None where there is none.
        seasons: how many such years.
    """

    median: Decimal
    spread: Decimal
    count: int
    seasonal: Decimal | None = None
    seasons: int = 0


@dataclass(frozen=True, slots=True)
class Evidenced:
    """A figure from elsewhere about the same thing, in the base unit of the cell; ``whence`` in words."""

    value: Decimal
    whence: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything optional: None, or an absent key, means that it is not held.

    Attributes:
        day: on which it is checked.
        last, year_ago: the accepted returns of this form for the period before and the same period of last year.
        before: accepted returns of this form in the same year before this period, oldest first.
        norms: address → what the figure usually is.
        others: form id → the unit's return of that form for the period that ends with this one.
        peers: check code → norm of its ratio among units of the same sector.
        evidence: id (``meter_electricity``) → figure; open rows write ``id[key]``. ``lacking``: id → why there is none.
        unit: facts of the register: ``industry``, ``region``.
        codes: name of a list → the codes that it holds on the period's last day.
        suppressed: check code → the ground on which it is not applied to this unit.
    """

    day: date
    period: Period
    last: Sheet | None = None
    year_ago: Sheet | None = None
    before: tuple[Sheet, ...] | None = None
    norms: Mapping[str, Norm] | None = None
    others: Mapping[str, Sheet] = field(default_factory=dict)
    peers: Mapping[str, Norm] = field(default_factory=dict)
    evidence: Mapping[str, Evidenced] = field(default_factory=dict)
    lacking: Mapping[str, Message] = field(default_factory=dict)
    unit: Mapping[str, Told] | None = None
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    suppressed: Mapping[str, str] = field(default_factory=dict)
