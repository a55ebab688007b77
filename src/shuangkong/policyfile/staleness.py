"""What nobody has compared with its document yet, or not for long: the list a policy clerk works through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.policyfile.folder import PolicyFolder
from shuangkong.policyfile.node import Mapping, Place
from shuangkong.policyfile.whole import mappings_in, nodes


class Reason(StrEnum):
    """Why something is on the list."""

    UNVERIFIED = "unverified"
    CHECK_IS_OLD = "check_is_old"


@dataclass(frozen=True, slots=True)
class StaleEntry:
    """One value, document or code list to look at. ``checked_on`` is None where nobody has."""

    layer: str
    place: Place
    id: str
    text: str
    source: str
    reason: Reason
    checked_on: date | None


def stale(folder: PolicyFolder, on: date, older_than: timedelta) -> Iterator[StaleEntry]:
    """Everything with a ``verified`` mark that is false, or whose check is older than ``older_than`` on the day ``on``.

    A value that nobody has compared is listed even when it is no longer in force: past figures still rest on it.
    """
    for name, node in nodes(folder):
        layer, _, inner = name.partition("/")
        for mapping in mappings_in(node):
            if "verified" in mapping or "values" in mapping:
                for place, text, source, reason, checked_on in _entries(mapping, on, older_than):
                    yield StaleEntry(layer, place, inner.removesuffix(".yaml"), text, source, reason, checked_on)


def _entries(whole: Mapping, on: date, older_than: timedelta) -> Iterator[tuple[Place, str, str, Reason, date | None]]:
    """(place, what it is, source, reason, last check) of what a mapping with a mark or with values holds."""
    if "values" in whole:
        yield from _values(whole, on, older_than)
    elif "value" not in whole:
        reason, checked_on = _reason((whole,), on, older_than)
        if reason:
            yield whole.place, _called(whole), whole.text("source"), reason, checked_on


def _values(
    parameter: Mapping, on: date, older_than: timedelta
) -> Iterator[tuple[Place, str, str, Reason, date | None]]:
    for item in parameter.listing("values").mappings():
        until = item.day("until")
        reason, checked_on = _reason((item, parameter), on, older_than)
        is_in_force = until is None or on <= until
        if reason and (is_in_force or reason is Reason.UNVERIFIED):
            yield item.place, f"{item.day('from')}–{until or ''}", item.text("source"), reason, checked_on


def _called(whole: Mapping) -> str:
    """The title of a document or the Chinese name of a list; empty where it has neither."""
    return whole.text("title") or (whole.mapping("name").text("zh") if "name" in whole else "")


def _reason(owners: tuple[Mapping, ...], on: date, older_than: timedelta) -> tuple[Reason | None, date | None]:
    """From the nearest of ``owners`` that has a mark (a value's own before its parameter's)."""
    owner = next((owner for owner in owners if "verified" in owner), None)
    if owner is None or not owner.flag("verified", default=False) or "checked" not in owner:
        return Reason.UNVERIFIED, None
    checked_on = owner.mapping("checked").day("day")
    if checked_on is None or on - checked_on > older_than:
        return Reason.CHECK_IS_OLD, checked_on
    return None, checked_on
