"""What nobody has compared with its document yet, or not for long: the list a policy clerk works through."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shuangkong.policyfile import values
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


def stale(
    folder: PolicyFolder, on: date, older_than: timedelta, within: Collection[str] | None = None
) -> Iterator[StaleEntry]:
    """Everything with a ``verified`` mark that is false, or whose check is older than ``older_than`` on the day ``on``:

    values, formulas, tables, documents, code lists. A value that nobody has compared is listed even when it is no
    longer in force: past figures still rest on it.

    Args:
        within: names of the files to look in (effect.files_in_force), and then only at what is in force on the day;
            None: all files.
    """
    for name, node in nodes(folder):
        if within is not None and name not in within:
            continue
        layer, _, inner = name.partition("/")
        for mapping in mappings_in(node):
            if "verified" in mapping or "values" in mapping:
                for item, text in _items(mapping):
                    reason, checked_on = _reason((item, mapping), on, older_than)
                    is_meant = _holds_on(item, on) or (within is None and reason is Reason.UNVERIFIED)
                    if reason and is_meant:
                        source, id_ = item.text("source"), inner.removesuffix(".yaml")
                        yield StaleEntry(layer, item.place, id_, text, source, reason, checked_on)


def _items(whole: Mapping) -> Iterator[tuple[Mapping, str]]:
    """What of a mapping with a mark or with values is compared by itself, and what it is in a line."""
    if "values" in whole:
        for item in whole.listing("values").mappings():
            numbers = "、".join(f"{number:f}" for number in values.numbers(item, "value"))
            yield item, f"{_days(item)}: {numbers} {whole.text('unit')}"
    elif "expression" in whole or "method" in whole:
        yield whole, f"{_days(whole)}: {whole.text('expression') or whole.text('method')}"
    elif "value" not in whole:
        yield whole, _called(whole)


def _holds_on(item: Mapping, day: date) -> bool:
    starts, until = item.day("from"), item.day("until")
    return (starts is None or starts <= day) and (until is None or day <= until)


def _days(item: Mapping) -> str:
    return f"{item.day('from')}–{item.day('until') or ''}"


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
