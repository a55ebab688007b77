"""哈希链: rows of which each seals the one before, and the re-check of such rows.

A row's digest covers its number, its content and the digest of the row before; whoever alters, drops, inserts or
reorders a row changes every digest after it. Rows dropped at the end leave no trace in the chain itself: they are found
against an anchor, a number and digest that was written down elsewhere (papers print it).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

#: What the first row seals.
START = "0" * 64

#: A digest of bytes, as lower-case hexadecimal digits.
Digest = Callable[[bytes], str]

#: What a row says; texts only, so that no two systems write one value differently.
Content = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a chain: ``sequence`` counts from 1 without a gap."""

    sequence: int
    content: Content
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """One place where a chain does not hold. ``kind`` is gap, previous, content or anchor; head or pointer where what
    is kept beside the chain speaks against it."""

    sequence: int
    kind: str
    expected: str
    found: str


def seal(sequence: int, content: Content, previous: str, digest: Digest) -> str:
    """The digest of a row: of its number, its content with sorted names, and the digest before, as UTF-8 JSON."""
    row = [sequence, dict(content), previous]
    return digest(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def breaks(links: Iterable[Link], digest: Digest, anchors: Mapping[int, str] | None = None) -> Iterator[Break]:
    """Every place where the chain does not hold, in order of the rows as given.

    ``anchors`` are digests known from elsewhere, by number: a row that is missing or differs from its anchor is one.
    """
    open_anchors = dict(anchors or {})
    last, before = 0, START
    for link in links:
        if link.sequence != last + 1:
            yield Break(link.sequence, "gap", str(last + 1), str(link.sequence))
        if link.previous != before:
            yield Break(link.sequence, "previous", before, link.previous)
        sealed = seal(link.sequence, link.content, link.previous, digest)
        if sealed != link.digest:
            yield Break(link.sequence, "content", sealed, link.digest)
        anchor = open_anchors.pop(link.sequence, link.digest)
        if anchor != link.digest:
            yield Break(link.sequence, "anchor", anchor, link.digest)
        last, before = link.sequence, link.digest
    for sequence, anchor in sorted(open_anchors.items()):
        yield Break(sequence, "anchor", anchor, "")
