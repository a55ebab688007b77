"""How close a reading comes to a plan read by hand: the published measure of the genre, one line an aspect.

A line is the F1 of two multisets (items, bodies, targets, table cells) or the share of the wanted targets that are
right in one field. Only targets whose number stands in digits in their quotation count; class limits of the gold
file are neither asked for nor punished.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Entry = dict[str, Any]
Key = tuple[str, str, str]

HEAD_FIELDS = ("title", "doc_no", "issuer", "issued_on", "region")
UNIT_TWINS = {"吨标煤": "吨标准煤", "万吨标煤": "万吨标准煤", "百分点": "个百分点"}
FLOOR = re.compile("以上|不低于|不少于|超过|至少|不小于")
DIGITS = re.compile(r"\d+(?:\.\d+)?")
LONGEST_INDICATOR = 45


@dataclass(frozen=True, slots=True)
class Score:
    """``lines`` by name, each 0..1; ``missed`` and ``surplus`` are the targets that only one side has."""

    lines: dict[str, float]
    missed: tuple[Key, ...]
    surplus: tuple[Key, ...]

    @property
    def overall(self) -> float:
        """The plain mean of the lines."""
        return sum(self.lines.values()) / len(self.lines)


def folded(text: object) -> str:
    """Text without what a printer may vary: widths, blanks, the two kinds of year brackets, capitals.

    As in the published measure the number 0 counts as nothing, the text "0" as itself.
    """
    flat = unicodedata.normalize("NFKC", str(text or ""))
    return "".join(flat.replace("〔", "[").replace("〕", "]").split()).lower()


def score(source: str, gold: Entry, reading: Entry) -> Score:
    """Every line of the measure for one reading of ``source``."""
    gold_items = [item for section in gold["sections"] for item in section["items"]]
    read_items = [item for item in reading["items"] if _has(item, "no", "title")]
    wanted = [target for target in gold["targets"] if _in_digits(target)]
    found = _counted_targets(gold, reading, wanted)
    pairs = _paired(wanted, found)
    lines = {
        "head": sum(_head_right(gold, reading, name) for name in HEAD_FIELDS) / len(HEAD_FIELDS),
        "items": _f1(map(_item_key, gold_items), map(_item_key, read_items)),
        "bodies": _f1(_bodies(gold_items), _bodies(read_items)),
        "targets": _f1(map(_key, wanted), map(_key, found)),
    }
    flat_source = folded(source)
    fields: dict[str, Callable[[Entry, Entry], bool]] = {
        "indicator": lambda want, read: _alike(want["indicator"], read["indicator"]) >= 0.6,
        "operator": _same_op,
        "deadline": lambda want, read: _same_deadline(want, read, gold.get("horizon") or {}),
        "base year": lambda want, read: _same_base(want, read, gold.get("horizon") or {}),
        "quote": lambda want, read: (
            folded(read["quote"]) in flat_source and len(read["quote"]) <= 3 * len(want["quote"]) + 60
        ),
    }
    for name, right in fields.items():
        lines[name] = sum(right(want, read) for want, read in pairs) / max(1, len(wanted))
    if gold["annex_tables"]:
        lines["table cells"] = _f1(_cells(gold["annex_tables"]), _cells(reading.get("tables") or []))
    have, need = Counter(map(_key, found)), Counter(map(_key, wanted))
    return Score(lines, tuple((need - have).elements()), tuple((have - need).elements()))


def _has(entry: Entry, *names: str) -> bool:
    return all(entry.get(name) is not None for name in names)


def _number(value: object) -> str:
    return format(float(str(value)), ".6g")


def _key(target: Entry) -> Key:
    unit = folded(target["unit"])
    return folded(target["item_no"]), _number(target["value"]), UNIT_TWINS.get(unit, unit)


def _item_key(item: Entry) -> tuple[str, str]:
    return folded(item["no"]), folded(item["title"])


def _f1(gold: Iterable[Hashable], found: Iterable[Hashable]) -> float:
    need, have = Counter(gold), Counter(found)
    hits = (need & have).total()
    return 2 * hits / (need.total() + have.total()) if hits else 0.0


def _head_right(gold: Entry, reading: Entry, name: str) -> bool:
    want, read = folded(gold.get(name)), folded(reading.get(name))
    if name == "region" and read and (want.endswith(read) or read.endswith(want)):
        return True
    return want == read


def _bodies(items: Iterable[Entry]) -> Iterator[tuple[str, str, str]]:
    """(item, role, name). A gold file keeps the bodies of 按职责分工负责 among the participants and says so apart."""
    for item in items:
        named = {role: item.get(role) or [] for role in ("lead", "participants", "shared")}
        if "shared" not in item and item.get("responsibility") in ("shared", "lead+shared"):
            named |= {"participants": [], "shared": named["participants"]}
        for role, names in named.items():
            for name in names:
                yield folded(item["no"]), role, folded(name)


def _in_digits(target: Entry) -> bool:
    """Whether the number is printed in digits, years of this century aside."""
    quote = re.sub(r"20\d\d年", "", folded(target["quote"]))
    return _number(target["value"]) in map(_number, DIGITS.findall(quote))


def _counted_targets(gold: Entry, reading: Entry, wanted: list[Entry]) -> list[Entry]:
    needed = ("item_no", "indicator", "op", "value", "unit", "quote")
    limits = {_key(limit) for limit in gold.get("thresholds", [])} - set(map(_key, wanted))
    sound = [target for target in reading["targets"] if _has(target, *needed)]
    return [target for target in sound if _in_digits(target) and _key(target) not in limits]


def _paired(wanted: list[Entry], found: list[Entry]) -> list[tuple[Entry, Entry]]:
    """Wanted and read targets of the same key; among rivals the one with the most similar indicator."""
    pool: dict[Key, list[Entry]] = {}
    for target in found:
        pool.setdefault(_key(target), []).append(target)
    pairs = []
    for want in wanted:
        rivals = pool.get(_key(want))
        if rivals:
            best = max(rivals, key=lambda read: _alike(want["indicator"], read["indicator"]))
            rivals.remove(best)
            pairs.append((want, best))
    return pairs


def _alike(want: str, read: str) -> float:
    """Share of the character pairs of the poorer name that both have; a sentence in place of a name has none."""
    if len(folded(read)) > LONGEST_INDICATOR:
        return 0.0
    one, other = _pairs_of(want), _pairs_of(read)
    return len(one & other) / max(1, min(len(one), len(other)))


def _pairs_of(text: str) -> set[str]:
    flat = folded(text)
    return {first + second for first, second in pairwise(flat)} or {flat}


def _same_op(want: Entry, read: Entry) -> bool:
    """达到 and 提高到 alone may be read either way; a printed floor word may not."""
    if want["op"] == read["op"]:
        return True
    return {want["op"], read["op"]} == {">=", "="} and not FLOOR.search(want["quote"])


def _same_deadline(want: Entry, read: Entry, horizon: Entry) -> bool:
    wanted, found = (str(entry.get("deadline") or "")[:4] for entry in (want, read))
    return wanted == found or (not wanted and found == str(horizon.get("end_year")))


def _same_base(want: Entry, read: Entry, horizon: Entry) -> bool:
    wanted, found = want["base_year"], read.get("base_year")
    return str(wanted) == str(found) or (wanted is None and str(found) == str(horizon.get("base_year")))


def _cells(tables: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """(row label, number) of every cell that is a number."""
    for table in tables:
        for label, *cells in (row for row in table.get("rows") or [] if row):
            for cell in cells:
                text = folded(cell).strip("[]%+")
                if re.fullmatch(r"-?\d+(?:\.\d+)?", text):
                    yield folded(label), _number(text)
