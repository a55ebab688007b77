"""绿证台账: who holds which green certificates, what may be done with them, and what crosses between provinces.

A certificate is a serial number of a batch. Every entry moves a span of serials from one account to another, so that
the accounts of the whole ledger always add up to nothing: what is held or retired was issued, once. A retired
certificate moves no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum


class Act(StrEnum):
    """核发、转让、核销、撤销核发 (the reversing entry of an issue)."""

    ISSUE = "issue"
    TRANSFER = "transfer"
    RETIRE = "retire"
    WITHDRAW = "withdraw"


class Hindrance(StrEnum):
    """Why an entry cannot be made."""

    SPAN = "span"  # it ends before it starts, or starts below one
    PARTIES = "parties"  # who gives or takes is lacking, too many, or the same
    ISSUED = "issued"  # some of it was issued before
    UNKNOWN = "unknown"  # some of it was never issued
    RETIRED = "retired"  # some of it was retired
    HELD = "held"  # some of it is another's
    MOVED = "moved"  # some of it went to another since it was issued: an issue is withdrawn only as it was made
    EARLIER = "earlier"  # it lies before what happened to some of it last


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Serials ``first`` to ``last`` of a batch, both included."""

    batch: str
    first: int
    last: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def is_sound(self) -> bool:
        return bool(self.batch) and 1 <= self.first <= self.last


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. ``giver`` and ``taker`` are numbers of holders: an issue has no giver, only a transfer has both.

    ``has_power``: the certificates go with the power that they stand for (带物理电量).
    """

    act: Act
    span: Span
    on: date
    giver: int | None = None
    taker: int | None = None
    has_power: bool = False


class Account(StrEnum):
    """Where certificates stand. ISSUANCE is that of all holders together: minus what was ever issued and stands."""

    ISSUANCE = "issuance"
    HOLDING = "holding"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry; ``holder`` None for the issuance."""

    account: Account
    holder: int | None
    amount: int


def postings(entry: Entry) -> tuple[Posting, Posting]:
    """The two sides of an entry; they add up to nothing."""
    count = entry.span.count
    sides = {
        Act.ISSUE: (Posting(Account.ISSUANCE, None, -count), Posting(Account.HOLDING, entry.taker, count)),
        Act.TRANSFER: (Posting(Account.HOLDING, entry.giver, -count), Posting(Account.HOLDING, entry.taker, count)),
        Act.RETIRE: (Posting(Account.HOLDING, entry.giver, -count), Posting(Account.RETIRED, entry.giver, count)),
        Act.WITHDRAW: (Posting(Account.HOLDING, entry.giver, -count), Posting(Account.ISSUANCE, None, count)),
    }
    return sides[entry.act]


@dataclass(frozen=True, slots=True)
class Piece:
    """Serials of one batch that stand alike: ``holder`` has them, or had them when they were retired."""

    span: Span
    holder: int
    is_retired: bool
    since: date
    has_moved: bool = False


@dataclass(slots=True)
class Book:
    """The state of batches, replayed from their entries in order. Pieces of a batch are disjoint and by serial."""

    _pieces: dict[str, list[Piece]] = field(default_factory=dict)

    @classmethod
    def replayed(cls, entries: Iterable[Entry]) -> Book:
        """Raises ValueError where an entry cannot have been made: the ledger is not what it was."""
        book = cls()
        for entry in entries:
            why = book.hindrance(entry)
            if why is not None:
                raise ValueError(f"{entry}: {why}")
            book.take(entry)
        return book

    def pieces(self) -> tuple[Piece, ...]:
        """All of them, by batch and serial."""
        return tuple(piece for batch in sorted(self._pieces) for piece in self._pieces[batch])

    def hindrance(self, entry: Entry) -> Hindrance | None:
        """Why the entry cannot be made now; None where it can."""
        if not entry.span.is_sound:
            return Hindrance.SPAN
        if not _has_parties(entry):
            return Hindrance.PARTIES
        touched = self._touched(entry.span)
        if entry.act is Act.ISSUE:
            return Hindrance.ISSUED if touched else None
        if sum(_within(piece, entry.span).count for piece in touched) != entry.span.count:
            return Hindrance.UNKNOWN
        if any(piece.is_retired for piece in touched):
            return Hindrance.RETIRED
        if any(piece.holder != entry.giver for piece in touched):
            return Hindrance.HELD
        if entry.act is Act.WITHDRAW and any(piece.has_moved for piece in touched):
            return Hindrance.MOVED
        return Hindrance.EARLIER if any(entry.on < piece.since for piece in touched) else None

    def take(self, entry: Entry) -> None:
        """Makes an entry that nothing hinders."""
        span, touched = entry.span, self._touched(entry.span)
        kept = [piece for piece in self._pieces.get(span.batch, ()) if piece not in touched]
        for piece in touched:
            kept += _outside(piece, span)
        holder = entry.giver if entry.act is Act.RETIRE else entry.taker
        if holder is not None:
            kept.append(Piece(span, holder, entry.act is Act.RETIRE, entry.on, entry.act is not Act.ISSUE))
        self._pieces[span.batch] = sorted(kept, key=lambda piece: piece.span)

    def _touched(self, span: Span) -> list[Piece]:
        return [
            piece
            for piece in self._pieces.get(span.batch, ())
            if piece.span.first <= span.last and span.first <= piece.span.last
        ]


def _has_parties(entry: Entry) -> bool:
    match entry.act:
        case Act.ISSUE:
            return entry.giver is None and entry.taker is not None
        case Act.TRANSFER:
            return None not in (entry.giver, entry.taker) and entry.giver != entry.taker
        case _:
            return entry.giver is not None and entry.taker is None


def _within(piece: Piece, span: Span) -> Span:
    return Span(span.batch, max(piece.span.first, span.first), min(piece.span.last, span.last))


def _outside(piece: Piece, span: Span) -> list[Piece]:
    """What is left of a piece on both sides of a span."""
    left = Span(span.batch, piece.span.first, span.first - 1)
    right = Span(span.batch, span.last + 1, piece.span.last)
    return [replace(piece, span=rest) for rest in (left, right) if rest.is_sound]


def net_between_provinces(
    entries: Iterable[Entry],
    province_of: Callable[[int], str],
    is_inside: Callable[[int], bool],
    *,
    year: int,
    has_power: bool,
) -> int:
    """净受让: certificates that came to holders inside from other provinces in a year, less those that went there.

    What is sold on leaves the seller's account as it enters the buyer's, so that all provinces together come to
    nothing, and no certificate counts for two.
    """
    net = 0
    for entry in entries:
        giver, taker = entry.giver, entry.taker
        if entry.act is not Act.TRANSFER or entry.on.year != year or entry.has_power is not has_power:
            continue
        if giver is not None and taker is not None and province_of(giver) != province_of(taker):
            net += entry.span.count * (is_inside(taker) - is_inside(giver))
    return net
