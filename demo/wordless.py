"""Facts without the words of the document: names stand whole, of anything else a dozen characters, of sentences none.

A span says where the words are; who has the document reads them there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

#: The longest run of characters that a string which is no name may share with the document.
LONGEST = 12
#: Keys of names: of documents, chapters and measures, bodies, regions, indicators, units, heads of columns and rows.
NAMES = frozenset(
    {
        *("title", "notice_title", "chapter_title", "doc_no", "annex_list"),
        *("issuer", "region", "addressees", "copies", "name", "lead", "participants", "shared"),
        *("indicator", "indicator_printed", "unit", "header", "label", "group"),
        "place",  # of a finding: a number and the heading that stands there
    }
)
#: Keys of sentences of the document.
_SENTENCES = frozenset({"what", "notes"})
#: Keys of short words of the document that may run on.
_WORDS = frozenset({"subject", "scope", "denominator", "extent", "recurrence", "text", "redaction"})
#: Only names longer than this can hide in a string what would count as a quotation.
_SHORT_NAME = 8


def wordless(found: dict[str, Any]) -> dict[str, Any]:
    """A reading as JSON, its sentences emptied and its other words cut; names and numbers stay."""
    names = names_in(found)

    def kept(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            # ``rows`` repeats what ``row_facts`` says with its places.
            return {name: kept(each, name) for name, each in value.items() if name != "rows"}
        if isinstance(value, list):
            return [kept(each, key) for each in value]
        if not isinstance(value, str) or value in names:
            return value
        if key in _SENTENCES:
            return ""
        return cut(value) if key in _WORDS else value

    plain: dict[str, Any] = kept(found, "")
    return plain


def cut(value: str) -> str:
    """At most LONGEST characters; what is cut off shows as …"""
    return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every string with the key that it stands under."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from strings(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each, key)
    elif isinstance(value, str):
        yield key, value


def names_in(found: dict[str, Any]) -> frozenset[str]:
    """All names of a reading, its sentences' and findings' words left out."""
    return frozenset(value for key, value in strings(found) if key in NAMES)


class Quotations:
    """What a string repeats of a document, names and blanks passed over."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        bare = "".join(text.split())
        self._runs = {bare[at : at + LONGEST + 1] for at in range(len(bare) - LONGEST)}
        self._names = sorted((name for name in names if len(name) > _SHORT_NAME), key=len, reverse=True)

    def places(self, said: str) -> list[tuple[int, int]]:
        """Start and end of each run of more than LONGEST characters that the document has too."""
        masked = said
        for name in self._names:
            masked = masked.replace(name, "\0" * len(name))
        starts = [at for at in range(len(said) - LONGEST) if masked[at : at + LONGEST + 1] in self._runs]
        runs = [[at for _, at in run] for _, run in groupby(enumerate(starts), lambda pair: pair[1] - pair[0])]
        return [(run[0], run[-1] + LONGEST + 1) for run in runs]

    def shortened(self, said: str) -> str:
        """The string with the middle and end of every quotation left out."""
        for start, end in reversed(self.places(said)):
            said = said[: start + LONGEST // 2] + "…" + said[end:].lstrip("…")
        return said

    def faults(self, found: dict[str, Any]) -> Iterator[str]:
        """Every string that is no name and repeats the document."""
        for key, value in strings(found):
            if key not in NAMES:
                for start, end in self.places(value):
                    yield f"{key}: {value[start:end]}"
