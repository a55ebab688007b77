"""按什么规则算: digests of the rules that kept figures depend on. Other digits: what was kept is reckoned anew.

Words that people read do not count: names, notes, sources, remarks, how a file is set out. Whether a rule was compared
with its document does: a figure says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from shuangkong.monitoring.ground import ROOM
from shuangkong.monitoring.wire_codes import hj212_codes
from shuangkong.policyfile.node import walk
from shuangkong.rulebook import Rulebook, open_rulebook

_CASES = ".cases.yaml"
#: Below a layer's folder of the room: how hours and days hold, what stands in for what lacks, what the marks mean,
#: which stops flow and load contradict.
_OF_AMOUNTS = ("validity/", "substitution/", "marks.yaml", "impossible/")
_OF_RATES = ("rates/", "marks.yaml", "impossible/")
#: Keys of what is said about a rule, and of a text in two languages.
_SAID, _WORDS = frozenset({"note", "title", "source", "at", "confidence", "checked"}), frozenset({"zh", "en"})
_DIGITS = 16


def amount_rules(arithmetic: int, book: Rulebook | None = None) -> str:
    """Of amounts; ``arithmetic``: the number of the arithmetic beside the rules."""
    return _digest(book or open_rulebook(), f"amounts {arithmetic}", _OF_AMOUNTS, has_units=True)


def rate_rules(counting: int, book: Rulebook | None = None) -> str:
    """Of transmission rates; ``counting``: as ``arithmetic``."""
    return _digest(book or open_rulebook(), f"rates {counting}", _OF_RATES, has_units=False)


@cache
def _digest(book: Rulebook, begin: str, parts: tuple[str, ...], *, has_units: bool) -> str:
    digest = sha256(begin.encode())
    for line in (*_rules(book, parts), *(_units(book) if has_units else ())):
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()[:_DIGITS]


def _rules(book: Rulebook, parts: tuple[str, ...]) -> Iterator[str]:
    """The leaves of the files that count, each with its path; in the order of names and paths, not as they are set."""
    for name in book.folder.names:
        layer, _, inner = name.partition(f"/{ROOM}/")
        if "/" in layer or not inner.startswith(parts) or name.endswith(_CASES):
            continue
        told = sorted((path, str(leaf.value)) for path, leaf in walk(book.folder.require(name)) if _counts(path))
        yield from (f"{name} {'/'.join(path)} {value}" for path, value in told)


def _counts(path: tuple[str, ...]) -> bool:
    return not _SAID & set(path) and path[-1] not in _WORDS


def _units(book: Rulebook) -> Iterator[str]:
    """In which units factors are sent and told, and what these are."""
    factors, units = hj212_codes(book.folder).factors, book.units()
    for code in sorted(factors):
        each = factors[code]
        said = (units.get(form) for form in (each.unit, each.mass_unit))
        known = [f"{form.unit.id} {form.factor:f}" if form is not None else "" for form in said]
        yield f"{code} {each.unit} {each.mass_unit} {known}"
