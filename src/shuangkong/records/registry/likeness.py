"""近似名称: printed names of a region that may mean one body; a person confirms. And what became of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from django.db import transaction
from django.utils import timezone

from shuangkong.records.journal import store as journal
from shuangkong.records.past import known_by
from shuangkong.records.people.access import Where, require
from shuangkong.records.people.acting import Acting
from shuangkong.records.people.roles import Action
from shuangkong.records.refusal import Refused
from shuangkong.records.registry.models import Body, BodyChange, BodyDistinction
from shuangkong.records.registry.store import WHOLE, bodies, meanings
from shuangkong.records.registry.tree import Change

#: From this share of common characters on, two names are shown to a person.
ALIKE = 0.8
#: A first character that says the level only, and what stands in brackets.
_ADDED = re.compile(r"^[省市县区州旗盟](?=..)|[（(].*?[)）]|\s")


@dataclass(frozen=True, slots=True)
class Likely:
    """Two names that may mean one body; the longer is the fuller."""

    short: int
    short_name: str
    full: int
    full_name: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One body that became another."""

    before: int
    before_name: str
    after: int
    after_name: str
    kind: Change
    on: date
    document: str
    decided_by: str


def likely_same(region: str | None) -> tuple[Likely, ...]:
    """Pairs of names of a region that look like one body and are not yet said to be one, or to be two. 4 queries.

    What became another body is not proposed as its second name.
    """
    names = {row.id: row.name for row in bodies(region) if row.same_as == row.id}
    two = set(BodyDistinction.objects.filter(one__region=region).values_list("one", "other"))
    became = BodyChange.objects.filter(before__region=region).values_list("before", "after")
    two |= {_pair(before, after) for before, after in became}
    found = []
    for one, other in combinations(sorted(names, key=lambda each: (len(names[each]), each)), 2):
        if _pair(one, other) not in two and is_alike(names[one], names[other]):
            found.append(Likely(one, names[one], other, names[other]))
    return tuple(found)


def record_distinct(one: int, other: int, reason: str, by: Acting) -> None:
    """Decides that two names which look alike are two bodies: they are proposed no more. Twice is once.

    Raises:
        Refused: no reason is given, they are not two bodies of one region, or they are said to be one.
        Forbidden: the person may not decide it there.
    """
    if not reason.strip():
        zh, en = "请写明理由：为什么不是同一单位。", "Give the reason why they are two bodies."
        raise Refused("REG-107", zh, en, "reason")
    first, second = _pair(one, other)
    found = {row.pk: row for row in Body.objects.select_related("region").filter(pk__in=(first, second))}
    if len(found) != 2 or found[first].region_id != found[second].region_id:
        zh, en = "没有这个单位。请从列表里选择同一地区的另一单位。", "Choose another body of the same region."
        raise Refused("REG-108", zh, en, "full")
    region = found[first].region
    place = region.path if region else WHOLE
    require(by, Action.BODY_CONFIRM, Where(place))
    means = meanings()
    if means.get(first, first) == means.get(second, second):
        zh, en = "这两个名称已认定为同一单位，请先在单位页撤销。", "They are said to be one: withdraw that first."
        raise Refused("REG-109", zh, en, "full")
    with transaction.atomic():
        now = timezone.now()
        _row, is_new = BodyDistinction.objects.get_or_create(
            one=found[first],
            other=found[second],
            defaults={"reason": reason, "decided_by": by.author, "decided_at": now},
        )
        if is_new:
            act = by.act("body.distinguish", f"body/{first}", ground=reason, after={"not_same_as": second})
            journal.append(replace(act, place=place))


def changes(region: str | None, until: date | None = None) -> tuple[ChangeRow, ...]:
    """What became of the bodies of a region, the newest first, as known at the end of a day. 1 query."""
    known = BodyChange.objects.filter(known_by(until, "decided_at"), before__region=region)
    found = known.select_related("before", "after").order_by("-on", "-pk")
    return tuple(
        ChangeRow(
            row.before_id, row.before.name, row.after_id, row.after.name, Change(row.kind), row.on, row.document,
            row.decided_by,
        )
        for row in found
    )  # fmt: skip


def names_of(ids: Iterable[int]) -> dict[int, str]:
    """Names by body. 1 query."""
    return dict(Body.objects.filter(pk__in=list(ids)).values_list("pk", "name"))


def present_names(ids: Iterable[int], on: date) -> dict[int, str]:
    """What became of bodies by a day: the names of what they are now, by body; those that are as they were left out.
    1 query.
    """
    steps: dict[int, list[tuple[int, str]]] = {}
    found = BodyChange.objects.filter(on__lte=on).order_by("on", "pk")
    for before, after, name in found.values_list("before", "after", "after__name"):
        steps.setdefault(before, []).append((after, name))
    ends = {each: _ends(each, steps, frozenset()) for each in ids if each in steps}
    return {each: "、".join(dict.fromkeys(names)) for each, names in ends.items()}


def _ends(body: int, steps: Mapping[int, list[tuple[int, str]]], passed: frozenset[int]) -> list[str]:
    """The names of the last bodies that one became."""
    return [
        end
        for after, name in steps.get(body, [])
        if after not in passed
        for end in (_ends(after, steps, passed | {body}) if after in steps else [name])
    ]


def _pair(one: int, other: int) -> tuple[int, int]:
    """The lower number first."""
    return (one, other) if one < other else (other, one)


def is_alike(short: str, full: str) -> bool:
    """The same without level and brackets, an abbreviation (发改委 in 发展改革委), or nearly the same characters."""
    one, other = _ADDED.sub("", short), _ADDED.sub("", full)
    if one == other:
        return True
    if len(one) < 3 or len(other) < 3:
        return False
    if one[0] == other[0] and one[-1] == other[-1] and _is_within(one, other):
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _is_within(short: str, full: str) -> bool:
    """Whether the characters of one stand in the other in their order."""
    rest = iter(full)
    return all(character in rest for character in short)
