"""适用地: which layer's rules hold in a place on a day, and what must be true of layers so that there is one answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from shuangkong.core.dated import Validity
from shuangkong.core.finding import Finding
from shuangkong.core.region import RegionBook
from shuangkong.policyfile import books
from shuangkong.policyfile.folder import PolicyFolder, PolicyRefused
from shuangkong.policyfile.layers import chain
from shuangkong.policyfile.node import Mapping, Place, as_mapping
from shuangkong.policyfile.refusal import refuse

FILE = "layer.yaml"
_NATION = "nation"
#: How many leading digits of a code name a county, a city, a province: what stands in no list is placed by them.
_DIGITS = (6, 4, 2)
_WHOLE_CODE = 6
#: Divides a region from what lies in it, as in core.fact.Subject (``210100/C30``).
_WITHIN = "/"


@dataclass(frozen=True, slots=True)
class Layer:
    """A folder of rules that belong together.

    Attributes:
        level: ``nation``, ``province``, ``city`` or ``county``.
        region: code of the region whose rules these are; empty for the nation and for drafts.
        parent: id of the layer above; of a draft the layer whose files it would change; empty for the nation.
        is_draft: not in force anywhere: only looked at beside the layer that it would change.
        place: file and line of its layer.yaml.
    """

    id: str
    zh: str
    en: str
    level: str
    region: str
    parent: str
    validity: Validity
    is_draft: bool
    place: Place


def layer(folder: PolicyFolder, id: str) -> Layer:  # noqa: A002 - the word of the field
    """Raises PolicyRefused where its layer.yaml is not there or cannot be used."""
    record = as_mapping(folder.require(f"{id}/{FILE}"))
    findings = tuple(_check_days(record))
    if findings:
        raise PolicyRefused(findings)
    name = books.message(record.mapping("name"))
    return Layer(
        id=id,
        zh=name.zh,
        en=name.en,
        level=record.text("level"),
        region=record.text("region"),
        parent=record.text("parent"),
        validity=Validity(record.day("from") or date.min, record.day("until")),
        is_draft=record.flag("draft", default=False),
        place=record.place,
    )


def _check_days(record: Mapping) -> Iterator[Finding]:
    starts, until = record.day("from") or date.min, record.day("until")
    if until is not None and until < starts:
        yield refuse("POL-024", record.key_places["until"], starts=starts, until=until)


class Places:
    """Place and day → the nearest layer whose region covers the place; the nation's where none does."""

    def __init__(self, folder: PolicyFolder, regions: RegionBook) -> None:
        self._regions = regions
        self._of_region: dict[str, list[Layer]] = defaultdict(list)
        for id in folder.layers:  # noqa: A001 - the word of the field
            each = layer(folder, id)
            if each.region and not each.is_draft:
                self._of_region[each.region].append(each)
        self._parents: dict[date, dict[str, str]] = {}

    def layer_of(self, place: str, day: date) -> str:
        """Id of the layer.

        Args:
            place: code of a region, or of what lies in it (``210100/C30``); a longer code by its first six digits;
                empty: the nation.
        """
        if not self._of_region:
            return books.NATION
        for code in self.upwards(place, day):
            for each in self._of_region.get(code, ()):
                if each.validity.holds_on(day):
                    return each.id
        return books.NATION

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that some place has of its own, by id."""
        return tuple(sorted(each.id for layers in self._of_region.values() for each in layers))

    def upwards(self, place: str, day: date) -> Iterator[str]:
        """The code and those above it: by the list of the day, by its digits where the list does not have it."""
        parents = self._parents_on(day)
        code = place.partition(_WITHIN)[0][:_WHOLE_CODE]
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            yield code
            code = parents[code] if code in parents else _above(code)

    def _parents_on(self, day: date) -> dict[str, str]:
        if day not in self._parents:
            self._parents[day] = {code: region.parent for code, region in self._regions.on(day).items()}
        return self._parents[day]


def _above(code: str) -> str:
    """The code above by its digits; empty above a province."""
    for longer, shorter in pairwise(_DIGITS):
        above = code[:shorter].ljust(_WHOLE_CODE, "0")
        if len(code) >= longer and above != code:
            return above
    return ""


def check_places(folder: PolicyFolder) -> Iterator[Finding]:
    """Every layer names the region it holds in, no two hold there on one day, none outlives or leaves that above it."""
    layers = [layer(folder, each) for each in folder.layers]
    places = Places(folder, books.regions(folder)) if len(layers) > 1 else None
    for number, each in enumerate(layers):
        yield from _check_region(each)
        if places and each.region and not each.is_draft:
            yield from _check_above(folder, each, places)
            for other in layers[:number]:
                if other.region == each.region and not other.is_draft and other.validity.overlaps(each.validity):
                    yield refuse("POL-056", each.place, region=each.region, first=other.place)


def _check_region(each: Layer) -> Iterator[Finding]:
    """The nation and drafts have no region of their own; a draft names what it would change; all others have one."""
    if each.is_draft and not each.parent:
        yield refuse("POL-004", each.place, key="parent")
    elif not each.is_draft and (each.level == _NATION) == bool(each.region):
        yield refuse("POL-055", each.place, level=each.level, found=each.region or "—")


def _check_above(folder: PolicyFolder, each: Layer, places: Places) -> Iterator[Finding]:
    """Its days lie within those of the layer above, and its region within that one's."""
    above = layer(folder, chain(folder, each.id)[1])
    starts, ends = each.validity.starts, each.validity.until
    day = max(starts, above.validity.starts)
    lies_within = not above.region or above.region in tuple(places.upwards(each.region, day))[1:]
    is_covered = above.validity.starts <= starts and (
        above.validity.until is None or (ends is not None and ends <= above.validity.until)
    )
    if above.is_draft or not lies_within or not is_covered:
        yield refuse("POL-057", each.place, layer=above.id)
