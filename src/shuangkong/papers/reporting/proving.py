"""核验封存本: whether a sealed copy is what was signed: its content on record, cells and cover as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from shuangkong.core.digest import sm3
from shuangkong.papers.reporting.layout import About
from shuangkong.papers.reporting.sealed import COVER, RULES, Fault, Signed, cover_lines, faults, opened
from shuangkong.papers.reporting.workbook import WorkbookRead
from shuangkong.reporting.content import Content, ContentRefused, read_canonical
from shuangkong.reporting.forms.model import Form


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A version of that content: by which form, whose, how it was signed; ``owned`` the number of its return."""

    form: Form
    about: About
    signed: Signed
    owned: int


@dataclass(frozen=True, slots=True)
class Proof:
    """What a copy is worth.

    Attributes:
        digest: SM3 of what it seals.
        known: the version that it is a copy of, with the fewest faults; None where nobody signed that content.
        faults: where it is otherwise than that version.
    """

    digest: str
    known: OnRecord | None
    faults: tuple[Fault, ...] = ()

    @property
    def is_genuine(self) -> bool:
        return self.known is not None and not self.faults


def prove(name: str, data: bytes, known: Callable[[str, str, str], Iterable[OnRecord]]) -> Proof | None:
    """Holds a copy against the versions ``known`` of (form, edition, digest); None where it seals nothing readable.

    Raises:
        FormFileRefused: it is no workbook.
    """
    try:
        book, whole, sealed = opened(name, data)
        content = read_canonical(whole)
    except ContentRefused:
        return None
    digest = sm3(whole)
    proofs = [
        Proof(digest, each, (*faults(each.form, book, content, digest, sealed), *_cover_faults(book, content, each)))
        for each in known(content.form, content.edition, digest)
    ]
    return min(proofs, key=lambda proof: len(proof.faults), default=Proof(digest, None))


def _cover_faults(book: WorkbookRead, content: Content, known: OnRecord) -> Iterator[Fault]:
    sheet = book.sheet(COVER)
    for at, (key, text) in enumerate(cover_lines(known.form, known.about, content, known.signed)):
        found = str((sheet.at(at, 1) if sheet is not None else None) or "")
        if key != RULES and found.strip() != text.strip():
            yield Fault(f"{COVER}!{key}", text, found)
