"""只准更严: a value that a lower layer may tighten but not relax, on any day on which both layers are in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding
from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.layers import chain, words
from shuangkong.policyfile.node import Mapping, Place
from shuangkong.policyfile.places import layer
from shuangkong.policyfile.refusal import refuse
from shuangkong.policyfile.values import numbers, starts_of

#: Key under which a file, or one of its values, says which way is stricter.
KEY = "stricter"
_LOWER = "lower"
_WORDS = {"lower": ("低", "lower"), "higher": ("高", "higher")}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Value:
    """``stricter``: which way is, where layers below may not relax it; empty where they may."""

    place: Place
    numbers: tuple[Decimal, ...]
    validity: Validity
    stricter: str


def check_stricter(folder: PolicyFolder) -> Iterator[Finding]:
    """No layer relaxes, by another value or by none, what a layer above says may only be made stricter."""
    for lower in folder.layers:
        yield from (finding for _, finding in _relaxed(folder, lower))


def relaxing(folder: PolicyFolder, lower: str) -> dict[str, tuple[Finding, ...]]:
    """Files of a layer that relax what is above it, by name, with what of them does: they have no effect."""
    found: dict[str, tuple[Finding, ...]] = {}
    for name, finding in _relaxed(folder, lower):
        found[name] = (*found.get(name, ()), finding)
    return found


def _relaxed(folder: PolicyFolder, lower: str) -> Iterator[tuple[str, Finding]]:
    """Files that relax and what of them does."""
    # A draft stands for the layer that it would change: it is bound by what is above that one.
    bounding = chain(folder, lower)[2 if lower in folder.drafts else 1 :]
    for above in bounding:
        for word in words(folder, lower):
            for name in folder.names_in(lower, word):
                upper = _sound(folder, f"{above}/{name.split('/', 1)[1]}")
                record = _sound(folder, name)
                if upper is not None and record is not None:
                    found = _compare(record, upper, above, layer(folder, lower).validity)
                    yield from ((name, finding) for finding in found)


def _sound(folder: PolicyFolder, name: str) -> Mapping | None:
    """A parameter that passes its shape; what does not, others report."""
    read = folder.check(name) if folder.has(name) else None
    if read is None or read.findings or not isinstance(read.node, Mapping) or "values" not in read.node:
        return None
    return read.node


def _compare(record: Mapping, upper: Mapping, above: str, within: Validity) -> Iterator[Finding]:
    bound = [value for value in _values(upper) if value.stricter and value.validity.overlaps(within)]
    if bound and record.text("unit") != upper.text("unit"):
        place = record.entries["unit"].place
        yield refuse("POL-018", place, found=record.text("unit"), **_same(upper.text("unit")))
        return
    own = tuple(_values(record))
    for value in bound:
        common = _common(value.validity, within)
        for each in own:
            if each.validity.overlaps(common) and not _is_as_strict(each.numbers, value):
                yield _laxer(each, value, above)
        for gap in _gaps(common, [each.validity for each in own]):
            until = gap.until or "—"
            yield refuse("POL-059", record.key_places["values"], layer=above, starts=gap.starts, until=until)


def _same(unit: str) -> dict[str, str]:
    return {"expected": f"与上级相同的单位 {unit}", "expected_en": f"the unit of the layer above, {unit}"}


def _laxer(each: _Value, value: _Value, above: str) -> Finding:
    way, way_en = _WORDS[value.stricter]
    spoken = {"upper": _spoken(value.numbers), "lower": _spoken(each.numbers), "upper_day": value.validity.starts}
    return refuse("POL-058", each.place, layer=above, way=way, way_en=way_en, **spoken)


def _spoken(values: Iterable[Decimal]) -> str:
    return "、".join(f"{value:f}" for value in values)


def _values(record: Mapping) -> Iterator[_Value]:
    """The values with days in order; those that end before they start are reported by others."""
    whole = record.text(KEY)
    for item in record.listing("values").mappings():
        starts, until = starts_of(item), item.day("until")
        if until is None or until >= starts:
            yield _Value(item.place, numbers(item, "value"), Validity(starts, until), item.text(KEY, whole))


def _is_as_strict(own: Sequence[Decimal], upper: _Value) -> bool:
    """Number by number; a row of another length says something else and is no tightening."""
    if len(own) != len(upper.numbers):
        return False
    pairs = zip(own, upper.numbers, strict=True)
    return all(mine <= theirs if upper.stricter == _LOWER else mine >= theirs for mine, theirs in pairs)


def _common(one: Validity, other: Validity) -> Validity:
    """The days in both, of which there are some."""
    ends = [until for until in (one.until, other.until) if until is not None]
    return Validity(max(one.starts, other.starts), min(ends) if ends else None)


def _gaps(whole: Validity, parts: Iterable[Validity]) -> Iterator[Validity]:
    """Stretches of ``whole`` that no part covers, in order."""
    reached: date | None = whole.starts
    for part in sorted(parts, key=lambda each: each.starts):
        if reached is None or (part.until is not None and part.until < reached):
            continue
        if part.starts > reached:
            until = part.starts - _DAY
            yield Validity(reached, until if whole.until is None else min(until, whole.until))
        reached = None if part.until is None else part.until + _DAY
        if reached is not None and whole.until is not None and reached > whole.until:
            reached = None
    if reached is not None and (whole.until is None or reached <= whole.until):
        yield Validity(reached, whole.until)
